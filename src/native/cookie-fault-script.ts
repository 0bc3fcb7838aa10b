import { HeaderFault } from "./fault.ts";
import { characterSet, setEnd, tokenEnd } from "./grammar.ts";

/** cookie-octet of RFC 6265 4.1.1: visible ASCII without quote, comma, semicolon and backslash. */
const COOKIE_OCTET = /* @__PURE__ */ characterSet(
  "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~",
);

const QUOTE = 34;
const SEMICOLON = 59;
const SPACE = 32;
const EQUALS = 61;

/** The grammar check without the library: the same answers as `check` in native/cookies.zig. */
export function scriptCookieFault(header: string): HeaderFault | undefined {
  let at = 0;
  while (true) {
    const equals = tokenEnd(header, at);
    if (equals === at) return new HeaderFault("expected-token", at);
    if (header.charCodeAt(equals) !== EQUALS) return new HeaderFault("expected-equals", equals);
    const isQuoted = header.charCodeAt(equals + 1) === QUOTE;
    at = setEnd(COOKIE_OCTET, header, isQuoted ? equals + 2 : equals + 1);
    if (isQuoted) {
      if (header.charCodeAt(at) !== QUOTE) return new HeaderFault("unterminated-quote", at);
      at++;
    }
    if (at === header.length) return undefined;
    if (header.charCodeAt(at) !== SEMICOLON) return new HeaderFault("invalid-character", at);
    if (header.charCodeAt(at + 1) !== SPACE) return new HeaderFault("expected-space", at + 1);
    at += 2;
  }
}
