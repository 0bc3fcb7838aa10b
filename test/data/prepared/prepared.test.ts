import { Database as BunDatabase } from "bun:sqlite";
import { describe, expect, expectTypeOf, test } from "bun:test";
import { CamelCasePlugin, Kysely, NoResultError, SqliteDialect } from "kysely";
import { t } from "bolide";
import type { Eventual } from "../../../src/data/engine/index.ts";
import { database, postgres, prepared, sqlite, transaction } from "../../../src/data/index.ts";
import { Note, notes, texts, write } from "../sqlite/files.ts";
import { onEveryDatabase, type Things } from "../values/databases.ts";

onEveryDatabase((db) => {
  const things = async (...texts: readonly string[]): Promise<void> => {
    await db().deleteFrom("holders").execute();
    await db().deleteFrom("things").execute();
    if (texts.length > 0)
      await db()
        .insertInto("things")
        .values(texts.map((text, index) => ({ text, integer: index })))
        .execute();
  };
  const byText = (on: Things) =>
    prepared(on, { text: t.String() }, (q, p) =>
      q.selectFrom("things").select(["text", "integer"]).where("text", "=", p.text),
    );

  test("first, one, all and iterate read rows, run writes them", async () => {
    await things("a", "b", "b");
    const query = byText(db());
    const b = { text: "b", integer: 1 };
    expect(await query.first({ text: "b" })).toEqual(b);
    expect(await query.first({ text: "z" })).toBeUndefined();
    expect(await query.one({ text: "b" })).toEqual(b);
    expect(await query.all({ text: "b" })).toEqual([b, { ...b, integer: 2 }]);
    expect(await query.all({ text: "z" })).toEqual([]);
    const seen: unknown[] = [];
    for await (const { integer } of query.iterate({ text: "b" })) seen.push(integer);
    expect(seen).toEqual([1, 2]);
    const change = prepared(db(), { to: t.String(), from: t.String() }, (q, p) =>
      q.updateTable("things").set({ text: p.to }).where("text", "=", p.from),
    );
    expect(await change.run({ to: "c", from: "b" })).toMatchObject({ affected: 2 });
    expect(await change.run({ to: "c", from: "b" })).toMatchObject({ affected: 0 });
  });

  test("one is an error of Kysely's where there is no row", async () => {
    await things();
    const query = byText(db());
    const error = await Promise.try(() => query.one({ text: "z" })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoResultError);
  });

  test("in a transaction of either kind it sees what that has written", async () => {
    await things("a");
    const query = byText(db());
    const change = prepared(db(), (q, p) => q.updateTable("things").set({ text: p.text("to") }));
    for (const run of [
      (act: (trx: any) => Promise<unknown>) => transaction(db(), act),
      (act: (trx: any) => Promise<unknown>) => db().transaction().execute(act),
    ]) {
      const undone = new Error("undone");
      const attempt = run(async (trx) => {
        await change.with(trx).run({ to: "b" });
        expect(await query.with(trx).first({ text: "b" })).toEqual({ text: "b", integer: 0 });
        const seen: unknown[] = [];
        for await (const row of query.with(trx).iterate({ text: "b" })) seen.push(row);
        expect(seen).toHaveLength(1);
        throw undone;
      });
      expect(await attempt.catch((error: unknown) => error)).toBe(undone);
      expect(await query.first({ text: "b" })).toBeUndefined();
    }
  });

  test("and may be made in one", async () => {
    await things("a");
    const found = await db()
      .transaction()
      .execute(async (trx) => {
        const change = prepared(trx, (q, p) =>
          q.updateTable("things").set({ json: p.json("to"), timestamp: p.timestamp("at") }),
        );
        await change.run({ to: "text", at: new Date(0) });
        return prepared(trx, (q) => q.selectFrom("things").select(["json", "timestamp"])).first();
      });
    expect(found).toEqual({ json: "text", timestamp: new Date(0) });
  });

  describe("a list", () => {
    const LISTS = {
      integer: ["integers", [7, 8], 9],
      bigint: ["bigints", [2n ** 53n + 1n, -5n], 2n ** 53n],
      number: ["numbers", [1.5, 2.5], 3],
      text: ["texts", ["a", 'it\'s "b"', "é😀"], "c"],
      uuid: ["uuids", ["0191d2c5-7e3a-7c1e-9d2b-ffffffffffff"], "0191d2c5-7e3a-7c1e-9d2b-000000000000"],
    } as const;
    test.each(Object.keys(LISTS) as (keyof typeof LISTS)[])(
      "of %s finds what is in it, however long it is",
      async (kind) => {
        await things();
        const [list, values, other] = LISTS[kind];
        for (const value of [...values, other])
          await db()
            .insertInto("things")
            .values({ [kind]: value })
            .execute();
        const query = prepared(db(), (q, p) =>
          q
            .selectFrom("things")
            .select(kind)
            .where(kind, "in", p[list]("list") as never)
            .orderBy("id"),
        );
        const found = async (items: readonly unknown[]) =>
          (await query.all({ list: items })).map((row) => row[kind] as unknown);
        expect(await found(values)).toEqual([...values]);
        expect(await found([])).toEqual([]);
        expect(await found([other])).toEqual([other]);
        expect(await found(Array.from({ length: 5000 }, () => values[0]))).toEqual([values[0]]);
      },
    );

    const DECLARED = {
      timestamp: [t.Array(t.Timestamp()), [new Date(0), new Date(1_700_000_000_123)], new Date(1)],
      date: [t.Array(t.Day()), ["1970-01-01", "2024-02-29"], "2025-01-01"],
      decimal: [t.Array(t.Decimal({ precision: 30, scale: 10 })), ["0.1000000000"], "0.2000000000"],
      bytes: [t.Array(t.Bytes()), [new Uint8Array([0, 255]), new Uint8Array()], new Uint8Array([1])],
      int32: [t.Array(t.Integer({ format: "int32" })), [-2147483648], 1],
      enum: [t.Array(t.StringEnum(["a", "it's", "ü"])), ["a", "ü"], "it's"],
    } as const;
    test.each(Object.keys(DECLARED) as (keyof typeof DECLARED)[])("that is declared, of %s", async (kind) => {
      await things();
      const [schema, values, other] = DECLARED[kind];
      for (const value of [...values, other])
        await db()
          .insertInto("things")
          .values({ [kind]: value })
          .execute();
      const query = prepared(db(), { list: schema as never }, (q, p: any) =>
        q.selectFrom("things").select(kind).where(kind, "in", p.list).orderBy("id"),
      );
      const found = await query.all({ list: values } as never);
      expect(found.map((row) => row[kind] as unknown)).toEqual([...values]);
    });

    test("of JSON that is kept in one column is one value", async () => {
      await things("a");
      const change = prepared(db(), { tags: t.Json(t.Array(t.String())) }, (q, p) =>
        q.updateTable("things").set({ json: p.tags }),
      );
      await change.run({ tags: ["a", "b"] });
      expect(await db().selectFrom("things").select("json").execute()).toEqual([{ json: ["a", "b"] }]);
    });
  });

  test("null is a value of every kind, JSON's own where a column has no other", async () => {
    await things("a");
    const change = prepared(db(), (q, p) =>
      q
        .updateTable("things")
        .set({ integer: p.integer("i"), text: p.text("s"), timestamp: p.timestamp("t"), json: p.json("j") }),
    );
    await change.run({ i: null, s: null, t: null, j: null });
    const { id } = await db()
      .selectFrom("things")
      .select("id")
      .where("json", "is", null)
      .where("text", "is", null)
      .executeTakeFirstOrThrow();
    await prepared(db(), (q, p) => q.insertInto("holders").values({ json: p.json("j"), thing: p.integer("id") })).run({
      j: null,
      id,
    });
    expect(await db().selectFrom("holders").select("json").where("json", "is not", null).execute()).toEqual([
      { json: null },
    ]);
  });
});

