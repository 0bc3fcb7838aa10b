import { expect, test } from "bun:test";
import { t } from "bolide";
import { database, model, mysql, postgres, prepared, sqlite } from "../../../src/data/index.ts";

const Thing = model("things", { id: t.PrimaryKey() });
const things = { things: Thing };

const LIMITS = [
  [sqlite(":memory:"), 'select "id" from "things" limit 10 offset 5', 'select "id" from "things" limit +? offset ?'],
  [
    postgres("postgres://127.0.0.1:1/none"),
    'select "id" from "things" limit 10 offset 5',
    'select "id" from "things" limit $1 offset $2',
  ],
  [
    mysql("mysql://127.0.0.1:1/none"),
    "select `id` from `things` limit 10 offset 5",
    "select `id` from `things` limit ? offset ?",
  ],
] as const;

test.each(LIMITS)(
  "%# a number of rows is part of the SQL; one that is a parameter stays one",
  (source, fixed, bound) => {
    const db = database(source, things);
    expect(prepared(db, (q) => q.selectFrom("things").select("id").limit(10).offset(5)).sql).toBe(fixed);
    expect(
      prepared(db, { most: t.Integer(), from: t.Integer() }, (q, p) =>
        q.selectFrom("things").select("id").limit(p.most).offset(p.from),
      ).sql,
    ).toBe(bound);
    expect(db.selectFrom("things").select("id").limit(10).offset(5).compile()).toMatchObject({
      sql: bound,
      parameters: [10, 5],
    });
  },
);

test("the number of rows of a query inside another is part of the SQL too", () => {
  const db = database(sqlite(":memory:"), things);
  const query = prepared(db, (q) =>
    q.selectFrom((e) => e.selectFrom("things").select("id").limit(3).as("few")).select("id"),
  );
  expect(query.sql).toBe('select "id" from (select "id" from "things" limit 3) as "few"');
});
