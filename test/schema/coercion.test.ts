import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { Invalid, t, type TSchema, Validators } from "../../src/schema/index.ts";

function read(schema: TSchema, raw: string | readonly string[] | undefined): unknown {
  const result = new Validators().text({ key: schema }, "query").read([raw]);
  return result instanceof Invalid ? result.entries.map(({ type, msg }) => `${type}: ${msg}`) : result["key"];
}

const rows: readonly [
  name: string,
  schema: TSchema,
  accepted: readonly (readonly [string, unknown])[],
  refused: readonly string[],
][] = [
  [
    "integer",
    t.Integer(),
    [
      ["0", 0],
      ["7", 7],
      ["-7", -7],
      ["+7", 7],
      ["007", 7],
      ["9007199254740991", 9007199254740991],
      ["-9007199254740991", -9007199254740991],
    ],
    [
      "",
      "-",
      "+",
      " 1",
      "1 ",
      "1.0",
      "1e3",
      "0x10",
      "1_000",
      "१",
      "NaN",
      "Infinity",
      "9007199254740992",
      "-9007199254740992",
      "9".repeat(400),
    ],
  ],
  [
    "number",
    t.Number(),
    [
      ["0", 0],
      ["1.5", 1.5],
      ["-1.5", -1.5],
      [".5", 0.5],
      ["5.", 5],
      ["1e3", 1000],
      ["1E+3", 1000],
      ["25e-1", 2.5],
      ["+2", 2],
    ],
    ["", ".", "-", "e3", "1e", "1e+", "0x10", " 1", "1 ", "1,5", "NaN", "Infinity", "1e999", "1.2.3", "--1"],
  ],
  [
    "boolean",
    t.Boolean(),
    [
      ["true", true],
      ["TRUE", true],
      ["1", true],
      ["yes", true],
      ["On", true],
      ["false", false],
      ["False", false],
      ["0", false],
      ["NO", false],
      ["off", false],
    ],
    ["", "2", "t", "y", "truee", " true", "enabled"],
  ],
  [
    "bigint",
    t.BigInt(),
    [
      ["0", 0n],
      ["-12345678901234567890", -12345678901234567890n],
      ["+5", 5n],
    ],
    ["", "-", "1.0", "1n", "0x10", " 1", "1".repeat(1001)],
  ],
  [
    "date-time",
    t.Date(),
    [
      ["2026-11-22T08:24:00Z", new Date("2026-11-22T08:24:00Z")],
      ["2026-11-22t08:24:00z", new Date("2026-11-22T08:24:00Z")],
      ["2026-11-22 08:24:00Z", new Date("2026-11-22T08:24:00Z")],
      ["2026-11-22T08:24:00", new Date("2026-11-22T08:24:00Z")],
      ["2026-11-22", new Date("2026-11-22T00:00:00Z")],
      ["2026-11-22T08:24:00.5+02:00", new Date("2026-11-22T06:24:00.500Z")],
      ["2026-11-22T08:24:00.123456-00:30", new Date("2026-11-22T08:54:00.123Z")],
      ["0001-01-01", new Date("0001-01-01T00:00:00Z")],
      ["2016-12-31T23:59:60Z", new Date("2017-01-01T00:00:00Z")],
    ],
    [
      "",
      "now",
      "2026",
      "2026-11",
      "2026-02-30",
      "1900-02-29",
      "2026-13-01",
      "2026-11-22T24:00:00Z",
      "2026-11-22T08:24Z",
      "2026-11-22T08:24:00 02:00",
      "2026-11-22T08:24:00+2",
      "2026-11-22T08:24:60Z",
      "2026-11-22T",
      "2026-11-22Z",
      "1700000000",
    ],
  ],
  [
    "date",
    t.String({ format: "date" }),
    [["2024-02-29", "2024-02-29"]],
    ["", "2023-02-29", "2024-2-29", "2024-02-29T00:00:00Z"],
  ],
  [
    "time",
    t.String({ format: "time" }),
    [
      ["08:24:00Z", "08:24:00Z"],
      ["08:24:00.5+01:00", "08:24:00.5+01:00"],
    ],
    ["", "08:24", "08:24:00", "25:00:00Z"],
  ],
  [
    "uuid",
    t.String({ format: "uuid" }),
    [["0191d8a0-7b1c-7def-8abc-0123456789AB", "0191d8a0-7b1c-7def-8abc-0123456789AB"]],
    ["", "0191d8a07b1c7def8abc0123456789ab", "0191d8a0-7b1c-7def-8abc-0123456789ag"],
  ],
  ["string enum", t.StringEnum(["asc", "desc"]), [["asc", "asc"]], ["", "ASC", "up"]],
  [
    "literal number",
    t.Literal(3),
    [
      ["3", 3],
      ["3.0", 3],
    ],
    ["", "4", "three"],
  ],
  ["literal boolean", t.Literal(true), [["yes", true]], ["false", "maybe"]],
  [
    "mixed literals",
    t.Union([t.Literal("auto"), t.Literal(0), t.Literal(false)]),
    [
      ["auto", "auto"],
      ["0", 0],
      ["no", false],
    ],
    ["1", "true", ""],
  ],
  ["enum", t.Enum({ Low: 1, High: 2 }), [["2", 2]], ["3", "Low"]],
  [
    "bytes",
    t.Bytes(),
    [
      ["aGk=", new Uint8Array([104, 105])],
      ["", new Uint8Array(0)],
    ],
    ["aGk", "a-_=", "====", "a==="],
  ],
  [
    "union in order",
    t.Union([t.Integer(), t.Boolean(), t.String()]),
    [
      ["1", 1],
      ["yes", true],
      ["x", "x"],
      ["", ""],
    ],
    [],
  ],
  [
    "nullable",
    t.Nullable(t.Integer()),
    [
      ["null", null],
      ["4", 4],
    ],
    ["", "x"],
  ],
  [
    "csv",
    t.Csv(t.Integer()),
    [
      ["1,2", [1, 2]],
      ["", []],
      ["7", [7]],
    ],
    ["1,,2", "1, 2", "a"],
  ],
  [
    "string",
    t.String(),
    [
      ["", ""],
      ["null", "null"],
    ],
    [],
  ],
  ["any", t.Any(), [["5", "5"]], []],
];