describe("on a Kysely instance of one's own", () => {
  interface Tables {
    notes: { id: number; text: string };
  }
  const plain = () => {
    const file = new BunDatabase(":memory:");
    file.run("create table notes (id integer primary key, text text not null)");
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: file as never }) });
  };

  test("everything works, by promises", async () => {
    await using db = plain();
    const insert = prepared(db, (q, p) => q.insertInto("notes").values({ id: p.integer("id"), text: p.text("text") }));
    expect(await insert.run({ id: 1, text: "a" })).toEqual({ affected: 1, insertId: 1 });
    await insert.run({ id: 2, text: "b" });
    const query = prepared(db, (q, p) => q.selectFrom("notes").selectAll().where("id", "in", p.integers("ids")));
    const all = query.all({ ids: [1, 2, 3] });
    expect(all).toBeInstanceOf(Promise);
    expect(await all).toHaveLength(2);
    expect(await query.first({ ids: [2] })).toEqual({ id: 2, text: "b" });
    expect(Promise.try(() => query.one({ ids: [3] }))).rejects.toBeInstanceOf(NoResultError);
    const seen: unknown[] = [];
    for await (const { id } of query.iterate({ ids: [1, 2] })) seen.push(id);
    expect(seen).toEqual([1, 2]);
    await db.transaction().execute(async (trx) => {
      expect(await query.with(trx).all({ ids: [1] })).toHaveLength(1);
    });
  });
});

