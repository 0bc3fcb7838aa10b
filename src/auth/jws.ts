import { type HmacAlgorithm, hmacJws, JwtFault, type JwtFaultKind } from "../native/index.ts";
import { type CompactJws, readCompact } from "./compact.ts";
import { isJwk, type Jwk } from "./jwk.ts";
import {
  HMAC_BYTES,
  isArmored,
  type JwsAlgorithm,
  KeyError,
  type PublicKeySource,
  readPublicKey,
  readSecret,
  type Secret,
  type SecretKey,
} from "./key.ts";
import { KEY_ALGORITHMS, type KeyAlgorithm, type PublicKey } from "./public-key.ts";

/** Why a JWS was refused. `key` is about what it was to be verified with. */
export type JwsErrorCode =
  Exclude<JwtFaultKind, "scheme" | "typ" | "claims" | "exp" | "nbf" | "iat" | "iss" | "aud"> | "key";

const MESSAGES: Readonly<Record<JwsErrorCode, string>> = {
  too_long: "the token is over 16 KiB",
  compact: "the token is not three segments with a dot between",
  base64: "a segment is no base64url",
  header: "the header is no JSON object with a name of its algorithm, or has a name twice",
  algorithm: "the algorithm is not allowed for these keys",
  crit: "the header asks for an extension",
  kid: "none of the keys has the name that the header gives",
  signature: "none of the keys has signed the token",
  key: "a key cannot be used",
};

/** A JWS that is refused, or a key that cannot be used. Nothing of the token or the key is in it. */
export class JwsError extends Error {
  override readonly name = "JwsError";
  readonly code: JwsErrorCode;

  constructor(code: JwsErrorCode, message: string = MESSAGES[code]) {
    super(`JWS: ${message}`);
    this.code = code;
  }
}

/** Any key that {@link jwsVerify} takes; a text that is no PEM is a secret. */
export type JwsKey = Secret | PublicKeySource;

/** What {@link jwsVerify} accepts. */
export interface JwsOptions {
  /** Narrows what the keys allow: by their type, curve, length and `alg`. */
  readonly algorithms?: readonly JwsAlgorithm[];
}

/** A JWK of a shared secret. */
export type OctJwk = Jwk & { readonly kty: "oct" };

/** Verifies JWS with keys that are read once; see {@link jwsVerify}. */
export type JwsVerifier<R extends Uint8Array | Promise<Uint8Array> = Uint8Array | Promise<Uint8Array>> = (
  compact: string,
) => R;

/**
 * Verifies a JWS in its compact form (RFC 7515 5.2) and returns its payload: with secrets at once, with public keys as a promise.
 *
 * Algorithms: HS, RS, PS and ES 256 to 512 and EdDSA, as far as the type, curve, length and `alg` of a key allow and `algorithms` says;
 * never `none`. A secret is as long as the digest (RFC 7518 3.2), RSA has 2048 bits at least. Where the header has a `kid`, keys of
 * another name are out of question. Keys in the header are not looked at, `crit` is refused, names must not come twice, base64url is
 * without padding and spare bits. Errors: {@link JwsError}, thrown for secrets, a rejection for public keys.
 *
 * @example
 * ```ts
 * const bytes = jwsVerify(token, { kty: "oct", k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8" }, { algorithms: ["HS256"] });
 * console.log(new TextDecoder().decode(bytes));
 * ```
 */
export function jwsVerify(
  compact: string,
  keys: Uint8Array | OctJwk | readonly (Uint8Array | OctJwk)[],
  options?: JwsOptions,
): Uint8Array;
export function jwsVerify(
  compact: string,
  keys: CryptoKey | readonly CryptoKey[],
  options?: JwsOptions,
): Promise<Uint8Array>;
export function jwsVerify(
  compact: string,
  keys: JwsKey | readonly JwsKey[],
  options?: JwsOptions,
): Uint8Array | Promise<Uint8Array>;
export function jwsVerify(
  compact: string,
  keys: JwsKey | readonly JwsKey[],
  options?: JwsOptions,
): Uint8Array | Promise<Uint8Array> {
  let verify: JwsVerifier;
  try {
    verify = jwsVerifier(keys, options);
  } catch (error) {
    // Whoever has a public key awaits the answer: an error must not come in two ways.
    if (listOf(keys).every(isSecret)) throw error;
    return Promise.reject(error);
  }
  return verify(compact);
}

/**
 * Reads keys once and returns a function that verifies as {@link jwsVerify} does. Errors: {@link JwsError} for a key that cannot be used,
 * for none, for an algorithm that is none.
 *
 * @example
 * ```ts
 * const verify = jwsVerifier(await Bun.file("issuer.pem").text(), { algorithms: ["ES256"] });
 * const payload = await verify(token);
 * ```
 */
