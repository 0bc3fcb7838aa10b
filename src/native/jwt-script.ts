import { type HmacAlgorithm, type HmacKey, type JwtPolicy, asciiLower, plainType } from "./hmac.ts";
import { LONGEST_TOKEN } from "./hmac-table.ts";
import { decodeBase64url } from "./jwt-base64url.ts";
import { JwtFault, jwtFault } from "./jwt-fault.ts";
import { type JsonObject, strictObject, strictText } from "./jwt-json.ts";

/** Verification without the library: the same answers as native/jwt.zig, native/jose.zig and native/claims.zig. */

const HASHES = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;

/** A token must expire after the first and begin by the second: now in seconds, with the leeway subtracted and added. */
export interface Clock {
  readonly expiresAfter: number;
  readonly beginsBy: number;
}

export const isTooLong = (value: string, scheme: string): boolean =>
  value.length > LONGEST_TOKEN + (scheme === "" ? 0 : scheme.length + 1);

/** The claims' JSON text. */
export function scriptVerify(value: string, policy: JwtPolicy, clock: Clock): string | JwtFault {
  const { scheme } = policy;
  if (isTooLong(value, scheme)) return jwtFault("too_long");
  const start = scheme === "" ? 0 : tokenStart(value, scheme);
  if (start < 0) return jwtFault("scheme");
  const payload = scriptJws(value.slice(start), policy);
  if (payload instanceof JwtFault) return payload;
  const text = strictText(payload);
  const claims = strictObject(text);
  if (claims === undefined) return jwtFault("claims");
  return claimsFault(claims, policy, clock) ?? (text as string);
}

/** credentials = auth-scheme 1*SP token (RFC 9110 11.4, RFC 6750 2.1). */
function tokenStart(value: string, scheme: string): number {
  if (asciiLower(value.slice(0, scheme.length)) !== asciiLower(scheme)) return -1;
  let at = scheme.length;
  if (at < value.length && value[at] !== " ") return -1;
  while (value[at] === " ") at++;
  return at;
}

/** The payload of a token that some key has signed. */
export function scriptJws(token: string, policy: Pick<JwtPolicy, "keys" | "typ">): Uint8Array | JwtFault {
  if (token.length > LONGEST_TOKEN) return jwtFault("too_long");
  const segments = token.split(".");
  if (segments.length !== 3) return jwtFault("compact");
  const [header, payload, signature] = segments.map(decodeBase64url);
  if (header === undefined || payload === undefined || signature === undefined) return jwtFault("base64");
  const parameters = strictObject(strictText(header));
  if (parameters === undefined) return jwtFault("header");
  const fault = headerFault(parameters, policy);
  if (fault !== undefined) return fault;
  const message = token.slice(0, token.lastIndexOf("."));
  return signatureFault(parameters, policy.keys, message, signature) ?? payload;
}

/** `crit` and `b64` are refused for the reasons in native/jose.zig. */
function headerFault(parameters: JsonObject, { keys, typ }: Pick<JwtPolicy, "keys" | "typ">): JwtFault | undefined {
  if (Object.hasOwn(parameters, "crit")) return jwtFault("crit");
  if (Object.hasOwn(parameters, "b64") && parameters["b64"] !== true) return jwtFault("crit");
  const alg = own(parameters, "alg");
  if (typeof alg !== "string") return jwtFault("header");
  if (!keys.some(({ algorithms }) => algorithms.includes(alg as HmacAlgorithm))) return jwtFault("algorithm");
  if (typ === undefined) return undefined;
  const type = own(parameters, "typ");
  return typeof type === "string" && plainType(type) === typ ? undefined : jwtFault("typ");
}

/** An object of `JSON.parse` has a prototype, whose properties are no member of the text. */
const own = (object: JsonObject, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

function signatureFault(
  parameters: JsonObject,
  keys: readonly HmacKey[],
  message: string,
  signature: Uint8Array,
): JwtFault | undefined {
  const algorithm = parameters["alg"] as HmacAlgorithm;
  const kid = own(parameters, "kid");
  if (Object.hasOwn(parameters, "kid") && typeof kid !== "string") return jwtFault("kid");
  let isNamed = false;
  for (const key of keys) {
    if (!key.algorithms.includes(algorithm)) continue;
    if (kid !== undefined && key.kid !== undefined && kid !== key.kid) continue;
    isNamed = true;
    const expected = new Bun.CryptoHasher(HASHES[algorithm], key.secret).update(message).digest();
    if (isEqual(expected, signature)) return undefined;
  }
  return jwtFault(isNamed ? "signature" : "kid");
}

/** Reads every byte whatever the first ones are: the time tells nothing of the expected signature (RFC 7515 10.4). */
function isEqual(expected: Uint8Array, presented: Uint8Array): boolean {
  if (presented.length !== expected.length) return false;
  let difference = 0;
  for (let at = 0; at < expected.length; at++) difference |= (expected[at] as number) ^ (presented[at] as number);
  return difference === 0;
}

function claimsFault(claims: JsonObject, policy: JwtPolicy, { expiresAfter, beginsBy }: Clock): JwtFault | undefined {
  const exp = dateOf(claims, "exp");
  if (exp === undefined ? policy.requireExp : !(exp > expiresAfter)) return jwtFault("exp");
  const nbf = dateOf(claims, "nbf");
  if (nbf !== undefined && !(nbf <= beginsBy)) return jwtFault("nbf");
  if (Number.isNaN(dateOf(claims, "iat"))) return jwtFault("iat");
  const { issuers, audiences } = policy;
  if (issuers.length > 0 && !isOneOf(own(claims, "iss"), issuers)) return jwtFault("iss");
  if (audiences.length > 0 && !isForOneOf(own(claims, "aud"), audiences)) return jwtFault("aud");
  return undefined;
}

/** Undefined where there is none; NaN, which every comparison refuses, where it is no NumericDate: see native/claims.zig. */
function dateOf(claims: JsonObject, name: "exp" | "nbf" | "iat"): number | undefined {
  if (!Object.hasOwn(claims, name)) return undefined;
  const value = claims[name];
  return typeof value === "number" && value >= 0 && value < Infinity ? value : NaN;
}

const isOneOf = (value: unknown, names: readonly string[]): boolean =>
  typeof value === "string" && names.includes(value);

/** "aud" is a string, or an array of strings and nothing else (RFC 7519 4.1.3). */
function isForOneOf(value: unknown, names: readonly string[]): boolean {
  if (!Array.isArray(value)) return isOneOf(value, names);
  return value.every((each) => typeof each === "string") && value.some((each) => isOneOf(each, names));
}
