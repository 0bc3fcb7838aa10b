import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { newFile, notes, type Notes, soon, write } from "./files.ts";

/** How often this process has a database's own file open. */
function open(path: string): number {
  const target = (descriptor: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return "";
    }
  };
  return readdirSync("/proc/self/fd").filter((descriptor) => target(descriptor) === path).length;
}

const many = (run: (index: number) => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: 40 }, (_, index) => run(index)));

/** What borrows connections, forty times at once. */
const BORROWERS: Readonly<Record<string, (db: Notes) => Promise<unknown>>> = {
  streams: (db) =>
    many(async () => {
      for await (const _ of db.selectFrom("notes").selectAll().stream(1)) await soon();
    }),
  "streams that are left early": (db) =>
    many(async () => {
      for await (const _ of db.selectFrom("notes").selectAll().stream(1)) {
        await soon();
        break;
      }
    }),
  "streams that fail": (db) =>
    many(async () => {
      for await (const _ of db
        .selectFrom("nothing" as "notes")
        .selectAll()
        .stream(1))
        await soon();
    }),
  "transactions that only read": (db) =>
    many((index) =>
      db
        .transaction()
        .setAccessMode("read only")
        .execute(async (trx) => {
          await trx.selectFrom("notes").selectAll().execute();
          await soon();
          if (index % 2 === 0) throw new Error("undone");
        }),
    ),
  "transactions, connections and writes": (db) =>
    many((index) =>
      index % 2 === 0
        ? db.transaction().execute((trx) => trx.insertInto("notes").values({ id: 1, text: "twice" }).execute())
        : db.connection().execute((own) => own.selectFrom("notes").selectAll().execute()),
    ),
};

describe.skipIf(process.platform !== "linux")(
  "connections to the file are closed again, or kept for the next of",
  () => {
    test.each(Object.keys(BORROWERS))("%s", async (title) => {
      const path = newFile();
      const db = await notes(path);
      await write(db, "a", "b", "c");
      await BORROWERS[title]!(db);
      // What SQLite cannot close before the last lock of this process is gone it uses again (os_unix.c, "reusable file descriptor").
      const most = open(path);
      for (let round = 0; round < 3; round++) await BORROWERS[title]!(db);
      expect(open(path)).toBeLessThanOrEqual(most);
      await write(db, "usable");
      await db.destroy();
      expect(open(path)).toBe(0);
    });
  },
);
