import { describe as group, expect, test } from "bun:test";
import { describe, t, type TSchema } from "../../src/schema/index.ts";

const rows: readonly [TSchema, string][] = [
  [t.Integer({ minimum: 0 }), "integer >= 0"],
  [t.Number({ exclusiveMinimum: 0, maximum: 1 }), "number > 0 and <= 1"],
  [t.String(), "string"],
  [t.String({ format: "email", maxLength: 254 }), "string (email, at most 254 characters)"],
  [t.String({ pattern: "^a", minLength: 3, maxLength: 3 }), "string (/^a/, 3 characters)"],
  [t.Object({ name: t.String(), address: t.Optional(t.Object({})) }), "{ name, address? }"],
  [t.Object({}), "{}"],
  [t.Array(t.Union([t.Integer(), t.Null()]), { minItems: 1 }), "(integer | null)[] (at least 1 items)"],
  [t.Csv(t.Number(), { minItems: 2, maxItems: 4 }), "number[] (comma-separated, 2 to 4 items)"],
  [t.StringEnum(["asc", "desc"]), '"asc" | "desc"'],
  [t.Tuple([t.Date(), t.BigInt(), t.Bytes()]), "[date-time, bigint, bytes]"],
  [t.Record(t.String(), t.Boolean()), "record of boolean"],
  [t.Not(t.Null()), "not null"],
  [t.Recursive((This) => t.Array(This)), "itself[]"],
];

group("a schema in words", () => {
  test.each(rows)("%#", (schema, words) => expect(describe(schema)).toBe(words));
});

group("a schema as JSON Schema", () => {
  test("knows strings where the value is a Date, a bigint or bytes", () => {
    const schema = t.Object({
      at: t.Date(),
      n: t.BigInt({ minimum: 0n }),
      b: t.Bytes({ maxByteLength: 4 }),
      s: t.StringEnum(["a"]),
      c: t.Csv(t.Integer()),
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual({
      type: "object",
      required: ["at", "n", "b", "s", "c"],
      properties: {
        at: { type: "string", format: "date-time" },
        n: { type: "string", pattern: "^[+-]?[0-9]+$" },
        b: { type: "string", contentEncoding: "base64", maxByteLength: 4 },
        s: { type: "string", enum: ["a"] },
        c: { type: "array", items: { type: "integer" } },
      },
    });
  });
});
