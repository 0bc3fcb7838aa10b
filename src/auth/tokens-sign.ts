import { inProduction } from "../http/index.ts";
import type { HmacAlgorithm } from "../native/index.ts";
import { HMAC_BYTES, readSecret, type Secret } from "./key.ts";
import type { PrivateJwk } from "./jwk.ts";
import { KEY_ALGORITHMS, type KeyAlgorithm, SHORTEST_MODULUS } from "./public-key.ts";

/** A private key: imported, as a JWK (RFC 7517), or as PEM in PKCS#8 (`-----BEGIN PRIVATE KEY-----`). */
export type SigningKey = CryptoKey | PrivateJwk | string;

interface Header {
  /** `kid` of the header: names the key among those that a verifier holds. */
  readonly kid?: string;
  /** `typ` of the header; default `JWT`. `at+jwt` for access tokens of RFC 9068. */
  readonly typ?: string;
}

/** Signs with a shared secret: at once, no promise. */
export interface SecretSigning extends Header {
  /** As long as the digest at least: 32 bytes for HS256, 48 for HS384, 64 for HS512 (RFC 7518 3.2). */
  readonly secret: Secret;
  /** Default that of the secret's JWK, else `HS256`. */
  readonly algorithm?: HmacAlgorithm;
  readonly key?: undefined;
}

/** Signs with a private key: with a promise. */
export interface KeySigning extends Header {
  readonly key: SigningKey;
  /** No default: a key alone does not always say what it is for. */
  readonly algorithm: KeyAlgorithm;
  readonly secret?: undefined;
}

/** Makes the compact form (RFC 7515 7.1) of a payload. */
export type Signer<R extends string | Promise<string> = string | Promise<string>> = (payload: string) => R;

const DIGESTS = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;

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

function secretSigner(options: SecretSigning): Signer<string> {
  const { secret, kid: ownKid, algorithm: own } = readSecret(options.secret);
  const algorithm = options.algorithm ?? own ?? "HS256";
  if (!Object.hasOwn(DIGESTS, algorithm) || (own !== undefined && own !== algorithm)) {
    throw new TypeError(`the secret does not sign with ${algorithm}`);
  }
  const bytes = HMAC_BYTES[algorithm];
  if (secret.length < bytes && inProduction()) {
    throw new TypeError(`the secret has ${secret.length} bytes: ${algorithm} needs ${bytes} (RFC 7518 3.2)`);
  }
  const head = header(algorithm, options.kid ?? ownKid, options.typ);
  // A copy of a keyed hasher skips the key schedule.
  const keyed = new Bun.CryptoHasher(DIGESTS[algorithm], secret);
  return (payload) => {
    const input = `${head}.${base64url(payload)}`;
    return `${input}.${keyed.copy().update(input).digest("base64url")}`;
  };
}

function keySigner({ key, algorithm, kid, typ }: KeySigning): Signer<Promise<string>> {
  if (!KEY_ALGORITHMS.includes(algorithm)) {
    throw new TypeError(
      `a private key signs with RS, PS or ES 256 to 512, EdDSA or Ed25519, not ${algorithm as string}`,
    );
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

/** The type, curve or length that an algorithm needs of its key (RFC 7518 3.3 to 3.5, RFC 8037 3.1, RFC 9864 2.2). */
const NEEDED: Readonly<Record<string, (type: string | undefined, curve: string | undefined, bits: number) => boolean>> =
  {
    RS: (type, _, bits) => type === "rsa" && bits >= SHORTEST_MODULUS,
    PS: (type, _, bits) => type === "rsa" && bits >= SHORTEST_MODULUS,
    ES256: (type, curve) => type === "ec" && curve === "prime256v1",
    ES384: (type, curve) => type === "ec" && curve === "secp384r1",
    ES512: (type, curve) => type === "ec" && curve === "secp521r1",
    EdDSA: (type) => type === "ed25519",
    Ed25519: (type) => type === "ed25519",
  };

/** What cannot sign is refused when it is configured, not when the first token is asked for. */
function checkKey(key: SigningKey, algorithm: KeyAlgorithm): void {
  let fits = false;
  try {
    const { createPrivateKey, KeyObject } = process.getBuiltinModule("node:crypto");
    const object =
      key instanceof CryptoKey
        ? KeyObject.from(key)
        : createPrivateKey(
            typeof key === "string" ? key : { key: { ...key } as Record<string, string>, format: "jwk" },
          );
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
    const imported = await jose.importJWK({ ...key } as Record<string, string>, algorithm);
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
