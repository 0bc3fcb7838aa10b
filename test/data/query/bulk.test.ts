import { beforeEach, describe, expect, expectTypeOf, test } from "bun:test";
import { Database as Native } from "bun:sqlite";
import { Kysely, sql, SqliteDialect } from "kysely";
import { pieces } from "../../../src/data/query/chunks.ts";
import { bulkDelete, bulkInsert, bulkUpdate, count } from "../../../src/data/query/index.ts";
import { transaction } from "../../../src/data/transaction/index.ts";
import { blog } from "./blog.ts";
import { onEach } from "./stages.ts";

const tags = (length: number, from = 1) =>
  Array.from({ length }, (_, n) => ({ id: n + from, name: `tag ${n + from}` }));

onEach(blog, (stage) => {
  beforeEach(async () => {
    for (const table of ["users", "tags", "articles", "articleTags"] as const)
      await stage.db.deleteFrom(table).execute();
  });

  const all = () => count(stage.db.selectFrom("tags"));

  describe("bulkInsert", () => {
    test("inserts more rows than one statement has parameters for", async () => {
      expect(await bulkInsert(stage.db, "tags", tags(40_000), { chunk: 50_000 })).toBe(40_000);
      expect(await all()).toBe(40_000);
    });

    test("takes rows that come by and by, and none at all", async () => {
      async function* by() {
        for (const tag of tags(1000)) {
          if (tag.id % 400 === 0) await Bun.sleep(0);
          yield tag;
        }
      }
      expect(await bulkInsert(stage.db, "tags", by(), { chunk: 100 })).toBe(1000);
      expect(await bulkInsert(stage.db, "tags", new Set(tags(5, 2000)))).toBe(5);
      expect(await bulkInsert(stage.db, "tags", [])).toBe(0);
      expect(await all()).toBe(1005);
    });

    test("inserts all or none", async () => {
      const rows = [...tags(500), { id: 501, name: "tag 1" }];
      expect(
        await bulkInsert(stage.db, "tags", rows, { chunk: 100 }).then(
          () => "made",
          () => "failed",
        ),
      ).toBe("failed");
      expect(await all()).toBe(0);
    });

    test("is part of the transaction around it, and leaves it usable when it fails", async () => {
      await transaction(stage.db, async (trx) => {
        await bulkInsert(trx, "tags", tags(10));
        await bulkInsert(trx, "tags", tags(10)).catch(() => {});
        await Promise.all([bulkInsert(trx, "tags", tags(300, 100)), bulkInsert(trx, "tags", tags(300, 1000))]);
      });
      expect(await all()).toBe(610);
    });

    test("fills in the defaults of what a row leaves out", async () => {
      await bulkInsert(stage.db, "users", [
        { email: "a@x", active: false },
        { email: "b@x", name: "Bob" },
      ]);
      const rows = await stage.db.selectFrom("users").select(["email", "name", "active"]).orderBy("email").execute();
      expect(rows).toEqual([
        { email: "a@x", name: "nobody", active: false },
        { email: "b@x", name: "Bob", active: true },
      ]);
    });

    test("returns the rows", async () => {
      const ids = await bulkInsert(stage.db, "tags", tags(3), { returning: ["id"] });
      expectTypeOf(ids).toEqualTypeOf<Pick<{ id: number; name: string }, "id">[]>();
      expect(ids).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
      expect(await bulkInsert(stage.db, "tags", [{ id: 7, name: "x" }], { returning: true })).toEqual([
        { id: 7, name: "x" },
      ]);
    });

    test("leaves out what is there", async () => {
      await bulkInsert(stage.db, "tags", tags(3));
      const inserted = await bulkInsert(stage.db, "tags", [...tags(5), { id: 99, name: "tag 1" }], {
        onConflict: "ignore",
      });
      // MySQL counts the ones that were there, too.
      expect(inserted).toBe(stage.dialect === "mysql" ? 6 : 2);
      expect(await all()).toBe(5);
    });

    test("changes what is there", async () => {
      await bulkInsert(stage.db, "users", [{ email: "a@x", name: "A", active: true }]);
      const rows = ["a@x", "b@x"].map((email) => ({ email, name: "new", active: false }));
      await bulkInsert(stage.db, "users", rows, { onConflict: { columns: ["email"], update: ["name"] } });
      expect(await stage.db.selectFrom("users").select(["email", "name", "active"]).orderBy("email").execute()).toEqual(
        [
          { email: "a@x", name: "new", active: true },
          { email: "b@x", name: "new", active: false },
        ],
      );
    });

    test("refuses a chunk of no rows", async () => {
      const attempt = bulkInsert(stage.db, "tags", tags(1), { chunk: 0 });
      expect(await attempt.catch((error: Error) => error.message)).toBe("chunk is a number of rows from 1, not 0");
    });
  });

  describe("bulkUpdate", () => {
    test("changes each row in its own way", async () => {
      await bulkInsert(stage.db, "tags", tags(1000));
      const rows = tags(999).map(({ id }) => ({ id, name: `new ${id}` }));
      expect(await bulkUpdate(stage.db, "tags", [...rows, { id: 5000, name: "nobody" }])).toBe(999);
      const found = await stage.db
        .selectFrom("tags")
        .select("name")
        .where("id", "in", [1, 500, 999, 1000])
        .orderBy("id")
        .execute();
      expect(found.map(({ name }) => name)).toEqual(["new 1", "new 500", "new 999", "tag 1000"]);
    });

    test("takes values of every kind, and null", async () => {
      await bulkInsert(
        stage.db,
        "articles",
        [1, 2].map((id) => ({ id, title: `no ${id}` })),
      );
      const full = {
        id: 1,
        published: true,
        views: 9_007_199_254_740_993n,
        rating: 0.1 + 0.2,
        price: "12.30",
        day: "2024-02-29",
        at: new Date("2024-02-29T12:34:56.789Z"),
        meta: { text: 'it\'s "🦊"', list: [1, null] },
        cover: new Uint8Array([0, 92, 39, 255]),
        key: "0190b6f0-0000-7000-8000-000000000001",
      };
      await bulkUpdate(stage.db, "articles", [
        full,
        { ...full, id: 2, meta: "only text", cover: null, at: null, rating: null },
      ]);
      const [one, two] = await stage.db.selectFrom("articles").selectAll().orderBy("id").execute();
      const { cover, ...rest } = one!;
      expect(rest).toEqual({ ...full, cover: undefined, authorId: null, title: "no 1" } as never);
      expect([...cover!]).toEqual([...full.cover]);
      expect([two!.meta, two!.cover, two!.at, two!.rating]).toEqual(["only text", null, null, null]);
    });

    test("takes rows that change different columns", async () => {
      await bulkInsert(
        stage.db,
        "users",
        [1, 2].map((id) => ({ id, email: `${id}@x` })),
      );
      await bulkUpdate(stage.db, "users", [
        { id: 1, name: "One" },
        { id: 2, active: false },
      ]);
      expect(await stage.db.selectFrom("users").select(["name", "active"]).orderBy("id").execute()).toEqual([
        { name: "One", active: true },
        { name: "nobody", active: false },
      ]);
      const moments = await stage.db.selectFrom("users").select("updatedAt").execute();
      expect(moments.map(({ updatedAt }) => updatedAt instanceof Date)).toEqual([true, true]);
    });

    test("finds rows by another key, and by one of several columns", async () => {
      await bulkInsert(stage.db, "tags", tags(3));
      await bulkUpdate(stage.db, "tags", [{ name: "tag 2", id: 20 }], { key: "name" });
      expect(await stage.db.selectFrom("tags").select("id").orderBy("id").execute()).toEqual([
        { id: 1 },
        { id: 3 },
        { id: 20 },
      ]);
      await bulkInsert(
        stage.db,
        "articles",
        [1, 2].map((id) => ({ id, authorId: 7, title: `no ${id}` })),
      );
      const rows = [{ authorId: 7, title: "no 1", published: true }];
      expect(await bulkUpdate(stage.db, "articles", rows, { key: ["authorId", "title"] })).toBe(1);
    });

    test("changes all or none", async () => {
      await bulkInsert(stage.db, "tags", tags(300));
      const rows = tags(300).map(({ id }) => ({ id, name: id === 300 ? "tag 1" : `new ${id}` }));
      rows[0]!.name = "tag 1";
      expect(
        await bulkUpdate(stage.db, "tags", rows, { chunk: 50 }).then(
          () => "changed",
          () => "failed",
        ),
      ).toBe("failed");
      expect(await count(stage.db.selectFrom("tags").where("name", "like", "new%"))).toBe(0);
    });

    test("refuses a row without its key or without changes", async () => {
      const refused = (rows: object[]) =>
        bulkUpdate(stage.db, "tags", rows as never).catch((error: Error) => error.message);
      expect(await refused([{ name: "x" }])).toBe('bulkUpdate: a row of "tags" has no "id", which is its key');
      expect(await refused([{ id: 1 }])).toBe('bulkUpdate: a row of "tags" changes nothing');
    });
  });

  describe("bulkDelete", () => {
    test("deletes any number of rows by their keys", async () => {
      await bulkInsert(stage.db, "tags", tags(40_010));
      expect(await bulkDelete(stage.db, "tags", [...tags(40_000).map(({ id }) => id), 99_999])).toBe(40_000);
      expect(await all()).toBe(10);
      expect(await bulkDelete(stage.db, "tags", ["tag 40001"], { key: "name" })).toBe(1);
      expect(await bulkDelete(stage.db, "tags", [])).toBe(0);
    });

    test("asks which column where the key has several", async () => {
      await bulkInsert(stage.db, "articleTags", [
        { articleId: 1, tagId: 1 },
        { articleId: 1, tagId: 2 },
      ]);
      expect(await bulkDelete(stage.db, "articleTags", [1]).catch((error: Error) => error.message)).toBe(
        'bulkDelete: "articleTags" has a key of several columns; name one in key',
      );
      expect(await bulkDelete(stage.db, "articleTags", [1], { key: "articleId" })).toBe(2);
    });
  });
});

