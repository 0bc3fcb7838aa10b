import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Link, Row } from "../../../src/data/engine/index.ts";
import { ask, change, first, onEach, outcome } from "./kinds.ts";

onEach("a stream of rows", (kind, { engine, url }) => {
  const maria = kind.name === "MariaDB";
  const one = kind.mark(1);

  const stream = (link: Link, text: string, size: number, parameters: readonly unknown[] = []) =>
    link.prepare(text, { reads: true, returns: true }).iterate(parameters, size);
  const gather = async (chunks: AsyncIterable<Row[]>): Promise<Row[][]> => {
    const all: Row[][] = [];
    for await (const chunk of chunks) all.push([...chunk]);
    return all;
  };

  test("comes in chunks, in its order, with the values that a whole result has", async () => {
    const db = engine();
    await change(
      db,
      maria
        ? "create table items (id int primary key, name varchar(20), at datetime(3), data json, part longblob) default charset utf8mb4"
        : "create table items (id int primary key, name varchar(20), at timestamptz(3), data jsonb, part bytea)",
    );
    const at = new Date("2024-02-29T12:34:56.789Z");
    const insert = `insert into items values (${[1, 2, 3, 4, 5].map(kind.mark).join(", ")})`;
    const json = ['{"a":[1,"😀",null]}', '"text"', "[]", "42", "null"];
    for (const [n, data] of json.entries())
      await change(db, insert, [
        n,
        `item ${n}`,
        at,
        maria ? data : Bun.sql.json(JSON.parse(data)),
        new Uint8Array([0, 255, n]),
      ]);
    const text = `select * from items where id >= ${one} order by id desc`;
    const whole = [...(await ask(db, text, [0]))];
    const chunks = await gather(stream(db, text, 2, [0]));
    expect(chunks.map((chunk) => chunk.length)).toEqual([2, 2, 1]);
    expect(chunks.flat()).toEqual(whole);
    expect(whole.map(({ data }) => data)).toEqual([null, 42, [], "text", { a: [1, "😀", null] }]);
  });

  test.each([0, 1, 2, 3, 4])("has no empty chunk at the end of %i rows", async (rows) => {
    const text = `select * from (${kind.series(4)}) as numbers where n <= ${rows} order by n`;
    const chunks = await gather(stream(engine(), text, 2));
    expect(chunks.flat().map(({ n }) => n)).toEqual([1, 2, 3, 4].slice(0, rows));
    expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
  });

  test("may be left at any time, and its connection serves others again", async () => {
    const db = engine({ max: 1, patience: 1000 });
    for await (const chunk of stream(db, kind.series(1000), 10)) {
      expect(chunk).toHaveLength(10);
      break;
    }
    const failing = async (): Promise<void> => {
      for await (const _ of stream(db, kind.series(1000), 10)) throw new Error("enough");
    };
    expect(await outcome(failing())).toBe("Error: enough");
    expect(await first(db, "select 1 as one")).toEqual({ one: 1 });
  });

  test("fails with the statement's own error", async () => {
    const error: unknown = await gather(stream(engine(), "select * from nowhere", 10)).catch((error: unknown) => error);
    expect(error).toMatchObject({ errno: maria ? 1146 : "42P01" });
  });

  test("in a transaction sees what the transaction did, and leaves it open", async () => {
    const db = engine();
    await change(db, "create table seen (n int)");
    const session = await db.reserve();
    await session.begin({});
    await change(session, "insert into seen values (1), (2), (3)");
    const chunks: unknown[] = [];
    for await (const rows of stream(session, "select n from seen order by n", 2)) {
      chunks.push(rows.map(({ n }) => n));
      await change(session, "insert into seen values (10)");
    }
    expect(chunks).toEqual([[1, 2], [3]]);
    expect(await gather(stream(session, "select count(*) as count from seen", 2))).toHaveLength(1);
    await session.rollback();
    session.release();
    expect(await ask(db, "select n from seen")).toBeEmpty();
  });

  test("of one session may be open beside another", async () => {
    const session = await engine().reserve();
    await session.begin({});
    const other = stream(session, kind.series(4), 2)[Symbol.asyncIterator]();
    expect((await other.next()).value).toHaveLength(2);
    expect(await gather(stream(session, `${kind.series(3)} order by n`, 2))).toHaveLength(2);
    expect((await other.next()).value).toHaveLength(2);
    expect((await other.next()).done).toBe(true);
    await session.rollback();
    session.release();
  });

  test("of a statement that is no query is its whole result", async () => {
    const db = engine();
    await change(db, "create table made (n int)");
    const chunks = await gather(stream(db, "insert into made values (1), (2), (3) returning n", 2));
    expect(chunks).toEqual([[{ n: 1 }, { n: 2 }], [{ n: 3 }]]);
  });

  test("begins with a comment, a parenthesis or a common table expression", async () => {
    const db = engine();
    for (const text of [
      "-- all\n select 1 as n",
      "/* all */ (select 1 as n)",
      "with one as (select 1 as n) select * from one",
    ])
      expect(await gather(stream(db, text, 2))).toEqual([[{ n: 1 }]]);
  });

  describe("of 300,000 rows", () => {
    test("adds less than 64 MB", async () => {
      const text = kind.series(300_000).replace(" from", ", repeat('x', 100) as filler from");
      const program = join(import.meta.dir, "programs", "memory.ts");
      const child = Bun.spawn([process.execPath, program, url(), text], { stdout: "pipe", stderr: "inherit" });
      const { rows, megabytes } = (await new Response(child.stdout).json()) as { rows: number; megabytes: number };
      expect(rows).toBe(300_000);
      expect(megabytes).toBeLessThan(64);
    }, 30_000);
  });
});
