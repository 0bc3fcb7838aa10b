import { describe, expect, test } from "bun:test";
import { t } from "bolide";
import { type Builders, database, mysql, prepared, sqlite } from "../../../src/data/index.ts";

const db = database<{ things: { id: number; value: any } }>(sqlite(":memory:"));

/** The kinds, what they take, and values that they refuse, as the error shows them. */
const KINDS: readonly (readonly [
  kind: keyof Builders,
  told: string,
  refused: readonly (readonly [unknown, string])[],
])[] = [
  [
    "integer",
    "an integer",
    [
      ["1", '"1"'],
      [1.5, "1.5"],
      [2 ** 53, "9007199254740992"],
      [Number.NaN, "null"],
      [1n, "1n"],
    ],
  ],
  [
    "number",
    "a number",
    [
      ["1", '"1"'],
      [Number.NaN, "null"],
      [true, "true"],
    ],
  ],
  [
    "bigint",
    "a bigint",
    [
      [1, "1"],
      ["1", '"1"'],
    ],
  ],
  [
    "decimal",
    "a string of digits",
    [
      [1, "1"],
      [1n, "1n"],
    ],
  ],
  [
    "text",
    "a string",
    [
      [1, "1"],
      [{}, "{}"],
    ],
  ],
  [
    "boolean",
    "a boolean",
    [
      [1, "1"],
      ["true", '"true"'],
    ],
  ],
  [
    "timestamp",
    "a Date",
    [
      ["2026-01-01", '"2026-01-01"'],
      [new Date(Number.NaN), "null"],
      [0, "0"],
    ],
  ],
  ["date", "a string YYYY-MM-DD", [[new Date(0), '"1970-01-01T00:00:00.000Z"']]],
  [
    "bytes",
    "a Uint8Array",
    [
      ["00", '"00"'],
      [[0], "[0]"],
    ],
  ],
  ["uuid", "a string", [[1, "1"]]],
  ["json", "a value", []],
  [
    "integers",
    "an array, each item an integer",
    [
      [1, "1"],
      [[1, "2"], '"2"'],
      [[null], "null"],
    ],
  ],
  ["numbers", "an array, each item a number", [[[Number.NaN], "null"]]],
  ["bigints", "an array, each item a bigint", [[[1], "1"]]],
  [
    "texts",
    "an array, each item a string",
    [
      ["a", '"a"'],
      [["a", null], "null"],
    ],
  ],
  ["uuids", "an array, each item a string", [[[1], "1"]]],
];

describe("a value that is not of its parameter's kind", () => {
  const cases = KINDS.flatMap(([kind, told, refused]) =>
    [...refused, [undefined, "undefined"] as const].map(([value, shown]) => [kind, shown, told, value] as const),
  );
  test.each(cases)("%s refuses %s", (kind, shown, told, value) => {
    const query = prepared(db, (q, p) =>
      q
        .selectFrom("things")
        .selectAll()
        .where("value", "in", p[kind]("it") as never),
    );
    expect(() => query.all({ it: value })).toThrow(new TypeError(`The parameter "it" takes ${told}, not ${shown}`));
    expect(() => query.first({ it: value })).toThrow(TypeError);
    expect(() => query.one({ it: value })).toThrow(TypeError);
    expect(() => query.run({ it: value })).toThrow(TypeError);
    expect(() => query.iterate({ it: value })).toThrow(TypeError);
  });
});

describe("a prepared query refuses", () => {
  const byId = prepared(db, { id: t.Integer() }, (q, p) => q.selectFrom("things").selectAll().where("id", "=", p.id));

  test("a parameter that it has not", () => {
    // @ts-expect-error there is no such parameter
    expect(() => byId.all({ id: 1, name: "a" })).toThrow(new TypeError('prepared: there is no parameter "name"'));
  });

  test("a parameter that is missing", () => {
    // @ts-expect-error the parameter is missing
    expect(() => byId.all({})).toThrow(new TypeError('The parameter "id" takes an integer, not undefined'));
    // @ts-expect-error the parameters are missing
    expect(() => byId.all()).toThrow(TypeError);
  });

  test("a name that stands for two kinds", () => {
    const twice = () =>
      prepared(db, (q, p) =>
        q.selectFrom("things").selectAll().where("id", "=", p.integer("a")).where("value", "=", p.text("a")),
      );
    expect(twice).toThrow(new TypeError('prepared: the parameter "a" is both integer and text'));
    const list = () =>
      prepared(db, (q, p) =>
        q.selectFrom("things").selectAll().where("id", "=", p.integer("a")).where("id", "in", p.integers("a")),
      );
    expect(list).toThrow(new TypeError('prepared: the parameter "a" is both integer and a list of integer'));
  });

  test("a schema that no parameter has", () => {
    expect(() => prepared(db, { a: t.Null() }, (q) => q.selectFrom("things").selectAll())).toThrow(
      new TypeError('prepared: no parameter holds a Null, as "a" is declared'),
    );
  });

  test("to be built of nothing", () => {
    // @ts-expect-error there is no query
    expect(() => prepared(db, { a: t.Integer() })).toThrow(
      new TypeError("prepared: a function that builds the query comes last"),
    );
  });

  test("a database of another dialect", () => {
    const other = database<{ things: { id: number } }>(mysql("mysql://127.0.0.1:1/none"));
    expect(() => byId.with(other)).toThrow(
      new TypeError("prepared: the query was made for sqlite, and this database is mysql"),
    );
  });
});
