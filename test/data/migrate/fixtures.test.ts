import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { t } from "../../../src/schema/index.ts";
import { type AnyModel, model } from "../../../src/data/model/index.ts";
import { type AnyDatabase, loadFixtures, migrateUp, progressBar } from "../../../src/data/migrate/index.ts";
import { KINDS } from "./databases.ts";
import { migrationsThrough } from "./generated.ts";

setDefaultTimeout(60_000);

const Note = model("notes", {
  id: t.PrimaryKey(),
  text: t.String({ maxLength: 50, default: "none" }),
  at: t.Nullable(t.Timestamp()),
  big: t.Nullable(t.BigInt()),
  data: t.Nullable(t.Bytes()),
  extra: t.Nullable(t.Json()),
});

const directory = mkdtempSync(join(tmpdir(), "bolide-fixtures-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

async function prepared(open: (models: readonly AnyModel[]) => Promise<AnyDatabase & AsyncDisposable>) {
  const db = await open([Note]);
  await migrateUp(db, (await migrationsThrough([Note])).migrations);
  return db;
}

const texts = async (db: AnyDatabase): Promise<unknown[]> =>
  ((await db.selectFrom("notes").select("text").orderBy("id").execute()) as { text: unknown }[]).map(
    ({ text }) => text,
  );

describe.each(KINDS.filter(({ missing }) => !missing))("$name:", ({ open }) => {
  test("values come in from JSON, defaults where there is none, and keys are counted on", async () => {
    await using db = await prepared(open);
    const rows = [
      { id: 5, text: "a", at: "2026-11-22T08:00:00Z", big: "9007199254740993", data: "AAH/", extra: { a: [1] } },
      { id: 7, extra: "text" },
    ];
    expect(await loadFixtures(db, Note, rows)).toBe(2);
    await db.insertInto("notes").values({ text: "next" }).execute();
    const [first, second, next] = (await db.selectFrom("notes").selectAll().orderBy("id").execute()) as Record<
      string,
      unknown
    >[];
    expect({ ...first, data: [...(first!["data"] as Uint8Array)] } as unknown).toEqual({
      id: 5,
      text: "a",
      at: new Date("2026-11-22T08:00:00Z"),
      big: 9007199254740993n,
      data: [0, 1, 255],
      extra: { a: [1] },
    });
    expect(second).toEqual({ id: 7, text: "none", at: null, big: null, data: null, extra: "text" });
    expect([next!["id"], next!["text"]]).toEqual([8, "next"]);
  });

  test("a file of JSON or of lines is loaded in chunks, with its progress, and a fault in it leaves nothing", async () => {
    await using db = await prepared(open);
    const told: unknown[] = [];
    const onProgress = (progress: unknown) => told.push(progress);
    const json = file("notes.json", JSON.stringify([{ text: "1" }, { text: "2" }, { text: "3" }]));
    expect(await loadFixtures(db, Note, json, { chunk: 2, onProgress })).toBe(3);
    expect(told).toEqual([
      { rows: 2, part: 2 / 3 },
      { rows: 3, part: 1 },
    ]);
    const lines = file("notes.ndjson", '{"text":"4 é"}\n\n{"text":"5"}');
    expect(await loadFixtures(db, Note, lines)).toBe(2);
    expect(await texts(db)).toEqual(["1", "2", "3", "4 é", "5"]);

    const broken = file("broken.jsonl", '{"text":"6"}\n{"text":');
    expect(await loadFixtures(db, Note, broken, { chunk: 1 }).catch(String)).toStartWith(`Error: ${broken}:2: `);
    expect(await loadFixtures(db, Note, [{ text: "7" }, { tixt: "8" }], { chunk: 1 }).catch(String)).toBe(
      'Error: row 2 of notes has "tixt", which is no column of it',
    );
    expect(await loadFixtures(db, Note, [{ text: "9", at: "soon" }]).catch(String)).toBe(
      'Error: row 1 of notes, "at": "soon" is no moment',
    );
    expect(await loadFixtures(db, Note, [{ text: "9", big: "1.5" }]).catch(String)).toStartWith(
      'Error: row 1 of notes, "big": ',
    );
    expect(await loadFixtures(db, Note, [[] as never]).catch(String)).toBe("Error: row 1 of notes is no object");
    expect(await texts(db)).toEqual(["1", "2", "3", "4 é", "5"]);
  });
});

test("a bar is drawn on a terminal only", () => {
  const drawn: string[] = [];
  const bar = progressBar("places", { isTTY: true, write: (text) => drawn.push(text) });
  bar({ rows: 500, part: 0.5 });
  bar({ rows: 1000, part: 1 });
  expect(drawn).toEqual([
    `\rplaces [${"█".repeat(15)}${"░".repeat(15)}] 50 % 500 rows`,
    `\rplaces [${"█".repeat(30)}] 100 % 1000 rows\n`,
  ]);
  progressBar("places", { isTTY: false, write: (text) => drawn.push(text) })({ rows: 1, part: 1 });
  expect(drawn).toHaveLength(2);
});
