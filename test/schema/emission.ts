import { Kind } from "@sinclair/typebox";
import { type PrebuiltChecks, t, type TSchema, Validators } from "../../src/schema/index.ts";

/** Schemas that use every name the generated code may call, and values on both sides of each. */
function cases(): readonly (readonly [TSchema, readonly unknown[]])[] {
  const Tree = t.Recursive((This) => t.Object({ v: t.Integer(), kids: t.Array(This) }));
  const Module = t.Module({ A: t.Object({ b: t.Optional(t.Ref("B")) }), B: t.Object({ a: t.Ref("A") }) });
  return [
    [t.Integer(), [1, 1.5, "1"]],
    [t.Number(), [1, 1.5, "1"]],
    [
      t.Object({ a: t.String({ format: "email" }), b: t.RegExp(/^x$/i) }),
      [
        { a: "a@b.co", b: "X" },
        { a: "a", b: "X" },
        { a: "a@b.co", b: "y" },
      ],
    ],
    [
      t.Object({ at: t.Date(), n: t.BigInt({ minimum: 0n }) }),
      [
        { at: "2026-01-01", n: "5" },
        { at: "x", n: "5" },
        { at: "2026-01-01", n: "-5" },
      ],
    ],
    [t.Object({ a: t.Integer({ default: 1 }) }, { additionalProperties: false }), [{}, { a: 2 }, { b: 1 }]],
    [
      t.Array(t.Integer(), { uniqueItems: true }),
      [
        [1, 2],
        [1, 1],
      ],
    ],
    [
      t.Union([t.Object({ k: t.Literal("a") }), t.Object({ k: t.Literal("b"), n: t.Integer() })]),
      [{ k: "a", x: 1 }, { k: "b" }, { k: "c" }],
    ],
    [t.Record(t.String(), t.Boolean()), [{ a: true }, { a: 1 }]],
    [
      t.Refine(
        t.Object({ a: t.Refine(t.Integer(), (a) => (a > 0 ? undefined : "low")), b: t.Optional(t.Date()) }),
        (value) => (value.b === undefined ? undefined : "b"),
      ),
      [{ a: 1 }, { a: 0 }, { a: "x" }, { a: 1, b: "2026-01-01" }],
    ],
    [
      Tree,
      [
        { v: 1, kids: [{ v: 2, kids: [] }] },
        { v: 1, kids: [{ v: "2", kids: [] }] },
      ],
    ],
    [Module.Import("A"), [{ b: { a: {} } }, { b: { a: 1 } }]],
    [t.Object({ constructor: t.Integer() }), [{ constructor: 1 }, {}]],
    [
      t.Object({ ["line\nbreak"]: t.Integer(), "quo'te": t.Integer() }),
      [{ "line\nbreak": 1, "quo'te": 1 }, { "line\nbreak": 1 }],
    ],
    [{ ...t.Integer(), [Kind]: "Number" }, [1.5, "x"]],
  ];
}

/** What the given validators make of every value, as a body and as an answer. */
export function outcomes(validators: Validators): unknown[] {
  return cases().flatMap(([schema, values]) => {
    const reader = validators.json(schema, "body");
    const writer = validators.answer(schema, "strict");
    return values.flatMap((value) => [Bun.inspect(reader.read(value)), writer.write(value)]);
  });
}

/** `bun emission.ts checks.mjs` prints the outcomes under the checks of that module. */
if (import.meta.main) {
  const { default: checks } = (await import(process.argv[2] as string)) as { default: PrebuiltChecks };
  let generation = "allowed";
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    Function("");
  } catch (error) {
    generation = (error as Error).name;
  }
  console.log(JSON.stringify({ generation, outcomes: outcomes(new Validators(checks)) }));
}
