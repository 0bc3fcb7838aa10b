import type { Database } from "bun:sqlite";
import type { DatabaseSource } from "../engine/index.ts";
import { Connection } from "./connection.ts";
import { SqliteEngine } from "./engine.ts";

/** How a SQLite file is opened. */
export interface SqliteOptions {
  /** Milliseconds to wait for another writer, of this process or another; then a 503. Default 5,000. */
  readonly busyTimeout?: number;
  /** `"full"` keeps every commit through a power cut; `"normal"`, the default, through a crash of the process. */
  readonly synchronous?: "normal" | "full";
  /** Pages kept in memory by each connection, in KiB. Default 16,384. */
  readonly cacheSize?: number;
  /** Bytes of the file that are mapped into memory. Default 0. */
  readonly mmapSize?: number;
  /** Whether foreign keys are enforced. Default true. */
  readonly foreignKeys?: boolean;
  /** Whether a file that is missing is made. Default true. */
  readonly create?: boolean;
}

/** A lock of another process blocks the event loop no longer than this; the rest of `busyTimeout` is waited for beside it. */
const BLOCKING_MILLIS = 5;

/**
 * A SQLite database: a file, or `":memory:"`. The file is in WAL mode: one connection writes and another reads beside it, so a read
 * never waits; statements are kept prepared, foreign keys enforced. In memory there is one connection, which reads what an open
 * transaction has not committed yet. `sqlite:app.db` and `file:app.db` are understood too.
 *
 * @example
 * const db = database(sqlite("app.db"), { users: User });
 */
export function sqlite(path: string, options: SqliteOptions = {}): DatabaseSource<true> {
  const file = path.replace(/^(?:sqlite|file):(?:\/\/)?/, "");
  const single = file === ":memory:" || file === "";
  const { busyTimeout: patience = 5000 } = options;
  return {
    dialect: "sqlite",
    open: () => new SqliteEngine({ single, patience, connect: (mode) => new Connection(connect(file, mode, options)) }),
  };
}

/** `bun:sqlite` is loaded when the first database is opened: its native part costs every start. */
function connect(file: string, mode: "write" | "read", options: SqliteOptions): Database {
  const { synchronous = "normal", cacheSize = 16_384, mmapSize = 0, foreignKeys = true, create = true } = options;
  const { Database } = process.getBuiltinModule("bun:sqlite") as typeof import("bun:sqlite");
  const db = new Database(file, mode === "read" ? { readonly: true } : { readwrite: true, create });
  db.run(`pragma busy_timeout = ${BLOCKING_MILLIS}`);
  if (mode === "write") {
    db.run("pragma journal_mode = wal");
    db.run(`pragma synchronous = ${synchronous}`);
    db.run(`pragma foreign_keys = ${foreignKeys ? "on" : "off"}`);
  }
  db.run(`pragma cache_size = ${-cacheSize}`);
  if (mmapSize > 0) db.run(`pragma mmap_size = ${mmapSize}`);
  return db;
}
