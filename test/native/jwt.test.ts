import { describe, expect, test } from "bun:test";
import type { HmacVerifierOptions } from "../../src/native/index.ts";
import { base64url, jwtWays, NOW, secretOf, sign } from "./jwt-ways.ts";

type Options = Partial<HmacVerifierOptions> & Pick<HmacVerifierOptions, "keys">;

const SECRET = secretOf("secret");
const KEYS: Options["keys"] = [{ secret: SECRET, algorithms: ["HS256"] }];
const HEADER = '{"alg":"HS256"}';
const TAKEN = "taken";

/** Each row: a value and what every way says of it; `TAKEN` stands for the payload. */
function table(
  options: Options,
  rows: readonly (readonly [sentence: string, value: string, expected: string])[],
): void {
  for (const { way, run } of jwtWays(options)) {
    for (const [sentence, value, expected] of rows) {
      test(`${sentence} ${expected === TAKEN ? "is taken" : `is refused: ${expected}`} (${way})`, () => {
        const payload = Buffer.from(value.split(".")[1] ?? "", "base64url").toString();
        expect(run(value)).toBe(expected === TAKEN ? payload : expected);
      });
    }
  }
}

const withHeader = (header: string | Uint8Array): string => sign(header, "{}", SECRET);
const withClaims = (claims: string | Uint8Array): string => sign(HEADER, claims, SECRET);
const [GOOD_HEADER, GOOD_PAYLOAD, GOOD_SIGNATURE] = withClaims('{"sub":"a"}').split(".") as [string, string, string];
const GOOD = `${GOOD_HEADER}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`;

describe("credentials (RFC 9110 11.4, RFC 6750 2.1)", () => {
  table({ keys: KEYS, scheme: "Bearer" }, [
    ["the scheme and a token", `Bearer ${GOOD}`, TAKEN],
    ["the scheme in another case", `bEaReR ${GOOD}`, TAKEN],
    ["more than one space (1*SP)", `Bearer   ${GOOD}`, TAKEN],
    ["a tab", `Bearer\t${GOOD}`, "scheme"],
    ["no space", `Bearer${GOOD}`, "scheme"],
    ["a token alone", GOOD, "scheme"],
    ["another scheme", `Basic ${GOOD}`, "scheme"],
    ["a longer scheme", `Bearers ${GOOD}`, "scheme"],
    ["nothing", "", "scheme"],
    ["a space first", ` Bearer ${GOOD}`, "scheme"],
    ["the scheme alone", "Bearer", "compact"],
    ["the scheme and a space", "Bearer ", "compact"],
    ["a space behind the token", `Bearer ${GOOD} `, "base64"],
    ["two tokens", `Bearer ${GOOD}, Bearer ${GOOD}`, "compact"],
    ["the scheme and a token of 16 KiB", `Bearer ${withClaims(`{"a":"${"x".repeat(12_231)}"}`)}`, TAKEN],
    ["the scheme and a longer token", `Bearer ${withClaims(`{"a":"${"x".repeat(12_232)}"}`)}`, "too_long"],
    ["a scheme of other letters that fold to these", `Bea\u{212a}er ${GOOD}`, "scheme"],
  ]);
  table({ keys: KEYS }, [
    ["without a scheme the token", GOOD, TAKEN],
    ["without a scheme the scheme", `Bearer ${GOOD}`, "base64"],
  ]);
});

