import { scriptCookieFault } from "./cookie-fault-script.ts";
import { cookieNamed, decoded } from "./cookies-script.ts";
import { openCrossing, RESULTS } from "./crossing.ts";
import { type HeaderFault, nativeFault } from "./fault.ts";
import { isToken } from "./grammar.ts";
import { nativeFunctions } from "./library.ts";
import { compileNames } from "./names.ts";

/** Reads the cookies of the names it was compiled for, in their order; undefined for an absent one. */
export type CookieReader = (header: string) => (string | undefined)[];

/** `cookies.encoded` in native/cookies.zig. */
const ENCODED = 1 << 30;

/** The header length from which the native path is the cheaper one, for one declared name and for more (`bun run bench:native`). */
const READER_TAKEOVER = { one: 64, more: 16 };

/** As above, for the grammar check. */
const FAULT_TAKEOVER = 48;

export function scriptCookieReader(names: readonly string[]): CookieReader {
  const keys = names.map((name) => `${name}=`);
  return (header) => keys.map((key) => cookieNamed(header, key));
}

/** Undefined where the library is not in use or there are more names than results. */
export function nativeCookieReader(names: readonly string[]): CookieReader | undefined {
  const functions = nativeFunctions();
  if (functions === undefined || names.length === 0 || 2 * names.length > RESULTS) return undefined;
  const { cookie_find } = functions;
  const inScript = scriptCookieReader(names);
  const table = compileNames(
    functions,
    names.map((name) => `${name}=`),
  );
  const { input, results, resultsPointer, write } = openCrossing();
  return (header) => {
    if (!write(header)) return inScript(header);
    cookie_find(input, header.length, table.pointer, resultsPointer);
    const values: (string | undefined)[] = [];
    for (let index = 0; index < names.length; index++) {
      const start = results[2 * index] as number;
      const end = results[2 * index + 1] as number;
      if (start < 0) values.push(undefined);
      else if ((end & ENCODED) === 0) values.push(header.slice(start, end));
      else values.push(decoded(header.slice(start, end & ~ENCODED)));
    }
    return values;
  };
}

/**
 * Compiles a reader for the cookies that a route declares.
 *
 * It finds those names and makes a string of nothing else. Of a repeated name the first counts: user agents send the
 * cookie with the longest path first (RFC 6265 5.4). Whitespace and one pair of double quotes around a value are dropped,
 * percent-encoding is undone where it is valid UTF-8 and left alone where it is not. Nothing is a fault to the reader:
 * `cookieFault` holds a header against its grammar. A name that is no token or comes twice throws a `TypeError`.
 *
 * @example
 * const read = cookieReader(["session", "theme"]);
 * read('theme="dark"; session=a%20b'); // ["a b", "dark"]
 */
export function cookieReader(names: readonly string[]): CookieReader {
  for (const [index, name] of names.entries()) {
    if (!isToken(name)) throw new TypeError(`${JSON.stringify(name)} cannot be the name of a cookie`);
    if (names.indexOf(name) !== index) throw new TypeError(`The cookie ${name} is declared twice`);
  }
  const kept = [...names];
  const inScript = scriptCookieReader(kept);
  const takeover = kept.length === 1 ? READER_TAKEOVER.one : READER_TAKEOVER.more;
  let fast: CookieReader | undefined;
  return (header) => {
    if (header.length < takeover) return inScript(header);
    fast ??= nativeCookieReader(kept) ?? inScript;
    return fast(header);
  };
}

/** Undefined where the library is not in use. */
export function nativeCookieFault(): ((header: string) => HeaderFault | undefined) | undefined {
  const functions = nativeFunctions();
  if (functions === undefined) return undefined;
  const { cookie_check } = functions;
  const { input, results, resultsPointer, write } = openCrossing();
  return (header) => {
    if (!write(header)) return scriptCookieFault(header);
    const status = cookie_check(input, header.length, resultsPointer);
    return status === 0 ? undefined : nativeFault(status, results[0] as number);
  };
}

let fastFault: ((header: string) => HeaderFault | undefined) | undefined;

/**
 * Holds a `Cookie` header against the grammar that user agents must follow (RFC 6265 4.2.1); undefined when it does.
 *
 * @example
 * cookieFault("a=1; b=2"); // undefined
 * cookieFault("a=1,2");    // HeaderFault { kind: "invalid-character", position: 3 }
 */
export function cookieFault(header: string): HeaderFault | undefined {
  if (header.length < FAULT_TAKEOVER) return scriptCookieFault(header);
  fastFault ??= nativeCookieFault() ?? scriptCookieFault;
  return fastFault(header);
}
