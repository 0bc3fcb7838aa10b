import { describe, expect, test } from "bun:test";
import { nativeAuthorization } from "../../src/native/authorization.ts";
import { scriptAuthorization } from "../../src/native/credentials.ts";
import { type Authorization, HeaderFault, parseAuthorization } from "../../src/native/index.ts";
import { bothWays } from "./ways.ts";

const LONG = "eyJhbGciOiJIUzI1NiJ9.".repeat(20);

const VECTORS: readonly [value: string, expected: Authorization | HeaderFault][] = [
  ["Bearer abc", { scheme: "bearer", token: "abc" }],
  ["bEARER abc", { scheme: "bearer", token: "abc" }],
  ["Bearer    abc \t ", { scheme: "bearer", token: "abc" }],
  ["Basic dXNlcjpwYXNz", { scheme: "basic", token: "dXNlcjpwYXNz" }],
  ["Basic dXNlcjpwYQ==", { scheme: "basic", token: "dXNlcjpwYQ==" }],
  [`Bearer ${LONG}`, { scheme: "bearer", token: LONG }],
  ["Custom-1 A-z_0.9~+/=", { scheme: "custom-1", token: "A-z_0.9~+/=" }],
  ["Negotiate", { scheme: "negotiate" }],
  ["Negotiate ", { scheme: "negotiate" }],
  [
    'Digest realm="a b", URI="/x", qop=auth',
    { scheme: "digest", parameters: { realm: "a b", uri: "/x", qop: "auth" } },
  ],
  ['Digest realm = "a\\"b" ,, nc=1', { scheme: "digest", parameters: { realm: 'a"b', nc: "1" } }],
  ["Scheme a=b", { scheme: "scheme", parameters: { a: "b" } }],
  ["Scheme a=b==", new HeaderFault("invalid-character", 10)],
  ["Scheme a==", { scheme: "scheme", token: "a==" }],
  ['Digest realm="é"', { scheme: "digest", parameters: { realm: "é" } }],
  ["", new HeaderFault("expected-token", 0)],
  [" Bearer abc", new HeaderFault("expected-token", 0)],
  ["Bearer,abc", new HeaderFault("invalid-character", 6)],
  ["Bearer\tabc", new HeaderFault("invalid-character", 6)],
  ["Bearer abc def", new HeaderFault("expected-equals", 11)],
  ["Bearer abc%", new HeaderFault("expected-equals", 11)],
  ["Bearer =", new HeaderFault("expected-token", 7)],
  ["Digest a=1, b", new HeaderFault("expected-equals", 13)],
  ["Digest a=,b=1", new HeaderFault("expected-token", 9)],
  ['Digest a="1', new HeaderFault("unterminated-quote", 11)],
  ["Digest a=1, A=2", new HeaderFault("duplicate-parameter", 12)],
  ["Digest a=1 b=2", new HeaderFault("invalid-character", 11)],
  [`Bearer ${LONG}é`, new HeaderFault("expected-equals", 7 + LONG.length)],
  ["Bearer abcŁ", new HeaderFault("expected-equals", 10)],
];

describe("credentials of RFC 9110 11.4", () => {
  for (const [value, expected] of VECTORS) {
    const sentence = `${JSON.stringify(value.slice(0, 40))} ${expected instanceof HeaderFault ? `is faulty: ${expected.kind} at ${expected.position}` : `is ${expected.scheme}`}`;
    for (const { way, run } of [
      ...bothWays(scriptAuthorization, nativeAuthorization()),
      { way: "whichever is cheaper", run: parseAuthorization },
    ]) {
      test(`${sentence} (${way})`, () => expect(plain(run(value))).toEqual(plain(expected)));
    }
  }
});

/** Parameters have no prototype; `toEqual` would tell them from an object literal. */
function plain(result: Authorization | HeaderFault): unknown {
  if (result instanceof HeaderFault || result.parameters === undefined) return result;
  return { ...result, parameters: { ...result.parameters } };
}

test("the parameters of credentials have no prototype", () => {
  const result = parseAuthorization("Digest __proto__=x") as Authorization;
  expect(Object.getPrototypeOf(result.parameters)).toBeNull();
  expect(Object.keys(result.parameters ?? {})).toEqual(["__proto__"]);
});
