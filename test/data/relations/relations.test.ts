import { beforeAll, describe, expect, expectTypeOf, test } from "bun:test";
import { Database as Native } from "bun:sqlite";
import { Kysely, type KyselyPlugin, OperationNodeTransformer, SqliteDialect } from "kysely";
import { database, prepared, sqlite } from "../../../src/data/index.ts";
import { bulkInsert, count } from "../../../src/data/query/index.ts";
import { prefetch, related } from "../../../src/data/relations/index.ts";
import { transaction } from "../../../src/data/transaction/index.ts";
import { t } from "../../../src/index.ts";
import { type Blog, blog } from "../query/blog.ts";
import { onEach } from "../query/stages.ts";

const FULL = {
  views: 9_007_199_254_740_993n,
  rating: 0.1 + 0.2,
  price: "12.30",
  day: "2024-02-29",
  at: new Date("2024-02-29T12:34:56.789Z"),
  meta: { text: 'it\'s "🦊"', list: [1, null, true], deep: { "": 0 } },
  cover: new Uint8Array([0, 92, 39, 255]),
  key: "0190b6f0-0000-7000-8000-000000000001",
} as const;

onEach(blog, (stage) => {
  beforeAll(async () => {
    const { db } = stage;
    await bulkInsert(db, "users", [
      { id: 1, email: "ada@x", name: "Ada" },
      { id: 2, email: "bob@x", name: "Bob", active: false },
      { id: 3, email: "cleo@x", name: "Cleo" },
    ]);
    await bulkInsert(db, "profiles", [{ id: 1, userId: 2, about: "a builder" }]);
    await bulkInsert(db, "articles", [
      { id: 1, authorId: 1, title: "One", published: true, ...FULL },
      { id: 2, authorId: 2, title: "Two", meta: "only text" },
      { id: 3, authorId: null, title: "Three", meta: null },
    ]);
    await bulkInsert(
      db,
      "comments",
      [1, 1, 1, 1, 2].map((articleId, n) => ({
        id: n + 1,
        articleId,
        authorId: (n % 3) + 1,
        body: `comment ${n + 1}`,
      })),
    );
    await bulkInsert(
      db,
      "tags",
      ["bun", "zig", "sql"].map((name, n) => ({ id: n + 1, name })),
    );
    await bulkInsert(db, "articleTags", [
      { articleId: 1, tagId: 2 },
      { articleId: 1, tagId: 1 },
      { articleId: 2, tagId: 1 },
    ]);
    await bulkInsert(db, "friendships", [
      { userId: 1, friendId: 2 },
      { userId: 1, friendId: 3 },
      { userId: 2, friendId: 1 },
    ]);
    await bulkInsert(db, "categories", [
      { id: 1, parentId: null, name: "root" },
      { id: 2, parentId: 1, name: "left" },
      { id: 3, parentId: 1, name: "right" },
      { id: 4, parentId: 2, name: "leaf" },
    ]);
  });

  const articles = () => stage.db.selectFrom("articles").select("articles.id").orderBy("articles.id");

  describe("related", () => {
    test("gives the row that a foreign key refers to, or null, without what is writeOnly", async () => {
      const rows = await articles()
        .select(related(stage.db, "articles", "author").as("author"))
        .execute();
      type Author = { id: number; email: string; name: string; active: boolean; updatedAt: Date | null };
      expectTypeOf(rows).toEqualTypeOf<{ id: number; author: Author | null }[]>();
      expect(rows).toEqual([
        { id: 1, author: { id: 1, email: "ada@x", name: "Ada", active: true, updatedAt: null } },
        { id: 2, author: { id: 2, email: "bob@x", name: "Bob", active: false, updatedAt: null } },
        { id: 3, author: null },
      ]);
    });

    test("gives the columns that are named, in their order, a writeOnly one too", async () => {
      const options = { columns: ["password", "id"] } as const;
      const rows = await articles()
        .select(related(stage.db, "articles", "author", options).as("author"))
        .execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; author: { id: number; password: string } | null }[]>();
      expect(JSON.stringify(rows[0])).toBe('{"id":1,"author":{"password":"secret","id":1}}');
    });

    test("gives the row that refers to this one, or null", async () => {
      const rows = await stage.db
        .selectFrom("users")
        .select("id")
        .select(related(stage.db, "users", "profile", { columns: ["about"] }).as("profile"))
        .orderBy("id")
        .execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; profile: { about: string } | null }[]>();
      expect(rows.map(({ profile }) => profile)).toEqual([null, { about: "a builder" }, null]);
    });

    test("gives the rows that refer to this one, none included", async () => {
      const rows = await articles()
        .select(related(stage.db, "articles", "comments", { columns: ["id"] }).as("comments"))
        .execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; comments: { id: number }[] }[]>();
      expect(rows.map(({ comments }) => comments.map(({ id }) => id).sort((a, b) => a - b))).toEqual([
        [1, 2, 3, 4],
        [5],
        [],
      ]);
    });

    test("gives the rows of a third table between", async () => {
      const rows = await articles()
        .select(related(stage.db, "articles", "tags", { query: (q) => q.orderBy("name") }).as("tags"))
        .execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; tags: { id: number; name: string }[] }[]>();
      expect(rows.map(({ tags }) => tags)).toEqual([
        [
          { id: 1, name: "bun" },
          { id: 2, name: "zig" },
        ],
        [{ id: 1, name: "bun" }],
        [],
      ]);
    });

    test("narrows, orders and limits the rows of each row", async () => {
      const rows = await articles()
        .select(
          related(stage.db, "articles", "comments", {
            columns: ["id"],
            query: (q) =>
              q
                .where("comments.id", "!=", 4)
                .where("body", "like", "comment %")
                .orderBy("id", "desc")
                .limit(2)
                .offset(1),
          }).as("comments"),
        )
        .execute();
      expect(rows.map(({ comments }) => comments)).toEqual([[{ id: 2 }, { id: 1 }], [], []]);
    });

    test("takes conditions in any form", async () => {
      const rows = await articles()
        .select(
          related(stage.db, "articles", "comments", {
            columns: ["id"],
            query: (q) => q.where((eb) => eb.or([eb("id", "=", 1), eb("id", "=", 5)])),
          }).as("comments"),
        )
        .execute();
      expect(rows.map(({ comments }) => comments)).toEqual([[{ id: 1 }], [{ id: 5 }], []]);
    });

    test("gives values of every kind as any other query does", async () => {
      const rows = await stage.db
        .selectFrom("users")
        .select(related(stage.db, "users", "articles", { query: (q) => q.orderBy("id") }).as("articles"))
        .orderBy("id")
        .execute();
      const plain = await stage.db
        .selectFrom("articles")
        .selectAll()
        .where("authorId", "is not", null)
        .orderBy("id")
        .execute();
      // Bytes are a Buffer from one driver and a Uint8Array from another.
      const bytes = <R extends { cover: Uint8Array | null }>(row: R) => ({
        ...row,
        cover: row.cover && [...row.cover],
      });
      expect(rows.flatMap((row) => row.articles).map(bytes)).toEqual(plain.map(bytes));
      expect(rows[0]!.articles[0]).toMatchObject({ ...FULL, cover: expect.any(Uint8Array), published: true });
    });

    test("nests to any depth", async () => {
      const rows = await stage.db
        .selectFrom("users")
        .select("users.name")
        .select(
          related(stage.db, "users", "articles", {
            columns: ["title"],
            with: {
              author: { columns: ["name"], with: { profile: { columns: ["about"] } } },
              comments: {
                columns: ["id"],
                query: (q) => q.orderBy("id").limit(2),
                with: { author: { columns: ["active"] } },
              },
              tags: { columns: ["name"], query: (q) => q.orderBy("tags.id") },
            },
          }).as("articles"),
        )
        .orderBy("users.id")
        .execute();
      expectTypeOf(rows[0]!.articles[0]!.comments[0]!).toEqualTypeOf<{
        id: number;
        author: { active: boolean } | null;
      }>();
      expect(rows).toEqual([
        {
          name: "Ada",
          articles: [
            {
              title: "One",
              author: { name: "Ada", profile: null },
              comments: [
                { id: 1, author: { active: true } },
                { id: 2, author: { active: false } },
              ],
              tags: [{ name: "bun" }, { name: "zig" }],
            },
          ],
        },
        {
          name: "Bob",
          articles: [
            {
              title: "Two",
              author: { name: "Bob", profile: { about: "a builder" } },
              comments: [{ id: 5, author: { active: false } }],
              tags: [{ name: "bun" }],
            },
          ],
        },
        { name: "Cleo", articles: [] },
      ]);
    });

    test("leads back to the same table", async () => {
      const children = { columns: ["name"], query: (q: any) => q.orderBy("categories.name") } as const;
      const rows = await stage.db
        .selectFrom("categories")
        .select("name")
        .select(related(stage.db, "categories", "parent", { columns: ["name"] }).as("parent"))
        .select(
          related(stage.db, "categories", "children", {
            ...children,
            with: { children, parent: { columns: ["id"] } },
          }).as("children"),
        )
        .orderBy("id")
        .execute();
      expect(rows as unknown[]).toEqual([
        {
          name: "root",
          parent: null,
          children: [
            { name: "left", children: [{ name: "leaf" }], parent: { id: 1 } },
            { name: "right", children: [], parent: { id: 1 } },
          ],
        },
        { name: "left", parent: { name: "root" }, children: [{ name: "leaf", children: [], parent: { id: 2 } }] },
        { name: "right", parent: { name: "root" }, children: [] },
        { name: "leaf", parent: { name: "left" }, children: [] },
      ]);
      const friends = await stage.db
        .selectFrom("users")
        .select(
          related(stage.db, "users", "friends", { columns: ["name"], query: (q) => q.orderBy("users.name") }).as(
            "friends",
          ),
        )
        .orderBy("id")
        .execute();
      expect(friends.map((row) => row.friends.map(({ name }) => name))).toEqual([["Bob", "Cleo"], ["Ada"], []]);
    });

    test("goes by the name that the query gives the table", async () => {
      const rows = await stage.db
        .selectFrom("articles as a")
        .select("a.id")
        .select(related(stage.db, "articles as a", "author", { columns: ["name"] }).as("author"))
        .where("a.id", "=", 1)
        .execute();
      expectTypeOf(rows).toEqualTypeOf<{ id: number; author: { name: string } | null }[]>();
      expect(rows).toEqual([{ id: 1, author: { name: "Ada" } }]);
    });

    test("works in prepared queries, transactions, streams, joins, and under count", async () => {
      const one = prepared(stage.db, { id: t.Integer() }, (q, p) =>
        q
          .selectFrom("articles")
          .select(
            related(q, "articles", "comments", {
              columns: ["id"],
              query: (c) => c.where("id", ">", 1).orderBy("id").limit(1),
            }).as("comments"),
          )
          .where("id", "=", p.id),
      );
      expect(await one.first({ id: 1 })).toEqual({ comments: [{ id: 2 }] });
      const query = (db: Kysely<Blog>) =>
        db
          .selectFrom("articles")
          .innerJoin("users", "users.id", "articles.authorId")
          .select("articles.at")
          .select(related(stage.db, "articles", "author", { columns: ["active"] }).as("author"))
          .orderBy("articles.id");
      const expected = [
        { at: FULL.at, author: { active: true } },
        { at: null, author: { active: false } },
      ];
      expect(await transaction(stage.db, (trx) => query(trx).execute())).toEqual(expected);
      expect(await stage.db.transaction().execute((trx) => query(trx).execute())).toHaveLength(2);
      expect(await Array.fromAsync(query(stage.db).stream(1))).toEqual(expected);
      expect(await count(query(stage.db))).toBe(2);
    });

    test("gives the same under a plugin that copies queries", async () => {
      class Copying extends OperationNodeTransformer {}
      const plugin: KyselyPlugin = {
        transformQuery: ({ node }) => new Copying().transformNode(node),
        transformResult: async ({ result }) => result,
      };
      const read = (db: Kysely<Blog>) =>
        db
          .selectFrom("articles")
          .select(
            related(db, "articles", "comments", { query: (q) => q.orderBy("id"), with: { article: true } }).as(
              "comments",
            ),
          )
          .orderBy("id")
          .execute();
      const rows = await read(stage.db.withPlugin(plugin));
      expect(rows).toEqual(await read(stage.db));
      expect(rows[0]!.comments[0]!.article).toMatchObject({ at: FULL.at, views: FULL.views });
    });

    test("gives lists longer than a server's default for gathered text", async () => {
      const body = "x".repeat(250);
      await transaction(stage.db, async (trx) => {
        await bulkInsert(
          trx,
          "comments",
          Array.from({ length: 5000 }, (_, n) => ({ id: 1000 + n, articleId: 3, authorId: 1, body })),
        );
        const rows = await trx
          .selectFrom("articles")
          .select(related(trx, "articles", "comments").as("comments"))
          .where("id", "=", 3)
          .execute();
        expect(rows[0]!.comments).toHaveLength(5000);
        throw new Error("undo");
      }).catch((error: Error) => expect(error.message).toBe("undo"));
    });
  });

  describe("prefetch", () => {
    test("gives rows the rows of every kind of relation", async () => {
      const rows = await prefetch(stage.db, "articles", await articles().select("authorId").execute(), {
        author: { columns: ["name"] },
        comments: { columns: ["id"], query: (q) => q.orderBy("id", "desc") },
        tags: { columns: ["name"], query: (q) => q.orderBy("name") },
      });
      expectTypeOf(rows[0]!.author).toEqualTypeOf<{ name: string } | null>();
      expectTypeOf(rows[0]!.tags).toEqualTypeOf<{ name: string }[]>();
      expect(rows).toEqual([
        {
          id: 1,
          authorId: 1,
          author: { name: "Ada" },
          comments: [{ id: 4 }, { id: 3 }, { id: 2 }, { id: 1 }],
          tags: [{ name: "bun" }, { name: "zig" }],
        },
        { id: 2, authorId: 2, author: { name: "Bob" }, comments: [{ id: 5 }], tags: [{ name: "bun" }] },
        { id: 3, authorId: null, author: null, comments: [], tags: [] },
      ]);
    });

    test("gives the same as related, whatever the kinds of values", async () => {
      const users = () => stage.db.selectFrom("users").select("users.id").orderBy("users.id");
      const request = { articles: true, profile: true, friends: { query: (q: any) => q.orderBy("users.id") } } as const;
      const fetched = await prefetch(stage.db, "users", await users().execute(), request);
      const joined = await users()
        .select([
          related(stage.db, "users", "articles").as("articles"),
          related(stage.db, "users", "profile").as("profile"),
          related(stage.db, "users", "friends", request.friends).as("friends"),
        ])
        .execute();
      const plain = (rows: unknown) =>
        JSON.stringify(rows, (_, value: unknown) =>
          typeof value === "bigint"
            ? `${value}n`
            : value instanceof Uint8Array
              ? [...value]
              : value && typeof value === "object" && "data" in value
                ? value.data
                : value,
        );
      expect(plain(fetched)).toBe(plain(joined));
      expect(fetched[0]).not.toHaveProperty("articles.0.password");
    });

    test("nests, and leaves no column that was not asked for", async () => {
      const [row] = await prefetch(
        stage.db,
        "users",
        await stage.db.selectFrom("users").select("id").where("id", "=", 2).execute(),
        {
          articles: {
            columns: ["title"],
            with: { comments: { columns: ["body"], with: { author: { columns: ["name"] } } } },
          },
        },
      );
      expect(row).toEqual({
        id: 2,
        articles: [{ title: "Two", comments: [{ body: "comment 5", author: { name: "Bob" } }] }],
      });
    });

    test("leads back to the same table", async () => {
      const rows = await prefetch(
        stage.db,
        "categories",
        await stage.db.selectFrom("categories").selectAll().where("id", "=", 1).execute(),
        {
          children: { columns: ["name"], query: (q) => q.orderBy("name"), with: { children: { columns: ["name"] } } },
          parent: true,
        },
      );
      expect(rows as unknown[]).toEqual([
        {
          id: 1,
          parentId: null,
          name: "root",
          children: [
            { name: "left", children: [{ name: "leaf" }] },
            { name: "right", children: [] },
          ],
          parent: null,
        },
      ]);
    });

    test("of no rows asks for nothing", async () => {
      expect(await prefetch(stage.db, "articles", [], { author: true })).toEqual([]);
    });

    test("works inside a transaction", async () => {
      await transaction(stage.db, async (trx) => {
        const [row] = await prefetch(trx, "articles", [{ authorId: 3 }], { author: { columns: ["name"] } });
        expect(row!.author).toEqual({ name: "Cleo" });
      });
    });

    test("refuses a limit, and rows without the column", async () => {
      const refused = (rows: object[], query?: (q: any) => any) =>
        prefetch(stage.db, "articles", rows, { author: query === undefined ? true : { query } }).catch(
          (error: Error) => error.message,
        );
      expect(await refused([{ authorId: 1 }], (q) => q.limit(3))).toBe(
        "prefetch: a limit would count the related rows of all rows together; use related",
      );
      expect(await refused([{ id: 1 }])).toBe('prefetch: "author" needs the column "authorId" in every row');
    });
  });
});