describe("text is read by its declared type", () => {
  for (const [name, schema, accepted, refused] of rows) {
    test.each(accepted.map(([text, value]) => [text, value] as const))(`${name}: %p is %p`, (text, value) => {
      expect(read(schema, text)).toEqual(value);
    });
    if (refused.length > 0) {
      test.each(refused.map((text) => [text]))(`${name}: %p is refused with one entry`, (text) => {
        expect(read(schema, text)).toBeArrayOfSize(1);
      });
    }
  }

  test("an integer out of the safe range is told from text that is no integer", () => {
    expect(read(t.Integer(), "9007199254740992")).toEqual([
      "range: Expected integer between -9007199254740991 and 9007199254740991",
    ]);
    expect(read(t.Integer(), "x")).toEqual(["type_error: Expected integer"]);
  });

  test("every safe integer is read back", () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => expect(read(t.Integer(), String(value))).toBe(value)));
  });

  test("every finite number is read back, and no text is read as NaN", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(finite, (value) => expect(read(t.Number(), String(value))).toBe(value === 0 ? 0 : value)));
    fc.assert(fc.property(fc.string(), (text) => expect(read(t.Number(), text)).not.toBeNaN()));
  });

  test("every instant is read back from its ISO form", () => {
    const dates = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => expect(read(t.Date(), date.toISOString())).toEqual(date)));
  });
});

