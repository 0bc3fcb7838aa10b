import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { prepared } from "../../../src/data/index.ts";
import { newFile, notes } from "./files.ts";

/** 1,000 pages of 4 KiB, each with a header of 24 bytes (sqlite.org/fileformat2, section 4.1), and what one commit adds to them. */
const WRITTEN_BACK = 1010 * (4096 + 24);

test("the log is written back while single rows are inserted and returned", async () => {
  const path = newFile();
  await using db = await notes(path);
  const insert = prepared(db, (q, p) =>
    q
      .insertInto("notes")
      .values({ text: p.text("text") })
      .returning("id"),
  );
  for (let id = 1; id <= 3000; id++) expect(insert.first({ text: "x".repeat(100) })).toEqual({ id });
  expect(statSync(`${path}-wal`).size).toBeLessThan(WRITTEN_BACK);
});
