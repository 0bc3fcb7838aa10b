/** Bytes of a name that Linux, macOS and Windows file systems take. */
const MOST_BYTES = 255;
/** Longer than any extension that means something. */
const MOST_EXTENSION = 32;
// oxlint-disable-next-line no-control-regex -- control characters are what it finds
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
const UNNAMED = "unnamed";

/**
 * What follows the last separator of a path on any system, without control characters, cut to 255 bytes of UTF-8 before its extension.
 * `unnamed` where nothing is left that could name a file.
 *
 * @example
 * ```ts
 * baseName("..\\..\\etc/passwd"); // "passwd"
 * ```
 */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const plain = name.toWellFormed().replace(CONTROL, "").trim();
  if (/^\.*$/.test(plain)) return UNNAMED;
  return Buffer.byteLength(plain) <= MOST_BYTES ? plain : cut(plain);
}

function cut(name: string): string {
  const dot = name.lastIndexOf(".");
  const given = dot > 0 ? name.slice(dot) : "";
  const extension = Buffer.byteLength(given) <= MOST_EXTENSION ? given : "";
  const stem = Buffer.from(name.slice(0, name.length - extension.length));
  let end = MOST_BYTES - Buffer.byteLength(extension);
  // Not within a character: its further bytes begin with the bits 10.
  while (((stem[end] ?? 0) & 0xc0) === 0x80) end--;
  return stem.toString("utf8", 0, end).trimEnd() + extension;
}