describe("a text source", () => {
  const validators = new Validators();

  test("tells its keys as written, and which of them are repeated", () => {
    const reader = validators.text(
      {
        "x-request-id": t.String(),
        tag: t.Array(t.String()),
        near: t.Csv(t.Number()),
        pair: t.Tuple([t.Integer(), t.String()]),
      },
      "headers",
    );
    expect(reader.keys).toEqual(["x-request-id", "tag", "near", "pair"]);
    expect(reader.repeated).toEqual([false, true, true, true]);
    expect(reader.rejectsUnknown).toBe(false);
    expect(reader.read(["a", ["x", "y"], "1,2", ["1", "one"]])).toEqual({
      "x-request-id": "a",
      tag: ["x", "y"],
      near: [1, 2],
      pair: [1, "one"],
    });
  });

  test("takes the last of several values of a scalar", () => {
    expect(read(t.Integer(), ["1", "2"])).toBe(2);
  });

  test("fills a default in, leaves an optional key out, and misses a required one", () => {
    const reader = validators.text(
      { page: t.Integer({ default: 1 }), q: t.Optional(t.String()), sort: t.Array(t.String(), { default: [] }) },
      "query",
    );
    expect(reader.read([undefined, undefined, undefined])).toStrictEqual({ page: 1, sort: [] });
    expect(read(t.Integer(), undefined)).toEqual(["missing: Expected required property"]);
  });

  test("gives every request a list of its own as default", () => {
    const reader = validators.text({ tag: t.Array(t.String(), { default: ["a"] }) }, "query");
    const first = reader.read([undefined]) as { tag: string[] };
    first.tag.push("b");
    expect(reader.read([undefined])).toEqual({ tag: ["a"] });
  });

  test("decodes a default that is written in its JSON form", () => {
    expect(read(t.Date({ default: "2026-01-01" }), undefined)).toEqual(new Date("2026-01-01T00:00:00Z"));
    expect(read(t.Date({ default: () => new Date(5) }), undefined)).toEqual(new Date(5));
  });

  test("collects every fault, with its place, in the schema's order", () => {
    const reader = validators.text(
      {
        page: t.Integer({ minimum: 1 }),
        tag: t.Array(t.Integer(), { maxItems: 2 }),
        q: t.String({ minLength: 2, pattern: "^a" }),
        on: t.Boolean(),
      },
      "query",
    );
    expect(reader.read(["0", ["1", "x", "y"], "b", undefined])).toEqual(
      new Invalid([
        { loc: ["query", "page"], msg: "Expected integer to be greater or equal to 1", type: "range" },
        { loc: ["query", "tag", 1], msg: "Expected integer", type: "type_error" },
        { loc: ["query", "tag", 2], msg: "Expected integer", type: "type_error" },
        { loc: ["query", "q"], msg: "Expected string length greater or equal to 2", type: "too_short" },
        { loc: ["query", "q"], msg: "Expected string to match '^a'", type: "pattern" },
        { loc: ["query", "on"], msg: "Expected required property", type: "missing" },
      ]),
    );
  });

  test("rejects undeclared keys where additionalProperties is false", () => {
    const reader = validators.text(t.Object({ a: t.String() }, { additionalProperties: false }), "query");
    expect(reader.rejectsUnknown).toBe(true);
    expect(reader.read(["x"], [])).toEqual({ a: "x" });
    expect(reader.read(["x"], ["__proto__"])).toEqual(
      new Invalid([{ loc: ["query", "__proto__"], msg: "Unexpected property", type: "extra_forbidden" }]),
    );
  });

  test.each([1, 2, 3, 4, 5])("of %d keys reads them all", (count) => {
    const keys = Array.from({ length: count }, (_, index) => `k${index}`);
    const reader = validators.text(Object.fromEntries(keys.map((key) => [key, t.Integer()])), "params");
    expect(reader.read(keys.map((_, index) => String(index)))).toStrictEqual(
      Object.fromEntries(keys.map((key, index) => [key, index])),
    );
    expect(reader.read(keys.map(() => "x"))).toHaveProperty("entries.length", count);
  });
});
