import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { database, prepared, sqlite } from "../../../src/data/index.ts";
import { ServiceUnavailable } from "../../../src/http/index.ts";
import { newFile, Note, notes, type Notes, soon, texts, write } from "./files.ts";

const FULL = { name: "ServiceUnavailable", status: 503, detail: "The database's disk is full" };
const AWAY = { status: 503, detail: "The database's file cannot be read or written" };

/** Fills the disk, or what counts as one; then makes room again. */
async function survivesFullDisk(db: Notes, makeRoom: () => Promise<unknown>): Promise<void> {
  const big = "x".repeat(40_000);
  await write(db, "before");
  const fill = async (): Promise<void> => {
    for (;;) await write(db, big);
  };
  expect(await fill().catch((error: unknown) => error)).toMatchObject(FULL);
  const trx = await db.startTransaction().execute();
  const grow = async (): Promise<void> => {
    for (;;) await trx.insertInto("notes").values({ text: big }).execute();
  };
  expect(await grow().catch((error: unknown) => error)).toMatchObject(FULL);
  // Whether SQLite has rolled back by itself or not, nothing of the transaction is kept.
  const outcome = await trx
    .insertInto("notes")
    .values({ text: "after the fall" })
    .execute()
    .catch((error: unknown) => error);
  if (outcome instanceof Error) expect(outcome).toMatchObject(FULL);
  await trx.rollback().execute();
  expect((await texts(db)).filter((text) => text !== big)).toEqual(["before"]);
  await makeRoom();
  await db.deleteFrom("notes").where("text", "=", big).execute();
  await write(db, "usable");
  expect(await texts(db)).toEqual(["before", "usable"]);
}

describe("a full disk is a 503, rolled back, and the database usable afterwards", () => {
  test("when the file may not grow any more", async () => {
    await using db = await notes();
    await sql`pragma max_page_count = 40`.execute(db);
    await survivesFullDisk(db, () => sql`pragma max_page_count = 4000`.execute(db));
  });

  test.skipIf(!canMount())("when the disk has no more room", async () => {
    const directory = mkdtempSync(join(tmpdir(), "bolide-disk-"));
    run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", directory);
    try {
      await using db = await notes(join(directory, "small.db"));
      await survivesFullDisk(db, async () => run("mount", "-o", "remount,size=4m", directory));
    } finally {
      run("umount", directory);
      rmSync(directory, { recursive: true });
    }
  });
});

describe("a file that cannot be opened is a 503 whose cause names it", () => {
  const opened = (path: string, create = true) =>
    database(sqlite(path, { create }))
      .connection()
      .execute((own) => sql`select 1 from sqlite_master`.execute(own));

  test("a directory in its place", async () => {
    const error = await opened(tmpdir()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...AWAY, cause: { message: `${tmpdir()}: unable to open database file` } });
  });

  test("a directory that is missing and may not be made", async () => {
    expect(opened(join(newFile(), "app.db"), false)).rejects.toMatchObject(AWAY);
  });

  test("a directory that cannot be made", async () => {
    const path = newFile();
    await Bun.write(path, "a file");
    expect(opened(join(path, "sub", "app.db"))).rejects.toMatchObject({
      ...AWAY,
      cause: { cause: { code: "ENOTDIR" } },
    });
  });

  test("but a directory that can be made is", async () => {
    const path = join(newFile(), "sub", "app.db");
    await using db = await notes(path);
    await write(db, "a");
    expect(await Bun.file(path).exists()).toBe(true);
  });

  test("a file that is missing and may not be made", async () => {
    const path = newFile();
    expect(opened(path, false)).rejects.toMatchObject(AWAY);
    expect(await Bun.file(path).exists()).toBe(false);
  });

  test("a file that is no database is SQLite's own error", async () => {
    const path = newFile();
    await Bun.write(path, "no database, but a text that is long enough to be looked at".repeat(9));
    expect(opened(path)).rejects.toMatchObject({ code: "SQLITE_NOTADB" });
  });

  test("and may be there the next time", async () => {
    const path = newFile();
    const db = database<{ notes: { id: number; text: string } }>(sqlite(path, { create: false }));
    expect(db.selectFrom("notes").selectAll().execute()).rejects.toMatchObject(AWAY);
    await soon();
    const other = await notes(path);
    await write(other, "a");
    expect(await db.selectFrom("notes").selectAll().execute()).toEqual([{ id: 1, text: "a" }]);
    await other.destroy();
    await db.destroy();
  });
});

