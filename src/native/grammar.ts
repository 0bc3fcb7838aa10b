import { HeaderFault } from "./fault.ts";

/** The lexical rules that headers share: tokens, blanks, quoted strings and parameters of RFC 9110 5.6. */

const ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Membership of a set of characters as a table over their codes. */
export function characterSet(members: string): Uint8Array {
  const set = new Uint8Array(128);
  for (const member of members) set[member.charCodeAt(0)] = 1;
  return set;
}

const TCHAR = /* @__PURE__ */ characterSet(ALPHANUMERIC + "!#$%&'*+-.^_`|~");
const TOKEN68 = /* @__PURE__ */ characterSet(ALPHANUMERIC + "-._~+/");

/** The offset behind the characters of `set` that begin at `from`. */
export function setEnd(set: Uint8Array, text: string, from: number): number {
  let at = from;
  while (at < text.length && set[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** The offset behind the token (RFC 9110 5.6.2) that begins at `from`; `from` itself when there is none. */
export const tokenEnd = (text: string, from: number): number => setEnd(TCHAR, text, from);

/** The offset behind a token68 (RFC 9110 11.2) without its padding. */
export const token68End = (text: string, from: number): number => setEnd(TOKEN68, text, from);

export const isToken = (text: string): boolean => text.length > 0 && tokenEnd(text, 0) === text.length;

const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;
const SEMICOLON = 59;
const LOWER_Q = 113;
const EQUALS = 61;

export const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/** Skips optional whitespace (RFC 9110 5.6.3). */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The end of the text without its trailing whitespace, at least `from`. */
export function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

const isControl = (code: number): boolean => (code < SPACE && code !== TAB) || code === 127 || code > 255;

/** The offset behind the quoted-string (RFC 9110 5.6.4) whose opening quote is at `from`. */
function quotedEnd(text: string, from: number): number | HeaderFault {
  for (let at = from + 1; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      at++;
      if (at === text.length) break;
      code = text.charCodeAt(at);
    }
    if (isControl(code)) return new HeaderFault("invalid-character", at);
  }
  return new HeaderFault("unterminated-quote", text.length);
}

/** The offset behind a token or a quoted-string. */
export function valueEnd(text: string, from: number): number | HeaderFault {
  const end = tokenEnd(text, from);
  if (end === from && from < text.length && text.charCodeAt(from) === QUOTE) return quotedEnd(text, from);
  return end === from ? new HeaderFault("expected-token", from) : end;
}

/** A value as it is meant: a quoted-string loses its quotes and its escapes. */
export function unquote(value: string): string {
  return value.charCodeAt(0) === QUOTE ? value.slice(1, -1).replace(/\\(.)/gs, "$1") : value;
}

/** A slice of a header in lower case. To lower what is lower case already costs 40 ns more than to see that it is. */
export function lowerSlice(text: string, from: number, to: number): string {
  const slice = text.slice(from, to);
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code >= 65 && code <= 90) return slice.toLowerCase();
  }
  return slice;
}

/** A parameter name in lower case. The frequent ones need no new string: to make one and use it as a key costs 70 ns. */
function parameterName(text: string, from: number, to: number): string {
  if (to === from + 1 && text.charCodeAt(from) === LOWER_Q) return "q";
  if (to === from + 7 && text.startsWith("charset", from)) return "charset";
  if (to === from + 8 && text.startsWith("boundary", from)) return "boundary";
  return lowerSlice(text, from, to);
}

/** The parameter that `readParameter` saw last: its name in lower case, empty where there was none, and where its value stands. */
export interface Parameter {
  name: string;
  start: number;
  end: number;
}

export const startsParameter = (text: string, at: number): boolean =>
  at < text.length && text.charCodeAt(at) === SEMICOLON;

/**
 * Reads one `";" OWS [ token "=" value ] OWS` (RFC 9110 5.6.6) whose semicolon is at `from` into `parameter` and returns the
 * offset behind it. A visitor called per parameter costs twice as much as this loop in the hands of the caller.
 */
export function readParameter(text: string, from: number, parameter: Parameter): number | HeaderFault {
  const name = skipBlanks(text, from + 1);
  const equals = tokenEnd(text, name);
  parameter.name = "";
  if (equals === name) return name;
  if (equals === text.length || text.charCodeAt(equals) !== EQUALS) return new HeaderFault("expected-equals", equals);
  const end = valueEnd(text, equals + 1);
  if (typeof end !== "number") return end;
  parameter.name = parameterName(text, name, equals);
  parameter.start = equals + 1;
  parameter.end = end;
  return skipBlanks(text, end);
}
