const ALPHABET = /^[\w-]*$/;
const LAST = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The bits that the last character has left over, by the length of the text modulo 4. */
const SPARE = [0, 0, 0b1111, 0b11];

/**
 * Decodes base64url as JOSE has it (RFC 7515 2): no padding, no other characters, and spare bits zero (RFC 4648 3.5).
 * Undefined where the text is anything else. The same answers as native/base64url.zig.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const rest = text.length % 4;
  if (rest === 1 || !ALPHABET.test(text)) return undefined;
  if (rest > 1 && (LAST.indexOf(text.at(-1) as string) & (SPARE[rest] as number)) !== 0) return undefined;
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
