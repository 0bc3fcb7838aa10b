import type { KeyObject } from "node:crypto";
import { decodeBase64url, type HmacAlgorithm } from "../native/index.ts";
import { isJwk, type Jwk } from "./jwk.ts";
import { algorithmsOf, type KeyAlgorithm, PublicKey, SHORTEST_MODULUS } from "./public-key.ts";

/** Any signature algorithm: the `alg` of RFC 7518 3.1 but `none`, and those of RFC 8037 and RFC 9864. */
export type JwsAlgorithm = HmacAlgorithm | KeyAlgorithm;

/** A shared secret: text (as UTF-8), bytes, or a JWK of type `oct`. */
export type Secret = string | Uint8Array | Jwk;

/** A public key: PEM (SPKI, PKCS#1 or a certificate), a JWK, or an imported key. */
export type PublicKeySource = string | Jwk | CryptoKey | KeyObject;

/** A key that cannot be used. The message holds nothing of the key. */
export class KeyError extends TypeError {
  override readonly name = "KeyError";
}

/** A shared secret, read. Without `algorithms` those that its length allows. */
export interface SecretKey {
  readonly secret: Uint8Array;
  readonly kid: string | undefined;
  readonly algorithm: HmacAlgorithm | undefined;
}

/** The bytes that a secret needs: those of the digest (RFC 7518 3.2). */
export const HMAC_BYTES: Readonly<Record<HmacAlgorithm, number>> = { HS256: 32, HS384: 48, HS512: 64 };

/** A public key in text, or one's beginning in an OpenSSH file: never a secret (RFC 8725 2.1). */
const ARMOR = /^\s*(?:-----BEGIN |---- BEGIN |ssh-(?:rsa|ed25519|dss) |ecdsa-sha2-)/;

/** Whether a text is a key by its armor, and so no secret. */
export function isArmored(text: string): boolean {
  return ARMOR.test(text);
}

/** Reads a secret. Errors: {@link KeyError} for an empty one, a public key in its place, a JWK that is not for signatures. */
export function readSecret(source: Secret): SecretKey {
  if (typeof source === "string") return plainSecret(Buffer.from(source));
  if (source instanceof Uint8Array) return plainSecret(source);
  if (!isJwk(source)) throw new KeyError("a secret is text, bytes or a JWK of type oct");
  if (source.kty !== "oct") throw new KeyError(`a JWK of type ${source.kty} is no secret`);
  const { kid, alg } = checkedUse(source);
  const secret = typeof source.k === "string" ? decodeBase64url(source.k) : undefined;
  if (secret === undefined) throw new KeyError('the "k" of the JWK is no base64url');
  if (alg !== undefined && !Object.hasOwn(HMAC_BYTES, alg)) throw new KeyError(`a secret is not for ${alg}`);
  return { ...plainSecret(secret), kid, algorithm: alg as HmacAlgorithm | undefined };
}

function plainSecret(secret: Uint8Array): SecretKey {
  if (secret.length === 0) throw new KeyError("the secret is empty");
  if (isArmored(Buffer.from(secret).toString("latin1")) || isDer(secret)) {
    // Whoever knows the public key, everybody, could sign with it (RFC 8725 2.1).
    throw new KeyError("the secret is a public or private key: give it as publicKey");
  }
  return { secret, kid: undefined, algorithm: undefined };
}

/** Whether bytes are an SPKI structure: a sequence whose first member names a key's type. */
function isDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 40) return false;
  try {
    nodeCrypto().createPublicKey({ key: Buffer.from(bytes), format: "der", type: "spki" });
    return true;
  } catch {
    return false;
  }
}

/** Loaded where it is used: a program that has secrets alone does not wait for it. */
const nodeCrypto = () => process.getBuiltinModule("node:crypto");

/** Reads a public key. Errors: {@link KeyError} for a private or unknown one, RSA under 2048 bits, a curve that JOSE has no name for. */
export function readPublicKey(source: PublicKeySource): PublicKey {
  if (source instanceof CryptoKey) return new PublicKey(importedParts(source));
  const jwk = typeof source === "string" ? ofPem(source) : isJwk(source) ? source : ofObject(source);
  const { kid, alg } = checkedUse(jwk);
  const algorithms = algorithmsOf(jwk);
  if (typeof algorithms === "string") throw new KeyError(algorithms);
  if (alg === undefined) return new PublicKey({ kid, algorithms, jwk });
  if (!algorithms.includes(alg as KeyAlgorithm)) throw new KeyError(`the key is not for ${alg}`);
  return new PublicKey({ kid, algorithms: [alg as KeyAlgorithm], jwk });
}

/** What a key says of its own use (RFC 7517 4.2 to 4.5). */
function checkedUse({ kid, alg, use, key_ops: operations }: Jwk) {
  if (kid !== undefined && typeof kid !== "string") throw new KeyError('the "kid" of the JWK is no text');
  if (alg !== undefined && typeof alg !== "string") throw new KeyError('the "alg" of the JWK is no text');
  if (use !== undefined && use !== "sig") throw new KeyError("the JWK is not for signatures");
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    throw new KeyError("the JWK is not for verifying");
  }
  return { kid, alg };
}

function ofPem(pem: string): Jwk {
  if (!/^\s*-----BEGIN /.test(pem)) throw new KeyError("a public key in text is PEM: -----BEGIN PUBLIC KEY-----");
  if (pem.includes("PRIVATE KEY-----")) throw new KeyError("the key is private: a verifier must not have it");
  let key: KeyObject;
  try {
    key = nodeCrypto().createPublicKey(pem);
  } catch {
    // What the parser says may quote the key.
    throw new KeyError("the PEM cannot be read");
  }
  return ofObject(key);
}

function ofObject(key: KeyObject): Jwk {
  if (typeof key !== "object" || key === null || key.type !== "public" || typeof key.export !== "function") {
    throw new KeyError("a public key is PEM, a JWK, a CryptoKey or a KeyObject");
  }
  return key.export({ format: "jwk" }) as Jwk;
}

/** An imported key is bound to its algorithm already. */
function importedParts(key: CryptoKey) {
  if (key.type !== "public" || !key.usages.includes("verify")) throw new KeyError("the CryptoKey is not for verifying");
  const { name, hash, namedCurve, modulusLength = SHORTEST_MODULUS } = key.algorithm as KeyAlgorithmParts;
  if (modulusLength < SHORTEST_MODULUS) throw new KeyError("an RSA key has 2048 bits at least (RFC 7518 3.3)");
  const bits = hash?.name.replace("SHA-", "") ?? "";
  const algorithms: readonly KeyAlgorithm[] =
    name === "RSASSA-PKCS1-v1_5"
      ? [`RS${bits}` as KeyAlgorithm]
      : name === "RSA-PSS"
        ? [`PS${bits}` as KeyAlgorithm]
        : name === "ECDSA"
          ? [`ES${namedCurve === "P-521" ? "512" : namedCurve?.slice(2)}` as KeyAlgorithm]
          : name === "Ed25519"
            ? ["EdDSA", "Ed25519"]
            : [];
  return { kid: undefined, algorithms, key };
}

interface KeyAlgorithmParts {
  readonly name: string;
  readonly hash?: { readonly name: string };
  readonly namedCurve?: string;
  readonly modulusLength?: number;
}
