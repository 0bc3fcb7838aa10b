import { inProduction } from "../http/index.ts";

/** The HMAC algorithms of RFC 7518 3.2. */
export type HmacSigningAlgorithm = "HS256" | "HS384" | "HS512";

/** The algorithms of RFC 7518 3.3 to 3.5 and RFC 8037 that sign with a private key. */
export type KeySigningAlgorithm =
  "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA";

/** A private key: imported, as a JWK (RFC 7517), or as PEM in PKCS#8 (`-----BEGIN PRIVATE KEY-----`). */
export type SigningKey = CryptoKey | JsonWebKey | string;

interface Header {
  /** `kid` of the header: names the key among those that a verifier holds. */
  readonly kid?: string;
  /** `typ` of the header; default `JWT`. `at+jwt` for access tokens of RFC 9068. */
  readonly typ?: string;
}

/** Signs with a shared secret: at once, no promise. */
export interface SecretSigning extends Header {
  /** Text counts as UTF-8. As long as the digest at least: 32 bytes for HS256, 48 for HS384, 64 for HS512 (RFC 7518 3.2). */
  readonly secret: string | Uint8Array;
  /** Default `HS256`. */
  readonly algorithm?: HmacSigningAlgorithm;
  readonly key?: undefined;
}

/** Signs with a private key: with a promise. */
export interface KeySigning extends Header {
  readonly key: SigningKey;
  /** No default: a key alone does not always say what it is for. */
  readonly algorithm: KeySigningAlgorithm;
  readonly secret?: undefined;
}

/** Makes the compact form (RFC 7515 7.1) of a payload. */
export type Signer<R extends string | Promise<string> = string | Promise<string>> = (payload: string) => R;

const DIGESTS: Readonly<Record<HmacSigningAlgorithm, readonly [name: "sha256" | "sha384" | "sha512", bytes: number]>> =
  {
    HS256: ["sha256", 32],
    HS384: ["sha384", 48],
    HS512: ["sha512", 64],
  };

const KEY_ALGORITHMS: ReadonlySet<string> = new Set<KeySigningAlgorithm>([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
]);

const known = new WeakMap<object, Signer>();

/** The signer of an options object, made once for it. Errors: `TypeError` for a key or an algorithm that cannot be used. */
export function signerOf(options: SecretSigning | KeySigning): Signer {
  let signer = known.get(options);
  if (signer === undefined) {
    signer = options.secret === undefined ? keySigner(options) : secretSigner(options);
    known.set(options, signer);
  }
  return signer;
}

function secretSigner({ secret, algorithm = "HS256", kid, typ }: SecretSigning): Signer<string> {
  const digest = Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm] : undefined;
  if (digest === undefined) throw new TypeError(`a secret signs with HS256, HS384 or HS512, not ${algorithm}`);
  const length = typeof secret === "string" ? Buffer.byteLength(secret) : secret.length;
  if (length === 0 || (length < digest[1] && inProduction())) {
    throw new TypeError(`the secret has ${length} bytes: ${algorithm} needs ${digest[1]} (RFC 7518 3.2)`);
  }
  const head = header(algorithm, kid, typ);
  // A copy of a keyed hasher skips the key schedule.
  const keyed = new Bun.CryptoHasher(digest[0], secret);
  return (payload) => {
    const input = `${head}.${base64url(payload)}`;
    return `${input}.${keyed.copy().update(input).digest("base64url")}`;
  };
}

function keySigner({ key, algorithm, kid, typ }: KeySigning): Signer<Promise<string>> {
  if (!KEY_ALGORITHMS.has(algorithm)) {
    throw new TypeError(`a private key signs with RS, PS or ES 256 to 512 or EdDSA, not ${algorithm as string}`);
  }
  checkKey(key, algorithm);
  let ready: Promise<(payload: string) => Promise<string>> | undefined;
  const prepare = async () => {
    // Loaded where it is used: whoever signs with a secret does not wait for it at start-up.
    const jose = await import("jose");
    const imported = await importKey(key, algorithm, jose);
    const protectedHeader = { alg: algorithm, typ: typ ?? "JWT", ...(kid === undefined ? {} : { kid }) };
    return async (payload: string) =>
      new jose.CompactSign(Buffer.from(payload)).setProtectedHeader(protectedHeader).sign(imported);
  };
  return async (payload) => (await (ready ??= prepare()))(payload);
}

/** The type, curve or length that an algorithm needs of its key (RFC 7518 3.3 to 3.5, RFC 8037 3.1). */
const NEEDED: Readonly<Record<string, (type: string | undefined, curve: string | undefined, bits: number) => boolean>> =
  {
    RS: (type, _, bits) => type === "rsa" && bits >= 2048,
    PS: (type, _, bits) => type === "rsa" && bits >= 2048,
    ES256: (type, curve) => type === "ec" && curve === "prime256v1",
    ES384: (type, curve) => type === "ec" && curve === "secp384r1",
    ES512: (type, curve) => type === "ec" && curve === "secp521r1",
    EdDSA: (type) => type === "ed25519",
  };

/** What cannot sign is refused when it is configured, not when the first token is asked for. */
function checkKey(key: SigningKey, algorithm: KeySigningAlgorithm): void {
  let fits = false;
  try {
    const { createPrivateKey, KeyObject } = process.getBuiltinModule("node:crypto");
    const object =
      key instanceof CryptoKey
        ? KeyObject.from(key)
        : createPrivateKey(typeof key === "string" ? key : { key, format: "jwk" });
    const { namedCurve, modulusLength = 0 } = object.asymmetricKeyDetails ?? {};
    const needs = NEEDED[algorithm] ?? NEEDED[algorithm.slice(0, 2)]!;
    fits = object.type === "private" && needs(object.asymmetricKeyType, namedCurve, modulusLength);
  } catch {
    // What the parser says may quote the key.
  }
  if (!fits) throw new TypeError(`the key is no private key for ${algorithm}`);
}

async function importKey(key: SigningKey, algorithm: string, jose: typeof import("jose")): Promise<CryptoKey> {
  if (key instanceof CryptoKey) return key;
  try {
    if (typeof key === "string") return await jose.importPKCS8(key, algorithm);
    const imported = await jose.importJWK(key, algorithm);
    if (imported instanceof CryptoKey) return imported;
  } catch {
    // What the importer says may quote the key.
  }
  throw new TypeError(`the key cannot be imported for ${algorithm}`);
}

function header(alg: string, kid: string | undefined, typ = "JWT"): string {
  return base64url(JSON.stringify({ alg, typ, ...(kid === undefined ? {} : { kid }) }));
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
