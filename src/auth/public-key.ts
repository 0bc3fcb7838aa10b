import { decodeBase64url } from "../native/index.ts";
import type { Jwk } from "./jwk.ts";

const RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const;
const EDWARDS = ["EdDSA", "Ed25519"] as const;

/** The algorithms of RFC 7518 3.3 to 3.5, RFC 8037 3.1 and RFC 9864 2.2 that a public key verifies. */
export type KeyAlgorithm = (typeof RSA)[number] | "ES256" | "ES384" | "ES512" | (typeof EDWARDS)[number];

/** The octets of a coordinate, and the algorithm that belongs to the curve: there is one (RFC 7518 3.4, 6.2.1). */
const CURVES: Readonly<Record<string, readonly [octets: number, algorithm: KeyAlgorithm]>> = {
  "P-256": [32, "ES256"],
  "P-384": [48, "ES384"],
  "P-521": [66, "ES512"],
};

export const KEY_ALGORITHMS: readonly KeyAlgorithm[] = [...RSA, "ES256", "ES384", "ES512", ...EDWARDS];

/** RFC 7518 3.3 and 3.5. */
export const SHORTEST_MODULUS = 2048;
/** Verifying under a longer one takes a processor long enough to be an attack, where a key set is not one's own. */
const LONGEST_MODULUS = 16_384;

/** The algorithms that a key's type, curve and length allow; or what is wrong with the key. */
export function algorithmsOf(jwk: Jwk): readonly KeyAlgorithm[] | string {
  switch (jwk.kty) {
    case "RSA":
      return rsaFault(jwk) ?? RSA;
    case "EC":
      return curveAlgorithms(jwk);
    case "OKP":
      if (jwk.crv !== "Ed25519") return "of the curves of RFC 8037 Ed25519 alone is supported";
      return octets(jwk.x) === 32 ? EDWARDS : 'the "x" of the JWK does not fit its curve';
    default:
      return "a public key is of type RSA, EC or OKP";
  }
}

function rsaFault({ n, e }: Jwk): string | undefined {
  const modulus = typeof n === "string" ? decodeBase64url(n) : undefined;
  const exponent = typeof e === "string" ? decodeBase64url(e) : undefined;
  if (modulus === undefined || exponent === undefined) return 'the "n" or "e" of the JWK is no base64url';
  const bits = bitLength(modulus);
  if (bits < SHORTEST_MODULUS || bits > LONGEST_MODULUS) {
    return `an RSA key has ${SHORTEST_MODULUS} to ${LONGEST_MODULUS} bits (RFC 7518 3.3), not ${bits}`;
  }
  // 1 makes every message its own signature; an even one is none.
  return bitLength(exponent) > 1 && ((exponent.at(-1) ?? 0) & 1) === 1
    ? undefined
    : 'the "e" of the JWK is no exponent';
}

function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] as number) + 24;
}

function curveAlgorithms({ crv, x, y }: Jwk): readonly KeyAlgorithm[] | string {
  const curve = typeof crv === "string" && Object.hasOwn(CURVES, crv) ? CURVES[crv] : undefined;
  if (curve === undefined) return "the curve of an EC key is P-256, P-384 or P-521";
  return octets(x) === curve[0] && octets(y) === curve[0]
    ? [curve[1]]
    : 'the "x" or "y" of the JWK does not fit its curve';
}

function octets(text: unknown): number | undefined {
  return typeof text === "string" ? decodeBase64url(text)?.length : undefined;
}

/** R and S, each as long as a coordinate (RFC 7518 3.4). */
const SIGNATURE_OCTETS: Readonly<Partial<Record<KeyAlgorithm, number>>> = {
  ES256: 64,
  ES384: 96,
  ES512: 132,
  EdDSA: 64,
  Ed25519: 64,
};

let loaded: Promise<typeof import("jose")> | undefined;

/** Loaded when the first key is needed: a program without one does not pay for it (12 ms). */
const jose = (): Promise<typeof import("jose")> => (loaded ??= import("jose"));

/** What a {@link PublicKey} is made of: a JWK, or a key that is imported already. */
export interface PublicKeyParts {
  readonly kid: string | undefined;
  readonly algorithms: readonly KeyAlgorithm[];
  readonly jwk?: Jwk;
  readonly key?: CryptoKey;
}

/** A public key that verifies; imported once for each of its algorithms. */
export class PublicKey {
  readonly kid: string | undefined;
  readonly algorithms: readonly KeyAlgorithm[];
  readonly #jwk: Jwk | undefined;
  readonly #key: CryptoKey | undefined;
  readonly #imported = new Map<string, Promise<CryptoKey | Uint8Array>>();

  constructor({ kid, algorithms, jwk, key }: PublicKeyParts) {
    this.kid = kid;
    this.algorithms = algorithms;
    this.#jwk = jwk;
    this.#key = key;
  }

  /** The same key for fewer algorithms. */
  for(allowed: readonly string[]): PublicKey {
    const algorithms = this.algorithms.filter((algorithm) => allowed.includes(algorithm));
    return new PublicKey({
      kid: this.kid,
      algorithms,
      ...(this.#jwk === undefined ? {} : { jwk: this.#jwk }),
      ...(this.#key === undefined ? {} : { key: this.#key }),
    });
  }

  /** Imports the key ahead of the first token. Rejects where that fails: a point that is not on its curve. */
  async prepare(algorithms: readonly KeyAlgorithm[] = this.algorithms): Promise<void> {
    await Promise.all(algorithms.map((algorithm) => this.#import(algorithm)));
  }

  /** Whether this key has signed a token whose header says this algorithm. What it cannot find out is no. */
  async signed(token: string, algorithm: KeyAlgorithm, signature: Uint8Array): Promise<boolean> {
    const octets = SIGNATURE_OCTETS[algorithm];
    if (!this.algorithms.includes(algorithm) || (octets !== undefined && signature.length !== octets)) return false;
    try {
      const { compactVerify } = await jose();
      await compactVerify(token, await this.#import(algorithm), { algorithms: [algorithm] });
      return true;
    } catch {
      return false;
    }
  }

  #import(algorithm: KeyAlgorithm): Promise<CryptoKey | Uint8Array> {
    if (this.#key !== undefined) return Promise.resolve(this.#key);
    let imported = this.#imported.get(algorithm);
    if (imported === undefined) {
      imported = this.#importAs(algorithm);
      this.#imported.set(algorithm, imported);
    }
    return imported;
  }

  async #importAs(algorithm: KeyAlgorithm): Promise<CryptoKey | Uint8Array> {
    // Public members alone: whatever else the JWK says of itself has been looked at.
    const { kty, n, e, crv, x, y } = this.#jwk ?? {};
    const members = kty === "RSA" ? { kty, n, e } : kty === "EC" ? { kty, crv, x, y } : { kty, crv, x };
    const { importJWK } = await jose();
    return importJWK(members as import("jose").JWK, algorithm);
  }
}
