import { isToken } from "./grammar.ts";

/** The algorithms of RFC 7518 3.2: HMAC with SHA-256, SHA-384 or SHA-512. */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** A secret, what it may be used for, and the name by which a token can ask for it. */
export interface HmacKey {
  readonly secret: Uint8Array;
  /** A token that names another key ("kid") is not held against this one; without a name here, every token is. */
  readonly kid?: string | undefined;
  readonly algorithms: readonly HmacAlgorithm[];
}

/** What a token is held against, checked and in one spelling; `compileVerifier` puts it into native memory. */
export interface JwtPolicy {
  readonly keys: readonly HmacKey[];
  /** Empty where the value is the token. */
  readonly scheme: string;
  /** In lower case, without "application/". */
  readonly typ: string | undefined;
  readonly requireExp: boolean;
  /** Empty where any will do. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
}

/** In the order of `Algorithm` in native/hmac.zig. */
export const HMAC_ALGORITHMS: readonly HmacAlgorithm[] = ["HS256", "HS384", "HS512"];

/** The longest scheme, so that a value of the longest token fits the memory of native/jwt.zig. */
export const LONGEST_SCHEME = 255;

/** Copies the keys; throws a `TypeError` for what could verify nothing or would verify anything. */
export function checkedKeys(keys: readonly HmacKey[]): readonly HmacKey[] {
  if (keys.length === 0) throw new TypeError("There is no key to verify a token with");
  return keys.map(({ secret, kid, algorithms }) => {
    if (secret.length === 0) throw new TypeError("A secret must not be empty");
    if (algorithms.length === 0) throw new TypeError("A key must have an algorithm");
    for (const algorithm of algorithms)
      if (!HMAC_ALGORITHMS.includes(algorithm)) throw new TypeError(`${String(algorithm)} is no algorithm of HMAC`);
    return {
      secret: Uint8Array.from(secret),
      kid: kid === undefined ? undefined : wellFormed(kid, "kid"),
      algorithms: [...algorithms],
    };
  });
}

export function checkedScheme(scheme: string | undefined): string {
  if (scheme === undefined) return "";
  if (!isToken(scheme) || scheme.length > LONGEST_SCHEME)
    throw new TypeError(`${JSON.stringify(scheme)} cannot be a scheme of authentication`);
  return scheme;
}

/** A list with nothing in it would refuse every token, or none: that is never what was meant. */
export function checkedNames(names: string | readonly string[] | undefined, claim: string): readonly string[] {
  if (names === undefined) return [];
  const list = typeof names === "string" ? [names] : [...names];
  if (list.length === 0) throw new TypeError(`The list for "${claim}" must not be empty`);
  return list.map((name) => wellFormed(name, claim));
}

/** Text with half a surrogate pair has no UTF-8, so that no token can carry it as its own bytes. */
function wellFormed(text: string, what: string): string {
  if (!text.isWellFormed()) throw new TypeError(`${JSON.stringify(text)} cannot be a value of "${what}"`);
  return text;
}

/** One spelling for types that mean the same: no case, no "application/" (RFC 7515 4.1.9). */
export function plainType(typ: string): string {
  const lower = asciiLower(typ);
  const rest = lower.startsWith(APPLICATION) ? lower.slice(APPLICATION.length) : lower;
  return rest.includes("/") ? lower : rest;
}

const APPLICATION = "application/";

/** `toLowerCase` would make a "k" of the Kelvin sign. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
