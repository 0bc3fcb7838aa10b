/** What cannot be part of a file's name: separators of any system, and controls. */
// oxlint-disable-next-line no-control-regex -- control characters are what it finds
const NO_NAME = /[\x00-\x1f\x7f-\x9f/\\]/g;
/** What a quoted file name is not read back from alike by every browser: quotes, escapes, and all but ASCII. */
const UNSAFE = /[^\x20-\x7e]|["%]/gu;

/**
 * The value of `Content-Disposition` for a file's name (RFC 6266): the plain name where ASCII can say it, else an ASCII
 * stand-in and the name itself as `filename*` in UTF-8 (RFC 8187). Separators and control characters become `_`.
 *
 * @example
 * ```ts
 * contentDisposition("attachment", "naïve.txt"); // attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt
 * ```
 */
export function contentDisposition(type: "inline" | "attachment", filename?: string): string {
  if (filename === undefined) return type;
  const name = filename.toWellFormed().replace(NO_NAME, "_");
  const plain = name.replace(UNSAFE, "_");
  if (plain === name) return `${type}; filename="${name}"`;
  // encodeURIComponent leaves four characters that are not attr-char (RFC 8187 3.2.1).
  const extended = encodeURIComponent(name).replace(
    /[*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${plain}"; filename*=UTF-8''${extended}`;
}
