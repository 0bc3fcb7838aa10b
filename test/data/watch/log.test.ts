import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { type Database, database, postgres, prepared, type QueryEntry, sqlite } from "../../../src/data/index.ts";
import { noPostgres, postgresServer } from "../servers/index.ts";
import { watching, watchOf } from "../../../src/data/watch/index.ts";
import { blog, type Tables } from "./blog.ts";

/** Everything but the time, which differs from run to run. */
const told = ({ millis, ...entry }: QueryEntry) => {
  expect(millis).toBeGreaterThan(0);
  return entry;
};

/** The line below the caller's, as entries name it. */
const nextLine = () =>
  `test/data/watch/log.test.ts:${Number(/:(\d+):\d+\)?$/m.exec(new Error().stack!.split("\n")[2]!)![1]) + 1}`;

describe("without a threshold, log gets", () => {
  const entries: QueryEntry[] = [];
  let db: Database<Tables>;
  beforeAll(async () => {
    db = await blog({ log: (entry) => void entries.push(entry) });
  });
  afterAll(() => db.destroy());

  async function logged(act: () => unknown): Promise<readonly Omit<QueryEntry, "millis">[]> {
    entries.length = 0;
    await act();
    return entries.map(told);
  }

  test("a query of Kysely, with its parameters, its rows and the line that made it", async () => {
    const at = nextLine();
    const found = await logged(async () => db.selectFrom("articles").select("id").where("authorId", "=", 1).execute());
    expect(found).toEqual([{ sql: 'select "id" from "articles" where "authorId" = ?', parameters: [1], rows: 4, at }]);
  });

  test("a prepared query, at once", () => {
    const byId = prepared(db, (q, p) => q.selectFrom("users").select("name").where("id", "=", p.integer("id")));
    entries.length = 0;
    const at = nextLine();
    expect(byId.first({ id: 2 })).toEqual({ name: "Grace" });
    expect(entries.map(told)).toEqual([
      { sql: 'select "name" from "users" where "id" = ?', parameters: [2], rows: 1, at },
    ]);
  });

  test("a prepared query that finds nothing as no rows", async () => {
    const byId = prepared(db, (q, p) => q.selectFrom("users").select("name").where("id", "=", p.integer("id")));
    expect(await logged(() => byId.first({ id: 9 }))).toMatchObject([{ rows: 0 }]);
  });

  test("what a change changed", async () => {
    const rename = prepared(db, (q, p) => q.updateTable("articles").set({ title: p.text("title") }));
    expect(await logged(() => rename.run({ title: "all" }))).toMatchObject([{ parameters: ["all"], rows: 8 }]);
    expect(await logged(() => db.deleteFrom("articles").where("id", ">", 6).execute())).toMatchObject([
      { sql: 'delete from "articles" where "id" > ?', parameters: [6], rows: 2 },
    ]);
  });

  test("a query inside a transaction", async () => {
    let at = "";
    const found = await logged(() =>
      db.transaction().execute(async (trx) => {
        at = nextLine();
        await trx.selectFrom("users").select("id").execute();
      }),
    );
    expect(found).toEqual([{ sql: 'select "id" from "users"', parameters: [], rows: 2, at }]);
  });

  test("a stream once, when it has ended", async () => {
    const found = await logged(async () => {
      for await (const _ of db.selectFrom("users").select("id").stream(1)) expect(entries).toEqual([]);
    });
    expect(found).toMatchObject([{ sql: 'select "id" from "users"', rows: 2 }]);
  });

  test("a stream that was left with the rows that were read", async () => {
    const all = prepared(db, (q) => q.selectFrom("users").select("id"));
    const found = await logged(async () => {
      for await (const _ of all.iterate({})) break;
    });
    expect(found).toMatchObject([{ sql: 'select "id" from "users"', rows: 2 }]);
  });

  test("a query that fails, with its error, which is thrown all the same", async () => {
    const found = await logged(async () => {
      await expect(sql`select absent from users`.execute(db)).rejects.toThrow("no such column: absent");
    });
    expect(found).toMatchObject([{ sql: "select absent from users", rows: undefined }]);
    expect(String(found[0]!.error)).toContain("no such column: absent");
  });
});

test.skipIf(noPostgres)("on a server, log knows the line that asked as well", async () => {
  const entries: QueryEntry[] = [];
  const url = await (await postgresServer()).database();
  const db = database(postgres(url), {}, { log: (entry) => void entries.push(entry) });
  const one = prepared(db, (q) => q.selectNoFrom((eb) => eb.val(1).as("one")));
  const at = nextLine();
  await one.all({});
  const later = nextLine();
  await db.selectNoFrom((eb) => eb.val(2).as("two")).execute();
  await db.destroy();
  expect(entries.map(told)).toEqual([
    { sql: 'select $1 as "one"', parameters: [1], rows: 1, at },
    { sql: 'select $1 as "two"', parameters: [2], rows: 1, at: later },
  ]);
});

test("with a threshold, log gets what took longer and nothing else", async () => {
  const entries: QueryEntry[] = [];
  const database = { models: {}, watch: watchOf({ slow: 100, log: (entry) => void entries.push(entry) }) };
  void watching(database, "at once", [], () => []);
  await watching(database, "slow", [1], () => Bun.sleep(120).then(() => [{}, {}]));
  expect(entries.map(told)).toEqual([{ sql: "slow", parameters: [1], rows: 2, at: expect.any(String) as string }]);
});

test("without a log, a slow query is a JSON line on stdout that has no parameters", async () => {
  const script = `
    import { sql } from "kysely";
    import { database, sqlite } from "./src/data/index.ts";
    const db = database(sqlite(":memory:"), undefined, { slow: 0 });
    await sql\`select \${"hunter2"} as value\`.execute(db);
    await db.destroy();
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const line = JSON.parse(await new Response(child.stdout).text()) as Record<string, unknown>;
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: "warn",
    message: "slow query",
    sql: "select ? as value",
    duration: expect.any(Number),
    rows: 1,
    at: expect.stringMatching(/:\d+$/),
  });
});

test("a threshold below 0 is refused", () => {
  expect(() => database(sqlite(":memory:"), {}, { slow: -1 })).toThrow(
    new RangeError("database takes slow in milliseconds, not -1"),
  );
});

test("in debug mode, what takes 200 ms is told without being asked for; elsewhere it is not", async () => {
  const script = `
    import { RecordedQueries, recordQueries } from "./src/http/index.ts";
    import { watching } from "./src/data/watch/index.ts";
    const database = { models: {}, watch: undefined };
    const ask = (sql, millis) => watching(database, sql, [], () => Bun.sleep(millis));
    await Promise.all([ask("unwatched", 210), recordQueries(new RecordedQueries(), () => Promise.all([ask("quick", 1), ask("slow", 210)]))]);
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { sql: string }).sql)).toEqual(["slow"]);
});
