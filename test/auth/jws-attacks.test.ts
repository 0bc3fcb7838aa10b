import { describe, expect, test } from "bun:test";
import { type Jwk, type JwsAlgorithm, JwsError, type JwsKey, jwsVerifier, jwsVerify } from "../../src/auth/index.ts";
import { forge, hs256, PAIRS, pemOf, signer } from "./forge.ts";

const SECRET = "a secret of at least thirty-two bytes";
const oct: Jwk = { kty: "oct", k: Buffer.from(SECRET).toString("base64url") };
const { RS256, ES256, ES384, ES512, EdDSA, short } = PAIRS;
const rsaPem = pemOf(RS256.publicKey);
const rsaJwk = RS256.publicKey.export({ format: "jwk" }) as Jwk;
const ecJwk = ES256.publicKey.export({ format: "jwk" }) as Jwk;

/** What verifying answers: `valid`, or the code of the error; and that nothing of key or token is in its message. */
async function verdict(
  token: string,
  key: JwsKey | readonly JwsKey[],
  algorithms?: readonly JwsAlgorithm[],
): Promise<string> {
  try {
    await jwsVerify(token, key, algorithms === undefined ? {} : { algorithms });
    return "valid";
  } catch (error) {
    if (!(error instanceof JwsError)) throw error;
    for (const segment of token.split(".")) if (segment.length > 8) expect(error.message).not.toContain(segment);
    expect(error.message).not.toContain(SECRET);
    return error.code;
  }
}

const good = forge({ alg: "HS256" }, "hello", hs256(SECRET));
const goodRs = forge({ alg: "RS256" }, "hello", RS256.sign);
const goodEs = forge({ alg: "ES256" }, "hello", ES256.sign);

describe("every key accepts what it has signed", () => {
  test.each([
    ["a secret as text", good, SECRET],
    ["a secret as bytes", good, Buffer.from(SECRET)],
    ["a secret as JWK", good, oct],
    ["one of several secrets", good, ["another secret of thirty-two bytes...", SECRET]],
    ["RSA as PEM", goodRs, rsaPem],
    ["RSA as PKCS#1", goodRs, RS256.publicKey.export({ type: "pkcs1", format: "pem" }) as string],
    ["RSA as JWK", goodRs, rsaJwk],
    ["RSA as KeyObject", goodRs, RS256.publicKey],
    ["a curve as JWK", goodEs, ecJwk],
    ["P-384", forge({ alg: "ES384" }, "hello", ES384.sign), pemOf(ES384.publicKey)],
    ["P-521", forge({ alg: "ES512" }, "hello", ES512.sign), pemOf(ES512.publicKey)],
    ["Ed25519 by its old name", forge({ alg: "EdDSA" }, "hello", EdDSA.sign), pemOf(EdDSA.publicKey)],
    ["Ed25519 by its new name", forge({ alg: "Ed25519" }, "hello", EdDSA.sign), pemOf(EdDSA.publicKey)],
    ["a secret beside public keys", good, [rsaPem, SECRET, ecJwk]],
    ["a public key beside secrets", goodEs, [rsaPem, SECRET, ecJwk]],
  ] as readonly (readonly [string, string, JwsKey | readonly JwsKey[]])[])("%s", async (_, token, key) => {
    expect(await verdict(token, key)).toBe("valid");
  });

  test("an imported key", async () => {
    const key = await crypto.subtle.importKey(
      "jwk",
      ecJwk as JsonWebKey,
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["verify"],
    );
    expect(await verdict(goodEs, key)).toBe("valid");
    expect(await verdict(goodRs, key)).toBe("algorithm");
  });

  test("at once with secrets, and through a verifier that has read them once", () => {
    expect(jwsVerify(good, SECRET)).toEqual(new TextEncoder().encode("hello"));
    const verify = jwsVerifier([oct, "another secret of thirty-two bytes..."]);
    expect(verify(good)).toEqual(new TextEncoder().encode("hello"));
    expect(verify(good)).toEqual(new TextEncoder().encode("hello"));
  });

  test("an empty payload is one", async () => {
    expect(jwsVerify(forge({ alg: "HS256" }, "", hs256(SECRET)), SECRET)).toEqual(new Uint8Array());
    expect(await jwsVerify(forge({ alg: "RS256" }, "", RS256.sign), rsaPem)).toEqual(new Uint8Array());
  });
});