export function jwsVerifier(keys: JwsKey | readonly JwsKey[], { algorithms }: JwsOptions = {}): JwsVerifier {
  const list = listOf(keys);
  if (list.length === 0) throw new JwsError("key", "there is no key");
  for (const algorithm of algorithms ?? []) checkName(algorithm);
  const secrets = list.filter(isSecret).map((key) => secretOf(key, algorithms));
  const publicKeys = list.filter((key) => !isSecret(key)).map((key) => publicOf(key as PublicKeySource, algorithms));
  const withSecrets = secrets.length === 0 ? undefined : secretVerifier(secrets);
  if (withSecrets !== undefined && publicKeys.length === 0) return withSecrets;

  return (compact) => {
    const jws = typeof compact === "string" ? readCompact(compact) : "compact";
    if (typeof jws !== "string" && withSecrets !== undefined && jws.alg.startsWith("HS")) return withSecrets(compact);
    return verifyPublic(compact, jws, publicKeys);
  };
}

async function verifyPublic(
  token: string,
  jws: CompactJws | JwtFaultKind,
  keys: readonly PublicKey[],
): Promise<Uint8Array> {
  if (typeof jws === "string") throw new JwsError(jws as JwsErrorCode);
  await checkKeys(keys, jws.alg as KeyAlgorithm);
  const fault = await signatureFault(token, jws, keys);
  if (fault !== undefined) throw new JwsError(fault);
  return new Uint8Array(jws.payload);
}

/** A key that cannot be imported is a mistake of ours, not a bad signature. */
async function checkKeys(keys: readonly PublicKey[], algorithm: KeyAlgorithm): Promise<void> {
  try {
    for (const key of keys) if (key.algorithms.includes(algorithm)) await key.prepare([algorithm]);
  } catch {
    throw new JwsError("key", `a key cannot be imported for ${algorithm}`);
  }
}

/** Whether one of the keys has signed the token; else why not. */
export async function signatureFault(
  token: string,
  { alg, kid, signature }: CompactJws,
  keys: readonly PublicKey[],
): Promise<"algorithm" | "kid" | "signature" | undefined> {
  const algorithm = alg as KeyAlgorithm;
  const fitting = keys.filter((key) => key.algorithms.includes(algorithm));
  if (fitting.length === 0) return "algorithm";
  const named = fitting.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid);
  if (named.length === 0) return "kid";
  for (const key of named) if (await key.signed(token, algorithm, signature)) return undefined;
  return "signature";
}

function listOf(keys: JwsKey | readonly JwsKey[]): readonly JwsKey[] {
  return Array.isArray(keys) ? keys : [keys as JwsKey];
}

function isSecret(key: JwsKey): key is Secret {
  if (typeof key === "string") return !isArmored(key);
  return key instanceof Uint8Array || (isJwk(key) && key.kty === "oct") || key === undefined || key === null;
}

function checkName(algorithm: string): void {
  if (!Object.hasOwn(HMAC_BYTES, algorithm) && !(KEY_ALGORITHMS as readonly string[]).includes(algorithm)) {
    throw new JwsError("algorithm", "there is no such algorithm, or it protects nothing");
  }
}

/** Runs a reader of keys; what it says is about the key alone. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof KeyError ? new JwsError("key", error.message) : error;
  }
}

function secretOf(key: Secret, allowed: readonly string[] | undefined): SecretKey & { algorithms: HmacAlgorithm[] } {
  const read = reading(() => readSecret(key));
  const all = Object.keys(HMAC_BYTES) as HmacAlgorithm[];
  const wanted = all.filter((name) => (read.algorithm ?? name) === name && (allowed?.includes(name) ?? true));
  if (wanted.length === 0) throw new JwsError("algorithm");
  const algorithms = wanted.filter((name) => read.secret.length >= HMAC_BYTES[name]);
  if (algorithms.length === 0) throw new JwsError("key", `the secret is too short for ${wanted[0]} (RFC 7518 3.2)`);
  return { ...read, algorithms };
}

function publicOf(key: PublicKeySource, allowed: readonly string[] | undefined): PublicKey {
  const read = reading(() => readPublicKey(key));
  const narrowed = allowed === undefined ? read : read.for(allowed);
  if (narrowed.algorithms.length === 0) throw new JwsError("algorithm");
  return narrowed;
}

function secretVerifier(keys: readonly (SecretKey & { algorithms: HmacAlgorithm[] })[]): JwsVerifier<Uint8Array> {
  const verify = hmacJws(keys, { algorithms: ["HS256", "HS384", "HS512"] });
  return (compact) => {
    const result = typeof compact === "string" ? verify(compact) : new JwtFault("compact");
    if (result instanceof JwtFault) throw new JwsError(result.kind as JwsErrorCode);
    return result;
  };
}
