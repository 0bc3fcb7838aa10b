import { type HmacKey, type JwtPolicy, checkedKeys, checkedNames, checkedScheme, plainType } from "./hmac.ts";
import { compileVerifier, openTokenMemory } from "./hmac-table.ts";
import { type JwtFault, jwtFault, nativeJwtFault, UNDECIDED } from "./jwt-fault.ts";
import { type Clock, isTooLong, scriptVerify } from "./jwt-script.ts";
import { nativeFunctions } from "./library.ts";

/** Keys and policy of `hmacVerifier`. */
export interface HmacVerifierOptions {
  /** Tried in turn; a token with a "kid" only meets keys of that name and keys without one. */
  readonly keys: readonly HmacKey[];
  /** The scheme of `Authorization`, in any case; undefined: the value is the token itself. */
  readonly scheme?: string | undefined;
  /** Seconds by which clocks may differ. */
  readonly leeway: number;
  /** "iss" must be one of these. Undefined: not looked at. */
  readonly issuer?: string | readonly string[] | undefined;
  /** "aud" must be or contain one of these. Undefined: not looked at. */
  readonly audience?: string | readonly string[] | undefined;
  /** Refuses a token without "exp". */
  readonly requireExp: boolean;
  /** The header's "typ", in any case, with or without "application/" (RFC 8725 3.11). Undefined: not looked at. */
  readonly typ?: string | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The claims' JSON text of the value of a header or cookie, or why it is refused. */
export type HmacVerifier = (value: string) => string | JwtFault;

type Verify = (value: string, clock: Clock) => string | JwtFault;

export const scriptVerifier =
  (policy: JwtPolicy): Verify =>
  (value, clock) =>
    scriptVerify(value, policy, clock);

/** Undefined where the library is not in use. */
export function nativeVerifier(policy: JwtPolicy, isPortable?: boolean): Verify | undefined {
  const functions = nativeFunctions();
  if (functions === undefined) return undefined;
  const { jwt_verify } = functions;
  const { scheme } = policy;
  const table = compileVerifier(functions, policy, isPortable);
  const { input, decoded, write, text } = openTokenMemory();
  return (value, clock) => {
    if (isTooLong(value, scheme)) return jwtFault("too_long");
    if (!write(value)) return scriptVerify(value, policy, clock);
    const status = jwt_verify(input, value.length, table.pointer, decoded, clock.expiresAfter, clock.beginsBy);
    if (status >= 0) return text(status);
    return status === UNDECIDED ? scriptVerify(value, policy, clock) : nativeJwtFault(status);
  };
}

export function jwtPolicy(options: Omit<HmacVerifierOptions, "leeway" | "now">): JwtPolicy {
  return {
    keys: checkedKeys(options.keys),
    scheme: checkedScheme(options.scheme),
    typ: options.typ === undefined ? undefined : plainType(options.typ),
    requireExp: options.requireExp,
    issuers: checkedNames(options.issuer, "iss"),
    audiences: checkedNames(options.audience, "aud"),
  };
}

/**
 * Compiles the verification of JWTs signed with HMAC (RFC 7515, 7518 3.2, 7519, 8725) into one synchronous call.
 *
 * It looks, in this order, at the length (16 KiB), the scheme, the three segments, their base64url, the header (no name twice; "crit" and an unencoded
 * payload are refused), the algorithm, "typ", "kid", the signature, and then at "exp", "nbf", "iat", "iss" and "aud"; the first thing that is wrong is
 * the `JwtFault` that comes back. Dates are numbers of seconds, not negative, with or without decimals; an "iat" in the future is no fault. Secrets are copied.
 * Throws a `TypeError` for no key, an empty secret, no or an unknown algorithm, an empty list of issuers or audiences.
 *
 * @example
 * const secret = new TextEncoder().encode("a secret of at least 32 bytes, please");
 * const verify = hmacVerifier({ keys: [{ secret, algorithms: ["HS256"] }], scheme: "Bearer", leeway: 60, requireExp: true });
 * verify("Basic dXNlcjpwYXNz"); // JwtFault { kind: "scheme" }
 */
export function hmacVerifier(options: HmacVerifierOptions): HmacVerifier {
  const policy = jwtPolicy(options);
  const { leeway, now = Date.now } = options;
  if (!(leeway >= 0 && leeway < Infinity)) throw new TypeError(`The leeway must be a number of seconds, not ${leeway}`);
  let verify: Verify | undefined;
  return (value) => {
    const seconds = now() / 1000;
    verify ??= nativeVerifier(policy) ?? scriptVerifier(policy);
    return verify(value, { expiresAfter: seconds - leeway, beginsBy: seconds + leeway });
  };
}
