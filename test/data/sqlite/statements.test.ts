import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { prepared } from "../../../src/data/index.ts";
import { notes, texts, write } from "./files.ts";

describe("statements are kept", () => {
  test("beyond 500 of them the oldest make room, and work when they are used again", async () => {
    await using db = await notes();
    await write(db, "a");
    const first = prepared(db, (q) => q.selectFrom("notes").selectAll());
    expect(first.all()).toHaveLength(1);
    for (let index = 0; index < 1200; index++) {
      const { rows } = await sql<{ n: number }>`select ${sql.raw(String(index))} as n`.execute(db);
      expect(rows).toEqual([{ n: index }]);
      if (index % 400 === 0) expect(first.all()).toHaveLength(1);
    }
    expect(first.all()).toEqual([{ id: 1, text: "a" }]);
    expect(await texts(db)).toEqual(["a"]);
  });

  test("and follow the schema as it changes", async () => {
    await using db = await notes();
    await write(db, "a");
    const all = prepared(db, (q) => q.selectFrom("notes").selectAll());
    const rows = () => db.selectFrom("notes").selectAll().execute();
    expect([all.all(), await rows()]).toEqual([[{ id: 1, text: "a" }], [{ id: 1, text: "a" }]]);
    await sql`alter table notes add column stars integer default 5`.execute(db);
    const added = [{ id: 1, text: "a", stars: 5 }] as never;
    expect([all.all(), await rows()]).toEqual([added, added]);
    await sql`alter table notes drop column text`.execute(db);
    const dropped = [{ id: 1, stars: 5 }] as never;
    expect([all.all(), await rows()]).toEqual([dropped, dropped]);
    await sql`drop table notes`.execute(db);
    expect(() => all.all()).toThrow("no such table: notes");
    await sql`create table notes (id integer primary key, text text)`.execute(db);
    expect(all.all()).toEqual([]);
  });
});

/** Raw SQL, the rows that it returns and how many it changed. */
const RAW: readonly (readonly [text: string, rows: readonly unknown[], affected: bigint | undefined])[] = [
  ["insert into notes (text) values ('b'), ('c')", [], 2n],
  ["update notes set text = 'x'", [], 3n],
  ["delete from notes where id > 9", [], 0n],
  ["delete from notes where id = 1 returning id", [{ id: 1 }], 1n],
  ["select text from notes order by id", [{ text: "x" }, { text: "x" }], undefined],
  ["with n as (select 1 as one) select one from n", [{ one: 1 }], undefined],
  [
    "with n as (select 'y' as y) update notes set text = (select y from n) where id = 2 returning text",
    [{ text: "y" }],
    1n,
  ],
  ["values (1)", [{ column1: 1 }], undefined],
  ["pragma user_version = 4", [], 0n],
  ["pragma user_version", [{ user_version: 4 }], undefined],
  ["create table other (id integer)", [], 0n],
  ["  -- a comment\nselect 1 as one; -- and another\n", [{ one: 1 }], undefined],
];

describe("raw SQL", () => {
  test("tells its rows and what it changed", async () => {
    await using db = await notes();
    await write(db, "a");
    for (const [text, rows, affected] of RAW) {
      const result = await sql.raw(text).execute(db);
      expect([text, result.rows, result.numAffectedRows]).toEqual([text, [...rows], affected]);
    }
  });

  test("of several statements is refused: SQLite would run the first and forget the others", async () => {
    await using db = await notes();
    expect(sql`insert into notes (text) values ('a'); delete from notes`.execute(db)).rejects.toThrow(
      "SQLite runs one statement at a time, and this text has more: insert into notes (text) values ('a'); delete from notes",
    );
    expect(await texts(db)).toEqual([]);
  });

  test("with a place for a parameter and none given is refused", async () => {
    await using db = await notes();
    await write(db, "a");
    const one = sql.raw("select text from notes where id = ?");
    const given = sql`select text from notes where id = ${1}`;
    expect((await given.execute(db)).rows).toEqual([{ text: "a" }]);
    expect(one.execute(db)).rejects.toThrow("No parameters were given for select text from notes where id = ?");
  });

  test("does not change how a query of the same text is read", async () => {
    await using db = await notes();
    await write(db, "a");
    const query = db.selectFrom("notes").select("text");
    expect((await sql.raw(query.compile().sql).execute(db)).rows).toEqual([{ text: "a" }]);
    expect(await query.execute()).toEqual([{ text: "a" }]);
  });

  test("cannot begin a transaction that would take in what others write", async () => {
    await using db = await notes();
    expect(sql`begin`.execute(db)).rejects.toThrow("use transaction(db, …)");
    expect(db.connection().execute((own) => sql`begin immediate`.execute(own))).rejects.toThrow(
      "use transaction(db, …)",
    );
    await write(db, "a");
    await using other = await notes(":memory:");
    expect(sql`savepoint a`.execute(other)).rejects.toThrow("use transaction(db, …)");
  });
});

describe("what a write tells", () => {
  test("is how many rows it changed and the last key that was counted up, and no key of an earlier one", async () => {
    await using db = await notes();
    const insert = () => db.insertInto("notes").values([{ text: "a" }, { text: "b" }]);
    expect(await insert().executeTakeFirst()).toMatchObject({ insertId: 2n, numInsertedOrUpdatedRows: 2n });
    const nothing = await insert()
      .values({ id: 1, text: "c" })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst();
    expect(nothing).toMatchObject({ insertId: undefined, numInsertedOrUpdatedRows: 0n });
    expect(await db.updateTable("notes").set({ text: "d" }).executeTakeFirst()).toMatchObject({ numUpdatedRows: 2n });
    expect(await db.deleteFrom("notes").executeTakeFirst()).toMatchObject({ numDeletedRows: 2n });
  });

  test("of what it returns is the rows, once", async () => {
    await using db = await notes();
    const rows = await db
      .insertInto("notes")
      .values([{ text: "a" }, { text: "b" }])
      .returningAll()
      .execute();
    expect(rows).toEqual([
      { id: 1, text: "a" },
      { id: 2, text: "b" },
    ]);
    expect(await texts(db)).toEqual(["a", "b"]);
  });
});
