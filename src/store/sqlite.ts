import type { Database } from "bun:sqlite";
import { checkTtl, countOf, type SyncStore } from "./store.ts";
import { writeAhead } from "./write-ahead.ts";

/** How {@link sqliteStore} keeps its entries. */
export interface SqliteStoreOptions {
  /** The clock, milliseconds; default `Date.now`. All processes on one file must agree on it. */
  readonly now?: () => number;
}

/** The first row of a write. `get` would end it before SQLite does: its log would never be brought back into the file. */
const first = <T>(rows: readonly T[]): T | undefined => rows[0];

/** Milliseconds that a write waits for another connection's. */
const BUSY_TIMEOUT = 5000;
/** Milliseconds between two sweeps while nothing much has ended. */
const SWEEP_EVERY = 60_000;
/** Rows that one sweep may delete: about 1 ms, whoever's write it rides on. */
const SWEPT_AT_ONCE = 500;

/**
 * A store in a SQLite file: survives a restart and is shared by all processes of the machine. The default for tokens and sessions.
 *
 * The file is made readable to its owner alone, in WAL mode with `synchronous = NORMAL`: a crash of the process loses nothing, a power
 * cut may lose the last moment. Ended rows are deleted by later writes, 500 at a time. `":memory:"` serves tests. Errors: SQLite's own,
 * when the file cannot be opened or another connection holds the write lock for over 5 s.
 *
 * @example
 * ```ts
 * const store = sqliteStore("auth.db");
 * store.set("seen:17", "yes", 86_400_000);
 * ```
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): SyncStore {
  const now = options.now ?? Date.now;
  const db = open(path);
  const sql = statements(db);
  let sweepAt = now() + SWEEP_EVERY;

  const endOf = (ttl: number | undefined): number | null => {
    checkTtl(ttl);
    const at = now();
    if (at >= sweepAt) {
      const { changes } = sql.sweep.run(at, SWEPT_AT_ONCE);
      if (changes < SWEPT_AT_ONCE) sweepAt = at + SWEEP_EVERY;
    }
    return ttl === undefined ? null : at + ttl;
  };

  return Object.freeze({
    name: "sqlite",
    get: (key: string) => sql.get.get(key, now())?.value,
    set(key: string, value: string, ttl?: number) {
      sql.set.run(key, value, endOf(ttl));
    },
    delete: (key: string) => first(sql.consume.all(key, now())) !== undefined,
    consume: (key: string) => first(sql.consume.all(key, now()))?.value,
    add: (key: string, value: string, ttl?: number) => sql.add.run(key, value, endOf(ttl), now()).changes === 1,
    swap: (key: string, expected: string, value: string, ttl?: number) =>
      sql.swap.run(key, value, endOf(ttl), expected, now()).changes === 1,
    increment(key: string, ttl?: number) {
      const row = first(sql.increment.all(key, endOf(ttl), now()));
      if (row === undefined) throw new TypeError("increment: the entry is no number");
      return countOf(row.value);
    },
    close: () => db.close(),
  });
}

function open(path: string): Database {
  // Both are asked for when the first store is opened: imports would cost 3 ms at the start of every program.
  const { closeSync, openSync } = process.getBuiltinModule("node:fs");
  // The journal files take the mode of the database's; what is in them is as private.
  if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const { Database } = process.getBuiltinModule("bun:sqlite") as typeof import("bun:sqlite");
  const db = new Database(path);
  // First, since turning WAL on needs the lock as well.
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  writeAhead(db, BUSY_TIMEOUT);
  db.run("PRAGMA synchronous = NORMAL");
  db.run(
    'CREATE TABLE IF NOT EXISTS bolide_store (key TEXT PRIMARY KEY, value TEXT NOT NULL, "end" INTEGER) WITHOUT ROWID',
  );
  db.run('CREATE INDEX IF NOT EXISTS bolide_store_end ON bolide_store ("end") WHERE "end" IS NOT NULL');
  return db;
}

interface Row {
  readonly value: string;
}

// `prepare`, since `query` keeps no more than 20 statements for all users of a database.
function statements(db: Database) {
  return {
    get: db.prepare<Row, [string, number]>(
      'SELECT value FROM bolide_store WHERE key = ?1 AND ("end" IS NULL OR "end" > ?2)',
    ),
    set: db.prepare<unknown, [string, string, number | null]>(
      `INSERT INTO bolide_store VALUES (?1, ?2, ?3)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, "end" = excluded."end"`,
    ),
    consume: db.prepare<Row, [string, number]>(
      'DELETE FROM bolide_store WHERE key = ?1 AND ("end" IS NULL OR "end" > ?2) RETURNING value',
    ),
    add: db.prepare<unknown, [string, string, number | null, number]>(
      `INSERT INTO bolide_store VALUES (?1, ?2, ?3)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, "end" = excluded."end" WHERE "end" <= ?4`,
    ),
    swap: db.prepare<unknown, [string, string, number | null, string, number]>(
      'UPDATE bolide_store SET value = ?2, "end" = ?3 WHERE key = ?1 AND value = ?4 AND ("end" IS NULL OR "end" > ?5)',
    ),
    // No row comes back where a live entry holds anything but digits, or more of them than a number takes.
    increment: db.prepare<Row, [string, number | null, number]>(
      `INSERT INTO bolide_store VALUES (?1, '1', ?2)
       ON CONFLICT (key) DO UPDATE SET
         value = iif("end" <= ?3, '1', CAST(CAST(value AS INTEGER) + 1 AS TEXT)),
         "end" = iif("end" <= ?3, excluded."end", "end")
       WHERE "end" <= ?3 OR (length(value) BETWEEN 1 AND 15 AND value NOT GLOB '*[^0-9]*')
       RETURNING value`,
    ),
    sweep: db.prepare<unknown, [number, number]>(
      'DELETE FROM bolide_store WHERE key IN (SELECT key FROM bolide_store WHERE "end" <= ?1 LIMIT ?2)',
    ),
  };
}
