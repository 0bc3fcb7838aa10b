import { describe, expect, test } from "bun:test";
import { scriptCookieFault } from "../../src/native/cookie-fault-script.ts";
import { nativeCookieFault, nativeCookieReader, scriptCookieReader } from "../../src/native/cookies.ts";
import { cookieFault, cookieReader, HeaderFault, parseCookies } from "../../src/native/index.ts";
import { bothWays } from "./ways.ts";

const FILLER = Array.from({ length: 40 }, (_, index) => `cookie_${index}=${"v".repeat(80)}`).join("; ");

const READS: readonly [
  what: string,
  header: string,
  names: readonly string[],
  values: readonly (string | undefined)[],
][] = [
  ["nothing in an empty header", "", ["a"], [undefined]],
  ["one cookie", "a=1", ["a"], ["1"]],
  ["the declared names in their order", "a=1; b=2; c=3", ["c", "a"], ["3", "1"]],
  ["undefined for an absent one", "a=1; b=2", ["b", "z"], ["2", undefined]],
  ["the first of a repeated name", "a=1; a=2", ["a"], ["1"]],
  ["no name that only ends or begins like it", "xa=1; ab=2; a=3", ["a"], ["3"]],
  ["no name inside a value", "b=a=1; c= a=2", ["a"], [undefined]],
  ["no name behind a blank in a value", "b=x a=1", ["a"], [undefined]],
  ["names by case", "A=1; a=2", ["a"], ["2"]],
  ["a pair without a space before it", "a=1;b=2", ["b"], ["2"]],
  ["a pair with blanks around it", " \t a=1 \t; b= 2", ["a", "b"], ["1", "2"]],
  ["an empty value", "a=; b=1", ["a"], [""]],
  ["a value of blanks as empty", "a=  ; b=1", ["a"], [""]],
  ["a value with equals signs", "a=x==", ["a"], ["x=="]],
  ["a quoted value without its quotes", 'a="x y"', ["a"], ["x y"]],
  ["one quote as it is", 'a="; b=x"', ["a", "b"], ['"', 'x"']],
  ["quotes that are empty", 'a=""', ["a"], [""]],
  ["percent-encoding undone", "a=%E2%82%AC%20x", ["a"], ["€ x"]],
  ["invalid percent-encoding as it is", "a=100%; b=%ff", ["a", "b"], ["100%", "%ff"]],
  ["an encoded semicolon inside the value", "a=x%3By", ["a"], ["x;y"]],
  ["no pair without an equals sign", "a; b=1", ["a", "b"], [undefined, "1"]],
  ["no name with a blank before the equals sign", "a =1", ["a"], [undefined]],
  ["characters outside ASCII", "a=é; b=ü", ["b"], ["ü"]],
  ["characters outside Latin-1", "a=\u{1f600}; b=Ļ1", ["a", "b"], ["\u{1f600}", "Ļ1"]],
  ["no pair from a character whose low byte is a semicolon", "a=xĻb=1", ["b"], [undefined]],
  ["a name longer than any vector", `a=1; ${"n".repeat(70)}=2`, ["n".repeat(70)], ["2"]],
  ["a name of nine bytes", "123456789=x; 12345678=y", ["12345678", "123456789"], ["y", "x"]],
  ["five names", "e=5; d=4; c=3; b=2; a=1", ["a", "b", "c", "d", "e"], ["1", "2", "3", "4", "5"]],
  ["the last of forty cookies", `${FILLER}; session=x`, ["session"], ["x"]],
  [
    "six of forty cookies",
    `session=1; ${FILLER}`,
    ["a", "b", "c", "d", "cookie_39", "session"],
    [undefined, undefined, undefined, undefined, "v".repeat(80), "1"],
  ],
  ["a cookie behind 64 KiB", `a=${"x".repeat(65_536)}; b=1`, ["b"], ["1"]],
  ["prototype names as any other", "__proto__=1; constructor=2", ["__proto__", "constructor"], ["1", "2"]],
];

