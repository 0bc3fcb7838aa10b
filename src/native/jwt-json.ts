/** Limits of a JOSE header and a claims set (RFC 8259 9 allows them): `deepest` in native/json.zig, `most` in native/members.zig. */
const DEEPEST = 64;
const MOST_MEMBERS = 256;

export type JsonObject = Readonly<Record<string, unknown>>;

// A byte order mark is kept, so that JSON.parse refuses it: it is no part of a JSON text (RFC 8259 8.1).
const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes that are valid UTF-8. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The object that a text is, or undefined: RFC 8259 to the letter, and no name twice, as RFC 7515 4 and RFC 7519 4 ask of headers and
 * claims. The same answers as native/members.zig.
 */
export function strictObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const members = Object.keys(value).length;
  return members <= MOST_MEMBERS && memberCount(text) === members ? (value as JsonObject) : undefined;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

const opens = (code: number): boolean => code === 123 || code === 91;
const closes = (code: number): boolean => code === 125 || code === 93;

/** How many members the object of a valid text has, doubles included; -1 where it is too deep. */
function memberCount(text: string): number {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === COLON && depth === 1) members++;
    else if (opens(code)) {
      if (++depth > DEEPEST) return -1;
    } else if (closes(code)) depth--;
  }
  return members;
}

/** The closing quote of the string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
