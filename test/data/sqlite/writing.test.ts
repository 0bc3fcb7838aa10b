import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { prepared } from "../../../src/data/index.ts";
import { newFile, notes, soon, texts, write } from "./files.ts";

describe("writes", () => {
  test("wait for an open transaction, and follow in the order of asking", async () => {
    await using db = await notes();
    const insert = prepared(db, (q, p) => q.insertInto("notes").values({ text: p.text("text") }));
    const trx = await db.startTransaction().execute();
    const done: string[] = [];
    const all = ["a", "b", "c", "d"].map(async (text) => {
      await insert.run({ text });
      done.push(text);
    });
    await trx.insertInto("notes").values({ text: "first" }).execute();
    await soon();
    expect(done).toEqual([]);
    await trx.commit().execute();
    await Promise.all(all);
    expect(done).toEqual(["a", "b", "c", "d"]);
    expect(await texts(db)).toEqual(["first", "a", "b", "c", "d"]);
  });

  test("run at once where nobody has the turn", async () => {
    await using db = await notes();
    const insert = prepared(db, (q, p) => q.insertInto("notes").values({ text: p.text("text") }));
    expect(insert.run({ text: "a" })).toEqual({ affected: 1, insertId: 1 });
    expect(prepared(db, (q) => q.deleteFrom("notes").returning("id")).all()).toEqual([{ id: 1 }]);
  });

  test("that wait for too long are a 503, and change nothing", async () => {
    await using db = await notes(newFile(), { busyTimeout: 30 });
    const trx = await db.startTransaction().execute();
    const outcomes = await Promise.allSettled([
      write(db, "a"),
      db.transaction().execute((other) => other.selectFrom("notes").selectAll().execute()),
      sql`delete from notes`.execute(db),
    ]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { name: "ServiceUnavailable", status: 503, detail: "The database was busy for 30 ms" },
      });
    await trx.rollback().execute();
    await write(db, "b");
    expect(await texts(db)).toEqual(["b"]);
  });

  test("that fail let the next one go", async () => {
    await using db = await notes();
    const failing = [1, 2, 3].map(() => db.insertInto("notes").values({ id: 1, text: "a" }).execute());
    const outcomes = await Promise.allSettled([...failing, write(db, "b")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: { code: "SQLITE_CONSTRAINT_PRIMARYKEY" } });
    expect(await texts(db)).toEqual(["a", "b"]);
  });

  test("of SQL that is wrong leave no turn behind", async () => {
    await using db = await notes();
    expect(sql`insert into nowhere values (1)`.execute(db)).rejects.toThrow("no such table: nowhere");
    expect(db.transaction().execute((trx) => sql`insert into nowhere values (1)`.execute(trx))).rejects.toThrow(
      "no such table: nowhere",
    );
    await soon();
    await write(db, "a");
    expect(await texts(db)).toEqual(["a"]);
  });
});

describe("foreign keys", () => {
  const linked = async (foreignKeys?: boolean) => {
    const db = await notes(newFile(), foreignKeys === undefined ? {} : { foreignKeys });
    await sql`create table links (note integer references notes (id) on delete cascade)`.execute(db);
    return db;
  };

  test("are enforced", async () => {
    await using db = await linked();
    expect(sql`insert into links values (7)`.execute(db)).rejects.toMatchObject({
      code: "SQLITE_CONSTRAINT_FOREIGNKEY",
    });
    await write(db, "a");
    await sql`insert into links values (1)`.execute(db);
    await db.deleteFrom("notes").execute();
    expect((await sql`select * from links`.execute(db)).rows).toEqual([]);
  });

  test("are not where that is asked for", async () => {
    await using db = await linked(false);
    await sql`insert into links values (7)`.execute(db);
    expect((await sql`select * from links`.execute(db)).rows).toEqual([{ note: 7 }]);
  });
});