describe("pieces of a list", () => {
  const sizes = async (rows: object[], most: number, chunk?: number): Promise<number[]> => {
    const lengths: number[] = [];
    for await (const piece of pieces(rows, most, chunk)) lengths.push(piece.length);
    return lengths;
  };

  test.each([
    [0, []],
    [1, [1]],
    [32, [32]],
    [33, [32, 1]],
    [167, [128, 32, 7]],
    [256, [256]],
    [600, [256, 256, 64, 24]],
  ])("of %d rows", async (length, expected) => {
    expect(await sizes(tags(length), 65_535)).toEqual(expected);
  });

  test("have no more parameters than a statement", async () => {
    expect(await sizes(tags(10), 8, 100)).toEqual([4, 4, 2]);
    expect(await sizes([{ a: 1 }, { a: 1 }, { b: 1, c: 1 }, { a: undefined, b: 1 }], 4)).toEqual([2, 2]);
    expect(await sizes([{ a: 1, b: 2, c: 3 }, { a: 1 }], 2)).toEqual([1, 1]);
  });
});

test("a Kysely of one's own takes them all", async () => {
  const db = new Kysely<{ tags: { id: number; name: string } }>({
    dialect: new SqliteDialect({ database: new Native(":memory:") as never }),
  });
  await sql`create table tags (id integer primary key, name text unique)`.execute(db);
  expect(await bulkInsert(db, "tags", tags(300))).toBe(300);
  expect(await bulkUpdate(db, "tags", [{ id: 1, name: "one" }])).toBe(1);
  expect(await bulkDelete(db, "tags", [1, 2, 3])).toBe(3);
  expect(await count(db.selectFrom("tags"))).toBe(297);
  await db.destroy();
});
