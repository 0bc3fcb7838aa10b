import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAhead } from "../../src/store/index.ts";

/** A database that others are opening too, as often as it is tried. */
function contended(times: number): { readonly db: Database; readonly tried: () => number } {
  let tried = 0;
  const run = (): void => {
    if (++tried <= times) throw Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
  };
  return { db: { run } as unknown as Database, tried: () => tried };
}

describe("the write-ahead log", () => {
  test("is tried for again while others open the file", () => {
    const { db, tried } = contended(3);
    writeAhead(db, 5000);
    expect(tried()).toBe(4);
  });

  test("is given up when the time is over, with SQLite's own error", () => {
    const { db, tried } = contended(Infinity);
    expect(() => writeAhead(db, 0)).toThrow("database is locked");
    expect(tried()).toBe(1);
  });

  test("is not tried for again where something else is wrong", () => {
    let tried = 0;
    const run = () => {
      tried++;
      throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR" });
    };
    expect(() => writeAhead({ run } as unknown as Database, 5000)).toThrow("disk I/O error");
    expect(tried).toBe(1);
  });

  test("is on for a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "wal-"));
    try {
      using db = new Database(join(folder, "a.db"));
      writeAhead(db, 100);
      expect(db.query("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