describe("an address", () => {
  test.each(["sqlite:", "file:", "sqlite://", "file://"])("may begin with %s", async (scheme) => {
    const path = newFile();
    await using db = await notes(`${scheme}${path}`);
    await write(db, "a");
    expect(await Bun.file(path).exists()).toBe(true);
  });

  test("with parameters is refused: they would be part of the file's name", () => {
    expect(() => sqlite("file:app.db?mode=ro")).toThrow(
      new TypeError('sqlite: "file:app.db?mode=ro" has parameters, which are options here: sqlite("app.db", { … })'),
    );
  });
});

test("the address of a server is no path, and its password is not repeated", () => {
  expect(() => sqlite("postgres://user:secret@localhost/shop")).toThrow(
    new TypeError("sqlite takes the path of a file, not an address that begins with postgres://"),
  );
});

test("a file that is opened for reading alone is not made, and refuses writes", async () => {
  const path = newFile();
  await using missing = database(sqlite(path, { readOnly: true }), { notes: Note });
  expect(missing.selectFrom("notes").selectAll().execute()).rejects.toThrow(
    new ServiceUnavailable("The database's file cannot be read or written"),
  );
  expect(await Bun.file(path).exists()).toBe(false);
  {
    await using db = await notes(path);
    await write(db, "a");
  }
  await using db = database(sqlite(path, { readOnly: true }), { notes: Note });
  expect(await texts(db)).toEqual(["a"]);
  expect(write(db, "b")).rejects.toThrow("attempt to write a readonly database");
});

// Root may write anything; another user's process shows what a file that is only for reading does.
test.skipIf(process.getuid?.() !== 0)(
  "a file that may only be read is read, and a write is SQLite's own error",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "bolide-read-"));
    const path = join(directory, "app.db");
    const db = await notes(path);
    await write(db, "a");
    await sql`pragma journal_mode = delete`.execute(db);
    await db.destroy();
    chmodSync(directory, 0o755);
    chmodSync(path, 0o444);
    const child = Bun.spawnSync(
      [
        "setpriv",
        "--reuid=nobody",
        "--clear-groups",
        "--",
        process.execPath,
        join(import.meta.dir, "programs/reader.ts"),
        path,
      ],
      { env: { ...process.env, HOME: "/tmp" } },
    );
    rmSync(directory, { recursive: true });
    expect([child.stdout.toString(), child.stderr.toString()]).toEqual(['["a"]\nSQLITE_READONLY\n', ""]);
  },
);

describe("closing", () => {
  test("lets what was asked before end, and the next query opens the file anew", async () => {
    const db = await notes();
    const trx = await db.startTransaction().execute();
    const waiting = write(db, "queued");
    await trx.insertInto("notes").values({ text: "in the transaction" }).execute();
    await soon();
    const closed = db.destroy();
    await trx.commit().execute();
    await waiting;
    await closed;
    expect(await texts(db)).toEqual(["in the transaction", "queued"]);
    await db.destroy();
    await db.destroy();
  });

  test("ends a transaction that does not end by itself", async () => {
    const path = newFile();
    const db = await notes(path, { busyTimeout: 20 });
    const trx = await db.startTransaction().execute();
    await trx.insertInto("notes").values({ text: "lost" }).execute();
    await db.destroy();
    expect(trx.insertInto("notes").values({ text: "lost too" }).execute()).rejects.toThrow();
    await trx.rollback().execute();
    await using again = await notes(path);
    expect(await texts(again)).toEqual([]);
  });

  test("leaves a stream its rows, and takes its connection with it at its end", async () => {
    const db = await notes();
    await write(db, "a", "b", "c");
    const seen: string[] = [];
    for await (const { text } of db.selectFrom("notes").selectAll().stream(1)) {
      if (seen.length === 0) await db.destroy();
      seen.push(text);
    }
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test("ends the sessions of the file", async () => {
    const engine = sqlite(newFile()).open();
    const session = await engine.reserve();
    await engine.close();
    expect(session.begin({})).rejects.toMatchObject({ status: 503, detail: "The database was closed" });
    expect(() => engine.prepare("select 1", { reads: true, returns: true })).toThrow("The database was closed");
  });

  test("and a query that was prepared before goes on with the file that is opened anew", async () => {
    const db = await notes();
    const all = prepared(db, (q) => q.selectFrom("notes").select("text"));
    await write(db, "a");
    expect(all.all()).toEqual([{ text: "a" }]);
    await db.destroy();
    expect(all.all()).toEqual([{ text: "a" }]);
    await db.destroy();
  });
});

function run(...command: readonly string[]): boolean {
  return Bun.spawnSync([...command], { stderr: "ignore" }).success;
}

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), "bolide-mount-"));
  const mounted = run("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", directory);
  if (mounted) run("umount", directory);
  rmSync(directory, { recursive: true });
  return mounted;
}
