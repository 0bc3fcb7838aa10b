import { describe, expect, test } from "bun:test";
import { type IsolationLevel, sql, type Transaction } from "kysely";
import { prepared, sqlite } from "../../../src/data/index.ts";
import { newFile, notes, type Notes, soon, texts, write } from "./files.ts";

const insert = (trx: Pick<Notes, "insertInto">, text: string) => trx.insertInto("notes").values({ text }).execute();

describe.each(["a file", "memory"])("a transaction of Kysely's own, in %s", (where) => {
  const open = () => notes(where === "memory" ? ":memory:" : newFile());

  test("is committed with what its callback returns", async () => {
    await using db = await open();
    const found = await db.transaction().execute(async (trx) => {
      await insert(trx, "a");
      return texts(trx as unknown as Notes);
    });
    expect([found, await texts(db)]).toEqual([["a"], ["a"]]);
  });

  test("is rolled back when its callback throws, with that error", async () => {
    await using db = await open();
    const enough = new Error("enough");
    const failing = db.transaction().execute(async (trx) => {
      await insert(trx, "a");
      throw enough;
    });
    expect(failing).rejects.toBe(enough);
    await soon();
    expect(await texts(db)).toEqual([]);
  });

  test("has savepoints", async () => {
    await using db = await open();
    const trx = await db.startTransaction().execute();
    await insert(trx, "a");
    const inner = await trx.savepoint("one").execute();
    await insert(inner, "b");
    const again = await inner.rollbackToSavepoint("one").execute();
    await insert(again, "c");
    await (await again.releaseSavepoint("one").execute()).commit().execute();
    expect(await texts(db)).toEqual(["a", "c"]);
  });

  test("refuses a savepoint whose name would be SQL", async () => {
    await using db = await open();
    const trx = await db.startTransaction().execute();
    expect(trx.savepoint("a; drop table notes").execute()).rejects.toThrow(
      'A savepoint is named by letters, digits and underscores, not "a; drop table notes"',
    );
    await trx.rollback().execute();
  });

  test.each<IsolationLevel>(["read uncommitted", "read committed", "repeatable read", "serializable"])(
    "may be asked to be %s, and is serializable",
    async (level) => {
      await using db = await open();
      await db
        .transaction()
        .setIsolationLevel(level)
        .execute((trx) => insert(trx, "a"));
      expect(await texts(db)).toEqual(["a"]);
    },
  );

  test("that only reads refuses to write, and others write after it", async () => {
    await using db = await open();
    const reading = (act: (trx: Transaction<any>) => Promise<unknown>) =>
      db.transaction().setAccessMode("read only").execute(act);
    expect(reading((trx) => insert(trx, "a"))).rejects.toMatchObject({ code: "SQLITE_READONLY" });
    expect(await reading((trx) => trx.selectFrom("notes").selectAll().execute())).toEqual([]);
    await insert(db, "b");
    expect(await texts(db)).toEqual(["b"]);
  });

  test("whose commit breaks a constraint is rolled back, with the constraint's error", async () => {
    await using db = await open();
    await sql`create table links (note integer references notes (id) deferrable initially deferred)`.execute(db);
    const breaking = db.transaction().execute(async (trx) => {
      await insert(trx, "a");
      await sql`insert into links values (7)`.execute(trx);
    });
    expect(breaking).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_FOREIGNKEY" });
    await soon();
    expect(await texts(db)).toEqual([]);
    await insert(db, "b");
    expect(await texts(db)).toEqual(["b"]);
  });

  test("that a statement of its own has ended does not go on row by row", async () => {
    await using db = await open();
    const ended = db.transaction().execute(async (trx) => {
      await insert(trx, "a");
      await sql`rollback`.execute(trx);
      await insert(trx, "b");
    });
    expect(ended).rejects.toThrow("The transaction was ended by a statement of its own");
    await soon();
    expect(await texts(db)).toEqual([]);
  });

  test("that fails in one statement goes on if that is caught", async () => {
    await using db = await open();
    await db.transaction().execute(async (trx) => {
      await insert(trx, "a");
      await trx
        .insertInto("notes")
        .values({ id: 1, text: "twice" })
        .execute()
        .catch(() => {});
      await insert(trx, "b");
    });
    expect(await texts(db)).toEqual(["a", "b"]);
  });
});

test("a transaction that only reads keeps its view while others write", async () => {
  await using db = await notes();
  await write(db, "a");
  const reading = await db.startTransaction().setAccessMode("read only").execute();
  const seen = () => reading.selectFrom("notes").select("text").execute();
  expect(await seen()).toEqual([{ text: "a" }]);
  await write(db, "b");
  expect(await seen()).toEqual([{ text: "a" }]);
  await reading.commit().execute();
  expect(await texts(db)).toEqual(["a", "b"]);
});

test("many transactions at once each see what those before them did", async () => {
  await using db = await notes();
  await write(db, "0");
  const one = prepared(db, (q) => q.selectFrom("notes").select("text"));
  const increments = Array.from({ length: 200 }, () =>
    db.transaction().execute(async (trx) => {
      const row = await trx.selectFrom("notes").select("text").executeTakeFirstOrThrow();
      await soon();
      await trx
        .updateTable("notes")
        .set({ text: String(Number(row.text) + 1) })
        .execute();
    }),
  );
  await Promise.all(increments);
  expect(one.one()).toEqual({ text: "200" });
});

test("a session has one transaction at a time, and none of its own to commit before", async () => {
  const engine = sqlite(newFile()).open();
  const session = await engine.reserve();
  expect(session.commit()).rejects.toThrow("The session is in no transaction");
  await session.begin({});
  expect(session.begin({})).rejects.toThrow("The session is in a transaction; nest with transaction(trx, …)");
  await session.commit();
  session.release();
  await engine.close();
});