describe("on SQLite", () => {
  test("a read is there at once, and sync has it in its type as well", async () => {
    await using db = await notes();
    await write(db, "a");
    const byId = prepared(db, { id: t.Integer() }, (q, p) =>
      q.selectFrom("notes").select("text").where("id", "=", p.id),
    );
    expect([byId.first({ id: 1 }), byId.one({ id: 1 }), byId.all({ id: 2 })]).toEqual([
      { text: "a" },
      { text: "a" },
      [],
    ]);
    expect(() => byId.one({ id: 2 })).toThrow(NoResultError);
    expectTypeOf(byId.first).returns.toEqualTypeOf<Eventual<{ text: string } | undefined>>();
    const { sync } = byId;
    expectTypeOf(sync.first).returns.toEqualTypeOf<{ text: string } | undefined>();
    expectTypeOf(sync.one).returns.toEqualTypeOf<{ text: string }>();
    expectTypeOf(sync.all).returns.toEqualTypeOf<{ text: string }[]>();
    expect([sync.first({ id: 1 }), sync.first({ id: 2 }), sync.one({ id: 1 }), sync.all({ id: 1 })]).toEqual([
      { text: "a" },
      undefined,
      { text: "a" },
      [{ text: "a" }],
    ]);
    await transaction(db, async (trx) => {
      expect(byId.with(trx).sync.one({ id: 1 })).toEqual({ text: "a" });
    });
  });

  test("sync is refused for whatever may be a promise", async () => {
    await using db = await notes();
    const served = database(postgres("postgres://127.0.0.1:1/none"), { notes: Note });
    const some = [
      prepared(db, (q) => q.insertInto("notes").values({ text: "a" }).returning("id")),
      prepared(served, (q) => q.selectFrom("notes").select("id")),
      prepared(db.withPlugin(new CamelCasePlugin()), (q) => q.selectFrom("notes").select("id")),
    ];
    for (const query of some)
      expect(() => query.sync).toThrow(
        new TypeError(
          `prepared: only a read of a SQLite database that Bolide opened is there at once, not "${query.sql}"`,
        ),
      );
  });

  test("with plugins it is a promise, and the plugins see the rows", async () => {
    const db = database<{ notes: { id: number; noteText: string } }>(sqlite(":memory:"), undefined, {
      plugins: [new CamelCasePlugin()],
    });
    await db.schema.createTable("notes").addColumn("id", "integer").addColumn("noteText", "text").execute();
    await db.insertInto("notes").values({ id: 1, noteText: "a" }).execute();
    const query = prepared(db, (q, p) => q.selectFrom("notes").selectAll().where("noteText", "=", p.text("text")));
    expect(query.sql).toBe('select * from "notes" where "note_text" = ?');
    expect(await query.all({ text: "a" })).toEqual([{ id: 1, noteText: "a" }]);
    await db.destroy();
  });

  test("a parameter may stand in several places, and literals keep theirs", async () => {
    await using db = await notes();
    await write(db, "a", "b");
    const query = prepared(db, (q, p) =>
      q
        .selectFrom("notes")
        .select(["id", (eb) => eb.val("literal").as("literal")])
        .where((eb) => eb.or([eb("text", "=", p.text("it")), eb("text", "=", p.text("it"))]))
        .limit(1),
    );
    expect(query.all({ it: "b" })).toEqual([{ id: 2, literal: "literal" }]);
  });

  test("a statement that was dropped to make room is prepared again", async () => {
    await using db = await notes();
    await write(db, "a");
    const queries = Array.from({ length: 600 }, (_, index) =>
      prepared(db, (q) =>
        q
          .selectFrom("notes")
          .select("text")
          .limit(1)
          .where("id", "<", 1000 + index)
          .where("id", "!=", -index)
          .orderBy("id")
          .$if(true, (qb) => qb.select((eb) => eb.lit(index).as("n"))),
      ),
    );
    for (let round = 0; round < 2; round++)
      expect(queries.map((query) => query.sync.one().n)).toEqual(queries.map((_, index) => index));
    expect(await texts(db)).toEqual(["a"]);
  });
});
