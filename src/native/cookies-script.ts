import { isBlank, skipBlanks, trimmedEnd } from "./grammar.ts";

/** Cookie parsing without the library: the same answers as native/cookies.zig. */

const SEMICOLON = 59;
const QUOTE = 34;

/** Undoes percent-encoding where it is valid UTF-8, else gives the text as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A cookie value without surrounding whitespace, its pair of quotes and its percent-encoding. */
function valueOf(header: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(header.charCodeAt(start))) start++;
  end = trimmedEnd(header, start, end);
  if (end - start >= 2 && header.charCodeAt(start) === QUOTE && header.charCodeAt(end - 1) === QUOTE) {
    start++;
    end--;
  }
  const value = header.slice(start, end);
  return value.includes("%") ? decoded(value) : value;
}

/** The value of the first cookie whose name and "=" are `key`. */
export function cookieNamed(header: string, key: string): string | undefined {
  for (let at = header.indexOf(key); at >= 0; at = header.indexOf(key, at + key.length)) {
    let before = at - 1;
    while (before >= 0 && isBlank(header.charCodeAt(before))) before--;
    if (before >= 0 && header.charCodeAt(before) !== SEMICOLON) continue;
    const end = header.indexOf(";", at + key.length);
    return valueOf(header, at + key.length, end < 0 ? header.length : end);
  }
  return undefined;
}

/**
 * Reads every cookie of a `Cookie` header into an object without prototype; the first of a name wins.
 *
 * The rules are those of `cookieReader`; a pair without "=" or without a name is skipped. Making the strings costs more than finding them,
 * so this has no native form (docs/native.md).
 *
 * @example
 * parseCookies('id=7; theme="dark"; id=8').id; // "7"
 */
export function parseCookies(header: string): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  let start = 0;
  while (start < header.length) {
    const semicolon = header.indexOf(";", start);
    const end = semicolon < 0 ? header.length : semicolon;
    const name = skipBlanks(header, start);
    const equals = header.indexOf("=", name);
    if (equals < 0) break;
    if (equals > name && equals < end) {
      const key = header.slice(name, equals);
      if (!(key in cookies)) cookies[key] = valueOf(header, equals + 1, end);
    }
    start = end + 1;
  }
  return cookies;
}