describe("the compact form (RFC 7515 2, 7.1)", () => {
  /** A token of exactly 16 KiB has a claims set of 12,239 bytes here. */
  const sized = (bytes: number): string => withClaims(`{"a":"${"x".repeat(bytes - 8)}"}`);
  table({ keys: KEYS }, [
    ["no dot", "abcd", "compact"],
    ["one dot", `${GOOD_HEADER}.${GOOD_PAYLOAD}`, "compact"],
    ["three dots", `${GOOD}.`, "compact"],
    ["five segments, as of a JWE", "e30.e30.e30.e30.e30", "compact"],
    ["three empty segments", "..", "header"],
    ["no header", `.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`, "header"],
    ["an empty payload", withClaims(""), "claims"],
    ["padding", `${GOOD}=`, "base64"],
    ["padding in the header", `${GOOD_HEADER}=.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`, "base64"],
    ["a line feed at the end", `${GOOD}\n`, "base64"],
    ["a line feed in the payload", `${GOOD_HEADER}.${GOOD_PAYLOAD}\n.${GOOD_SIGNATURE}`, "base64"],
    ["a space between segments", `${GOOD_HEADER}. ${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`, "base64"],
    ["the letters of plain base64", `${GOOD_HEADER}.${GOOD_PAYLOAD}.+/${GOOD_SIGNATURE.slice(2)}`, "base64"],
    ["a percent escape", GOOD.replace(".", "%2E."), "base64"],
    ["a character outside of ASCII", `${GOOD_HEADER}.${GOOD_PAYLOAD}é.${GOOD_SIGNATURE}`, "base64"],
    ["a letter of another width", `${GOOD_HEADER}.${GOOD_PAYLOAD}.\u{ff21}${GOOD_SIGNATURE.slice(1)}`, "base64"],
    ["half a surrogate pair", `${GOOD_HEADER}.\ud800.${GOOD_SIGNATURE}`, "base64"],
    ["a null character", `${GOOD}\0`, "base64"],
    ["one character too many", `${GOOD}AA`, "base64"],
    ["a longer signature", `${GOOD}A`, "signature"],
    [
      "a signature whose spare bits are set",
      GOOD.slice(0, -1) + String.fromCharCode(GOOD.charCodeAt(GOOD.length - 1) + 1),
      "base64",
    ],
    ["a shorter signature", GOOD.slice(0, -4), "base64"],
    ["a signature of 30 bytes", GOOD.slice(0, -3), "signature"],
    ["an empty signature", `${GOOD_HEADER}.${GOOD_PAYLOAD}.`, "signature"],
    ["a token of 16 KiB", sized(12_239), TAKEN],
    ["a token of one character more", sized(12_240), "too_long"],
    ["16 KiB of nothing", "a".repeat(16_384), "compact"],
    ["16 KiB of dots", ".".repeat(16_384), "compact"],
  ]);
});

