import { describe, expect, test } from "bun:test";
import { hmacJws } from "../../src/native/index.ts";
import { jwsWays, jwtWays, secretOf, sign } from "./jwt-ways.ts";

const SECRET = secretOf("secret");
const HEADER = '{"alg":"HS256"}';

describe("published vectors", () => {
  const A1 = Buffer.from(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    "base64url",
  );
  const A1_TOKEN =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const FRODO_KEY = Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url");
  const FRODO_KID = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
  const FRODO =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
  const VECTORS: readonly (readonly [sentence: string, Uint8Array, string, string])[] = [
    [
      "RFC 7515 A.1 (HS256)",
      A1,
      A1_TOKEN,
      '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}',
    ],
    [
      "RFC 7515 A.5 (none)",
      A1,
      "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
      "algorithm",
    ],
    [
      "RFC 7515 E (crit)",
      A1,
      "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.",
      "crit",
    ],
    ["RFC 7797 4.1 (control)", A1, "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ", "$.02"],
    [
      "RFC 7797 4.2 (unencoded)",
      A1,
      "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
      "crit",
    ],
    [
      "RFC 7520 4.4 (HS256)",
      FRODO_KEY,
      FRODO,
      "It’s a dangerous business, Frodo, going out your door. You step onto the road, and if you don't keep your feet, there’s no knowing where you might be swept off to.",
    ],
    ["RFC 7520 4.5 (detached)", FRODO_KEY, FRODO.replace(/\..*\./, ".."), "signature"],
  ];
  for (const [sentence, secret, token, expected] of VECTORS) {
    for (const { way, run } of jwsWays([{ secret, kid: secret === FRODO_KEY ? FRODO_KID : undefined }])) {
      test(`${sentence} (${way})`, () => expect(run(token)).toBe(expected));
    }
  }
  for (const { way, run } of jwtWays({ keys: [{ secret: A1, algorithms: ["HS256"] }], issuer: "joe" })) {
    test(`RFC 7515 A.1 has expired (${way})`, () => expect(run(A1_TOKEN)).toBe("exp"));
  }
});

describe("a JWS", () => {
  for (const { way, run } of jwsWays(
    [
      { secret: SECRET, algorithms: ["HS256"] },
      { secret: SECRET, kid: "a" },
    ],
    ["HS256", "HS384"],
  )) {
    test(`may have any payload (${way})`, () => {
      expect(run(sign(HEADER, "", SECRET))).toBe("");
      expect(run(sign(HEADER, "not JSON é", SECRET))).toBe("not JSON é");
      expect(run(sign(HEADER, "x".repeat(12_000), SECRET))).toBe("x".repeat(12_000));
    });
    test(`is held to the algorithms of the call and of the key (${way})`, () => {
      expect(run(sign('{"alg":"HS384"}', "x", SECRET, "HS384"))).toBe("x");
      expect(run(sign('{"alg":"HS384","kid":"b"}', "x", SECRET, "HS384"))).toBe("kid");
      expect(run(sign('{"alg":"HS512"}', "x", SECRET, "HS512"))).toBe("algorithm");
    });
  }
  test("gives bytes of its own, whatever is verified later", () => {
    const verify = hmacJws([{ secret: SECRET }], { algorithms: ["HS256"] });
    const first = verify(sign(HEADER, "first", SECRET));
    verify(sign(HEADER, "other", SECRET));
    expect(first).toEqual(new TextEncoder().encode("first"));
  });
});
