import { describe, expect, test } from "bun:test";
import { array, type Arbitrary, assert, constantFrom, oneof, property, string } from "fast-check";
import { nativeAuthorization } from "../../src/native/authorization.ts";
import { scriptCookieFault } from "../../src/native/cookie-fault-script.ts";
import { nativeCookieFault, nativeCookieReader, scriptCookieReader } from "../../src/native/cookies.ts";
import { scriptAuthorization } from "../../src/native/credentials.ts";
import {
  nativeEncodingSelector,
  nativeTypeSelector,
  scriptEncodingSelector,
  scriptTypeSelector,
} from "../../src/native/negotiate.ts";

/** Headers made of the pieces that the grammars are about, with some noise between them. */
const header = (...pieces: readonly string[]): Arbitrary<string> =>
  array(
    oneof(
      { weight: 12, arbitrary: constantFrom(...pieces) },
      { weight: 1, arbitrary: string({ unit: "binary", maxLength: 3 }) },
    ),
    { maxLength: 60 },
  ).map((parts) => parts.join(""));

const COOKIES = header(
  "a",
  "b",
  "session",
  "=",
  "=",
  ";",
  "; ",
  " ",
  "\t",
  '"',
  "%41",
  "%",
  "%ff",
  "x".repeat(31),
  "é",
  "Ļ",
  ",",
);
const CREDENTIALS = header(
  "Bearer ",
  "Digest ",
  "abc",
  "realm",
  "=",
  "=",
  ",",
  " ",
  '"',
  "\\",
  "~._-/+",
  "z".repeat(33),
  "%",
);
const TYPES = header(
  "text/html",
  "application/json",
  "text/*",
  "*/*",
  "TEXT",
  "/",
  ", ",
  ",",
  ";q=0.5",
  ";q=0",
  ";Q=1.000",
  ";q=1.001",
  "; a=b",
  ';a="x,\\""',
  " ",
  "\t",
);
const CODINGS = header(
  "gzip",
  "br",
  "zstd",
  "identity",
  "*",
  "GZIP",
  ",",
  ", ",
  ";q=0.5",
  "; q=0",
  ";q=1",
  ";q=0.05",
  ";q=",
  " ",
);

const NAMES = [
  ["a"],
  ["session"],
  ["a", "b"],
  ["a", "b", "session"],
  ["b", "a", "session", "c"],
  ["a", "b", "c", "d", "session"],
  ["x".repeat(31)],
  ["x".repeat(40), "a"],
];

function agree<T>(
  input: Arbitrary<string>,
  script: (header: string) => T,
  native: ((header: string) => T) | undefined,
): void {
  if (native === undefined) throw new Error("The native library is not loaded");
  assert(
    property(input, (value) => expect(native(value)).toEqual(script(value))),
    { numRuns: 3_000 },
  );
}

describe.skipIf(Bun.env["BOLIDE_NATIVE"] === "0")("Zig and TypeScript agree, whatever the header, about", () => {
  for (const names of NAMES) {
    test(`the cookies ${names.join(", ")}`, () => agree(COOKIES, scriptCookieReader(names), nativeCookieReader(names)));
  }
  test("the grammar of cookies", () => agree(COOKIES, scriptCookieFault, nativeCookieFault()));
  test("credentials", () => agree(CREDENTIALS, scriptAuthorization, nativeAuthorization()));
  for (const offered of [
    ["text/html"],
    ["application/json", "text/html"],
    ["text/plain", "text/html", "application/json"],
  ]) {
    test(`the choice among ${offered.join(", ")}`, () =>
      agree(TYPES, scriptTypeSelector(offered), nativeTypeSelector(offered)));
  }
  for (const supported of [["gzip"], ["zstd", "br", "gzip"], ["identity", "gzip"]]) {
    test(`the choice among ${supported.join(", ")}`, () =>
      agree(CODINGS, scriptEncodingSelector(supported), nativeEncodingSelector(supported)));
  }
});
