import { describe, expect, test } from "bun:test";
import { Invalid, MAX_ENTRIES, type Static, t, type TSchema, Validators } from "../../src/schema/index.ts";

const read = (schema: TSchema, value: unknown) => new Validators().json(schema, "body").read(value);
const faults = (schema: TSchema, value: unknown) => {
  const result = read(schema, value);
  if (!(result instanceof Invalid)) throw new Error("Expected the value to be refused");
  return result.entries.map(({ loc, type, msg }) => [loc.join("."), type, msg] as const);
};

const Address = t.Object({ street: t.Optional(t.String()), zip: t.String({ minLength: 4 }) });

describe("a JSON body", () => {
  test("that matches is handed on untouched", () => {
    const value = { name: "Ada", address: { zip: "8000" }, tags: ["a"] };
    expect(read(t.Object({ name: t.String(), address: Address, tags: t.Array(t.String()) }), value)).toBe(value);
  });

  test("loses its undeclared properties at every level", () => {
    const schema = t.Object({
      list: t.Array(Address),
      map: t.Record(t.String(), Address),
      pair: t.Tuple([Address, t.Integer()]),
    });
    const address = { zip: "8000", evil: 1 };
    expect(
      read(schema, { list: [{ zip: "4000" }, address], map: { a: address }, pair: [address, 1], evil: 1 }),
    ).toStrictEqual({
      list: [{ zip: "4000" }, { zip: "8000" }],
      map: { a: { zip: "8000" } },
      pair: [{ zip: "8000" }, 1],
    });
  });

  test("keeps undeclared properties where the schema says so, and refuses them where it says that", () => {
    const value = { a: 1, b: 2 };
    expect(read(t.Object({ a: t.Integer() }, { additionalProperties: true }), value)).toEqual(value);
    expect(read(t.Object({ a: t.Integer() }, { additionalProperties: t.Integer() }), value)).toEqual(value);
    expect(faults(t.Object({ a: t.Integer() }, { additionalProperties: t.String() }), value)).toEqual([
      ["body.b", "type_error", "Expected string"],
    ]);
    expect(faults(t.Object({ a: t.Integer() }, { additionalProperties: false }), value)).toEqual([
      ["body.b", "extra_forbidden", "Unexpected property"],
    ]);
  });

  test("has its dates, bigints and bytes decoded", () => {
    const schema = t.Object({
      at: t.Date(),
      big: t.BigInt(),
      small: t.BigInt(),
      bytes: t.Bytes(),
      seen: t.Array(t.Date()),
      gone: t.Nullable(t.Date()),
    });
    const value = {
      at: "2026-11-22",
      big: "12345678901234567890",
      small: 5,
      bytes: "aGk=",
      seen: ["1970-01-01T00:00:00Z"],
      gone: null,
    };
    expect(read(schema, value)).toEqual({
      at: new Date("2026-11-22T00:00:00Z"),
      big: 12345678901234567890n,
      small: 5n,
      bytes: new Uint8Array([104, 105]),
      seen: [new Date(0)],
      gone: null,
    });
    expect(faults(schema, { at: 5, big: 2 ** 53, small: "x", bytes: "!", seen: ["no"], gone: "no" })).toEqual([
      ["body.at", "type_error", "Expected string"],
      ["body.big", "type_error", "Expected bigint"],
      ["body.small", "type_error", "Expected bigint"],
      ["body.bytes", "format", "Expected string to match 'base64' format"],
      ["body.seen.0", "format", "Expected string to match 'date-time' format"],
      ["body.gone", "format", "Expected string to match 'date-time' format"],
    ]);
  });

  test("obeys the bounds of decoded values", () => {
    const schema = t.Object({
      at: t.Date({ minimumTimestamp: 0 }),
      big: t.BigInt({ maximum: 10n ** 20n, multipleOf: 2n }),
      bytes: t.Bytes({ maxByteLength: 1 }),
    });
    expect(faults(schema, { at: "1969-12-31", big: "100000000000000000001", bytes: "aGk=" })).toEqual([
      ["body.at", "range", "Expected Date timestamp to be greater or equal to 0"],
      ["body.big", "range", "Expected bigint to be less or equal to 100000000000000000000"],
      ["body.big", "value_error", "Expected bigint to be a multiple of 2"],
      ["body.bytes", "too_long", "Expected byte length less or equal to 1"],
    ]);
  });

  test("gets the defaults of absent properties, nested ones included, each time anew", () => {
    const schema = t.Object({
      page: t.Integer({ default: 1 }),
      filter: t.Object(
        { tags: t.Array(t.String(), { default: [] }), since: t.Date({ default: "2026-01-01" }) },
        { default: {} },
      ),
    });
    const result = read(schema, {}) as Static<typeof schema>;
    expect(result).toEqual({ page: 1, filter: { tags: [], since: new Date("2026-01-01T00:00:00Z") } });
    result.filter.tags.push("x");
    expect(read(schema, { page: 2 })).toEqual({
      page: 2,
      filter: { tags: [], since: new Date("2026-01-01T00:00:00Z") },
    });
    // One key short and one too many: counting alone would take this for exact.
    expect(read(t.Object({ a: t.Integer({ default: 1 }), b: t.Integer() }), { b: 2, evil: 3 })).toStrictEqual({
      a: 1,
      b: 2,
    });
  });

  test("takes of a union the member that keeps most", () => {
    const schema = t.Union([t.Object({ a: t.Integer() }), t.Object({ a: t.Integer(), b: t.Integer() })]);
    expect(read(schema, { a: 1, b: 2, c: 3 })).toStrictEqual({ a: 1, b: 2 });
    expect(read(schema, { a: 1, c: 3 })).toStrictEqual({ a: 1 });
  });

  test("of a tagged union is stripped and faulted by its tag", () => {
    const Shape = t.Union([
      t.Object({ type: t.Literal("circle"), radius: t.Number() }),
      t.Object({ type: t.Literal("square"), side: t.Number() }),
    ]);
    expect(read(t.Array(Shape), [{ type: "square", side: 1, radius: 2 }])).toStrictEqual([{ type: "square", side: 1 }]);
    expect(faults(Shape, { type: "square", side: "1" })).toEqual([["body.side", "type_error", "Expected number"]]);
    expect(faults(Shape, { type: "line" })).toEqual([["body", "type_error", "Expected union value"]]);
  });

  test("of an intersection keeps what any member declares, and reports a fault once", () => {
    const schema = t.Intersect([
      t.Object({ a: t.Integer(), in: t.Object({ x: t.Integer() }) }),
      t.Object({ b: t.Integer(), in: t.Object({ y: t.Integer() }) }),
    ]);
    expect(read(schema, { a: 1, b: 2, c: 3, in: { x: 1, y: 2, z: 3 } })).toStrictEqual({
      a: 1,
      in: { x: 1, y: 2 },
      b: 2,
    });
    expect(faults(schema, 5)).toEqual([["body", "type_error", "Expected object"]]);
    const closed = t.Intersect([t.Object({ "a.b": t.Integer() }), t.Object({ c: t.Integer() })], {
      unevaluatedProperties: false,
    });
    expect(faults(closed, { "a.b": 1, c: 2, axb: 3 })).toEqual([
      ["body.axb", "extra_forbidden", "Unexpected property"],
    ]);
  });

  test("is read by schemas that TypeBox makes out of Bolide's own types", () => {
    const Base = t.Object({ at: t.Date(), sort: t.StringEnum(["asc", "desc"]), n: t.BigInt({ minimum: 0n }) });
    const value = { at: "1970-01-01", sort: "asc", n: "1", x: 1 };
    expect(read(t.Composite([Base, t.Object({ x: t.Integer() })]), value)).toEqual({
      at: new Date(0),
      sort: "asc",
      n: 1n,
      x: 1,
    });
    expect(read(t.Partial(Base), { n: "1" })).toEqual({ n: 1n });
    expect(read(t.Omit(Base, ["at"]), value)).toEqual({ sort: "asc", n: 1n });
    expect(faults(t.Pick(Base, ["n"]), { n: "-1" })).toEqual([
      ["body.n", "range", "Expected bigint to be greater or equal to 0"],
    ]);
  });

  test("follows recursive schemas and modules", () => {
    const Tree = t.Recursive((This) => t.Object({ v: t.Integer(), kids: t.Array(This), at: t.Optional(t.Date()) }));
    expect(read(Tree, { v: 1, kids: [{ v: 2, kids: [], at: "1970-01-01", evil: 1 }] })).toEqual({
      v: 1,
      kids: [{ v: 2, kids: [], at: new Date(0) }],
    });
    expect(faults(Tree, { v: 1, kids: [{ v: "2", kids: [] }] })).toEqual([
      ["body.kids.0.v", "type_error", "Expected integer"],
    ]);
    const Module = t.Module({ A: t.Object({ b: t.Optional(t.Ref("B")) }), B: t.Object({ a: t.Ref("A") }) });
    expect(read(Module.Import("A"), { b: { a: { b: { a: {}, x: 1 } } } })).toStrictEqual({
      b: { a: { b: { a: {} } } },
    });
  });

  test("nested too deeply is refused, and the process lives", () => {
    const List = t.Recursive((This) => t.Object({ next: t.Optional(This) }));
    let value: unknown = {};
    for (let depth = 0; depth < 1_000_000; depth++) value = { next: value };
    expect(faults(List, value)).toEqual([["body", "value_error", "Expected a value less deeply nested"]]);
  });

  test("that is wrong everywhere is answered with a hundred entries", () => {
    const result = read(
      t.Array(t.Integer()),
      Array.from({ length: 10_000 }, () => "x"),
    ) as Invalid;
    expect(result.entries).toHaveLength(MAX_ENTRIES);
    expect(result.entries.at(-1)?.loc).toEqual(["body", 99]);
  });

  test("with more faulty properties than a list holds is answered with a hundred entries", () => {
    const keys = Array.from({ length: 150 }, (_, index) => `k${index}`);
    const schema = t.Tuple(keys.map(() => t.Integer()));
    expect(faults(schema, keys)).toHaveLength(MAX_ENTRIES);
  });

  test("is matched the same every time by a pattern with the global flag", () => {
    const reader = new Validators().json(t.RegExp(/^a+$/g), "body");
    expect([reader.read("aa"), reader.read("aa"), reader.read("aa")]).toEqual(["aa", "aa", "aa"]);
  });

  test("keeps the keys of a record whatever characters they have", () => {
    expect(read(t.Record(t.String(), t.Object({})), { "a\nb": { evil: 1 }, "": {} })).toStrictEqual({
      "a\nb": {},
      "": {},
    });
  });

  test("of a union whose members share a constant is not told apart by it", () => {
    const schema = t.Union([
      t.Object({ v: t.Literal(1), a: t.Integer() }),
      t.Object({ v: t.Literal(1), b: t.Integer() }),
    ]);
    expect(read(schema, { v: 1, a: 2, c: 3 })).toStrictEqual({ v: 1, a: 2 });
    expect(read(schema, { v: 1, b: 2, c: 3 })).toStrictEqual({ v: 1, b: 2 });
  });

  test("never finds its own values in the entries", () => {
    const secret = "hunter2-hunter2";
    const schema = t.Object({
      a: t.Integer(),
      b: t.String({ maxLength: 3, pattern: "^x", format: "email" }),
      c: t.StringEnum(["x"]),
      d: t.Date(),
    });
    expect(JSON.stringify(read(schema, { a: secret, b: secret, c: secret, d: secret }))).not.toContain("hunter2");
  });
});