describe("what no relation can be", () => {
  const db = database(sqlite(":memory:"), blog);

  test.each([
    [
      "a relation that there is not",
      () => related(db, "articles", "editor" as "author"),
      'The model "articles" has no relation "editor"',
    ],
    [
      "a table without a model",
      () => related(db, "nothing" as "articles", "author"),
      'There is no model of the table "nothing"',
    ],
    [
      "a column that there is not",
      () => related(db, "articles", "author", { columns: ["nam" as "name"] }),
      'The model "users" has no column "nam"',
    ],
    [
      "a query that chooses columns",
      () => related(db, "articles", "author", { query: (q) => q.select("name") }),
      "The query of a relation narrows, orders and limits; its columns are named in columns",
    ],
    [
      "a database without models",
      () =>
        related(
          new Kysely<Blog>({ dialect: new SqliteDialect({ database: new Native(":memory:") as never }) }),
          "articles",
          "author",
        ),
      "Relations are known from models: make the database with database(source, models)",
    ],
  ])("is an error: %s", (_, build, message) => {
    expect(build).toThrow(message);
  });

  test("is a type error", () => {
    // @ts-expect-error -- there is no such relation
    expect(() => related(db, "articles", "editor")).toThrow(TypeError);
    // @ts-expect-error -- the column is another table's
    expect(() => related(db, "articles", "author", { columns: ["title"] })).toThrow(TypeError);
    // @ts-expect-error -- comments have no tags
    expect(() => related(db, "articles", "comments", { with: { tags: true } })).toThrow(TypeError);
  });
});
