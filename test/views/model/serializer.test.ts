import { beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "bun:test";
import { sql } from "kysely";
import { Api, t } from "bolide";
import type { Kysely, TablesOf } from "bolide/data";
import { type TestClient, testClient } from "bolide/testing";
import { modelViewSet, nested, serializer } from "bolide/views";
import { onEach } from "../../data/query/stages.ts";
import { Article, models, Tag, Writer } from "./shop.ts";

const Writers = serializer(Writer, { name: "WriterShown" });
const Tags = serializer(Tag, { name: "TagShown" });

const Articles = serializer(Article, {
  name: "ArticleShown",
  rename: "snake",
  fields: {
    writer: nested(Writers, { writable: true }),
    tags: nested(Tags, { many: true, writable: true }),
    writerName: t.String(),
  },
  readOnly: ["writerId"],
  source: { writerName: "writer.name" },
  computed: { stars: { type: t.String(), get: ({ rating }) => "*".repeat(rating), needs: ["rating"] } },
  validate: {
    field: { title: (title) => (title === title.trim() ? undefined : "Expected no blanks around it") },
    model: ({ rating, published }) =>
      published === true && rating === 1 ? { loc: ["published"], msg: "Expected a better rating first" } : undefined,
  },
  views: { list: ["id", "title", "writerName", "stars"] },
});

async function json(answer: Promise<Response>): Promise<[number, any]> {
  const response = await answer;
  return [response.status, await response.json()];
}

onEach(models, (stage) => {
  let db: Kysely<TablesOf<typeof models>>;
  let client: TestClient;

  beforeAll(() => {
    db = stage.db;
    const api = new Api();
    const articles = api.viewset(
      "/articles",
      modelViewSet(db, Article, { serializer: Articles, filter: { rating: true }, version: "version" }),
    );
    api.viewset("/linked", modelViewSet(db, Article, { serializer: Articles, only: ["list"], pagination: false }));
    client = testClient(api);
    type Types<R> = R extends { readonly types?: infer T } ? NonNullable<T> : never;
    expectTypeOf<keyof Types<typeof articles.create>["body"]>().toEqualTypeOf<
      "title" | "note" | "rating" | "published" | "writer" | "tags"
    >();
    expectTypeOf<Types<typeof articles.partialUpdate>["body"]["title"]>().toEqualTypeOf<string | undefined>();
  });

  beforeEach(async () => {
    for (const table of ["articleTags", "articles", "tags", "writers"] as const) await db.deleteFrom(table).execute();
    await db.insertInto("writers").values({ id: 1, name: "Ada", password: "a" }).execute();
    await db.insertInto("articles").values({ id: 1, writerId: 1, title: "One", rating: 2 }).execute();
    await db.insertInto("tags").values({ id: 1, name: "math" }).execute();
    await db.insertInto("articleTags").values({ articleId: 1, tagId: 1 }).execute();
    if (stage.dialect === "postgres")
      for (const table of ["articles", "tags", "writers"])
        await sql`select setval(pg_get_serial_sequence(${table}, 'id'), 1000)`.execute(db);
  });

  describe("views with a serializer", () => {
    test("list its view of that name, computed and from relations", async () => {
      const [status, { items }] = await json(client.get("/articles?rating=2"));
      expect([status, items]).toEqual([200, [{ id: 1, title: "One", writer_name: "Ada", stars: "**" }]]);
      expect(await json(client.get("/linked"))).toEqual([200, items]);
    });

    test("answer one object whole, under the names that clients know", async () => {
      const [, row] = await json(client.get("/articles/1"));
      expect(row).toMatchObject({
        id: 1,
        writer_id: 1,
        title: "One",
        published: false,
        writer: { id: 1, name: "Ada" },
        tags: [{ id: 1, name: "math" }],
        stars: "**",
      });
      expect(Object.keys(row)).not.toContain("writerId");
    });

    test("make nested rows with a row: those whose key is named are referred to, those with a unique value that is there too", async () => {
      const [status, row] = await json(
        client.post("/articles", {
          json: { title: "Two", writer: { name: "Bob", password: "b" }, tags: [{ name: "math" }, { name: "new" }] },
        }),
      );
      expect([status, row.writer.name, row.writer_name]).toEqual([201, "Bob", "Bob"]);
      expect(row.tags.map(({ name }: { name: string }) => name).toSorted()).toEqual(["math", "new"]);
      expect((await db.selectFrom("tags").select("name").orderBy("name").execute()).map(({ name }) => name)).toEqual([
        "math",
        "new",
      ]);
    });

    test("a change of nested rows takes the place of those that are there; an absent one leaves them", async () => {
      expect((await json(client.patch("/articles/1", { json: { title: "Uno" } })))[1].tags).toHaveLength(1);
      const [, row] = await json(client.patch("/articles/1", { json: { tags: [{ name: "other" }] } }));
      expect([row.title, row.tags.map(({ name }: { name: string }) => name)]).toEqual(["Uno", ["other"]]);
      expect((await json(client.patch("/articles/1", { json: { tags: [] } })))[1].tags).toEqual([]);
    });

    test("write all of it or nothing", async () => {
      const [status] = await json(
        client.post("/articles", {
          json: { title: "Two", writer: { name: "Ada", password: "a" }, tags: [{ name: "never" }] },
        }),
      );
      expect(status).toBe(409);
      expect(await db.selectFrom("tags").select("name").where("name", "=", "never").execute()).toEqual([]);
      expect(await db.selectFrom("articles").select("id").where("title", "=", "Two").execute()).toEqual([]);
    });

    test("check fields and the whole: of a change, with what is there", async () => {
      const told = async (answer: Promise<Response>) => {
        const [status, { detail }] = await json(answer);
        return [status, detail.map(({ loc, msg }: { loc: unknown; msg: string }) => [loc, msg])];
      };
      const writer = { name: "Bob", password: "b" };
      expect(await told(client.post("/articles", { json: { title: " x ", writer, tags: [], rating: 9 } }))).toEqual([
        422,
        [
          [["body", "title"], "Expected no blanks around it"],
          [["body", "rating"], "Expected integer to be less or equal to 5"],
        ],
      ]);
      expect(
        await told(client.post("/articles", { json: { title: "x", writer, tags: [], rating: 1, published: true } })),
      ).toEqual([422, [[["body", "published"], "Expected a better rating first"]]]);
      await client.patch("/articles/1", { json: { rating: 1 } });
      expect(await told(client.patch("/articles/1", { json: { published: true } }))).toEqual([
        422,
        [[["body", "published"], "Expected a better rating first"]],
      ]);
      expect(await told(client.patch("/articles/1", { json: { writer_id: 2 } }))).toEqual([
        422,
        [[["body", "writer_id"], "Unexpected property"]],
      ]);
    });

    test("carry the version though it is not among what is shown", async () => {
      const response = await client.patch("/articles/1", { json: { title: "v2" }, headers: { "if-match": '"1"' } });
      expect([response.status, response.headers.get("etag")]).toEqual([200, '"2"']);
    });
  });
});
