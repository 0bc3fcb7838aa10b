import { describe, expect, test } from "bun:test";
import { Kind, TypeRegistry } from "@sinclair/typebox";
import { asObject, Invalid, SchemaError, t, type TSchema, Validators } from "../../src/schema/index.ts";

const kind = (name: string, rest: object = {}) => ({ [Kind]: name, ...rest }) as unknown as TSchema;

const unusable: readonly [name: string, schema: TSchema, message: string][] = [
  [
    "an unknown kind",
    t.Object({ a: t.Array(kind("Money")) }),
    "Unknown kind Money; register it in TypeBox's TypeRegistry (at a.[])",
  ],
  ["a function", t.Function([], t.Null()), "Unknown kind Function; register it in TypeBox's TypeRegistry"],
  [
    "a schema without a kind",
    JSON.parse(JSON.stringify(t.String())),
    "Expected a TypeBox schema (a JSON round trip loses its kind)",
  ],
  ["an unknown format", t.Object({ a: t.String({ format: "emial" }) }), "Unknown format emial (at a)"],
  ["an invalid pattern", t.Object({ a: t.Optional(t.String({ pattern: "(" })) }), "Invalid pattern ( (at a)"],
  ["an invalid record key", t.Record(t.String({ pattern: "[" }), t.Any()), "Invalid pattern ["],
  [
    "a transform",
    t.Transform(t.String()).Decode(Number).Encode(String),
    "Transform types are not supported; use t.Date, t.BigInt or t.Bytes",
  ],
  ["a reference to nowhere", t.Object({ a: t.Ref("User") }), "Unresolvable reference User (at a)"],
  ["a bound of the wrong type", t.Integer({ minimum: "1" as unknown as number }), "minimum must be a number"],
  ["a bound that is no number", t.String({ maxLength: Number.NaN }), "maxLength must be a number"],
  [
    "a default that does not match",
    t.Object({ a: t.Integer({ default: "1", minimum: 0 }) }),
    "The default does not match its own schema (at a)",
  ],
  ["a property named __proto__", t.Object({ ["__proto__"]: t.String() }), "A property cannot be named __proto__"],
  ["an empty enum", t.StringEnum([]), "A string enum needs at least one string"],
];

describe("is refused before any request:", () => {
  test.each(unusable)("%s", (_, schema, message) => {
    expect(() => new Validators().json(schema, "body")).toThrow(new SchemaError(message, []));
    expect(() => new Validators().answer(schema, "off")).toThrow(message);
  });

  test.each([
    ["an object", t.Object({ a: t.Object({}) }), "An object cannot be read from text (at a)"],
    [
      "an array of arrays",
      t.Object({ a: t.Array(t.Array(t.String())) }),
      "An array inside an array cannot be read from text (at a.[])",
    ],
    ["a record", t.Object({ a: t.Record(t.String(), t.String()) }), "A record cannot be read from text (at a)"],
    [
      "open additionalProperties",
      t.Object({}, { additionalProperties: true }),
      "query: only declared keys are read, so additionalProperties is false or absent",
    ],
  ])("from text %s", (_, schema, message) => {
    expect(() => new Validators().text(schema, "query")).toThrow(message);
  });

  test("the path of the fault is told apart from the message", () => {
    const schema = t.Object({ list: t.Array(t.Object({ a: t.String({ format: "emial" }) })) });
    expect(() => new Validators().json(schema, "body")).toThrow(expect.objectContaining({ path: ["list", "[]", "a"] }));
  });
});

test("a kind in TypeBox's registry is asked", () => {
  TypeRegistry.Set<TSchema>(
    "Even",
    (schema, value) => typeof value === "number" && value % (schema["by"] as number) === 0,
  );
  try {
    const reader = new Validators().json(t.Object({ n: kind("Even", { by: 2 }), m: kind("Even", { by: 3 }) }), "body");
    expect(reader.read({ n: 4, m: 9 })).toEqual({ n: 4, m: 9 });
    expect(reader.read({ n: 9, m: 4 })).toEqual(
      new Invalid([
        { loc: ["body", "n"], msg: "Expected kind 'Even'", type: "value_error" },
        { loc: ["body", "m"], msg: "Expected kind 'Even'", type: "value_error" },
      ]),
    );
  } finally {
    TypeRegistry.Delete("Even");
  }
});

test("TypeBox's registry of kinds is as it was after a check is compiled", () => {
  const before = TypeRegistry.Entries();
  new Validators().json(t.Object({ at: t.Date(), big: t.BigInt({ minimum: 0n }) }), "body").read({});
  expect(TypeRegistry.Entries()).toEqual(before);
});

test("a shape is a record of schemas or an object schema, nothing else", () => {
  expect(asObject({ id: t.Integer() }).required).toEqual(["id"]);
  const object = t.Object({});
  expect(asObject(object)).toBe(object);
  expect(() => asObject(t.String())).toThrow(
    new TypeError("Expected an object schema or a record of schemas, not String"),
  );
  expect(() => asObject(t.Intersect([object, object]))).toThrow("not Intersect; t.Composite joins objects into one");
});
