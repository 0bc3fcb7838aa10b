import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, SqliteAdapter } from "kysely";
import { Api, created, t } from "bolide";
import { testClient, testTransaction, transactional } from "bolide/testing";
import {
  afterCommit,
  type Database,
  type DatabaseSource,
  database,
  mysql,
  postgres,
  prepared,
  sqlite,
  transaction,
} from "../../src/data/index.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../data/servers/index.ts";

interface Tables {
  notes: { id: number; text: string };
}

const folder = mkdtempSync(join(tmpdir(), "bolide-transaction-"));
afterAll(() => rmSync(folder, { recursive: true }));

const databases: readonly (readonly [name: string, missing: boolean, source: () => Promise<DatabaseSource>])[] = [
  ["SQLite in memory", false, async () => sqlite(":memory:")],
  ["SQLite in a file", false, async () => sqlite(join(folder, "notes.db"))],
  ["PostgreSQL", noPostgres, async () => postgres(await (await postgresServer()).database())],
  ["MariaDB", noMariadb, async () => mysql(await (await mariadbServer()).database())],
];

describe.each(databases)("a test transaction on %s", (_, missing, source) => {
  if (missing) return test.skip("is not tested here", () => {});
  let db: Database<Tables>;
  beforeAll(async () => {
    db = database<Tables>(await source());
    await db.schema.dropTable("notes").ifExists().execute();
    await db.schema
      .createTable("notes")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("text", "varchar(20)", (column) => column.notNull())
      .execute();
  });
  afterAll(async () => {
    await db.schema.dropTable("notes").execute();
    await db.destroy();
  });

  const texts = async () =>
    (await db.selectFrom("notes").select("text").orderBy("id").execute()).map(({ text }) => text);
  const add = (id: number, text = `no ${id}`, on: Kysely<any> = db) =>
    on.insertInto("notes").values({ id, text }).execute();

  test("undoes what was done", async () => {
    const around = await testTransaction(db);
    await add(1);
    expect(await texts()).toEqual(["no 1"]);
    await around.rollback();
    expect(await texts()).toEqual([]);
  });

  test("undoes what committed inside of it", async () => {
    const told: string[] = [];
    {
      await using _ = await testTransaction(db);
      await transaction(db, async (trx) => {
        await add(1, "one", trx);
        afterCommit(() => told.push("committed"));
      });
      await db.transaction().execute((trx) => trx.insertInto("notes").values({ id: 2, text: "two" }).execute());
      expect(await texts()).toEqual(["one", "two"]);
    }
    expect(await texts()).toEqual([]);
    expect(told).toEqual(["committed"]);
  });

  test("keeps what was there when a transaction inside of it rolls back, nested ones included", async () => {
    await using _ = await testTransaction(db);
    await add(1);
    await expect(
      transaction(db, async (trx) => {
        await add(2, "two", trx);
        await expect(transaction(trx, (inner) => add(1, "twice", inner))).rejects.toThrow(/unique|duplicate/i);
        expect(await trx.selectFrom("notes").select("id").orderBy("id").execute()).toEqual([{ id: 1 }, { id: 2 }]);
        throw new RangeError("undone");
      }),
    ).rejects.toThrow(new RangeError("undone"));
    expect(await texts()).toEqual(["no 1"]);
  });

  test("goes on after a statement that failed", async () => {
    await using _ = await testTransaction(db);
    await add(1);
    await expect(add(1, "twice")).rejects.toThrow(/unique|duplicate/i);
    await add(2);
    expect(await texts()).toEqual(["no 1", "no 2"]);
  });

  test("lets transactions in that begin together, one after the other", async () => {
    await using _ = await testTransaction(db);
    await Promise.all(
      [1, 2, 3].map((id) =>
        transaction(db, async (trx) => {
          await add(id, "first", trx);
          await Bun.sleep(2);
          if (id === 2) throw new RangeError("undone");
          await trx
            .updateTable("notes")
            .set({ text: `kept ${id}` })
            .where("id", "=", id)
            .execute();
        }).catch(() => undefined),
      ),
    );
    expect(await texts()).toEqual(["kept 1", "kept 3"]);
  });

  test("takes statements of all kinds side by side", async () => {
    await using _ = await testTransaction(db);
    const find = prepared(db, (q, p) => q.selectFrom("notes").select("text").where("id", "=", p.integer("id")));
    expect(await find.first({ id: 1 })).toBeUndefined();
    await Promise.all([add(1), add(2), add(2, "twice").catch(() => undefined), add(3)]);
    expect(await Promise.all([1, 2, 3].map((id) => find.one({ id })))).toEqual([
      { text: "no 1" },
      { text: "no 2" },
      { text: "no 3" },
    ]);
    const streamed: string[] = [];
    for await (const { text } of db.selectFrom("notes").select("text").orderBy("id").stream(2)) streamed.push(text);
    expect(streamed).toEqual(["no 1", "no 2", "no 3"]);
  });

  test("leaves prepared statements as good as they were", async () => {
    const find = prepared(db, (q, p) => q.selectFrom("notes").select("text").where("id", "=", p.integer("id")));
    expect(await find.first({ id: 1 })).toBeUndefined();
    {
      await using _ = await testTransaction(db);
      await add(1);
      expect(await find.first({ id: 1 })).toEqual({ text: "no 1" });
    }
    expect(await find.first({ id: 1 })).toBeUndefined();
  });

  test("nests, and ends in the reverse order", async () => {
    const outer = await testTransaction(db);
    await add(1);
    const inner = await testTransaction(db);
    await add(2);
    expect(await texts()).toEqual(["no 1", "no 2"]);
    await expect(outer.rollback()).rejects.toThrow("one that began later is still open");
    await inner.rollback();
    expect(await texts()).toEqual(["no 1"]);
    await outer.rollback();
    expect(await texts()).toEqual([]);
  });

  test("rolls back once, however often it is told to", async () => {
    const around = await testTransaction(db);
    await add(1);
    await around.rollback();
    await around.rollback();
    await add(2);
    expect(await texts()).toEqual(["no 2"]);
    await db.deleteFrom("notes").execute();
  });
});

