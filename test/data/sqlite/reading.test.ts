import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { prepared, sqlite } from "../../../src/data/index.ts";
import { newFile, notes, type Notes, soon, texts, write } from "./files.ts";

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ text: String(index) }));

describe("a read beside an open transaction", () => {
  test("sees what is committed and does not wait", async () => {
    await using db = await notes();
    const all = prepared(db, (q) => q.selectFrom("notes").selectAll());
    await write(db, "committed");
    const trx = await db.startTransaction().execute();
    await trx.insertInto("notes").values({ text: "not yet" }).execute();
    expect(all.all()).toEqual([{ id: 1, text: "committed" }]);
    expect(await texts(db)).toEqual(["committed"]);
    await trx.commit().execute();
    expect(await texts(db)).toEqual(["committed", "not yet"]);
  });

  test("through a connection of its own waits for its turn, and sees nothing that may still be undone", async () => {
    await using db = await notes();
    const trx = await db.startTransaction().execute();
    await trx.insertInto("notes").values({ text: "undone" }).execute();
    const read = db.connection().execute((own) => texts(own as Notes));
    await soon();
    await trx.rollback().execute();
    expect(await read).toEqual([]);
  });

  test("with a signal does not wait either", async () => {
    await using db = await notes();
    const trx = await db.startTransaction().execute();
    await trx.insertInto("notes").values({ text: "undone" }).execute();
    const { signal } = new AbortController();
    expect(await db.selectFrom("notes").selectAll().execute({ signal })).toEqual([]);
    await trx.rollback().execute();
  });
});

describe("a signal that has aborted", () => {
  test("refuses a read and a write alike", async () => {
    await using db = await notes();
    const signal = AbortSignal.abort(new Error("gone"));
    expect(db.selectFrom("notes").selectAll().execute({ signal })).rejects.toThrow("gone");
    expect(db.insertInto("notes").values({ text: "a" }).execute({ signal })).rejects.toThrow("gone");
    await soon();
    expect(await texts(db)).toEqual([]);
  });

  test("refuses what is prepared as well, and one that has not aborted lets it run", async () => {
    await using db = await notes();
    const gone = AbortSignal.abort(new Error("gone"));
    const { signal } = new AbortController();
    const add = prepared(db, (q, p) => q.insertInto("notes").values({ text: p.text("text") as never }));
    const all = prepared(db, (q) => q.selectFrom("notes").select("text"));
    expect(async () => add.run({ text: "a" }, { signal: gone })).toThrow("gone");
    expect(async () => all.all({}, { signal: gone })).toThrow("gone");
    expect(Array.fromAsync(all.iterate({}, { signal: gone }))).rejects.toThrow("gone");
    expect(await add.run({ text: "b" }, { signal })).toEqual({ affected: 1, insertId: 1 });
    expect(await all.one({}, { signal })).toEqual({ text: "b" });
    expect(await Array.fromAsync(all.iterate({}, { signal }))).toEqual([{ text: "b" }]);
  });

  test("ends the waiting of a write", async () => {
    await using db = await notes();
    const trx = await db.startTransaction().execute();
    const controller = new AbortController();
    const waiting = db.insertInto("notes").values({ text: "late" }).execute({ signal: controller.signal });
    controller.abort(new Error("gone"));
    expect(waiting).rejects.toThrow("gone");
    await trx.rollback().execute();
    // In the order of asking: whatever waited before this has had its turn.
    await write(db, "next");
    expect(await texts(db)).toEqual(["next"]);
  });
});

describe("a connection", () => {
  test("has the temporary tables that it makes", async () => {
    await using db = await notes();
    const rows = await db.connection().execute(async (own) => {
      await own.schema.createTable("seen").temporary().addColumn("id", "integer").execute();
      const seen = own.$extendTables<{ seen: { id: number } }>();
      await seen.insertInto("seen").values({ id: 7 }).execute();
      return seen.selectFrom("seen").selectAll().execute();
    });
    expect(rows).toEqual([{ id: 7 }]);
  });

  test("is of no use once it is given back", async () => {
    await using db = await notes();
    const own = await db.connection().execute(async (connection) => connection);
    expect(own.selectFrom("notes").selectAll().execute()).rejects.toThrow("The session was released");
  });
});

describe("a stream", () => {
  test("sees the rows as they were when it began, whatever is written meanwhile", async () => {
    await using db = await notes();
    await db.insertInto("notes").values(many(300)).execute();
    const seen: string[] = [];
    for await (const { text } of db.selectFrom("notes").select("text").orderBy("id").stream(10)) {
      if (seen.length % 50 === 0) await db.insertInto("notes").values({ text: "new" }).execute();
      if (seen.length === 20) await db.deleteFrom("notes").where("id", ">", 250).execute();
      seen.push(text);
    }
    expect(seen).toEqual(many(300).map(({ text }) => text));
    expect((await texts(db)).length).toBe(300 + 1 - 51 + 5);
  });

  test("in memory is the same", async () => {
    await using db = await notes(":memory:");
    await write(db, "a", "b");
    const seen: string[] = [];
    for await (const { text } of db.selectFrom("notes").selectAll().stream(1)) {
      await write(db, `${text}${text}`);
      seen.push(text);
    }
    expect(seen).toEqual(["a", "b"]);
    expect(await texts(db)).toEqual(["a", "b", "aa", "bb"]);
  });

  test("whose loop is left early, or fails, lets go of the file", async () => {
    const path = newFile();
    await using db = await notes(path);
    await db.insertInto("notes").values(many(500)).execute();
    const leave = async (fail: boolean): Promise<void> => {
      for await (const _ of db.selectFrom("notes").selectAll().stream(2))
        if (fail) throw new Error("enough");
        else break;
    };
    await leave(false);
    expect(leave(true)).rejects.toThrow("enough");
    const one = prepared(db, (q) => q.selectFrom("notes").selectAll());
    for await (const _ of one.iterate()) break;
    await write(db, "more");
    await soon();
    expect(await checkpoint(db)).toBe(0);
  });

  test("that stays open keeps its view, and nobody waits for it", async () => {
    await using db = await notes();
    await db.insertInto("notes").values(many(500)).execute();
    const rows = db.selectFrom("notes").selectAll().stream(1);
    await rows.next();
    await write(db, "more");
    expect(await checkpoint(db)).toBe(1);
    await rows.return?.();
    expect(await checkpoint(db)).toBe(0);
  });

  test("inside a transaction ends with it", async () => {
    const path = newFile();
    await using db = await notes(path);
    await write(db, "a", "b", "c");
    const engine = sqlite(path).open();
    const session = await engine.reserve();
    const select = () => session.prepare("select text from notes", { reads: true, returns: true });
    for (const end of ["commit", "rollback", "release"] as const) {
      await session.begin({});
      const rows = select().iterate([], 1)[Symbol.asyncIterator]();
      expect((await rows.next()).value).toEqual([{ text: "a" }]);
      await session[end]();
      expect(rows.next()).rejects.toThrow("The transaction has ended");
      await soon();
    }
    expect(select).toThrow("The session was released");
    await engine.close();
  });

  test("of what a write returns has all of it done first", async () => {
    await using db = await notes();
    const rows = db.insertInto("notes").values(many(5)).returning("id").stream(2);
    const ids: number[] = [];
    for await (const { id } of rows) ids.push(id);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
  });
});

/** 1 where a reader holds on to what was there before the last write. */
async function checkpoint(db: Notes): Promise<unknown> {
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
  return rows[0]?.busy;
}
