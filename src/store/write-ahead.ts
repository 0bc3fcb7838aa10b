import type { Database } from "bun:sqlite";
import { isBusy } from "./busy.ts";

/** Milliseconds between two tries, and as many again by chance, so that two processes do not meet again. */
const PAUSE = 2;

/**
 * Turns on the write-ahead log of a SQLite file, waiting at most `patience` milliseconds for others who open it. The busy timeout does
 * not: where two have read a new file and both want to write to it, SQLite tells one of them at once (sqlite.org, `sqlite3_busy_handler`).
 * Errors: SQLite's own.
 */
export function writeAhead(db: Database, patience: number): void {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      db.run("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      Bun.sleepSync(PAUSE + PAUSE * Math.random());
    }
  }
}
