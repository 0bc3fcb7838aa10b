import type { Database } from "bun:sqlite";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeAhead } from "../../store/index.ts";
import type { DatabaseSource } from "../engine/index.ts";
import { Connection } from "./connection.ts";
import { SqliteEngine } from "./engine.ts";
import { fault, isReadOnly } from "./fault.ts";

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
  /** Whether a file that is missing is made, and the folder that it is in. Default true. */
  readonly create?: boolean;
  /** Opens a file that is there for reading alone, and leaves it as it is: not even WAL mode is set. Default false. */
  readonly readOnly?: boolean;
}

/**
 * Milliseconds for which a lock of another process blocks the event loop: a write is tried again and again beside it, a read
 * answers at once or not at all, and meets locks only while another process recovers or closes the file.
 */
const BLOCKING = { write: 5, read: 250 } as const;

/**
 * A SQLite database: a file, or `":memory:"`. The file is in WAL mode: one connection writes and another reads beside it, so a read
 * never waits; statements are kept prepared, foreign keys enforced. In memory there is one connection, which reads what an open
 * transaction has not committed yet. `sqlite:app.db` and `file:app.db` are understood too.
 *
 * @example
 * const db = database(sqlite("app.db"), { users: User });
 */
export function sqlite(path: string, options: SqliteOptions = {}): DatabaseSource {
  const file = fileOf(path);
  const single = file === ":memory:" || file === "";
  const { busyTimeout: patience = 5000 } = options;
  return {
    dialect: "sqlite",
    open: () => new SqliteEngine({ single, patience, connect: (mode) => new Connection(connect(file, mode, options)) }),
    exists: () => single || existsSync(file),
  };
}

function fileOf(path: string): string {
  const file = path.replace(/^(?:sqlite|file):(?:\/\/)?/, "");
  if (file !== path && file.includes("?"))
    throw new TypeError(
      `sqlite: ${JSON.stringify(path)} has parameters, which are options here: sqlite("${file.split("?", 1)[0]}", { … })`,
    );
  // The address may hold a password: it is not repeated.
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(file) ?? [];
  if (scheme !== undefined)
    throw new TypeError(`sqlite takes the path of a file, not an address that begins with ${scheme}`);
  return file;
}

/** `bun:sqlite` is loaded when the first database is opened: its native part costs every start. */
function connect(file: string, mode: "write" | "read", options: SqliteOptions): Database {
  const { busyTimeout = 5000, create = true, readOnly = false } = options;
  const writes = mode === "write" && !readOnly;
  const { Database } = process.getBuiltinModule("bun:sqlite") as typeof import("bun:sqlite");
  let db: Database | undefined;
  try {
    if (writes && create) mkdirSync(dirname(file), { recursive: true });
    db = new Database(file, writes ? { readwrite: true, create } : { readonly: true });
    // Others may be opening it too: what they have to agree upon takes a moment, once.
    db.run(`pragma busy_timeout = ${busyTimeout}`);
    configure(db, writes, busyTimeout, options);
    db.run(`pragma busy_timeout = ${Math.min(BLOCKING[mode], busyTimeout)}`);
    return db;
  } catch (error) {
    db?.close();
    throw fault(error, file);
  }
}

function configure(db: Database, writes: boolean, patience: number, options: SqliteOptions): void {
  const { synchronous = "normal", cacheSize = 16_384, mmapSize = 0, foreignKeys = true } = options;
  if (writes) {
    journalled(db, patience);
    db.run(`pragma synchronous = ${synchronous}`);
    db.run(`pragma foreign_keys = ${foreignKeys ? "on" : "off"}`);
  }
  db.run(`pragma cache_size = ${-cacheSize}`);
  if (mmapSize > 0) db.run(`pragma mmap_size = ${mmapSize}`);
}

/** A file that this process may not write is read as it is. */
function journalled(db: Database, patience: number): void {
  try {
    writeAhead(db, patience);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}
