import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { t } from "bolide";
import { type Database, database, model, mysql, postgres, sqlite, type TablesOf } from "../../../src/data/index.ts";

const Thing = model("things", {
  id: t.PrimaryKey(),
  json: t.Json(t.Unknown()),
  maybe: t.Nullable(t.Json(t.Unknown())),
  uuid: t.Nullable(t.Uuid()),
  size: t.Integer({ default: 3 }),
  state: t.StringEnum(["a", "b"], { default: "b" }),
  tags: t.Json(t.Array(t.String(), { default: ["x"] })),
  at: t.Timestamp({ default: "now" }),
});
type Things = Database<TablesOf<{ things: typeof Thing }>>;
const lite: Things = database(sqlite(":memory:"), { things: Thing });
const pg: Things = database(postgres("postgres://127.0.0.1:1/none"), { things: Thing });
const my: Things = database(mysql("mysql://127.0.0.1:1/none"), { things: Thing });

const compiled = (db: Things, values: object) => db.updateTable("things").set(values).compile();

/** JSON of every kind. */
const JSONS: readonly unknown[] = [null, "", "text", '"text"', 0, 1.5, true, false, [], {}, { a: [null, "b"] }];

describe("a value for a JSON column", () => {
  test.each(JSONS.map((value) => [value]))(
    "%j is JSON's text for SQLite and MySQL, and marked as JSON for PostgreSQL",
    (value) => {
      expect([compiled(lite, { json: value }).parameters, compiled(my, { json: value }).parameters]).toEqual([
        [JSON.stringify(value)],
        [JSON.stringify(value)],
      ]);
      const [marked] = compiled(pg, { json: value }).parameters;
      expect([typeof marked, Object.getPrototypeOf(marked)?.constructor.name]).toEqual(["object", "SQLJSONParameter"]);
    },
  );

  test("of a column that may be null is SQL's null, where it is null", () => {
    for (const db of [lite, pg, my]) expect(compiled(db, { maybe: null }).parameters).toEqual([null]);
    expect(compiled(lite, { maybe: "null" }).parameters).toEqual(['"null"']);
  });

  test("is JSON wherever it is written", () => {
    const insert = lite
      .insertInto("things")
      .values({ json: "a", tags: [] })
      .onConflict((on) => on.column("id").doUpdateSet({ json: "b", maybe: ["c"] }));
    expect(insert.compile().parameters).toEqual(['"a"', "[]", '"b"', '["c"]']);
    const duplicate = my.insertInto("things").values({ json: "a", tags: [] }).onDuplicateKeyUpdate({ json: "b" });
    expect(duplicate.compile().parameters).toEqual(['"a"', "[]", '"b"']);
    expect(lite.updateTable("things as t").set({ json: 1 }).compile().parameters).toEqual(["1"]);
  });

  test("that is an expression stays one", () => {
    const { sql: text, parameters } = compiled(lite, { json: sql`json(${"[1]"})` });
    expect([text, parameters]).toEqual(['update "things" set "json" = json(?)', ["[1]"]]);
  });
});

test("a UUID is written in lower case where the database would not do it, and no other text is", () => {
  const upper = "0191D2C5-7E3A-7C1E-9D2B-FFFFFFFFFFFF";
  for (const db of [lite, my])
    expect(compiled(db, { uuid: upper, state: "a" }).parameters).toEqual([upper.toLowerCase(), "a"]);
});

describe("rows of one insert that differ in their columns", () => {
  const rows = [
    { json: 1, tags: ["y"], size: 5, id: 7 },
    { json: 2, state: "a" as const, at: new Date(0) },
  ] as never;

  test("have in SQLite the defaults of the model, since it has no word for the database's own", () => {
    const { sql: text, parameters } = lite.insertInto("things").values(rows).compile();
    expect(text).toBe(
      'insert into "things" ("json", "tags", "size", "id", "state", "at") values (?, ?, ?, ?, ?, ?), (?, ?, ?, null, ?, ?)',
    );
    expect(parameters).toEqual(["1", '["y"]', 5, 7, "b", expect.any(Date), "2", '["x"]', 3, "a", new Date(0)]);
  });

  test("have the database's own elsewhere", () => {
    expect(pg.insertInto("things").values(rows).compile().sql).toBe(
      'insert into "things" ("json", "tags", "size", "id", "state", "at") values ($1, $2, $3, $4, default, default), ($5, default, default, default, $6, $7)',
    );
    expect(my.insertInto("things").values(rows).compile().sql).toBe(
      "insert into `things` (`json`, `tags`, `size`, `id`, `state`, `at`) values (?, ?, ?, ?, default, default), (?, default, default, default, ?, ?)",
    );
  });
});

test("a table without a model is written as it is given", () => {
  const plain = database<{ other: { json: unknown } }>(sqlite(":memory:"));
  expect(
    plain
      .updateTable("other")
      .set({ json: [1] })
      .compile().parameters,
  ).toEqual([[1]]);
});
