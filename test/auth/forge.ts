import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A signature of a token's first two segments. */
export type Sign = (input: string) => Buffer;

export const hs256 =
  (secret: string | Uint8Array): Sign =>
  (input) =>
    createHmac("sha256", secret).update(input).digest();

/** A token of any header and payload; text is taken as it stands, so that it can be wrong. */
export function forge(header: object | string, payload: object | string, signature: Sign | Buffer | string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const written = typeof signature === "function" ? signature(input) : signature;
  return `${input}.${typeof written === "string" ? written : written.toString("base64url")}`;
}

function encode(value: object | string): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** A key pair with the way that its algorithm signs. */
export interface Pair {
  readonly alg: string;
  readonly publicKey: KeyObject;
  readonly sign: Sign;
}

function rsa(alg: string, modulusLength = 2048): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
  return { alg, publicKey, sign: signer(alg, privateKey) };
}

function ec(alg: string, namedCurve: string): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return { alg, publicKey, sign: signer(alg, privateKey) };
}

/** The way that an algorithm of RFC 7518 signs with a private key. */
export function signer(alg: string, key: KeyObject): Sign {
  const hash = alg === "EdDSA" || alg === "Ed25519" ? null : `sha${alg.slice(2)}`;
  const options = alg.startsWith("PS")
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    : alg.startsWith("ES")
      ? { key, dsaEncoding: "ieee-p1363" as const }
      : key;
  return (input) => sign(hash, Buffer.from(input), options);
}

const edwards = generateKeyPairSync("ed25519");

/** One pair for each kind of key. */
export const PAIRS = {
  RS256: rsa("RS256"),
  ES256: ec("ES256", "P-256"),
  ES384: ec("ES384", "P-384"),
  ES512: ec("ES512", "P-521"),
  EdDSA: { alg: "EdDSA", publicKey: edwards.publicKey, sign: signer("EdDSA", edwards.privateKey) } as Pair,
  short: rsa("RS256", 1024),
} as const;

export function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }) as string;
}