describe("through an api, each test", () => {
  const db = database<Tables>(sqlite(":memory:"));
  const api = new Api();
  api.get("/notes", () => db.selectFrom("notes").selectAll().execute());
  api.post("/notes", { body: { id: t.Integer(), text: t.String() } }, async ({ body }) =>
    created(await transaction(db, (trx) => trx.insertInto("notes").values(body).returningAll().executeTakeFirst())),
  );
  const client = testClient(api);
  beforeAll(() =>
    db.schema
      .createTable("notes")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("text", "text")
      .execute(),
  );
  transactional(db);
  beforeEach(() => db.insertInto("notes").values({ id: 1, text: "there before" }).execute());
  afterAll(() => db.destroy());

  test.each([["first"], ["second"]])(
    "finds what its hooks made, and not what the other one did: the %s",
    async (text) => {
      expect((await client.post("/notes", { json: { id: 2, text } })).status).toBe(201);
      expect(await (await client.get("/notes")).json()).toEqual([
        { id: 1, text: "there before" },
        { id: 2, text },
      ]);
    },
  );
});

test("a database that the program closes is rolled back and closed, and opened anew as ever", async () => {
  const file = join(folder, "closed.db");
  const db = database<Tables>(sqlite(file));
  await db.schema.createTable("notes").addColumn("id", "integer").addColumn("text", "text").execute();
  const around = await testTransaction(db);
  await db.insertInto("notes").values({ id: 1, text: "lost" }).execute();
  await db.destroy();
  expect(await db.selectFrom("notes").selectAll().execute()).toEqual([]);
  await around.rollback();
  await db.destroy();
});

test("a Kysely instance of one's own is refused", async () => {
  const own = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => ({}) as never,
      createIntrospector: () => ({}) as never,
      createQueryCompiler: () => ({}) as never,
    },
  });
  await expect(testTransaction(own)).rejects.toThrow(
    new TypeError("testTransaction takes what database(…) made, not a Kysely of one's own"),
  );
});
