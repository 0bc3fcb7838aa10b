import type { HmacAlgorithm } from "../native/index.ts";
import type { BackendEnvironment } from "./backend.ts";
import { checkKeyUrl, discovery, type JwksOptions, type KeyFinder, remoteKeys } from "./jwks.ts";
import { type ClaimsPolicy, publicKeyTokens, secretTokens, type TokenVerifier } from "./jwt-verifier.ts";
import { HMAC_BYTES, type JwsAlgorithm, type PublicKeySource, readPublicKey, readSecret, type Secret } from "./key.ts";
import { KEY_ALGORITHMS, type KeyAlgorithm, type PublicKey } from "./public-key.ts";

/** A secret with the name (`kid`) by which tokens ask for it. */
export interface NamedSecret {
  readonly secret: string | Uint8Array;
  readonly kid: string;
}

/** Where the keys of a `jwt` backend come from: exactly one of these. */
export interface JwtKeys {
  /** Shared secrets, for HS256 unless `algorithms` says otherwise. Several while one replaces another: tried in turn, or by `kid`. */
  readonly secret?: Secret | NamedSecret | readonly (Secret | NamedSecret)[] | undefined;
  /** Public keys: PEM, JWK or imported. */
  readonly publicKey?: PublicKeySource | readonly PublicKeySource[] | undefined;
  /** The address of an issuer's JWK Set. */
  readonly jwksUrl?: string | undefined;
  /** An OpenID provider: its key set is discovered, and it is the `issuer` unless one is given. */
  readonly oidc?: string | undefined;
  /** How `jwksUrl` and `oidc` are fetched and kept. */
  readonly jwks?: JwksOptions;
  /** Default: HS256 for secrets, else whatever the key is for by its type, curve and `alg`. Never of another family than the keys'. */
  readonly algorithms?: readonly JwsAlgorithm[];
}

/** Errors: `TypeError` where there is not exactly one source of keys, or one that cannot be used. */
export function compileKeys(
  name: string,
  keys: JwtKeys,
  scheme: string,
  policy: ClaimsPolicy,
  env: BackendEnvironment,
): { readonly verifier: TokenVerifier; readonly ready?: Promise<void> } {
  const { secret, publicKey, jwksUrl, oidc } = keys;
  const given = [secret, publicKey, jwksUrl, oidc].filter((source) => source !== undefined);
  if (given.length !== 1) {
    const problem =
      given.length === 0 ? "there is no key, or it is undefined" : "there is more than one source of keys";
    throw new TypeError(`${name}: ${problem}: give secret, publicKey, jwksUrl or oidc`);
  }
  if (secret !== undefined) return { verifier: secretTokens(secretKeys(name, secret, keys, env), scheme, policy) };
  const algorithms = publicAlgorithms(name, keys.algorithms);
  if (publicKey !== undefined) {
    const list = localKeys(publicKey, algorithms);
    const ready = imported(list);
    // Told by `start`; where nobody awaits it, every token is refused.
    ready.catch(() => {});
    return { verifier: publicKeyTokens(() => list, algorithms, scheme, policy), ready };
  }
  const find = remoteFinder(keys, env);
  return { verifier: publicKeyTokens(find, algorithms, scheme, policy) };
}

function secretKeys(
  name: string,
  secrets: NonNullable<JwtKeys["secret"]>,
  { algorithms }: JwtKeys,
  env: BackendEnvironment,
) {
  const allowed = algorithms?.map((algorithm) => {
    if (Object.hasOwn(HMAC_BYTES, algorithm)) return algorithm as HmacAlgorithm;
    throw new TypeError(`${name}: a secret is not for ${String(algorithm)}, but for HS256, HS384 or HS512`);
  });
  const list = (Array.isArray(secrets) ? secrets : [secrets]) as readonly (Secret | NamedSecret)[];
  return list.map((source) => {
    const key = isNamed(source) ? { ...readSecret(source.secret), kid: source.kid } : readSecret(source);
    const own = (allowed ?? [key.algorithm ?? "HS256"]).filter((one) => (key.algorithm ?? one) === one);
    if (own.length === 0) throw new TypeError(`${name}: the JWK is for ${key.algorithm}, which is not allowed`);
    for (const algorithm of own) checkLength(name, key.secret.length, algorithm, env);
    return { ...key, algorithms: own };
  });
}

function isNamed(source: Secret | NamedSecret): source is NamedSecret {
  return typeof source === "object" && source !== null && "secret" in source;
}

function checkLength(name: string, bytes: number, algorithm: HmacAlgorithm, env: BackendEnvironment): void {
  if (bytes >= HMAC_BYTES[algorithm]) return;
  const message = `${name}: the secret has ${bytes} bytes: ${algorithm} needs ${HMAC_BYTES[algorithm]} (RFC 7518 3.2)`;
  if (env.production) throw new TypeError(message);
  env.warn(message);
}

function publicAlgorithms(name: string, algorithms: readonly JwsAlgorithm[] = KEY_ALGORITHMS): readonly KeyAlgorithm[] {
  return algorithms.map((algorithm) => {
    if ((KEY_ALGORITHMS as readonly string[]).includes(algorithm)) return algorithm as KeyAlgorithm;
    throw new TypeError(`${name}: a public key is not for ${String(algorithm)}`);
  });
}

function localKeys(
  sources: PublicKeySource | readonly PublicKeySource[],
  algorithms: readonly KeyAlgorithm[],
): readonly PublicKey[] {
  const list = (Array.isArray(sources) ? sources : [sources]) as readonly PublicKeySource[];
  if (list.length === 0) throw new TypeError("there is no public key");
  return list.map((source) => {
    const key = readPublicKey(source);
    const allowed = key.for(algorithms);
    if (allowed.algorithms.length > 0) return allowed;
    throw new TypeError(`the key is for ${key.algorithms.join(", ")}, which is not allowed`);
  });
}

async function imported(keys: readonly PublicKey[]): Promise<void> {
  for (const key of keys) await key.prepare();
}

function remoteFinder({ jwksUrl, oidc, jwks }: JwtKeys, { production }: BackendEnvironment): KeyFinder {
  const check = (url: string): string => checkKeyUrl(url, !production);
  if (jwksUrl !== undefined) {
    check(jwksUrl);
    return remoteKeys(() => jwksUrl, jwks);
  }
  return remoteKeys(discovery(check(oidc!), check), jwks);
}
