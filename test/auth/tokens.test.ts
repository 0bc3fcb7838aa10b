import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { decodeProtectedHeader, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import { issueToken, type IssueOptions, type TokenClaims } from "../../src/auth/tokens.ts";

const NOW = 1_700_000_000;
const now = () => NOW * 1000 + 999;
const secret = "s".repeat(64);

/** What a strict verifier makes of a token, at the time of the tests. */
async function read(token: string, key: Uint8Array | CryptoKey = new TextEncoder().encode(secret)) {
  return (await jwtVerify(token, key, { currentDate: new Date(NOW * 1000) })).payload;
}

describe("a token signed with a secret", () => {
  test.each([
    ["HS256", 32],
    ["HS384", 48],
    ["HS512", 64],
  ] as const)("by %s is made at once and read by another library", async (algorithm, bytes) => {
    const key = crypto.getRandomValues(new Uint8Array(bytes));
    const token = issueToken({ sub: "17", name: "Zoë" }, { secret: key, algorithm, jti: "one", now });
    expect(typeof token).toBe("string");
    expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, typ: "JWT" });
    expect(await read(token, key)).toEqual({ sub: "17", name: "Zoë", iat: NOW, exp: NOW + 3600, jti: "one" });
  });

  test("is the same bytes every time", () => {
    // RFC 7515 A.1.1's secret; the payload and header are ours.
    const key = Buffer.from(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
      "base64url",
    );
    const token = issueToken({ iss: "joe" }, { secret: key, jti: false, now });
    expect(token).toBe(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJqb2UiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0." +
        new Bun.CryptoHasher("sha256", key)
          .update(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJqb2UiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0",
          )
          .digest("base64url"),
    );
  });

  test("by a JWK takes its algorithm and its id from there", async () => {
    const key = Buffer.alloc(64, 7);
    const jwk = { kty: "oct", k: key.toString("base64url"), alg: "HS512", kid: "seven" };
    const token = issueToken({}, { secret: jwk, jti: false, now });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS512", typ: "JWT", kid: "seven" });
    expect(await read(token, key)).toEqual({ iat: NOW, exp: NOW + 3600 });
    expect(decodeProtectedHeader(issueToken({}, { secret: jwk, kid: "mine" })).kid).toBe("mine");
  });

  test("names its key and its type where told to", () => {
    const token = issueToken({}, { secret, kid: 'k"1', typ: "at+jwt" });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "at+jwt", kid: 'k"1' });
  });

  test("has an id of its own each time, 128 bits", async () => {
    const ids = await Promise.all([1, 2].map(async () => (await read(issueToken({}, { secret, now }))).jti));
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe("the claims", () => {
  const dated = { iat: NOW, exp: NOW + 3600 };
  test.each([
    ["an issuer", {}, { issuer: "https://a" }, { ...dated, iss: "https://a" }],
    ["an audience", {}, { audience: "a" }, { ...dated, aud: "a" }],
    ["several audiences", {}, { audience: ["a", "b"] }, { ...dated, aud: ["a", "b"] }],
    ["a lifetime", {}, { expiresIn: 1 }, { iat: NOW, exp: NOW + 1 }],
    ["no end", {}, { expiresIn: null }, { iat: NOW }],
    ["an end of their own", { exp: NOW + 5 }, {}, { iat: NOW, exp: NOW + 5 }],
    ["a beginning of their own", { iat: NOW - 60 }, {}, { iat: NOW - 60, exp: NOW + 3540 }],
    ["an id of their own", { jti: "mine" }, { jti: undefined }, { ...dated, jti: "mine" }],
    [
      "what is undefined left out",
      { role: undefined, deep: { a: [1, null] } },
      {},
      { ...dated, deep: { a: [1, null] } },
    ],
  ] as const)("have %s", async (_, claims, options, expected) => {
    const all = { secret, now, jti: false, ...options } as IssueOptions;
    expect(await read(await issueToken(claims as TokenClaims, all))).toEqual(expected as never);
  });

  test("a token that may not be used yet says from when", () => {
    const [, payload] = issueToken({}, { secret, now, notBefore: 60, jti: false }).split(".");
    expect(JSON.parse(Buffer.from(payload!, "base64url").toString())).toEqual({
      iat: NOW,
      nbf: NOW + 60,
      exp: NOW + 3600,
    });
  });

  test.each([
    ["an issuer twice", { iss: "a" }, { issuer: "a" }, "iss is set twice"],
    ["an audience twice", { aud: "a" }, { audience: "b" }, "aud is set twice"],
    ["an end twice", { exp: NOW + 1 }, { expiresIn: 1 }, "exp is set twice"],
    ["an id twice", { jti: "a" }, { jti: "b" }, "jti is set twice"],
    ["a subject that is a number", { sub: 17 }, {}, "sub must be a string"],
    ["an issuer that is none", { iss: null }, {}, "iss must be a string"],
    ["an audience that is a number", { aud: 5 }, {}, "aud must be a string or strings"],
    ["an audience with a number in it", { aud: ["a", 5] }, {}, "aud must be a string or strings"],
    ["an end as text", { exp: "1700003600" }, {}, "exp must be a number of seconds"],
    ["an end that is no number", { exp: Number.NaN }, {}, "exp must be a number of seconds"],
    ["an end before time", { exp: -1 }, {}, "exp must be a number of seconds"],
    ["a lifetime of nothing", {}, { expiresIn: 0 }, "expiresIn is whole seconds from 1, not 0"],
    ["a lifetime in fractions", {}, { expiresIn: 0.5 }, "expiresIn is whole seconds from 1, not 0.5"],
    ["a lifetime without end", {}, { expiresIn: Infinity }, "expiresIn is whole seconds from 1, not Infinity"],
    ["a past beginning", {}, { notBefore: -1 }, "notBefore is whole seconds from 1, not -1"],
  ])("may not have %s", (_, claims, options, message) => {
    expect(() => issueToken(claims as unknown as TokenClaims, { secret, now, ...options } as IssueOptions)).toThrow(
      message,
    );
  });
});

describe("a token signed with a private key", () => {
  const algorithms = [
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
  ] as const;
  test.each(algorithms)("by %s is read with the public one, from every form of the key", async (algorithm) => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    for (const key of [privateKey, await exportJWK(privateKey), await exportPKCS8(privateKey)]) {
      const signing = { key: key as CryptoKey, algorithm, kid: "1", jti: "one", now } as const;
      for (const token of await Promise.all([issueToken({ sub: "17" }, signing), issueToken({ sub: "17" }, signing)])) {
        expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, typ: "JWT", kid: "1" });
        expect(await read(token, publicKey)).toEqual({ sub: "17", iat: NOW, exp: NOW + 3600, jti: "one" });
      }
    }
  });
});