describe("no signature is no token", () => {
  const names = [
    "none",
    "None",
    "NONE",
    "nOnE",
    "",
    " none",
    "none ",
    "HS256 ",
    "hs256",
    "Hs256",
    "HS0",
    "HS1",
    "RS1",
    "null",
  ];
  test.each(names)("alg %j", async (alg) => {
    for (const key of [SECRET, rsaPem, ecJwk]) {
      expect(await verdict(forge({ alg }, "hello", ""), key)).toBe("algorithm");
      expect(await verdict(forge({ alg }, "hello", hs256(SECRET)), key)).toBe("algorithm");
    }
  });

  test.each([[1], [null], [["HS256"]], [{ toString: "HS256" }], [true]])("alg %p", async (alg) => {
    expect(await verdict(forge({ alg }, "hello", hs256(SECRET)), SECRET)).toBe("header");
    expect(await verdict(forge({ alg }, "hello", RS256.sign), rsaPem)).toBe("header");
  });

  test("none cannot be asked for", async () => {
    const unsigned = forge({ alg: "none" }, "hello", "");
    expect(await verdict(unsigned, SECRET, ["none" as never])).toBe("algorithm");
    expect(await verdict(unsigned, rsaPem, ["none" as never])).toBe("algorithm");
  });

  test.each([
    ["nothing", ""],
    ["a byte", "AA"],
    ["half of it", goodRs.split(".")[2]!.slice(0, 40)],
  ])("%s in place of the signature", async (_, signature) => {
    expect(await verdict(forge({ alg: "HS256" }, "hello", signature), SECRET)).toBe("signature");
    expect(await verdict(forge({ alg: "RS256" }, "hello", signature), rsaPem)).toBe("signature");
    expect(await verdict(forge({ alg: "ES256" }, "hello", signature), ecJwk)).toBe("signature");
  });
});

describe("a public key is never a secret", () => {
  test.each([
    ["the PEM", rsaPem],
    ["the PEM without its last line break", rsaPem.trimEnd()],
    ["the DER", RS256.publicKey.export({ type: "spki", format: "der" })],
    ["the modulus", Buffer.from(rsaJwk.n!, "base64url")],
    ["the JWK", JSON.stringify(rsaJwk)],
  ])("HS256 signed with %s", async (_, secret) => {
    const token = forge({ alg: "HS256" }, "hello", hs256(secret));
    for (const key of [rsaPem, rsaJwk, RS256.publicKey]) {
      expect(await verdict(token, key)).toBe("algorithm");
      expect(await verdict(token, key, ["HS256"])).toBe("algorithm");
      expect(await verdict(token, [key, SECRET])).toBe("signature");
    }
  });

  test.each([
    ["PEM in bytes", Buffer.from(rsaPem)],
    ["DER", RS256.publicKey.export({ type: "spki", format: "der" })],
    ["PEM in a JWK", { kty: "oct", k: Buffer.from(rsaPem).toString("base64url") }],
  ] as readonly (readonly [string, JwsKey])[])("%s is refused as a secret", async (_, secret) => {
    const bytes = secret instanceof Uint8Array ? secret : Buffer.from((secret as Jwk).k!, "base64url");
    expect(await verdict(forge({ alg: "HS256" }, "hello", hs256(bytes)), secret)).toBe("key");
  });
});

describe("the header does not choose the key", () => {
  const mine = { jwk: ecJwk, jku: "http://127.0.0.1/keys", x5u: "http://127.0.0.1/cert", x5c: ["MIIB"], x5t: "AAAA" };
  test.each(Object.entries(mine))("%s is not looked at", async (name, value) => {
    expect(await verdict(forge({ alg: "ES256", [name]: value }, "hello", ES256.sign), ecJwk)).toBe("valid");
    const other = ES384.publicKey;
    expect(await verdict(forge({ alg: "ES256", [name]: value }, "hello", ES256.sign), other)).toBe("algorithm");
    const { publicKey } = (await import("node:crypto")).generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(await verdict(forge({ alg: "ES256", [name]: value }, "hello", ES256.sign), publicKey)).toBe("signature");
  });

  const two = { kid: "two", ...oct };
  test.each([
    ["the name of the key", "two", "valid"],
    ["another name", "one", "kid"],
    ["a path", "../../../../dev/null", "kid"],
    ["SQL", "x' UNION SELECT 'secret", "kid"],
    ["a member that every object has", "__proto__", "kid"],
    ["a name with its end cut off", "tw", "kid"],
    ["no text", 2 as never, "kid"],
    ["null", null as never, "kid"],
  ])("kid: %s", async (_, kid, expected) => {
    expect(await verdict(forge({ alg: "HS256", kid }, "hello", hs256(SECRET)), two)).toBe(expected);
    expect(await verdict(forge({ alg: "ES256", kid }, "hello", ES256.sign), { ...ecJwk, kid: "two" })).toBe(expected);
  });

  test("a key without a name is tried whatever the header asks for", async () => {
    expect(await verdict(forge({ alg: "HS256", kid: "?" }, "hello", hs256(SECRET)), oct)).toBe("valid");
    expect(await verdict(forge({ alg: "ES256", kid: "?" }, "hello", ES256.sign), ecJwk)).toBe("valid");
  });
});