describe("a cookie reader reads", () => {
  for (const [what, header, names, values] of READS) {
    for (const { way, run } of bothWays(scriptCookieReader(names), nativeCookieReader(names))) {
      test(`${what} (${way})`, () => expect(run(header)).toEqual([...values]));
    }
    test(`${what} (whichever is cheaper)`, () => expect(cookieReader(names)(header)).toEqual([...values]));
  }
});

test("a reader does not change when the list of names does", () => {
  const names = ["a"];
  const read = cookieReader(names);
  names[0] = "b";
  expect(read("a=1; b=2; c=3; d=4; e=5; f=6; g=7; h=8; i=9; j=10; k=11; l=12")).toEqual(["1"]);
});

test("two readers that are used in turn keep their own names", () => {
  const [first, second] = [cookieReader(["a", "b"]), cookieReader(["b", "c"])];
  const header = "a=11111111111111111111; b=2222222222222222222; c=33333333333";
  expect([first(header), second(header), first(header)]).toEqual([
    ["11111111111111111111", "2222222222222222222"],
    ["2222222222222222222", "33333333333"],
    ["11111111111111111111", "2222222222222222222"],
  ]);
});

test("a reader of no names reads nothing", () => {
  expect(cookieReader([])("a=1; b=2; c=3; d=4; e=5; f=6; g=7")).toEqual([]);
});

test("a name that no cookie can have, or that comes twice, is refused when the reader is made", () => {
  expect(() => cookieReader([""])).toThrow(new TypeError('"" cannot be the name of a cookie'));
  expect(() => cookieReader(["a b"])).toThrow(new TypeError('"a b" cannot be the name of a cookie'));
  expect(() => cookieReader(["a", "a"])).toThrow(new TypeError("The cookie a is declared twice"));
});

test("all cookies of a header come as an object without prototype", () => {
  const cookies = parseCookies('a=1; b="x y"; a=2; c; =d; __proto__=%41');
  expect(Object.getPrototypeOf(cookies)).toBeNull();
  expect(Object.entries(cookies)).toEqual([
    ["a", "1"],
    ["b", "x y"],
    ["__proto__", "A"],
  ]);
});

const FAULTS: readonly [header: string, fault: HeaderFault | undefined][] = [
  ["a=1", undefined],
  ["a=", undefined],
  ['a="1"; b=2; c=!#$%&()*+-./:<=>?@[]^_`{|}~', undefined],
  [FILLER, undefined],
  ["", new HeaderFault("expected-token", 0)],
  ["a=1; ", new HeaderFault("expected-token", 5)],
  ["a=1;  b=2", new HeaderFault("expected-token", 5)],
  ["a", new HeaderFault("expected-equals", 1)],
  ["a b=1", new HeaderFault("expected-equals", 1)],
  ["a=1;b=2", new HeaderFault("expected-space", 4)],
  ["a=1;", new HeaderFault("expected-space", 4)],
  ["a=1, b=2", new HeaderFault("invalid-character", 3)],
  ["a=x\\y", new HeaderFault("invalid-character", 3)],
  ["a=x\u0000", new HeaderFault("invalid-character", 3)],
  ["a=é", new HeaderFault("invalid-character", 2)],
  ["a=\u{1f600}", new HeaderFault("invalid-character", 2)],
  ['a="1', new HeaderFault("unterminated-quote", 4)],
  ['a="1 2"', new HeaderFault("unterminated-quote", 4)],
  ['a="1"2', new HeaderFault("invalid-character", 5)],
  [`${FILLER}; a=1,2`, new HeaderFault("invalid-character", FILLER.length + 5)],
];

describe("the grammar of RFC 6265 4.2.1", () => {
  for (const [header, fault] of FAULTS) {
    const sentence = `${fault === undefined ? "allows" : `finds ${fault.kind} at ${fault.position} in`} ${JSON.stringify(header.slice(-40))}`;
    for (const { way, run } of bothWays(scriptCookieFault, nativeCookieFault())) {
      test(`${sentence} (${way})`, () => expect(run(header)).toEqual(fault));
    }
    test(`${sentence} (whichever is cheaper)`, () => expect(cookieFault(header)).toEqual(fault));
  }
});
