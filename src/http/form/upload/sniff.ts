import { HEADER_BYTES, type Signature, SIGNATURES } from "./signatures.ts";

/** What a file's bytes are, where they are not of the declared type. */
export interface Sniffed {
  /** Undefined where the bytes are of no type that is known by them. */
  readonly type: string | undefined;
}

/**
 * Whether the first bytes of a file are of the type that it is declared to be: `undefined` where they are, or where nothing speaks
 * against it. A type with a signature must have it; a text has no binary bytes; a type that is known by nothing must not have the
 * signature of another one. `application/octet-stream` claims nothing.
 *
 * @example
 * ```ts
 * sniff(Buffer.from("%PDF-1.7"), "image/png"); // { type: "application/pdf" }
 * ```
 */
export function sniff(bytes: Uint8Array, declared: string): Sniffed | undefined {
  if (declared === "application/octet-stream") return undefined;
  const header = bytes.subarray(0, HEADER_BYTES);
  const own = SIGNATURES.filter((signature) => isOf(signature, declared));
  if (own.some((signature) => signature.matches(header))) return undefined;
  const found = SIGNATURES.find((signature) => signature.matches(header));
  if (own.length > 0) return { type: found?.type };
  if (isText(declared)) return isBinary(header) ? { type: found?.type ?? "application/octet-stream" } : undefined;
  return found === undefined ? undefined : { type: found.type };
}

const isOf = ({ type, also }: Signature, declared: string): boolean =>
  type === declared || also.some((other) => (other.includes("*") ? isLike(other, declared) : other === declared));

function isLike(wild: string, declared: string): boolean {
  const star = wild.indexOf("*");
  const end = wild.slice(star + 1);
  return declared.length >= wild.length && declared.startsWith(wild.slice(0, star)) && declared.endsWith(end);
}

/** Types whose files are texts: `text/*`, JSON, XML (SVG is one), JavaScript. */
function isText(declared: string): boolean {
  return (
    declared.startsWith("text/") ||
    /^[^/]+\/(?:.*\+(?:json|xml|yaml)|json|xml|yaml|javascript|sql|x-www-form-urlencoded)$/.test(declared)
  );
}

/** `binary data byte` of WHATWG MIME Sniffing 3; a byte order mark of UTF-16 makes them text (7.2). */
function isBinary(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return false;
  return bytes.some(
    (byte) => byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f),
  );
}