describe("a signature on a curve", () => {
  const n = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
  const zero = Buffer.alloc(32);
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const values = { zero, one, n };
  const pairs = Object.entries(values).flatMap(([r, left]) =>
    Object.entries(values).map(([s, right]) => [`r ${r}, s ${s}`, Buffer.concat([left, right])] as const),
  );
  test.each(pairs)("that anybody can write: %s", async (_, signature) => {
    expect(await verdict(forge({ alg: "ES256" }, "hello", signature), ecJwk)).toBe("signature");
  });

  test("in the form of ASN.1, or with zeros before, between or behind", async () => {
    const raw = Buffer.from(goodEs.split(".")[2]!, "base64url");
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)];
    const der = Buffer.concat([Buffer.from([0x30, 68, 2, 32]), r, Buffer.from([2, 32]), s]);
    const pad = Buffer.alloc(1);
    const forms = [[der], [pad, r, pad, s], [pad, raw], [raw, pad], [r, pad, s], [Buffer.alloc(32), raw]];
    for (const form of forms.map((parts) => Buffer.concat(parts))) {
      expect(await verdict(forge({ alg: "ES256" }, "hello", form), ecJwk)).toBe("signature");
    }
  });

  test("is bound to the curve's own algorithm", async () => {
    for (const alg of ["ES384", "ES512", "ES256K", "EdDSA", "RS256"]) {
      expect(await verdict(forge({ alg }, "hello", ES256.sign), ecJwk)).toBe("algorithm");
    }
    expect(await verdict(forge({ alg: "ES256" }, "hello", ES256.sign), ecJwk, ["ES384"])).toBe("algorithm");
  });
});

