import { beforeEach, describe, expect, expectTypeOf, test } from "bun:test";
import { Database as Native } from "bun:sqlite";
import { type Kysely as AnyKysely, Kysely, sql, SqliteDialect } from "kysely";
import { NotFound } from "../../../src/index.ts";
import { count, exists, explain, getOr404 } from "../../../src/data/query/index.ts";
import { transaction } from "../../../src/data/transaction/index.ts";
import { type Blog, blog } from "./blog.ts";
import { onEach } from "./stages.ts";

/** The statements that are sent in place of a query, in the words of each dialect. */
const COUNTED: readonly (readonly [
  told: string,
  build: (db: AnyKysely<Blog>) => Parameters<typeof count>[0],
  expected: number,
  sqlite: string,
])[] = [
  ["a table", (db) => db.selectFrom("users").selectAll(), 3, 'select count(*) as "count" from "users"'],
  ["nothing selected", (db) => db.selectFrom("users"), 3, 'select count(*) as "count" from "users"'],
  [
    "a condition; order is left out",
    (db) => db.selectFrom("users").select("email").where("name", "=", "Ada").orderBy("email"),
    2,
    'select count(*) as "count" from "users" where "name" = ?',
  ],
  [
    "a join whose tables share names of columns",
    (db) => db.selectFrom("users").innerJoin("articles", "articles.authorId", "users.id").selectAll(),
    4,
    'select count(*) as "count" from "users" inner join "articles" on "articles"."authorId" = "users"."id"',
  ],
  [
    "a limit: the order may matter",
    (db) => db.selectFrom("users").select("email").orderBy("id").limit(2),
    2,
    'select count(*) as "count" from (select "email" from "users" order by "id" limit ?) as "counted"',
  ],
  [
    "an offset past most rows",
    (db) => db.selectFrom("articles").select("id").orderBy("id").limit(100).offset(3),
    1,
    'select count(*) as "count" from (select "id" from "articles" order by "id" limit ? offset ?) as "counted"',
  ],
  [
    "groups",
    (db) => db.selectFrom("users").select("name").groupBy("name").orderBy("name"),
    2,
    'select count(*) as "count" from (select "name" from "users" group by "name") as "counted"',
  ],
  [
    "groups with nothing selected",
    (db) =>
      db
        .selectFrom("users")
        .groupBy("name")
        .having((eb) => eb.fn.countAll(), ">", 1),
    1,
    'select count(*) as "count" from (select 1 as "one" from "users" group by "name" having count(*) > ?) as "counted"',
  ],
  [
    "distinct rows",
    (db) => db.selectFrom("users").select("name").distinct(),
    2,
    'select count(*) as "count" from (select distinct "name" from "users") as "counted"',
  ],
  [
    "an aggregate, which is one row",
    (db) => db.selectFrom("users").select((eb) => eb.fn.countAll().as("n")),
    1,
    'select count(*) as "count" from (select count(*) as "n" from "users") as "counted"',
  ],
  [
    "a union",
    (db) => db.selectFrom("users").select("name").unionAll(db.selectFrom("tags").select("name")),
    3,
    'select count(*) as "count" from (select "name" from "users" union all select "name" from "tags") as "counted"',
  ],
  [
    "a common table expression",
    (db) =>
      db
        .with("named", (on) => on.selectFrom("users").select("name").where("name", "=", "Ada"))
        .selectFrom("named")
        .select("name")
        .distinct(),
    1,
    'with "named" as (select "name" from "users" where "name" = ?) ' +
      'select count(*) as "count" from (select distinct "name" from "named") as "counted"',
  ],
  [
    "rows that are locked",
    (db) => db.selectFrom("tags").selectAll().forUpdate(),
    0,
    'select count(*) as "count" from "tags"',
  ],
];

