import { beforeAll, expect, expectTypeOf, test } from "bun:test";
import { Api, issueToken, jwt, t } from "bolide";
import { client } from "bolide/client";
import { database, sqlite } from "bolide/data";
import { cursor, modelViewSet } from "bolide/views";
import { sql } from "kysely";
import { Article, models, Writer } from "./shop.ts";

const SECRET = "a secret that is long enough for HS256";
const auth = jwt({ secret: SECRET, claims: t.Object({ role: t.String() }) });

const db = database(sqlite(":memory:"), models);
const api = new Api();
const writers = api.viewset("/writers", modelViewSet(db, Writer, { lookup: "name" }));
const articles = api.viewset(
  "/articles",
  modelViewSet(db, Article, {
    auth,
    version: "version",
    pagination: cursor({ orderBy: [["rating", "desc"]] }),
    output: { list: t.Object({ title: t.String(), writer: Writer.public }) },
    input: { create: t.Omit(Article.create, ["writerId"]) },
    filter: { rating: "range", "writer.name": true },
    beforeCreate: (values, { ctx }) => {
      expectTypeOf(values.title).toEqualTypeOf<string>();
      expectTypeOf(values).not.toHaveProperty("writerId");
      return { ...values, writerId: Number(ctx.user.id) };
    },
    beforeUpdate: (changes) => {
      expectTypeOf(changes.title).toEqualTypeOf<string | undefined>();
    },
    actions: (action) => ({
      rate: action({ body: { by: t.Integer() }, response: t.Object({ id: t.Integer(), by: t.String() }) }, (ctx) => {
        expectTypeOf(ctx.params.id).toEqualTypeOf<number>();
        return { id: ctx.params.id + ctx.body.by, by: ctx.user.claims.role };
      }),
    }),
  }),
);
const ping = api.get("/ping", { response: t.String() }, () => "pong");

/** What a module exports that has these. */
interface Module {
  readonly api: typeof api;
  readonly writers: typeof writers;
  readonly articles: typeof articles;
  readonly ping: typeof ping;
  readonly Writer: typeof Writer;
}

const token = issueToken({ sub: "1", role: "editor" }, { secret: SECRET, expiresIn: 60 });
const shop = client<Module>("http://localhost", {
  headers: { authorization: `Bearer ${token}` },
  fetch: (request) => api.handle(request),
});

beforeAll(async () => {
  await sql`create table writers (id integer primary key, name text not null unique, password text not null)`.execute(
    db,
  );
  await sql`create table articles (id integer primary key, writerId integer not null references writers (id),
    title text not null, note text, rating integer not null default 3, published boolean not null default 0,
    version integer not null default 1, writtenAt timestamp text not null default '2026-01-01T00:00:00.000Z')`.execute(
    db,
  );
  await shop.at("/writers").post({ body: { name: "Ada", password: "swordfish" } });
});

test("a typed client knows the routes of sets by their paths, beside those exported alone", async () => {
  expectTypeOf<Parameters<typeof shop.at>[0]>().toEqualTypeOf<
    "/writers" | "/writers/:name" | "/articles" | "/articles/:id" | "/articles/:id/rate" | "/ping"
  >();
  expect((await shop.at("/ping").get()).data).toBe("pong");
});

test("bodies, filters and pages of a model's views are typed, and work", async () => {
  const made = await shop.at("/articles").post({ body: { title: "One", rating: 4 } });
  expect([made.status, made.data]).toEqual([
    201,
    {
      id: 1,
      writerId: 1,
      title: "One",
      note: null,
      rating: 4,
      published: false,
      version: 1,
      writtenAt: "2026-01-01T00:00:00.000Z",
    },
  ]);
  const page = await shop.at("/articles").get({ query: { rating__gte: 4, writer__name: "Ada" } });
  if (page.status !== 200) throw new Error(`answered ${page.status}`);
  expectTypeOf(page.data.items[0]!.writer.name).toEqualTypeOf<string>();
  expectTypeOf(page.data.next_cursor).toEqualTypeOf<string | null>();
  expect(page.data.items).toEqual([{ title: "One", writer: { id: 1, name: "Ada" } }]);
  // @ts-expect-error -- a filter that is not listed
  expect((await shop.at("/articles").get({ query: { published: true } })).status).toBe(422);
});

test("one object: by its lookup, with null and with what is absent, and its errors by their status", async () => {
  const changed = await shop.at("/articles/:id").patch({ params: { id: 1 }, body: { note: null } });
  expect(changed.status === 200 && changed.data.version).toBe(2);
  const missing = await shop.at("/articles/:id").get({ params: { id: 9 } });
  expect(missing.status === 404 && missing.data.detail).toBe("Not found");
  const stale = { params: { id: 1 }, body: { title: "Late" }, extraHeaders: { "if-match": '"1"' } };
  const refused = await shop.at("/articles/:id").patch(stale);
  expect(refused.status === 412 && refused.data.detail).toBe("The object was changed by somebody else");
  const taken = await shop.at("/writers").post({ body: { name: "Ada", password: "again" } });
  expect(taken.status === 409 && taken.data.detail).toBe("Already exists");
  const named = await shop.at("/writers/:name").get({ params: { name: "Ada" } });
  expect(named.data).toEqual({ id: 1, name: "Ada" });
});

test("an action on one object reads its key as the model has it, though its contract does not say so", async () => {
  const rated = await shop.at("/articles/:id/rate").post({ params: { id: 4 }, body: { by: 2 } });
  expect([rated.status, rated.data]).toEqual([200, { id: 6, by: "editor" }]);
  const path = new Request("http://localhost/articles/x/rate", {
    method: "POST",
    body: '{"by":1}',
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
  });
  const { detail } = (await (await api.handle(path)).json()) as { detail: readonly { readonly loc: unknown }[] };
  expect(detail[0]?.loc).toEqual(["params", "id"]);
});

test("destroy has no content", async () => {
  const gone = await shop.at("/articles/:id").delete({ params: { id: 1 } });
  expect([gone.status, gone.data]).toEqual([204, undefined]);
});
