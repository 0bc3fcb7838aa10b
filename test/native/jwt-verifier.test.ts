import { describe, expect, test } from "bun:test";
import { hmacVerifier, type HmacVerifierOptions, JwtFault } from "../../src/native/index.ts";
import { compileVerifier } from "../../src/native/hmac-table.ts";
import { jwtPolicy } from "../../src/native/jwt.ts";
import { nativeFunctions } from "../../src/native/library.ts";
import { jwtWays, secretOf, sign } from "./jwt-ways.ts";

const SECRET = secretOf("secret");
const KEYS: HmacVerifierOptions["keys"] = [{ secret: SECRET, algorithms: ["HS256"] }];
const HEADER = '{"alg":"HS256"}';

const withClaims = (claims: string): string => sign(HEADER, claims, SECRET);

describe("a verifier", () => {
  const options = { keys: KEYS, leeway: 0, requireExp: true };

  test("asks the clock at each token, in milliseconds", () => {
    let now = 999_999;
    const verify = hmacVerifier({ ...options, now: () => now });
    const token = withClaims('{"exp":1000}');
    expect(verify(token)).toBe('{"exp":1000}');
    now = 1_000_000;
    expect(verify(token)).toBe(verify(withClaims("{}")));
    expect((verify(token) as JwtFault).kind).toBe("exp");
  });

  test("uses the time of the machine by default", () => {
    const seconds = Math.floor(Date.now() / 1000);
    const verify = hmacVerifier(options);
    expect(verify(withClaims(`{"exp":${seconds + 1000}}`))).toBe(`{"exp":${seconds + 1000}}`);
    expect((verify(withClaims(`{"exp":${seconds - 1000}}`)) as JwtFault).kind).toBe("exp");
  });

  for (const { way, run } of jwtWays({ keys: KEYS, leeway: NaN })) {
    test(`that does not know the time takes no token that has one (${way})`, () => {
      expect(run(withClaims('{"exp":9e9}'))).toBe("exp");
      expect(run(withClaims('{"nbf":0}'))).toBe("nbf");
    });
  }

  test("keeps its own copy of a secret", () => {
    const secret = secretOf("mine");
    const token = sign(HEADER, '{"exp":9e9}', secret);
    const verify = hmacVerifier({ ...options, keys: [{ secret, algorithms: ["HS256"] }] });
    secret.fill(0);
    expect(verify(token)).toBe('{"exp":9e9}');
  });

  test("is not disturbed by another", () => {
    const [one, two] = ["one", "two"].map((name) => {
      const secret = secretOf(name);
      return {
        verify: hmacVerifier({ ...options, keys: [{ secret, algorithms: ["HS256"] }] }),
        token: sign(HEADER, `{"exp":9e9,"sub":"${name}"}`, secret),
      };
    }) as [
      { verify: (value: string) => unknown; token: string },
      { verify: (value: string) => unknown; token: string },
    ];
    const first = one.verify(one.token);
    expect(two.verify(two.token)).toBe('{"exp":9e9,"sub":"two"}');
    expect(first).toBe('{"exp":9e9,"sub":"one"}');
    expect((two.verify(one.token) as JwtFault).kind).toBe("signature");
  });

  const unusable: readonly (readonly [sentence: string, Partial<HmacVerifierOptions>, message: string])[] = [
    ["no key", { keys: [] }, "There is no key to verify a token with"],
    ["an empty secret", { keys: [{ secret: new Uint8Array(), algorithms: ["HS256"] }] }, "A secret must not be empty"],
    ["a key without an algorithm", { keys: [{ secret: SECRET, algorithms: [] }] }, "A key must have an algorithm"],
    [
      "an algorithm of another family",
      { keys: [{ secret: SECRET, algorithms: ["RS256" as "HS256"] }] },
      "RS256 is no algorithm of HMAC",
    ],
    ["a scheme that is no token", { scheme: "Bea rer" }, '"Bea rer" cannot be a scheme of authentication'],
    ["an empty scheme", { scheme: "" }, '"" cannot be a scheme of authentication'],
    ["an empty list of issuers", { issuer: [] }, 'The list for "iss" must not be empty'],
    ["an empty list of audiences", { audience: [] }, 'The list for "aud" must not be empty'],
    ["an issuer with half a surrogate pair", { issuer: "\ud800" }, '"\\ud800" cannot be a value of "iss"'],
    ["a negative leeway", { leeway: -1 }, "The leeway must be a number of seconds, not -1"],
    ["a leeway that is no number", { leeway: NaN }, "The leeway must be a number of seconds, not NaN"],
  ];
  for (const [sentence, part, message] of unusable) {
    test(`is not made with ${sentence}`, () => {
      expect(() => hmacVerifier({ ...options, ...part })).toThrow(new TypeError(message));
    });
  }

  const functions = nativeFunctions();
  test.skipIf(functions === undefined)("leaves the SHA instructions alone where BOLIDE_SHA is portable", () => {
    if (functions === undefined) return;
    const policy = jwtPolicy({ keys: KEYS, requireExp: false });
    const portable = compileVerifier(functions, policy, true).memory;
    Bun.env["BOLIDE_SHA"] = "portable";
    try {
      expect(compileVerifier(functions, policy).memory).toEqual(portable);
    } finally {
      delete Bun.env["BOLIDE_SHA"];
    }
  });

  test.skipIf(functions === undefined)("keeps no secret in its table", () => {
    if (functions === undefined) return;
    const { memory } = compileVerifier(functions, jwtPolicy({ keys: KEYS, requireExp: false }));
    expect(Buffer.from(memory).includes("secretsecret")).toBe(false);
    expect(Buffer.from(SECRET).includes("secretsecret")).toBe(true);
  });
});
