import { beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "bun:test";
import { Api, Conflict, jwt, issueToken, type Static, t, UnprocessableEntity } from "bolide";
import { sql } from "kysely";
import { database, type Kysely, sqlite, type TablesOf } from "bolide/data";
import { type TestClient, testClient } from "bolide/testing";
import { action, modelViewSet, pageNumber, readOnlyModelViewSet } from "bolide/views";
import { onEach } from "../../data/query/stages.ts";
import { Article, models, Tag, Writer } from "./shop.ts";

type DB = TablesOf<typeof models>;
const SECRET = "a secret that is long enough for HS256";

/** An article with its writer and its tags inside. */
const Full = t.Object({
  id: t.Integer(),
  title: t.String(),
  writer: Writer.public,
  tags: t.Array(t.Object({ name: t.String() })),
});

async function json(answer: Promise<Response>): Promise<[number, any]> {
  const response = await answer;
  const text = await response.text();
  return [response.status, text === "" ? undefined : JSON.parse(text)];
}

onEach(models, (stage) => {
  let db: Kysely<DB>;

  beforeAll(() => {
    db = stage.db;
  });

  beforeEach(async () => {
    for (const table of ["articleTags", "articles", "tags", "writers"] as const) await db.deleteFrom(table).execute();
    await db
      .insertInto("writers")
      .values([
        { id: 1, name: "Ada", password: "a" },
        { id: 2, name: "Bob", password: "b" },
      ])
      .execute();
    await db
      .insertInto("articles")
      .values([
        { id: 1, writerId: 1, title: "On engines", note: "first", rating: 5, published: true },
        { id: 2, writerId: 1, title: "On 100% notes", note: null, rating: 4, published: false },
        { id: 3, writerId: 2, title: "Bernoulli numbers", note: null, rating: 3, published: true },
      ])
      .execute();
    await db
      .insertInto("tags")
      .values([
        { id: 1, name: "math" },
        { id: 2, name: "history" },
      ])
      .execute();
    await db
      .insertInto("articleTags")
      .values([
        { articleId: 1, tagId: 1 },
        { articleId: 1, tagId: 2 },
        { articleId: 3, tagId: 1 },
      ])
      .execute();
  });

  // PostgreSQL counts its keys on from where it was, whatever was inserted.
  beforeEach(async () => {
    if (stage.dialect !== "postgres") return;
    for (const table of ["articles", "tags", "writers"])
      await sql`select setval(pg_get_serial_sequence(${table}, 'id'), 1000)`.execute(db);
  });

  describe("the views of a model", () => {
    let client: TestClient;
    beforeAll(() => {
      const api = new Api();
      const articles = api.viewset(
        "/articles",
        modelViewSet(db, Article, {
          output: { list: Full, retrieve: Article.public },
          filter: {
            writerId: ["exact", "in"],
            rating: "range",
            note: "null",
            title: ["contains"],
            published: true,
            "writer.name": "exact",
            "tags.name": ["exact", "in"],
          },
          search: ["title", "note"],
          ordering: ["title", "rating"],
        }),
      );
      api.viewset("/writers", modelViewSet(db, Writer, { lookup: "name" }));
      client = testClient(api);
      expectTypeOf(articles.retrieve.path).toEqualTypeOf<"/articles/:id">();
      type Types<R> = R extends { readonly types?: infer T } ? NonNullable<T> : never;
      type List = Types<typeof articles.list>["query"];
      expectTypeOf<List["writerId"]>().toEqualTypeOf<number | undefined>();
      expectTypeOf<List["writerId__in"]>().toEqualTypeOf<number[] | undefined>();
      expectTypeOf<List["rating__gte"]>().toEqualTypeOf<number | undefined>();
      expectTypeOf<List["note__null"]>().toEqualTypeOf<boolean | undefined>();
      expectTypeOf<List["page"]>().toEqualTypeOf<number>();
      expectTypeOf<List["ordering"]>().toEqualTypeOf<("title" | "-title" | "rating" | "-rating")[] | undefined>();
      expectTypeOf<Types<typeof articles.create>["body"]>().toEqualTypeOf<Static<typeof Article.create>>();
      expectTypeOf<Types<typeof articles.partialUpdate>["body"]>().toEqualTypeOf<Static<typeof Article.update>>();
      expectTypeOf<Types<typeof articles.retrieve>["params"]>().toEqualTypeOf<{ readonly id: number }>();
    });

    const ids = async (query: string): Promise<unknown> => {
      const [status, answer] = await json(client.get(`/articles${query}`));
      return status === 200 ? answer.items.map((item: { id: number }) => item.id) : status;
    };

    test("list answers a page of rows with what their schema nests", async () => {
      expect(await json(client.get("/articles?page_size=2"))).toEqual([
        200,
        {
          count: 3,
          page: 1,
          page_size: 2,
          total_pages: 2,
          has_next: true,
          has_previous: false,
          next_page: 2,
          previous_page: null,
          items: [
            {
              id: 1,
              title: "On engines",
              writer: { id: 1, name: "Ada" },
              tags: expect.arrayContaining([{ name: "math" }, { name: "history" }]),
            },
            { id: 2, title: "On 100% notes", writer: { id: 1, name: "Ada" }, tags: [] },
          ],
        },
      ]);
    });

    test.each([
      ["", [1, 2, 3]],
      ["?writerId=1", [1, 2]],
      ["?writerId__in=2,7", [3]],
      ["?rating__gte=4", [1, 2]],
      ["?rating__gt=4", [1]],
      ["?rating__lt=4&rating__gte=3", [3]],
      ["?rating__lte=2", []],
      ["?note__null=true", [2, 3]],
      ["?note__null=false", [1]],
      ["?title__contains=ON", [1, 2]],
      ["?title__contains=100%25", [2]],
      ["?title__contains=_", []],
      ["?published=true", [1, 3]],
      ["?writer__name=Bob", [3]],
      ["?tags__name=math", [1, 3]],
      ["?tags__name__in=history,none", [1]],
      ["?published=true&writer__name=Ada&tags__name=math", [1]],
      ["?search=on+engines", [1]],
      ["?search=FIRST", [1]],
      ["?search=numbers+on", []],
      ["?search=", [1, 2, 3]],
      ["?ordering=-rating", [1, 2, 3]],
      ["?ordering=title", [3, 2, 1]],
      ["?ordering=rating,-title", [3, 2, 1]],
      ["?page_size=2&page=2", [3]],
      ["?nothing=1", 422],
      ["?ordering=password", 422],
      ["?rating=3", 422],
      ["?writerId=x", 422],
      ["?note__null=perhaps", 422],
    ])("list %s answers %p", async (query, expected) => {
      expect(await ids(query)).toEqual(expected as never);
    });

    test("create answers 201 with the row and its place, defaults filled in", async () => {
      const response = await client.post("/articles", { json: { writerId: 2, title: "New" } });
      const row = await response.json();
      expect([response.status, response.headers.get("location")]).toEqual([201, `/articles/${row.id}`]);
      expect(row).toEqual({
        id: expect.any(Number),
        writerId: 2,
        title: "New",
        note: null,
        rating: 3,
        published: false,
        version: 1,
        writtenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expect(Date.now() - Date.parse(row.writtenAt)).toBeLessThan(60_000);
    });

    test("retrieve answers one, and 404 for an unknown one", async () => {
      const [status, row] = await json(client.get("/articles/2"));
      expect([status, row.title, row.note]).toEqual([200, "On 100% notes", null]);
      expect(await json(client.get("/articles/99"))).toEqual([404, { detail: "Not found" }]);
      expect((await json(client.get("/articles/x")))[0]).toBe(422);
    });

    test("PATCH sets null where null is sent, and leaves what is absent", async () => {
      expect((await json(client.patch("/articles/1", { json: { note: null } })))[1]).toMatchObject({
        note: null,
        title: "On engines",
        rating: 5,
        published: true,
      });
      expect((await json(client.patch("/articles/1", { json: {} })))[1]).toMatchObject({ title: "On engines" });
    });

    test("PUT replaces: what is absent becomes what it would be in a new row", async () => {
      expect((await json(client.put("/articles/1", { json: { writerId: 2, title: "Other" } })))[1]).toMatchObject({
        id: 1,
        writerId: 2,
        title: "Other",
        note: null,
        rating: 3,
        published: false,
      });
      expect((await json(client.put("/articles/1", { json: { title: "Other" } })))[0]).toBe(422);
    });

    test("destroy answers 204 once, then 404", async () => {
      expect(await json(client.delete("/articles/2"))).toEqual([204, undefined]);
      expect(await json(client.delete("/articles/2"))).toEqual([404, { detail: "Not found" }]);
    });

    test("what clients must not set is refused, in every write", async () => {
      for (const [method, path] of [
        ["POST", "/articles"],
        ["PUT", "/articles/1"],
        ["PATCH", "/articles/1"],
      ] as const) {
        const sent = { writerId: 1, title: "x", id: 50, version: 9 };
        const [status, { detail }] = await json(client.request(method, path, { json: sent }));
        expect([status, detail.map(({ loc }: { loc: unknown }) => loc)]).toEqual([
          422,
          [
            ["body", "id"],
            ["body", "version"],
          ],
        ]);
      }
    });

    test("writeOnly columns go in and never come out", async () => {
      expect(await json(client.post("/writers", { json: { name: "Eve", password: "e" } }))).toEqual([
        201,
        { id: expect.any(Number), name: "Eve" },
      ]);
      expect(
        (await db.selectFrom("writers").select("password").where("name", "=", "Eve").executeTakeFirst())?.password,
      ).toBe("e");
    });

    test("a unique value that is taken is 409, naming the column", async () => {
      expect(await json(client.post("/writers", { json: { name: "Ada", password: "x" } }))).toMatchObject([
        409,
        { detail: "Already exists", extra: { constraint: "unique", columns: [expect.stringContaining("name")] } },
      ]);
    });

    test("another unique column can name objects in the path", async () => {
      expect(await json(client.get("/writers/Bob"))).toEqual([200, { id: 2, name: "Bob" }]);
      const [, renamed] = await json(client.patch("/writers/Bob", { json: { name: "Bobby" } }));
      expect(renamed).toEqual({ id: 2, name: "Bobby" });
      const made = await client.post("/writers", { json: { name: "a/b ü", password: "x" } });
      expect(made.headers.get("location")).toBe("/writers/a%2Fb%20%C3%BC");
      expect((await json(client.get(made.headers.get("location")!)))[1].name).toBe("a/b ü");
    });
  });

  describe("a narrowed set, permissions and hooks", () => {
    let client: TestClient;
    const events: string[] = [];
    const token = (sub: string) => issueToken({ sub }, { secret: SECRET, expiresIn: 60 });
    const as = async (sub: string) => ({ headers: { authorization: `Bearer ${await token(sub)}` } });

    beforeAll(() => {
      const api = new Api();
      api.viewset(
        "/articles",
        modelViewSet(db, Article, {
          auth: jwt({ secret: SECRET }),
          queryset: (query, { user }) => query.where("writerId", "=", Number(user.id)),
          permission: (article, _, name) => name === "retrieve" || !article.published,
          beforeCreate: (values, { ctx }) => ({ ...values, writerId: Number(ctx.user.id) }),
          afterCreate: async (row, { trx }) => {
            events.push(`created ${row.title}`);
            if (row.title === "Bad") return new UnprocessableEntity("Not this one");
            await trx
              .insertInto("tags")
              .values({ name: `tag of ${row.title}` })
              .execute();
            return undefined;
          },
          beforeUpdate: (changes, row) => {
            if (row.rating === 4 && changes["rating"] === 1) return new Conflict("Too low");
            return { ...changes, note: `was ${row.note}` };
          },
          beforeDestroy: (row) => (row.rating === 4 ? new Conflict("Kept") : undefined),
          actions: {
            publish: action({ params: { id: t.Integer() } }, async ({ params }) => {
              await db.updateTable("articles").set({ published: true }).where("id", "=", params.id).execute();
              return { published: params.id };
            }),
          },
        }),
      );
      client = testClient(api);
    });

    test("an object outside of the query is not there, for any action", async () => {
      const ada = await as("1");
      expect((await json(client.get("/articles", ada)))[1].items.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
      for (const method of ["GET", "PATCH", "DELETE"] as const)
        expect(
          await json(client.request(method, "/articles/3", { ...ada, ...(method === "PATCH" ? { json: {} } : {}) })),
        ).toEqual([404, { detail: "Not found" }]);
    });

    test("a permission is asked of the object: 403", async () => {
      const ada = await as("1");
      expect((await json(client.get("/articles/1", ada)))[0]).toBe(200);
      expect((await json(client.patch("/articles/1", { ...ada, json: { title: "x" } })))[0]).toBe(403);
      expect((await json(client.delete("/articles/1", ada)))[0]).toBe(403);
    });

    test("a hook changes what is written, and its refusal undoes the write", async () => {
      const ada = await as("1");
      expect((await json(client.post("/articles", { ...ada, json: { writerId: 2, title: "Good" } })))[1]).toMatchObject(
        { writerId: 1 },
      );
      expect(await json(client.post("/articles", { ...ada, json: { writerId: 2, title: "Bad" } }))).toMatchObject([
        422,
        { detail: "Not this one" },
      ]);
      expect(
        (await db.selectFrom("articles").select("title").where("title", "in", ["Good", "Bad"]).execute()).map(
          ({ title }) => title,
        ),
      ).toEqual(["Good"]);
      expect(
        (await db.selectFrom("tags").select("name").where("name", "like", "tag of%").execute()).map(({ name }) => name),
      ).toEqual(["tag of Good"]);
      expect((await json(client.patch("/articles/2", { ...ada, json: { rating: 5 } })))[1]).toMatchObject({
        rating: 5,
        note: "was null",
      });
    });

    test("a hook's error is the answer", async () => {
      const ada = await as("1");
      expect(await json(client.patch("/articles/2", { ...ada, json: { rating: 1 } }))).toMatchObject([
        409,
        { detail: "Too low" },
      ]);
      expect(await json(client.delete("/articles/2", ada))).toMatchObject([409, { detail: "Kept" }]);
      expect((await json(client.post("/articles/2/publish", ada)))[1]).toEqual({ published: 2 });
    });

    test("without a token nothing is", async () => {
      expect((await json(client.get("/articles")))[0]).toBe(401);
    });
  });

  describe("versions", () => {
    let client: TestClient;
    beforeAll(() => {
      const api = new Api();
      api.viewset("/articles", modelViewSet(db, Article, { version: "version" }));
      client = testClient(api);
    });

    test("answers carry the version as ETag, and a write obeys If-Match", async () => {
      const first = await client.get("/articles/1");
      expect(first.headers.get("etag")).toBe('"1"');
      const write = (etag: string, title: string) =>
        client.patch("/articles/1", { json: { title }, headers: { "if-match": etag } });
      const second = await write('"1"', "second");
      expect([second.status, second.headers.get("etag")]).toEqual([200, '"2"']);
      const late = await write('"1"', "late");
      expect([late.status, late.headers.get("etag"), (await late.json()).detail]).toEqual([
        412,
        '"2"',
        "The object was changed by somebody else",
      ]);
      expect((await client.get("/articles/1")).headers.get("etag")).toBe('"2"');
    });

    test("of two writes at once with the same version one is refused", async () => {
      const write = () => client.patch("/articles/1", { json: { title: "x" }, headers: { "if-match": '"1"' } });
      const statuses = (await Promise.all([write(), write()])).map(({ status }) => status);
      expect(statuses.sort((one, other) => one - other)).toEqual([200, 412]);
    });

    test("who has the version already is told so: 304", async () => {
      const unchanged = await client.get("/articles/1", { headers: { "if-none-match": 'W/"0", "1"' } });
      expect([unchanged.status, unchanged.headers.get("etag"), await unchanged.text()]).toEqual([304, '"1"', ""]);
      expect((await client.get("/articles/1", { headers: { "if-none-match": '"2"' } })).status).toBe(200);
    });

    test("a write without If-Match counts on", async () => {
      await client.patch("/articles/1", { json: { title: "x" } });
      expect((await client.get("/articles/1")).headers.get("etag")).toBe('"2"');
    });

    test("If-None-Match: * on a write means that there must be none", async () => {
      const response = await client.put("/articles/1", {
        json: { writerId: 1, title: "x" },
        headers: { "if-none-match": "*" },
      });
      expect(response.status).toBe(412);
    });

    test("destroy obeys If-Match", async () => {
      expect((await client.delete("/articles/1", { headers: { "if-match": '"7"' } })).status).toBe(412);
      expect((await client.delete("/articles/1", { headers: { "if-match": '"1"' } })).status).toBe(204);
    });
  });

  test("a list without pages is an array, and only the actions that are named are there", async () => {
    const api = new Api();
    const tags = api.viewset("/tags", readOnlyModelViewSet(db, Tag, { pagination: false, orderBy: ["-name"] }));
    expect(Object.keys(tags)).toEqual(["list", "retrieve"]);
    expectTypeOf<keyof typeof tags>().toEqualTypeOf<"list" | "retrieve">();
    const client = testClient(api);
    expect(await json(client.get("/tags"))).toEqual([
      200,
      [
        { id: 1, name: "math" },
        { id: 2, name: "history" },
      ],
    ]);
    expect((await json(client.post("/tags", { json: { name: "x" } })))[0]).toBe(405);
    const some = new Api().viewset("/tags", modelViewSet(db, Tag, { only: ["create", "destroy"] }));
    expect(Object.keys(some)).toEqual(["create", "destroy"]);
    expectTypeOf<keyof typeof some>().toEqualTypeOf<"create" | "destroy">();
  });

  test("a list with nested rows runs as many queries for one row as for many", async () => {
    const api = new Api({ debug: true });
    api.viewset(
      "/articles",
      modelViewSet(db, Article, { output: { list: Full }, pagination: pageNumber({ pageSize: 50 }) }),
    );
    const client = testClient(api);
    const queries = async () =>
      /desc="(\d+) quer/.exec((await client.get("/articles")).headers.get("server-timing") ?? "")?.[1];
    const few = await queries();
    for (let n = 0; n < 40; n++) {
      const { id } = await db
        .insertInto("articles")
        .values({ writerId: 1, title: `more ${n}` })
        .executeTakeFirstOrThrow()
        .then(async () =>
          db.selectFrom("articles").select("id").where("title", "=", `more ${n}`).executeTakeFirstOrThrow(),
        );
      await db.insertInto("articleTags").values({ articleId: id, tagId: 1 }).execute();
    }
    expect(few).toBeDefined();
    expect(await queries()).toBe(few!);
  });
});

describe("views of a model that cannot be", () => {
  const db = database(sqlite(":memory:"), models);
  test.each([
    [
      () => modelViewSet(db, Article, { lookup: "title" }),
      'modelViewSet: "articles.title" is not unique, so it names no single object',
    ],
    [
      () => modelViewSet(db, Article, { lookup: "none" as "id" }),
      'modelViewSet: "articles" has no column "none" to look up by',
    ],
    [() => modelViewSet(db, Article, { filter: { gone: true } }), 'filter: "articles" has no column "gone"'],
    [() => modelViewSet(db, Article, { filter: { "gone.name": true } }), 'filter: "articles" has no relation "gone"'],
    [() => modelViewSet(db, Article, { search: ["nope" as "title"] }), 'modelViewSet: "articles" has no column "nope"'],
    [
      () => modelViewSet(db, Article, { version: "nope" as "id" }),
      'modelViewSet: "articles" has no column "nope" for a version',
    ],
    [
      () => modelViewSet(db, Article, { version: "rating" }),
      'modelViewSet: clients could set the version "rating"; make the column readOnly',
    ],
    [
      () => modelViewSet(db, Article, { filter: { rating: ["range", "contains"] } }),
      'filter: the column "rating" holds no text that could contain another',
    ],
    [
      () => modelViewSet(db, Article, { search: ["rating"] }),
      'modelViewSet: "articles.rating" is no text to search in',
    ],
    [
      () => modelViewSet(db, Article, { filter: { rating: true }, pagination: pageNumber({ pageParam: "rating" }) }),
      'modelViewSet: the list of "articles" has two parameters "rating"',
    ],
    [
      () => modelViewSet(db, Article, { actions: { list: action({}, () => 1) } }),
      'modelViewSet: "list" is a standard action; choose those with "only"',
    ],
  ])("%# is refused where it is declared", (make, told) => {
    expect(make).toThrow(new TypeError(told));
  });
});