describe("a key that cannot sign is refused at once, and not quoted:", async () => {
  const ec = await generateKeyPair("ES256", { extractable: true });
  const rsa = await generateKeyPair("RS256", { extractable: true });
  const pem = await exportPKCS8(ec.privateKey);
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" });
  test.each([
    ["a public key", { key: ec.publicKey, algorithm: "ES256" }],
    ["a public JWK", { key: await exportJWK(ec.publicKey), algorithm: "ES256" }],
    ["one of another type", { key: pem, algorithm: "RS256" }],
    ["one of another curve", { key: pem, algorithm: "ES384" }],
    ["RSA for an elliptic curve", { key: rsa.privateKey, algorithm: "ES256" }],
    ["an elliptic curve for EdDSA", { key: pem, algorithm: "EdDSA" }],
    ["RSA under 2048 bits", { key: short, algorithm: "RS256" }],
    [
      "text that is no key",
      { key: "-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----", algorithm: "ES256" },
    ],
    ["a JWK that is none", { key: { kty: "secretsecret" }, algorithm: "ES256" }],
    ["nothing", { key: undefined, algorithm: "ES256" }],
    ["a key without an algorithm", { key: pem }],
    ["a key with a secret's algorithm", { key: pem, algorithm: "HS256" }],
    ["a key with none", { key: pem, algorithm: "none" }],
    ["a secret with a key's algorithm", { secret, algorithm: "RS256" }],
    ["a secret with none", { secret, algorithm: "none" }],
    ["a secret with an algorithm of the prototype", { secret, algorithm: "constructor" }],
    ["an empty secret", { secret: "" }],
    ["a public key as a secret", { secret: "-----BEGIN PUBLIC KEY-----\nsecretsecret" }],
    [
      "a secret's JWK for another algorithm",
      { secret: { kty: "oct", k: "c2VjcmV0", alg: "HS512" }, algorithm: "HS256" },
    ],
  ])("%s", (_, signing) => {
    let message = "no error";
    try {
      void issueToken({}, signing as unknown as IssueOptions);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      ({ message } = error as TypeError);
    }
    expect(message).toMatch(
      /^(?:the key is no private key for|a private key signs with|the secret is empty|the secret does not sign with|the secret is a public)/,
    );
    expect(message).not.toContain("secretsecret");
  });

  test("in production, a secret shorter than the digest", () => {
    const before = Bun.env["NODE_ENV"];
    try {
      Bun.env["NODE_ENV"] = "production";
      const message = (bytes: number, algorithm: "HS256" | "HS384" | "HS512") => {
        try {
          return issueToken({}, { secret: "x".repeat(bytes), algorithm }) && "issued";
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(message(31, "HS256")).toBe("the secret has 31 bytes: HS256 needs 32 (RFC 7518 3.2)");
      expect(message(47, "HS384")).toBe("the secret has 47 bytes: HS384 needs 48 (RFC 7518 3.2)");
      expect(message(63, "HS512")).toBe("the secret has 63 bytes: HS512 needs 64 (RFC 7518 3.2)");
      expect([message(32, "HS256"), message(48, "HS384"), message(64, "HS512")]).toEqual([
        "issued",
        "issued",
        "issued",
      ]);
    } finally {
      Bun.env["NODE_ENV"] = before ?? "test";
    }
  });
});
