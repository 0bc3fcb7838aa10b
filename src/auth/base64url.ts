const TEXT = /^[A-Za-z0-9_-]*$/;

/**
 * Decodes base64url to the letter (RFC 7515 2): no padding, no line break, spare bits zero, so that no two texts mean the same
 * bytes. Undefined for anything else.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
