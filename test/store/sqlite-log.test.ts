import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "bolide";

test("counting up does not let SQLite's log grow beyond what one checkpoint takes back", () => {
  const directory = mkdtempSync(join(tmpdir(), "bolide-store-"));
  const path = join(directory, "store.db");
  const store = sqliteStore(path);
  try {
    for (let n = 0; n < 8000; n++) void store.increment(`key ${n % 50}`);
    // A checkpoint comes at 1,000 pages of 4 KiB.
    expect(statSync(`${path}-wal`).size).toBeLessThan(8 * 1024 * 1024);
  } finally {
    store.close();
    rmSync(directory, { recursive: true });
  }
});
