import { describe, expect, test } from "bun:test";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { Value } from "@sinclair/typebox/value";
import * as fc from "fast-check";
import { Invalid, t, type TSchema, Validators } from "../../src/schema/index.ts";

/** Names that collide with each other across siblings, and with `Object.prototype`. */
const key = fc.constantFrom("a", "b", "c-d", "e'f", 'g"h', "i\\j", "k\u2028");

const { schema } = fc.letrec<{ schema: TSchema; leaf: TSchema; object: TSchema }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<TSchema>(t.Null(), t.Boolean(), t.Any(), t.Never(), t.Literal("x"), t.Literal(1), t.Literal(true)),
    fc.constantFrom<TSchema>(t.RegExp(/^[a-z]$/i), t.Enum({ A: "x", B: "y" }), t.TemplateLiteral("k${0|1}")),
    fc
      .record({ minimum: fc.integer({ min: -5, max: 5 }), multipleOf: fc.constantFrom(1, 2) })
      .map((options) => t.Integer(options)),
    fc.record({ exclusiveMaximum: fc.integer({ min: -5, max: 5 }) }).map((options) => t.Number(options)),
    fc.record({ minLength: fc.nat(3), maxLength: fc.nat(5) }).map((options) => t.String(options)),
    fc.constantFrom("^x", "[0-9]$", "'").map((pattern) => t.String({ pattern })),
  ),
  object: fc
    .record({
      properties: fc.dictionary(key, fc.tuple(tie("schema"), fc.boolean()), { maxKeys: 4, noNullPrototype: true }),
      additionalProperties: fc.constantFrom(undefined, false, true),
    })
    .map(({ properties, additionalProperties }) => {
      const declared = Object.entries(properties).map(([name, [type, optional]]) => [
        name,
        optional ? t.Optional(type) : type,
      ]);
      return t.Object(Object.fromEntries(declared), additionalProperties === undefined ? {} : { additionalProperties });
    }),
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie("leaf"),
    tie("object"),
    fc.record({ items: tie("schema"), minItems: fc.nat(2) }).map(({ items, minItems }) => t.Array(items, { minItems })),
    tie("schema").map((items) => t.Array(items, { uniqueItems: true })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((items) => t.Tuple(items)),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((members) => t.Union(members)),
    fc.array(tie("object"), { minLength: 2, maxLength: 2 }).map((members) => t.Intersect(members)),
    tie("schema").map((value) => t.Record(t.String(), value)),
    tie("leaf").map((inner) => t.Not(inner)),
    tie("schema").map((item) => t.Recursive((This) => t.Object({ item, rest: t.Optional(t.Array(This)) }))),
  ),
}));

const noise = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>("x", 1, true, null, {}, [], { a: 1 }, { item: 1 }),
);

/** Values near the schema: one that TypeBox makes for it, with some places spoiled. */
const subject = fc
  .tuple(schema, noise, fc.array(fc.tuple(fc.nat(9), noise), { maxLength: 2 }))
  .map(([type, value, spoils]) => {
    let near: unknown = value;
    try {
      near = Value.Create(type);
    } catch {
      // A type without values, or with a pattern: the noise stands.
    }
    return { type, value: spoils.reduce<unknown>((present, [place, spoil]) => spoilt(present, place, spoil), near) };
  });

function spoilt(value: unknown, place: number, spoil: unknown): unknown {
  if (Array.isArray(value))
    return place % 3 === 0 ? [...value, spoil] : value.map((item) => spoilt(item, place - 1, spoil));
  if (typeof value !== "object" || value === null || place === 0) return place % 2 === 0 ? spoil : value;
  const entries = Object.entries(value);
  if (place % 4 === 3) return Object.fromEntries([...entries, ["zz", spoil]]);
  return Object.fromEntries(
    entries.map(([name, inner], index) => [
      name,
      index === place % entries.length ? spoilt(inner, place - 1, spoil) : inner,
    ]),
  );
}

const pathOf = (path: string) =>
  path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join("\n");
const runs = { numRuns: 1000 };

describe("against TypeBox", () => {
  test("a value is refused exactly where TypeBox's check fails", () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(subject, ({ type, value }) => {
        const result = new Validators().json(type, "body").read(value);
        const matches = TypeCompiler.Compile(type).Check(value);
        if (matches) accepted++;
        else refused++;
        expect(result instanceof Invalid).toBe(!matches);
      }),
      runs,
    );
    // Neither verdict may be a rarity, or the property says little.
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  test("the entries are where TypeBox finds errors, or inside the one member of a union that the value can mean", () => {
    fc.assert(
      fc.property(subject, ({ type, value }) => {
        const result = new Validators().json(type, "body").read(value);
        if (!(result instanceof Invalid)) return;
        const ours = result.entries.map((entry) => entry.loc.slice(1).join("\n"));
        const theirs = new Set(Array.from(TypeCompiler.Compile(type).Errors(value), (error) => pathOf(error.path)));
        for (const path of theirs) expect(ours.some((own) => own === path || own.startsWith(path))).toBe(true);
        for (const own of ours) {
          expect(
            Array.from(theirs).some((path) => own === path || own.startsWith(path === "" ? "" : `${path}\n`)),
          ).toBe(true);
        }
      }),
      runs,
    );
  });

  test("what is handed on matches again, and handing it on again changes nothing", () => {
    fc.assert(
      fc.property(subject, ({ type, value }) => {
        const reader = new Validators().json(type, "body");
        const once = reader.read(value);
        if (once instanceof Invalid) return;
        // What differs as it was sent may be the same once undeclared properties are gone.
        fc.pre(!JSON.stringify(type).includes('"uniqueItems":true'));
        expect(reader.read(once)).toEqual(once);
      }),
      runs,
    );
  });

  test("an answer is accepted like a body, where nothing is refused for being extra", () => {
    fc.assert(
      fc.property(subject, ({ type, value }) => {
        fc.pre(
          !JSON.stringify(type).includes('"additionalProperties":false') && !JSON.stringify(type).includes('"not"'),
        );
        const validators = new Validators();
        expect(validators.answer(type, "strict").write(value) instanceof Invalid).toBe(
          validators.json(type, "body").read(value) instanceof Invalid,
        );
      }),
      runs,
    );
  });
});
