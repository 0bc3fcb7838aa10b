import { expect, test } from "bun:test";
import { shorthand } from "../../src/openapi/shorthand.ts";

const string = { type: "string" };

test.each([
  [{}, "`any`"],
  [{ type: "string", minLength: 3 }, "`string`"],
  [{ type: ["string", "null"] }, "`string | null`"],
  [{ $ref: "#/components/schemas/Text" }, "`Text`"],
  [{ const: "a" }, '`"a"`'],
  [{ enum: ["a", 1, null] }, '`"a" | 1 | null`'],
  [{ const: "`code`" }, "`\"'code'\"`"],
  [{ anyOf: [string, { type: "integer" }] }, "`string | integer`"],
  [{ oneOf: [string, { type: "null" }] }, "`string | null`"],
  [{ allOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }] }, "`A & B`"],
  [{ type: "array", items: string }, "`string[]`"],
  [{ type: "array", items: { enum: [1, 2] } }, "`(1 | 2)[]`"],
  [{ type: "array" }, "`any[]`"],
  [{ type: "object" }, "`object`"],
  [{ type: "object", properties: {} }, "`{}`"],
  [{ type: "object", properties: { a: string, b: string }, required: ["a"] }, "`{ a: string, b?: string }`"],
])("%j is written %s", (schema, expected) => {
  expect(shorthand(schema)).toBe(expected);
});

test("what lies deep is left out", () => {
  const within = (inner: Record<string, unknown>) => ({ type: "object", properties: { a: inner }, required: ["a"] });
  expect(shorthand(within(within(within(within(string)))))).toBe("`{ a: { a: { a: { … } } } }`");
});
