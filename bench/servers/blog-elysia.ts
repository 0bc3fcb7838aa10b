// Elysia with Kysely: over kysely-bun-sqlite, and over pg.
import { Elysia, t } from "elysia";
import { type Generated, NoResultError } from "kysely";
import { LIMIT } from "./blog.ts";
import { connect, onPostgres } from "./elysia-kysely.ts";

interface Tables {
  authors: { id: Generated<number>; name: string; email: string };
  articles: {
    id: Generated<number>;
    authorId: number;
    title: string;
    summary: string | null;
    views: number;
    published: boolean;
    commentCount: number;
  };
  comments: { id: Generated<number>; articleId: number; author: string; body: string };
}

const db = connect<Tables>();

/** SQLite has no booleans, and Kysely leaves rows as they are. */
function booleans<T extends { published: boolean }>(rows: T[]): T[] {
  if (!onPostgres) for (const row of rows) row.published = Boolean(row.published);
  return rows;
}

const params = t.Object({ id: t.Integer() });
const comment = {
  author: t.String({ minLength: 1, maxLength: 100 }),
  body: t.String({ minLength: 1, maxLength: 2000 }),
};
const Comment = t.Object({ articleId: t.Integer({ minimum: 1 }), ...comment });
const Article = t.Object({
  id: t.Integer(),
  authorId: t.Integer(),
  title: t.String(),
  summary: t.Union([t.String(), t.Null()]),
  views: t.Integer(),
  published: t.Boolean(),
});
const Joined = t.Object({
  id: t.Integer(),
  title: t.String(),
  views: t.Integer(),
  published: t.Boolean(),
  authorName: t.String(),
  authorEmail: t.String(),
});

new Elysia({ precompile: true })
  .onError(({ code, error, status }) =>
    error instanceof NoResultError || code === "NOT_FOUND" ? status(404, { detail: "Not Found" }) : undefined,
  )
  .get("/constant", "Hello, World!")
  .get(
    "/articles/:id",
    async ({ params }) =>
      booleans([
        await db
          .selectFrom("articles")
          .select(["id", "authorId", "title", "summary", "views", "published"])
          .where("id", "=", params.id)
          .executeTakeFirstOrThrow(),
      ])[0]!,
    { params, response: Article },
  )
  .get(
    "/articles/after/:id",
    async ({ params }) =>
      booleans(
        await db
          .selectFrom("articles")
          .select(["id", "authorId", "title", "summary", "views", "published"])
          .where("id", ">", params.id)
          .orderBy("id")
          .limit(LIMIT)
          .execute(),
      ),
    { params, response: t.Array(Article) },
  )
  .get(
    "/articles/after/:id/authors",
    async ({ params }) =>
      booleans(
        await db
          .selectFrom("articles")
          .innerJoin("authors", "authors.id", "articles.authorId")
          .select(["articles.id", "articles.title", "articles.views", "articles.published"])
          .select(["authors.name as authorName", "authors.email as authorEmail"])
          .where("articles.id", ">", params.id)
          .orderBy("articles.id")
          .limit(LIMIT)
          .execute(),
      ),
    { params, response: t.Array(Joined) },
  )
  .post(
    "/comments",
    async ({ body, status }) =>
      status(
        201,
        await db
          .insertInto("comments")
          .values(body)
          .returning(["articleId", "author", "body"])
          .executeTakeFirstOrThrow(),
      ),
    { body: Comment, response: { 201: Comment } },
  )
  .post(
    "/articles/:id/comments",
    async ({ params, body, status }) =>
      status(
        201,
        await db.transaction().execute(async (trx) => {
          const { title } = await trx
            .selectFrom("articles")
            .select("title")
            .where("id", "=", params.id)
            .executeTakeFirstOrThrow();
          await trx
            .updateTable("articles")
            .set((e) => ({ commentCount: e("commentCount", "+", 1) }))
            .where("id", "=", params.id)
            .execute();
          await trx
            .insertInto("comments")
            .values({ articleId: params.id, ...body })
            .execute();
          return { article: title, ...body };
        }),
      ),
    { params, body: t.Object(comment), response: { 201: t.Object({ article: t.String(), ...comment }) } },
  )
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