describe("a key that cannot be used", () => {
  const { x, y, n, e } = { x: ecJwk.x!, y: ecJwk.y!, n: rsaJwk.n!, e: rsaJwk.e! };
  const cases: readonly (readonly [string, JwsKey, string?])[] = [
    ["RSA of 1024 bits", short.publicKey],
    [
      "RSA of 1024 bits behind zeros",
      {
        kty: "RSA",
        n: Buffer.concat([
          Buffer.alloc(128),
          Buffer.from((short.publicKey.export({ format: "jwk" }) as Jwk).n!, "base64url"),
        ]).toString("base64url"),
        e,
      },
    ],
    ["RSA with the exponent 1", { kty: "RSA", n, e: "AQ" }],
    ["RSA with an even exponent", { kty: "RSA", n, e: "AQAA" }],
    ["RSA without an exponent", { kty: "RSA", n }],
    ["RSA with padding", { kty: "RSA", n: `${n}==`, e }],
    ["a point that is not on the curve", { kty: "EC", crv: "P-256", x, y: x }, goodEs],
    ["a point of another curve's length", { ...(ES384.publicKey.export({ format: "jwk" }) as Jwk), crv: "P-256" }],
    [
      "a coordinate without its leading zero",
      { kty: "EC", crv: "P-256", x: Buffer.alloc(31, 1).toString("base64url"), y },
    ],
    ["a curve that JOSE has no signatures for", { kty: "EC", crv: "secp256k1", x, y }],
    ["a curve for agreement", { kty: "OKP", crv: "X25519", x }],
    ["an unknown type", { kty: "AKP", x }],
    ["a type that every object has", { kty: "__proto__" }],
    ["a key for encryption", { ...rsaJwk, use: "enc" }],
    ["a key for other operations", { ...rsaJwk, key_ops: ["sign"] }],
    ["a key for an algorithm that is none of signatures", { ...rsaJwk, alg: "RSA-OAEP" }],
    ["a key for an algorithm of another curve", { ...ecJwk, alg: "ES384" }],
    ["a PEM that is none", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"],
    ["an object that is no key", {}],
    ["an empty secret", "", good],
    ["a secret of 31 bytes", "s".repeat(31), good],
    ["a secret for another algorithm", { ...oct, alg: "RS256" }, good],
    ["a secret with padding", { kty: "oct", k: `${oct.k}=` }, good],
    ["a secret that is missing", undefined as never, good],
    ["no key at all", [] as never, good],
  ];
  test.each(cases)("%s", async (_, key, token = goodRs) => {
    expect(await verdict(token, key)).toBe("key");
  });

  test("HS512 takes 64 bytes, HS384 48", async () => {
    for (const [alg, bytes] of [
      ["HS384", 48],
      ["HS512", 64],
    ] as const) {
      const token = (secret: string) =>
        forge({ alg }, "hello", (input) =>
          new Bun.CryptoHasher(`sha${alg.slice(2)}` as "sha512", secret).update(input).digest(),
        );
      expect(await verdict(token("s".repeat(bytes)), "s".repeat(bytes))).toBe("valid");
      expect(await verdict(token("s".repeat(bytes - 1)), "s".repeat(bytes - 1))).toBe("algorithm");
      expect(await verdict(token("s".repeat(bytes - 1)), "s".repeat(bytes - 1), [alg])).toBe("key");
    }
  });

  test("the key's own alg binds, to the letter", async () => {
    const key = { ...rsaJwk, alg: "PS512" };
    for (const alg of ["RS256", "RS512", "PS256", "PS384"]) {
      expect(await verdict(forge({ alg }, "hello", RS256.sign), key)).toBe("algorithm");
    }
    const hs: Jwk = { ...oct, alg: "HS256" };
    expect(await verdict(good, hs)).toBe("valid");
    expect(await verdict(good, hs, ["HS384", "HS512"])).toBe("algorithm");
  });
});

describe("the compact form and its header", () => {
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const [headerEs, payloadEs, signatureEs] = goodEs.split(".") as [string, string, string];
  const shapes = (h: string, p: string, s: string): readonly (readonly [string, string, string])[] => [
    ["the empty text", "", "compact"],
    ["two segments", `${h}.${p}`, "compact"],
    ["four segments", `${h}.${p}.${s}.`, "compact"],
    ["five segments, as in JWE", `${h}.${p}.${s}.${s}.${s}`, "compact"],
    ["nothing but dots", "..", "header"],
    ["the JSON form", JSON.stringify({ payload: p, protected: h, signature: s }), "compact"],
    ["padding", `${h}.${p}.${s}=`, "base64"],
    ["a blank before", ` ${h}.${p}.${s}`, "base64"],
    ["a blank behind", `${h}.${p}.${s} `, "base64"],
    ["a line break within", `${h}.${p}\n.${s}`, "base64"],
    ["plain base64", `${h}.${p}.${s.slice(0, -1)}+`, "base64"],
    ["a percent sign", `${h}.${p}.%${s}`, "base64"],
    ["a letter that looks alike", `${h}.${p}.${s.slice(0, -1)}А`, "base64"],
    ["a NUL", `${h}.${p}.${s}\0`, "base64"],
    ["spare bits", `${h}.AB.${s}`, "base64"],
    ["a text of 4n + 1 characters", `${h}.AAAAA.${s}`, "base64"],
    ["the header missing", `.${p}.${s}`, "header"],
    ["the payload missing", `${h}..${s}`, "signature"],
    ["header and payload swapped", `${p}.${h}.${s}`, "header"],
  ];
  test.each(shapes(header, payload, signature))("of a secret: %s", async (_, token, code) => {
    expect(await verdict(token, SECRET)).toBe(code);
  });
  test.each(shapes(headerEs, payloadEs, signatureEs))("of a public key: %s", async (_, token, code) => {
    expect(await verdict(token, ecJwk)).toBe(code);
  });

  const headers: readonly (readonly [string, string, string])[] = [
    ["alg twice, the good one last", '{"alg":"none","alg":"ALG"}', "header"],
    ["alg twice, the good one first", '{"alg":"ALG","alg":"none"}', "header"],
    ["alg twice, once with an escape", '{"alg":"ALG","\\u0061lg":"none"}', "header"],
    ["kid twice", '{"alg":"ALG","kid":"a","kid":"b"}', "header"],
    ["a name twice that is not looked at", '{"alg":"ALG","x":1,"x":2}', "header"],
    ["__proto__ twice", '{"alg":"ALG","__proto__":1,"__proto__":2}', "header"],
    ["alg behind __proto__", '{"__proto__":{"alg":"ALG"}}', "header"],
    ["a name twice further down is none of ours", '{"alg":"ALG","x":{"a":1,"a":2}}', "valid"],
    ["a colon in a name and a value", '{"alg":"ALG","a:b":"c:\\"d:e"}', "valid"],
    ["blanks and line breaks", ' {\n"alg" :\t"ALG" }\r\n', "valid"],
    ["an escape in the name", '{"\\u0061lg":"ALG"}', "valid"],
    ["crit", '{"alg":"ALG","crit":["exp"],"exp":1}', "crit"],
    ["crit that is empty", '{"alg":"ALG","crit":[]}', "crit"],
    ["crit that is null", '{"alg":"ALG","crit":null}', "crit"],
    ["crit with b64", '{"alg":"ALG","crit":["b64"],"b64":false}', "crit"],
    ["b64 false without crit", '{"alg":"ALG","b64":false}', "crit"],
    ["b64 true", '{"alg":"ALG","b64":true}', "valid"],
    ["an array", '["ALG"]', "header"],
    ["a text", '"ALG"', "header"],
    ["null", "null", "header"],
    ["nothing", "", "header"],
    ["a trailing comma", '{"alg":"ALG",}', "header"],
    ["single quotes", "{'alg':'ALG'}", "header"],
    ["a comment", '{"alg":"ALG"/**/}', "header"],
    ["two objects", '{"alg":"ALG"}{}', "header"],
    ["a byte order mark", '\ufeff{"alg":"ALG"}', "header"],
    ["no alg", "{}", "header"],
    ["arrays 70 deep", `{"alg":"ALG","x":${"[".repeat(70)}${"]".repeat(70)}}`, "header"],
    ["arrays 5,000 deep", `{"alg":"ALG","x":${"[".repeat(5000)}${"]".repeat(5000)}}`, "header"],
    ["300 members", `{"alg":"ALG",${Array.from({ length: 300 }, (_, at) => `"a${at}":1`).join()}}`, "header"],
  ];
  test.each(headers)("header: %s", async (_, text, code) => {
    expect(await verdict(forge(text.replaceAll("ALG", "HS256"), "hello", hs256(SECRET)), SECRET)).toBe(code);
    expect(await verdict(forge(text.replaceAll("ALG", "ES256"), "hello", ES256.sign), ecJwk)).toBe(code);
  });

  test("a header that is no UTF-8", async () => {
    const bytes = Buffer.from('{"alg":"ES256","x":"\xff"}', "latin1").toString("base64url");
    const input = `${bytes}.${payloadEs}`;
    expect(await verdict(`${input}.${ES256.sign(input).toString("base64url")}`, ecJwk)).toBe("header");
    expect(await verdict(`${input}.${hs256(SECRET)(input).toString("base64url")}`, SECRET)).toBe("header");
  });

  test("a token over 16 KiB is not read", async () => {
    for (const [key, token] of [
      [SECRET, forge({ alg: "HS256" }, "x".repeat(20_000), hs256(SECRET))],
      [ecJwk, forge({ alg: "ES256" }, "x".repeat(20_000), ES256.sign)],
      [ecJwk, ".".repeat(1_000_000)],
      [SECRET, ".".repeat(1_000_000)],
    ] as const) {
      expect(await verdict(token, key)).toBe("too_long");
    }
  });

  test.each([[undefined], [null], [17], [{}], [Buffer.from(good)]])("%p is no token", async (token) => {
    const call = async (key: JwsKey): Promise<unknown> => jwsVerify(token as never, key);
    await expect(call(SECRET)).rejects.toThrow(new JwsError("compact").message);
    await expect(call(ecJwk)).rejects.toThrow(new JwsError("compact").message);
  });
});

test("what an RSA key has signed with one padding is not taken for the other", async () => {
  const { generateKeyPairSync } = await import("node:crypto");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const [said, done] of [
    ["RS256", "PS256"],
    ["PS256", "RS256"],
    ["RS256", "RS384"],
    ["PS512", "PS256"],
  ] as const) {
    expect(await verdict(forge({ alg: said }, "hello", signer(done, privateKey)), publicKey)).toBe("signature");
    expect(await verdict(forge({ alg: done }, "hello", signer(done, privateKey)), publicKey)).toBe("valid");
  }
});

test("an RSA signature with a zero before or behind it is none", async () => {
  const raw = Buffer.from(goodRs.split(".")[2]!, "base64url");
  for (const form of [
    [Buffer.alloc(1), raw],
    [raw, Buffer.alloc(1)],
    [Buffer.alloc(256), raw],
  ]) {
    expect(await verdict(forge({ alg: "RS256" }, "hello", Buffer.concat(form)), rsaPem)).toBe("signature");
  }
});
