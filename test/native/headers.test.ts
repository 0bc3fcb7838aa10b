import { describe, expect, test } from "bun:test";
import { HeaderFault, parseEntityTags, parseMediaType, parseRange } from "../../src/native/index.ts";

describe("Range over 1000 bytes", () => {
  for (const [value, expected] of [
    ["bytes=0-99", [[0, 99]]],
    ["bytes=0-0", [[0, 0]]],
    ["bytes=990-", [[990, 999]]],
    ["bytes=990-2000", [[990, 999]]],
    ["bytes=-5", [[995, 999]]],
    ["bytes=-5000", [[0, 999]]],
    ["Bytes=0-9", [[0, 9]]],
    [
      "bytes=0-9, 20-29 ,,-1",
      [
        [0, 9],
        [20, 29],
        [999, 999],
      ],
    ],
    [
      "bytes=20-29,0-9",
      [
        [20, 29],
        [0, 9],
      ],
    ],
    ["bytes=0-9,5000-", [[0, 9]]],
    ["bytes=0-99999999999999999999", [[0, 999]]],
    ["bytes=1000-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=2000-3000,-0", "unsatisfiable"],
    ["items=0-9", new HeaderFault("unknown-unit", 0)],
    ["bytes", new HeaderFault("unknown-unit", 0)],
    ["", new HeaderFault("unknown-unit", 0)],
    ["bytes=", new HeaderFault("empty-list", 6)],
    ["bytes=,", new HeaderFault("empty-list", 7)],
    ["bytes=9-1", new HeaderFault("invalid-range", 6)],
    ["bytes=0-9,9-1", new HeaderFault("invalid-range", 10)],
    ["bytes=-", new HeaderFault("invalid-range", 6)],
    ["bytes=a-9", new HeaderFault("invalid-character", 6)],
    ["bytes=1-x", new HeaderFault("invalid-character", 8)],
    ["bytes=1", new HeaderFault("invalid-character", 7)],
    ["bytes=+1-9", new HeaderFault("invalid-character", 6)],
    ["bytes=0-9 20-29", new HeaderFault("invalid-character", 10)],
  ] as const) {
    const name = expected instanceof HeaderFault ? expected.kind : JSON.stringify(expected);
    test(`${value || "(empty)"} is ${name}`, () => {
      const result = parseRange(value, 1000);
      expect(Array.isArray(result) ? result.map(({ start, end }) => [start, end]) : result).toEqual(expected as never);
    });
  }
});

test("no range of an empty representation can be satisfied", () => {
  expect([parseRange("bytes=0-", 0), parseRange("bytes=-1", 0)]).toEqual(["unsatisfiable", "unsatisfiable"]);
});

describe("entity-tags of RFC 9110 13.1", () => {
  for (const [value, expected] of [
    ["*", "*"],
    ['"a"', [{ value: "a", weak: false }]],
    [
      'W/"a", "b"',
      [
        { value: "a", weak: true },
        { value: "b", weak: false },
      ],
    ],
    [
      ' "a" ,, "b,c" ,',
      [
        { value: "a", weak: false },
        { value: "b,c", weak: false },
      ],
    ],
    ['""', [{ value: "", weak: false }]],
    ['"é\\"', [{ value: "é\\", weak: false }]],
    ["", new HeaderFault("empty-list", 0)],
    [" , ", new HeaderFault("empty-list", 3)],
    ["a", new HeaderFault("invalid-character", 0)],
    ['w/"a"', new HeaderFault("invalid-character", 0)],
    ['W/ "a"', new HeaderFault("invalid-character", 2)],
    ['"a', new HeaderFault("unterminated-quote", 2)],
    ['"a b"', new HeaderFault("invalid-character", 2)],
    ['"a" "b"', new HeaderFault("invalid-character", 4)],
    ['"Ļ"', new HeaderFault("invalid-character", 1)],
    ['*, "a"', new HeaderFault("invalid-character", 0)],
  ] as const) {
    test(`${value || "(empty)"} is ${expected instanceof HeaderFault ? expected.kind : JSON.stringify(expected)}`, () => {
      expect(parseEntityTags(value)).toEqual(expected as never);
    });
  }
});

describe("media types of RFC 9110 8.3.1", () => {
  for (const [value, type, subtype, parameters] of [
    ["application/json", "application", "json", {}],
    ["Application/Problem+JSON", "application", "problem+json", {}],
    ["text/html; charset=utf-8", "text", "html", { charset: "utf-8" }],
    ['text/html;Charset="UTF-8"', "text", "html", { charset: "UTF-8" }],
    ["text/html ; a=1\t;\tb=2", "text", "html", { a: "1", b: "2" }],
    ["text/html;;a=1;", "text", "html", { a: "1" }],
    ["text/html;a=1;A=2", "text", "html", { a: "1" }],
    ['text/html;a="\\"x\\\\;y"', "text", "html", { a: '"x\\;y' }],
    ['text/html;a=""', "text", "html", { a: "" }],
    ['text/html;a="é"', "text", "html", { a: "é" }],
    ["multipart/form-data; boundary=----WebKit7MA4", "multipart", "form-data", { boundary: "----WebKit7MA4" }],
  ] as const) {
    test(`${value} is ${type} ${subtype} ${JSON.stringify(parameters)}`, () => {
      const result = parseMediaType(value);
      if (result instanceof HeaderFault) throw new Error(result.kind);
      expect([result.type, result.subtype, { ...result.parameters }]).toEqual([type, subtype, { ...parameters }]);
      expect(Object.getPrototypeOf(result.parameters)).toBeNull();
    });
  }
  for (const [value, kind, position] of [
    ["", "expected-token", 0],
    [" text/html", "expected-token", 0],
    ["text", "expected-slash", 4],
    ["text/", "expected-token", 5],
    ["text /html", "expected-slash", 4],
    ["text/html x", "invalid-character", 10],
    ["text/html; a", "expected-equals", 12],
    ["text/html; a =1", "expected-equals", 12],
    ["text/html; a= 1", "expected-token", 13],
    ['text/html; a="1', "unterminated-quote", 15],
    ['text/html; a="\u0000"', "invalid-character", 14],
    ['text/html; a="Ł"', "invalid-character", 14],
    ['text/html; a="1"2', "invalid-character", 16],
  ] as const) {
    test(`${JSON.stringify(value)} is faulty: ${kind} at ${position}`, () => {
      expect(parseMediaType(value)).toEqual(new HeaderFault(kind, position));
    });
  }
});
