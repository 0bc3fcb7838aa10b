// Elysia with Kysely: over kysely-bun-sqlite, and over pg.
import { Elysia, NotFoundError, t } from "elysia";
import type { Generated } from "kysely";
import { type Article, fed, MOST, MOST_OF_FEED, numbered, PAGE, readPosition } from "./archive.ts";
import { connect, onPostgres } from "./elysia-kysely.ts";

interface Tables {
  authors: { id: Generated<number>; name: string };
  articles: {
    id: Generated<number>;
    authorId: number;
    title: string;
    summary: string | null;
    views: number;
    published: boolean;
    createdAt: Generated<Date | string>;
  };
}

const db = connect<Tables>();

type Row = Omit<Article, "createdAt"> & { createdAt: Date | string };

/** SQLite has no booleans, PostgreSQL has dates; Kysely leaves rows as they are. */
function article(row: Row): Article {
  if (onPostgres) row.createdAt = (row.createdAt as Date).toISOString();
  else row.published = Boolean(row.published);
  return row as Article;
}

const COLUMNS = ["id", "authorId", "title", "summary", "views", "published", "createdAt"] as const;

const Written = {
  authorId: t.Integer({ minimum: 1 }),
  title: t.String({ minLength: 1, maxLength: 200 }),
  views: t.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
  published: t.Boolean(),
};
const Summary = t.Union([t.String({ maxLength: 500 }), t.Null()]);
const Answer = t.Object({
  id: t.Integer(),
  authorId: t.Integer(),
  title: t.String(),
  summary: Summary,
  views: t.Integer(),
  published: t.Boolean(),
  createdAt: t.String(),
});
const neighbour = t.Union([t.Integer(), t.Null()]);
const Page = t.Object({
  count: t.Integer(),
  page: t.Integer(),
  page_size: t.Integer(),
  total_pages: t.Integer(),
  has_next: t.Boolean(),
  has_previous: t.Boolean(),
  next_page: neighbour,
  previous_page: neighbour,
  items: t.Array(Answer),
});
const token = t.Union([t.String(), t.Null()]);
const Feed = t.Object({
  items: t.Array(Answer),
  next_cursor: token,
  previous_cursor: token,
  has_next: t.Boolean(),
  has_previous: t.Boolean(),
  page_size: t.Integer(),
});

async function pageOf(author: number | undefined, page: number, size: number) {
  const base = db.selectFrom("articles").$if(author !== undefined, (query) => query.where("authorId", "=", author!));
  const [items, { count }] = await Promise.all([
    base
      .select(COLUMNS)
      .orderBy("id")
      .limit(size)
      .offset((page - 1) * size)
      .execute(),
    base.select((e) => e.fn.countAll<number>().as("count")).executeTakeFirstOrThrow(),
  ]);
  return { items: items.map(article), count };
}

const sizeOf = (asked: number | undefined, most: number): number => Math.min(Math.max(asked ?? PAGE, 1), most);

new Elysia({ precompile: true })
  .onError(({ code, status }) => (code === "NOT_FOUND" ? status(404, { detail: "Not found" }) : undefined))
  .get("/constant", "Hello, World!")
  .get(
    "/articles",
    async ({ query }) => {
      const [page, size] = [Math.max(query.page ?? 1, 1), sizeOf(query.page_size, MOST)];
      const { items, count } = await pageOf(query.authorId, page, size);
      if (items.length > 0 || page === 1) return numbered(items, count, page, size);
      const last = Math.max(1, Math.ceil(count / size));
      return numbered((await pageOf(query.authorId, last, size)).items, count, last, size);
    },
    {
      query: t.Object({
        page: t.Optional(t.Integer()),
        page_size: t.Optional(t.Integer()),
        authorId: t.Optional(t.Integer()),
      }),
      response: Page,
    },
  )
  .get(
    "/feed",
    async ({ query, status }) => {
      const size = sizeOf(query.page_size, MOST_OF_FEED);
      const at = query.cursor === undefined ? undefined : readPosition(query.cursor);
      if (query.cursor !== undefined && at === undefined) return status(400, { detail: "Invalid cursor" });
      const direction = at?.backward === true ? "asc" : "desc";
      const ordered = db
        .selectFrom("articles")
        .select(COLUMNS)
        .orderBy("createdAt", direction)
        .orderBy("id", direction);
      const rows = await (
        at === undefined
          ? ordered
          : ordered.where((e) =>
              e(
                e.refTuple("createdAt", "id"),
                at.backward ? ">" : "<",
                e.tuple(onPostgres ? new Date(at.createdAt) : at.createdAt, at.id),
              ),
            )
      )
        .limit(size + 1)
        .execute();
      return fed(rows.map(article), at, size);
    },
    {
      query: t.Object({ cursor: t.Optional(t.String()), page_size: t.Optional(t.Integer()) }),
      response: { 200: Feed, 400: t.Object({ detail: t.String() }) },
    },
  )
  .get(
    "/articles/:id",
    async ({ params: { id } }) => {
      const row = await db.selectFrom("articles").select(COLUMNS).where("id", "=", id).executeTakeFirst();
      if (row === undefined) throw new NotFoundError();
      return article(row);
    },
    { params: t.Object({ id: t.Integer() }), response: Answer },
  )
  .post(
    "/articles",
    async ({ body, set, status }) => {
      const row = await db.insertInto("articles").values(body).returning(COLUMNS).executeTakeFirstOrThrow();
      set.headers.location = `/articles/${row.id}`;
      return status(201, article(row));
    },
    { body: t.Object({ ...Written, summary: t.Optional(Summary) }), response: { 201: Answer } },
  )
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