onEach(blog, (stage) => {
  beforeEach(async () => {
    for (const table of ["users", "articles"] as const) await stage.db.deleteFrom(table).execute();
    const users = ["ada@x", "ada@y", "bob@x"].map((email, index) => ({
      id: index + 1,
      email,
      name: email.startsWith("ada") ? "Ada" : "Bob",
    }));
    await stage.db.insertInto("users").values(users).execute();
    const articles = [1, 1, 2, 3].map((authorId, index) => ({ id: index + 1, authorId, title: `no ${index}` }));
    await stage.db.insertInto("articles").values(articles).execute();
  });

  describe("count", () => {
    for (const [told, build, expected] of COUNTED) {
      test(`of ${told}`, async () => {
        expect(await count(build(stage.db))).toBe(expected);
      });
    }

    test("counts inside a transaction what it has written", async () => {
      await transaction(stage.db, async (trx) => {
        await trx.insertInto("users").values({ id: 4, email: "new@x" }).execute();
        expect(await count(trx.selectFrom("users"))).toBe(4);
      });
    });
  });

  describe("exists", () => {
    for (const [told, build, expected] of COUNTED) {
      test(`of ${told}`, async () => {
        expect(await exists(build(stage.db))).toBe(expected > 0);
      });
    }

    test("of a limit of no rows", async () => {
      expect(await exists(stage.db.selectFrom("users").select("id").limit(0))).toBe(false);
    });
  });

  describe("getOr404", () => {
    test("is the row", async () => {
      const row = await getOr404(stage.db.selectFrom("users").select(["id", "active"]).where("email", "=", "bob@x"));
      expectTypeOf(row).toEqualTypeOf<{ id: number; active: boolean }>();
      expect(row).toEqual({ id: 3, active: true });
    });

    test("is a 404 where there is none", async () => {
      const query = stage.db.selectFrom("users").selectAll().where("id", "=", 99);
      const plain = (await getOr404(query).catch((error: unknown) => error)) as NotFound;
      expect([plain.status, plain.detail]).toEqual([404, "Not found"]);
      const told = (await getOr404(query, "User not found").catch((error: unknown) => error)) as NotFound;
      expect(told.detail).toBe("User not found");
    });
  });

  describe("aggregates are Kysely's own", () => {
    test("count with a filter, average, sum", async () => {
      await stage.db.updateTable("articles").set({ rating: 2.5, published: true }).where("id", "<=", 2).execute();
      await stage.db.updateTable("articles").set({ rating: 4 }).where("id", "=", 3).execute();
      const stats = await stage.db
        .selectFrom("articles")
        .select(({ fn, eb }) => [
          fn.countAll<number>().as("total"),
          fn.count<number>(eb.case().when("published", "=", true).then(1).end()).as("published"),
          fn.avg<number>("rating").as("rating"),
          fn.max("id").as("last"),
        ])
        .executeTakeFirstOrThrow();
      expect(stats).toEqual({ total: 4, published: 2, rating: 3, last: 4 });
    });

    test("an annotation with exists", async () => {
      const rows = await stage.db
        .selectFrom("users")
        .select((eb) => [
          "id",
          eb
            .exists(eb.selectFrom("articles").select("id").whereRef("authorId", "=", "users.id").where("id", ">", 3))
            .as("late"),
        ])
        .orderBy("id")
        .execute();
      expect(rows.map(({ late }) => Number(late))).toEqual([0, 0, 1]);
    });
  });

  describe("explain", () => {
    test("tells how the database finds the rows", async () => {
      const plan = await explain(stage.db, stage.db.selectFrom("users").selectAll().where("email", "=", "bob@x"));
      expect(plan).toContain(
        { sqlite: "SEARCH users USING INDEX", postgres: "Index Cond: (email = 'bob@x'", mysql: "const" }[stage.dialect],
      );
    });

    test("that runs the query rolls back what it changes", async () => {
      const query = stage.db.deleteFrom("users").where("id", "=", 1);
      const plan = await explain(stage.db, query, { analyze: true });
      expect(plan).toContain({ sqlite: "users", postgres: "actual time=", mysql: "r_rows" }[stage.dialect]);
      expect(await count(stage.db.selectFrom("users"))).toBe(3);
    });
  });
});

describe("with a Kysely of one's own", () => {
  const sent: string[] = [];
  const open = (): Kysely<Blog> =>
    new Kysely<Blog>({
      dialect: new SqliteDialect({ database: new Native(":memory:") as never }),
      log: ({ query }) => void sent.push(query.sql),
    });

  test.each(COUNTED.map(([told, build, , expected]) => [told, build, expected] as const))(
    "count of %s is sent as one statement",
    async (_, build, expected) => {
      const db = open();
      sent.length = 0;
      // There are no tables: what matters is what would run.
      await count(build(db)).catch(() => {});
      expect(sent).toEqual([expected]);
      await db.destroy();
    },
  );

  test("exists asks for no row", async () => {
    const db = open();
    await sql`create table users (id integer, email text)`.execute(db);
    sent.length = 0;
    expect(await exists(db.selectFrom("users").where("id", "=", 1).orderBy("id"))).toBe(false);
    expect(sent).toEqual(['select exists (select 1 as "one" from "users" where "id" = ?) as "exists"']);
    await db.destroy();
  });

  test("what is no select cannot be counted", async () => {
    const db = open();
    const query = db.deleteFrom("users") as never;
    expect(await count(query).catch((error: Error) => error.message)).toBe("Only the rows of a select can be counted");
    await db.destroy();
  });
});