describe("the header", () => {
  const deep = (depth: number): string => `{"alg":"HS256","a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  const many = (count: number): string =>
    `{"alg":"HS256",${Array.from({ length: count - 1 }, (_, index) => `"${index}":0`).join()}}`;
  table({ keys: KEYS }, [
    ["an algorithm", withHeader(HEADER), TAKEN],
    ["whitespace", withHeader(' \r\n\t{ "alg" : "HS256" , "typ":null } '), TAKEN],
    ["escapes in name and value", withHeader(String.raw`{"\u0061lg":"\u0048S256"}`), TAKEN],
    ["parameters that mean nothing here", withHeader('{"alg":"HS256","jti":[1,{"a":1e9}],"typ":5}'), TAKEN],
    ["a key of its own (jwk)", withHeader('{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}'), TAKEN],
    ["an array", withHeader('["alg","HS256"]'), "header"],
    ["a string", withHeader('"HS256"'), "header"],
    ["null", withHeader("null"), "header"],
    ["no algorithm", withHeader("{}"), "header"],
    ["an algorithm that is no string", withHeader('{"alg":["HS256"]}'), "header"],
    ["two algorithms", withHeader('{"alg":"none","alg":"HS256"}'), "header"],
    ["two algorithms, one of them escaped", withHeader(String.raw`{"alg":"HS256","\u0061lg":"HS256"}`), "header"],
    ["any other parameter twice", withHeader('{"x":1,"alg":"HS256","x":1}'), "header"],
    ["a name twice in a member", withHeader('{"alg":"HS256","x":{"a":1,"a":2}}'), TAKEN],
    ["something behind the object", withHeader(`${HEADER}{}`), "header"],
    ["a trailing comma", withHeader('{"alg":"HS256",}'), "header"],
    ["single quotes", withHeader("{'alg':'HS256'}"), "header"],
    ["a comment", withHeader('{"alg":"HS256"/**/}'), "header"],
    ["a byte order mark", withHeader(`\u{feff}${HEADER}`), "header"],
    ["a null byte behind it", withHeader(`${HEADER}\0`), "header"],
    ["invalid UTF-8", withHeader(Buffer.from('{"alg":"HS256","a":"\xff"}', "latin1")), "header"],
    ["an overlong UTF-8 form", withHeader(Buffer.from('{"alg":"HS256","a":"\xc1\xa1"}', "latin1")), "header"],
    ["UTF-16", withHeader(Buffer.from(HEADER, "utf16le")), "header"],
    ["64 levels", withHeader(deep(64)), TAKEN],
    ["65 levels", withHeader(deep(65)), "header"],
    ["256 parameters", withHeader(many(256)), TAKEN],
    ["257 parameters", withHeader(many(257)), "header"],
    ["__proto__ with an algorithm", withHeader('{"__proto__":{"alg":"HS256"}}'), "header"],
    ["the extension that no one understands", withHeader('{"alg":"HS256","crit":["exp"],"exp":1}'), "crit"],
    ["an empty list of extensions", withHeader('{"alg":"HS256","crit":[]}'), "crit"],
    ["crit that is null", withHeader('{"alg":"HS256","crit":null}'), "crit"],
    ["an unencoded payload", withHeader('{"alg":"HS256","b64":false,"crit":["b64"]}'), "crit"],
    ["an unencoded payload that is not critical", withHeader('{"alg":"HS256","b64":false}'), "crit"],
    ["b64 that is no boolean", withHeader('{"alg":"HS256","b64":"true"}'), "crit"],
    ["b64 as it always is", withHeader('{"alg":"HS256","b64":true}'), TAKEN],
    ...[
      "none",
      "None",
      "NONE",
      "nOnE",
      "hs256",
      "HS256 ",
      "HS255",
      "HS2567",
      "",
      "RS256",
      "ES256",
      "PS256",
      "EdDSA",
      "HS512",
    ].map((alg) => [`the algorithm ${JSON.stringify(alg)}`, withHeader(JSON.stringify({ alg })), "algorithm"] as const),
    ["the algorithm none without a signature", `${base64url('{"alg":"none"}')}.e30.`, "algorithm"],
  ]);
});

describe("the type (RFC 8725 3.11, RFC 7515 4.1.9)", () => {
  const typed = (typ: string): string => withHeader(`{"alg":"HS256","typ":${typ}}`);
  table({ keys: KEYS, typ: "AT+JWT" }, [
    ["the type", typed('"at+jwt"'), TAKEN],
    ["the full type", typed('"application/at+jwt"'), TAKEN],
    ["another case and escapes", typed(String.raw`"Application\/AT\u002bJwt"`), TAKEN],
    ["another type", typed('"JWT"'), "typ"],
    ["none", withHeader(HEADER), "typ"],
    ["a number", typed("1"), "typ"],
    ["another tree", typed('"text/at+jwt"'), "typ"],
    ["the tree twice", typed('"application/application/at+jwt"'), "typ"],
  ]);
  table({ keys: KEYS, typ: "application/at+jwt" }, [
    ["the short type where the full is asked", typed('"at+jwt"'), TAKEN],
  ]);
  table({ keys: KEYS, typ: "text/x" }, [
    ["a type of another tree", typed('"TEXT/x"'), TAKEN],
    ["its name alone", typed('"x"'), "typ"],
  ]);
});

describe("several keys", () => {
  const [first, second, third] = [secretOf("first"), secretOf("second"), secretOf("third")];
  const keys: Options["keys"] = [
    { secret: first, kid: "1", algorithms: ["HS256"] },
    { secret: second, kid: "2", algorithms: ["HS256", "HS512"] },
    { secret: third, algorithms: ["HS384"] },
  ];
  table({ keys }, [
    ["without a kid the first", sign('{"alg":"HS256"}', "{}", first), TAKEN],
    ["without a kid the second", sign('{"alg":"HS256"}', "{}", second), TAKEN],
    ["its own kid", sign('{"alg":"HS256","kid":"2"}', "{}", second), TAKEN],
    ["its own kid, escaped", sign(String.raw`{"alg":"HS256","kid":"\u0032"}`, "{}", second), TAKEN],
    ["the kid of the other", sign('{"alg":"HS256","kid":"1"}', "{}", second), "signature"],
    ["a kid of none", sign('{"alg":"HS256","kid":"3"}', "{}", second), "kid"],
    ["a kid that is a path", sign('{"alg":"HS256","kid":"../../../dev/null"}', "{}", new Uint8Array(1)), "kid"],
    ["a kid that is SQL", sign(`{"alg":"HS256","kid":"x' UNION SELECT 'x"}`, "{}", secretOf("x")), "kid"],
    ["a kid that is a number", sign('{"alg":"HS256","kid":1}', "{}", first), "kid"],
    ["any kid for a key without", sign('{"alg":"HS384","kid":"9"}', "{}", third, "HS384"), TAKEN],
    ["another algorithm of the key", sign('{"alg":"HS512"}', "{}", second, "HS512"), TAKEN],
    ["an algorithm that this key has not", sign('{"alg":"HS512","kid":"1"}', "{}", first, "HS512"), "kid"],
    ["a signature of the other algorithm", sign('{"alg":"HS256"}', "{}", second, "HS512"), "signature"],
  ]);
});

describe("the claims set", () => {
  table({ keys: KEYS }, [
    ["an object", withClaims("{}"), TAKEN],
    ["text outside of ASCII", withClaims('{"name":"Zoë 😀"}'), TAKEN],
    ["half a surrogate pair, escaped", withClaims(String.raw`{"\ud83d":1,"\ude00":1}`), TAKEN],
    ["an array", withClaims("[]"), "claims"],
    ["a string", withClaims('"{}"'), "claims"],
    ["a claim twice", withClaims('{"sub":"a","sub":"a"}'), "claims"],
    ["a claim twice, once escaped", withClaims(String.raw`{"😀":1,"\ud83d\ude00":2}`), "claims"],
    ["a claim twice that says __proto__", withClaims('{"__proto__":1,"__proto__":2}'), "claims"],
    ["another serialisation", withClaims("sub=a"), "claims"],
    ["a byte order mark", withClaims("\u{feff}{}"), "claims"],
    ["invalid UTF-8", withClaims(Buffer.from('{"a":"\xe9"}', "latin1")), "claims"],
    ["a surrogate in UTF-8", withClaims(Buffer.from('{"a":"\xed\xa0\x80"}', "latin1")), "claims"],
    ["64 levels", withClaims(`{"a":${'{"a":'.repeat(62)}[]${"}".repeat(62)}}`), TAKEN],
    ["65 levels", withClaims(`{"a":${'{"a":'.repeat(63)}[]${"}".repeat(63)}}`), "claims"],
  ]);
});

describe("dates (RFC 7519 2, 4.1.4 to 4.1.6)", () => {
  table({ keys: KEYS, requireExp: true, leeway: 10 }, [
    ["exp in the future", withClaims(`{"exp":${NOW + 1}}`), TAKEN],
    ["exp within the leeway", withClaims(`{"exp":${NOW - 9}}`), TAKEN],
    ["exp on the edge of the leeway", withClaims(`{"exp":${NOW - 10}}`), "exp"],
    ["exp with decimals, just before the edge", withClaims(`{"exp":${NOW - 9}.5e0}`), TAKEN],
    ["exp with decimals, just after the edge", withClaims(`{"exp":${NOW - 10}.001}`), TAKEN],
    ["exp in scientific form", withClaims('{"exp":1.8E+9}'), TAKEN],
    ["exp with more digits than a double", withClaims(`{"exp":${NOW}.000000000000000001}`), TAKEN],
    ["exp with more digits than a double, expired", withClaims(`{"exp":${NOW - 11}.99999999999999}`), "exp"],
    ["exp long ago with many digits", withClaims('{"exp":1600000000.12345678901234567890}'), "exp"],
    ["no exp", withClaims("{}"), "exp"],
    ["exp 0", withClaims('{"exp":0}'), "exp"],
    ["exp -0", withClaims('{"exp":-0}'), "exp"],
    ["exp as a string", withClaims(`{"exp":"${NOW + 100}"}`), "exp"],
    ["exp as an array", withClaims(`{"exp":[${NOW + 100}]}`), "exp"],
    ["exp null", withClaims('{"exp":null}'), "exp"],
    ["exp true", withClaims('{"exp":true}'), "exp"],
    ["exp as an object", withClaims('{"exp":{}}'), "exp"],
    ["exp negative", withClaims('{"exp":-1}'), "exp"],
    ["exp beyond a double", withClaims('{"exp":1e400}'), "exp"],
    ["exp far away", withClaims('{"exp":1e308}'), TAKEN],
    ["exp of 400 digits", withClaims(`{"exp":${"9".repeat(400)}}`), "exp"],
    ["exp of 300 digits", withClaims(`{"exp":${"9".repeat(300)}}`), TAKEN],
    ["exp NaN", withClaims('{"exp":NaN}'), "claims"],
    ["exp with a leading zero", withClaims('{"exp":01800000000}'), "claims"],
    ["exp in __proto__", withClaims('{"__proto__":{"exp":1800000000}}'), "exp"],
  ]);
  table({ keys: KEYS, leeway: 10 }, [
    ["nothing", withClaims("{}"), TAKEN],
    ["nbf on the edge of the leeway", withClaims(`{"nbf":${NOW + 10}}`), TAKEN],
    ["nbf behind the leeway", withClaims(`{"nbf":${NOW + 10}.01}`), "nbf"],
    ["nbf as a string", withClaims(`{"nbf":"${NOW}"}`), "nbf"],
    ["nbf negative", withClaims('{"nbf":-1}'), "nbf"],
    ["nbf beyond a double", withClaims('{"nbf":1e400}'), "nbf"],
    ["iat in the future", withClaims(`{"iat":${NOW + 1000}}`), TAKEN],
    ["iat as a string", withClaims(`{"iat":"${NOW}"}`), "iat"],
    ["iat negative", withClaims('{"iat":-5.5}'), "iat"],
    ["exp that is not required but expired", withClaims(`{"exp":${NOW - 10}}`), "exp"],
  ]);
});

describe("issuer and audience (RFC 7519 4.1.1, 4.1.3)", () => {
  const claims = (iss: string, aud: string): string => withClaims(`{"iss":${iss},"aud":${aud}}`);
  table({ keys: KEYS, issuer: ["https://a.example/", "bé"], audience: ["me", "us"] }, [
    ["the first of each", claims('"https://a.example/"', '"me"'), TAKEN],
    ["the second of each, escaped", claims(String.raw`"b\u00e9"`, String.raw`"\u0075s"`), TAKEN],
    ["an audience among others", claims('"bé"', '[ "x" , "us" ]'), TAKEN],
    ["no issuer", withClaims('{"aud":"me"}'), "iss"],
    ["another issuer", claims('"https://a.example"', '"me"'), "iss"],
    ["a list of issuers", claims('["bé"]', '"me"'), "iss"],
    ["no audience", withClaims('{"iss":"bé"}'), "aud"],
    ["an empty audience", claims('"bé"', "[]"), "aud"],
    ["other audiences", claims('"bé"', '["x","y"]'), "aud"],
    ["an audience that begins alike", claims('"bé"', '"meme"'), "aud"],
    ["an audience and a number", claims('"bé"', '["me",1]'), "aud"],
    ["an audience within a list within a list", claims('"bé"', '[["me"]]'), "aud"],
    ["an audience as a name", claims('"bé"', '{"me":1}'), "aud"],
  ]);
  table({ keys: KEYS }, [["whatever issuer and audience, where none is asked", claims("1", "[2]"), TAKEN]]);
});
