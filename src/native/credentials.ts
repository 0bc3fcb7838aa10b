import { HeaderFault } from "./fault.ts";
import { lowerSlice, skipBlanks, token68End, tokenEnd, trimmedEnd, unquote, valueEnd } from "./grammar.ts";

/**
 * Credentials of `Authorization`: a scheme in lower case, and either a token68 (`Bearer`, `Basic`), or parameters with
 * lower-case names (`Digest`), or nothing.
 */
export interface Authorization {
  readonly scheme: string;
  readonly token?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const SPACE = 32;
const COMMA = 44;
const EQUALS = 61;

/** A scheme is case-insensitive (RFC 9110 11.1); the two common spellings need no new string. */
export function schemeOf(value: string, end: number): string {
  if (end === 6 && value.startsWith("Bearer")) return "bearer";
  if (end === 5 && value.startsWith("Basic")) return "basic";
  return lowerSlice(value, 0, end);
}

/** Credentials without the library: the same answers as native/authorization.zig. */
export function scriptAuthorization(value: string): Authorization | HeaderFault {
  const schemeEnd = tokenEnd(value, 0);
  if (schemeEnd === 0) return new HeaderFault("expected-token", 0);
  let start = schemeEnd;
  while (start < value.length && value.charCodeAt(start) === SPACE) start++;
  if (start === schemeEnd && start < value.length) return new HeaderFault("invalid-character", start);
  const end = trimmedEnd(value, start, value.length);
  const scheme = schemeOf(value, schemeEnd);
  if (start === end) return { scheme };
  let at = token68End(value, start);
  if (at > start) {
    while (at < end && value.charCodeAt(at) === EQUALS) at++;
    if (at === end) return { scheme, token: value.slice(start, end) };
  }
  return authParameters(value, scheme, start);
}

/** Reads `#auth-param` from `from` on; a name that comes twice is a fault (RFC 9110 11.2). */
export function authParameters(value: string, scheme: string, from: number): Authorization | HeaderFault {
  const parameters: Record<string, string> = Object.create(null);
  let at = from;
  while (at < value.length) {
    if (value.charCodeAt(at) === COMMA) {
      at = skipBlanks(value, at + 1);
      continue;
    }
    const nameEnd = tokenEnd(value, at);
    if (nameEnd === at) return new HeaderFault("expected-token", at);
    const equals = skipBlanks(value, nameEnd);
    if (value.charCodeAt(equals) !== EQUALS) return new HeaderFault("expected-equals", equals);
    const start = skipBlanks(value, equals + 1);
    const end = valueEnd(value, start);
    if (typeof end !== "number") return end;
    const name = lowerSlice(value, at, nameEnd);
    if (name in parameters) return new HeaderFault("duplicate-parameter", at);
    parameters[name] = unquote(value.slice(start, end));
    at = skipBlanks(value, end);
    if (at < value.length && value.charCodeAt(at) !== COMMA) return new HeaderFault("invalid-character", at);
  }
  return { scheme, parameters };
}
