import { describe, expect, expectTypeOf, test } from "bun:test";
import { type Static, t } from "bolide";
import { hintsOf, Invalid, refusing, type TSchema, Validators } from "../../src/schema/index.ts";

const validators = new Validators();
const accepts = (schema: TSchema, value: unknown): boolean =>
  !(validators.json(t.Object({ it: schema }), "body").read({ it: value }) instanceof Invalid);

/** Types for columns, and what a client may send as one. */
const TYPES: Readonly<
  Record<string, readonly [schema: TSchema, accepted: readonly unknown[], refused: readonly unknown[]]>
> = {
  "t.Day()": [t.Day(), ["2026-11-22", "2024-02-29"], ["2026-02-29", "2026-11-22T00:00:00Z", "", 1]],
  "t.Uuid()": [
    t.Uuid(),
    ["0191d2c5-7e3a-7c1e-9d2b-ffffffffffff", "0191D2C5-7E3A-7C1E-9D2B-FFFFFFFFFFFF"],
    ["0191d2c57e3a7c1e9d2bffffffffffff", ""],
  ],
  "t.Decimal()": [
    t.Decimal(),
    ["0", "-1.5", "123456789012345678901234567890123456.99"],
    ["1.234", "1.", ".5", "1e3", "+1", "", 1],
  ],
  "t.Decimal({ precision: 5, scale: 0 })": [t.Decimal({ precision: 5, scale: 0 }), ["99999", "-1"], ["100000", "1.0"]],
  "t.Decimal({ precision: 3, scale: 3 })": [
    t.Decimal({ precision: 3, scale: 3 }),
    ["0.999", "0", "-0.1"],
    ["1.0001", "10"],
  ],
  "t.Timestamp()": [t.Timestamp(), ["2026-11-22T08:00:00Z", "2026-11-22"], ["now", 1, null]],
  "t.Json()": [t.Json(), [null, 1, "a", {}, []], []],
  "t.Json(schema)": [t.Json(t.Object({ a: t.Integer() })), [{ a: 1 }], [{ a: "1" }, null]],
  "t.ForeignKey()": [t.ForeignKey("users.id"), [1], ["1", 1.5, null]],
  "t.ForeignKey(type)": [t.ForeignKey("files.id", { type: t.Uuid() }), ["0191d2c5-7e3a-7c1e-9d2b-ffffffffffff"], [1]],
  "t.PrimaryKey()": [t.PrimaryKey(), [1], ["1"]],
  "what is null, t.Nullable(t.Day())": [t.Nullable(t.Day()), [null, "2026-11-22"], ["", 0]],
};

describe("a column type", () => {
  test.each(Object.keys(TYPES))("%s", (title) => {
    const [schema, accepted, refused] = TYPES[title]!;
    expect(accepted.filter((value) => !accepts(schema, value))).toEqual([]);
    expect(refused.filter((value) => accepts(schema, value))).toEqual([]);
  });

  test("that no database has is refused where it is declared", () => {
    expect(() => t.Decimal({ precision: 2, scale: 3 })).toThrow(
      new RangeError("t.Decimal takes a precision of 1 to 65 digits, and a scale of 0 to that or 30, not 2 and 3"),
    );
    expect(() => t.Decimal({ precision: 0, scale: 0 })).toThrow(RangeError);
    expect(() => t.Decimal({ precision: 66 })).toThrow(RangeError);
    expect(() => t.Decimal({ scale: 1.5 })).toThrow(RangeError);
  });

  test("keeps its options from the document, and its bounds in it", () => {
    const schema = t.String({ unique: true, index: true, renamedFrom: "old", maxLength: 5, readOnly: true });
    expect(JSON.stringify(schema)).toBe('{"maxLength":5,"readOnly":true,"type":"string"}');
    expect(hintsOf(schema)).toEqual({ unique: true, index: true, renamedFrom: "old" });
    expect(hintsOf(t.Nullable(schema, { index: false }))).toEqual({ unique: true, index: false, renamedFrom: "old" });
    expect(hintsOf(t.String())).toEqual({});
  });

  test("remembers in its type what a model looks at", () => {
    const flagged = t.String({ readOnly: true, maxLength: 3 });
    expectTypeOf<(typeof flagged)["readOnly"]>().toEqualTypeOf<true>();
    const initial = t.Integer({ default: 3 });
    expectTypeOf<Static<typeof initial>>().toEqualTypeOf<number>();
    const key = t.ForeignKey("a.b", { type: t.Uuid() });
    expectTypeOf<Static<typeof key>>().toEqualTypeOf<string>();
    expect(flagged.readOnly).toBe(true);
  });
});

describe("an object that refuses properties", () => {
  const schema = refusing(t.Object({ name: t.String(), size: t.Optional(t.Integer()) }), ["id", "name", "__proto__x"]);

  test("reports them, and drops what is merely unknown", () => {
    const { read } = validators.json(schema, "body");
    expect(read({ name: "a", other: 1 })).toEqual({ name: "a" });
    expect(read({ name: "a", id: null })).toEqual(
      new Invalid([{ loc: ["body", "id"], msg: "Unexpected property", type: "extra_forbidden" }]),
    );
  });

  test("has nothing of it in its JSON Schema", () => {
    expect(JSON.stringify(schema)).toBe(JSON.stringify(t.Object({ name: t.String(), size: t.Optional(t.Integer()) })));
    expect(refusing(schema, [])).toBe(schema);
  });
});