describe("entries", () => {
  const rows: readonly [name: string, schema: TSchema, value: unknown, type: string, msg: string][] = [
    ["null", t.Null(), 1, "type_error", "Expected null"],
    ["boolean", t.Boolean(), "true", "type_error", "Expected boolean"],
    ["integer", t.Integer(), 1.5, "type_error", "Expected integer"],
    ["number", t.Number(), "1", "type_error", "Expected number"],
    ["array", t.Array(t.Any()), {}, "type_error", "Expected array"],
    ["object", Address, [], "type_error", "Expected object"],
    ["object of null", Address, null, "type_error", "Expected object"],
    ["record", t.Record(t.String(), t.Integer()), "x", "type_error", "Expected object"],
    ["maximum", t.Integer({ maximum: 3 }), 4, "range", "Expected integer to be less or equal to 3"],
    ["exclusiveMaximum", t.Number({ exclusiveMaximum: 3 }), 3, "range", "Expected number to be less than 3"],
    ["exclusiveMinimum", t.Number({ exclusiveMinimum: 3 }), 3, "range", "Expected number to be greater than 3"],
    ["multipleOf", t.Integer({ multipleOf: 2 }), 3, "value_error", "Expected integer to be a multiple of 2"],
    ["maxLength", t.String({ maxLength: 1 }), "ab", "too_long", "Expected string length less or equal to 1"],
    ["pattern", t.RegExp(/^a+$/i), "b", "pattern", "Expected string to match '^a+$'"],
    ["template", t.TemplateLiteral("v${1|2}"), "v3", "pattern", "Expected string to match '^v(1|2)$'"],
    ["format", t.String({ format: "email" }), "x", "format", "Expected string to match 'email' format"],
    [
      "minItems",
      t.Array(t.Any(), { minItems: 1 }),
      [],
      "too_short",
      "Expected array length to be greater or equal to 1",
    ],
    [
      "maxItems",
      t.Array(t.Any(), { maxItems: 1 }),
      [1, 2],
      "too_long",
      "Expected array length to be less or equal to 1",
    ],
    [
      "uniqueItems",
      t.Array(t.Any(), { uniqueItems: true }),
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      "value_error",
      "Expected array elements to be unique",
    ],
    [
      "contains",
      t.Array(t.Any(), { contains: t.Literal(1) }),
      [2],
      "too_short",
      "Expected array to contain at least one matching value",
    ],
    ["tuple", t.Tuple([t.Integer(), t.Integer()]), [1], "too_short", "Expected tuple to have 2 elements"],
    ["literal", t.Literal("a"), "b", "enum", 'Expected "a"'],
    ["enum", t.StringEnum(["a", "b"]), "c", "enum", 'Expected one of "a", "b"'],
    ["nullable enum", t.Nullable(t.StringEnum(["a", "b"])), "c", "enum", 'Expected one of "a", "b"'],
    [
      "long enum",
      t.Union("abcdefghij".split("").map((letter) => t.Literal(letter))),
      "z",
      "enum",
      'Expected one of "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"',
    ],
    ["union", t.Union([t.String(), t.Integer()]), true, "type_error", "Expected union value"],
    [
      "minProperties",
      t.Object({}, { minProperties: 1 }),
      {},
      "too_short",
      "Expected object to have at least 1 properties",
    ],
    ["not", t.Not(t.String()), "x", "value_error", "Expected the value not to match"],
    ["never", t.Never(), 1, "value_error", "Expected no value"],
  ];
  test.each(rows)("%s", (_, schema, value, type, msg) => {
    expect(faults(schema, value)).toEqual([["body", type as "enum", msg]]);
  });
});

describe("keys that lead to prototypes", () => {
  const hostile: unknown = JSON.parse(
    '{"a":1,"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"prototype":1}',
  );

  test("are dropped where they are not declared", () => {
    const result = read(t.Object({ a: t.Integer() }), hostile) as Record<string, unknown>;
    expect(Object.getOwnPropertyNames(result)).toEqual(["a"]);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(result["admin"]).toBeUndefined();
  });

  test("are own data of a record, and of an object that keeps what it does not know", () => {
    for (const schema of [t.Record(t.String(), t.Any()), t.Object({ a: t.Date() }, { additionalProperties: true })]) {
      const result = read(
        schema,
        schema["type"] === "object" && "properties" in schema ? { ...(hostile as object), a: "1970-01-01" } : hostile,
      ) as object;
      expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
      expect("admin" in result).toBe(false);
    }
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  test("may be declared, and are then looked for on the object alone", () => {
    const schema = t.Object({ constructor: t.String(), toString: t.Optional(t.String()) });
    expect(read(schema, { constructor: "x" })).toEqual({ constructor: "x" });
    expect(faults(schema, {})).toEqual([["body.constructor", "missing", "Expected required property"]]);
  });
});
