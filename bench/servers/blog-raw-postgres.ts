// The yardstick on PostgreSQL: Bun.SQL, whose statements are prepared once for each connection and pipelined.
import { SQL } from "bun";
import { address, type ArticleRow, type CommentRow, type JoinedRow, LIMIT, POOL } from "./blog.ts";
import { asJson, commentOf, commentRowOf, created, idOf, notFound, ok } from "./blog-raw.ts";

const sql = new SQL(address, { max: POOL });

const columns = `"id", "authorId", "title", "summary", "views", "published"`;
const articleById = `select ${columns} from "articles" where "id" = $1`;
const articlesAfter = `select ${columns} from "articles" where "id" > $1 order by "id" limit ${LIMIT}`;
const joinedAfter = `select "articles"."id", "articles"."title", "articles"."views", "articles"."published",
  "authors"."name" as "authorName", "authors"."email" as "authorEmail"
  from "articles" inner join "authors" on "authors"."id" = "articles"."authorId"
  where "articles"."id" > $1 order by "articles"."id" limit ${LIMIT}`;
const insertComment = `insert into "comments" ("articleId", "author", "body") values ($1, $2, $3)
  returning "articleId", "author", "body"`;
const titleById = `select "title" from "articles" where "id" = $1`;
const countComment = `update "articles" set "commentCount" = "commentCount" + 1 where "id" = $1`;
const addComment = `insert into "comments" ("articleId", "author", "body") values ($1, $2, $3)`;

// Bun.SQL gives 64-bit integers as text.
function article(row: ArticleRow): ArticleRow {
  row.id = Number(row.id);
  row.authorId = Number(row.authorId);
  return row;
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(Bun.env["PORT"]),
  development: false,
  routes: {
    "/constant": { GET: new Response("Hello, World!", asJson) },
    "/articles/:id": {
      GET: async (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const [row] = (await sql.unsafe(articleById, [id])) as ArticleRow[];
        return row === undefined ? notFound() : ok(article(row));
      },
    },
    "/articles/after/:id": {
      GET: async (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const rows = (await sql.unsafe(articlesAfter, [id])) as ArticleRow[];
        for (const row of rows) article(row);
        return ok(rows);
      },
    },
    "/articles/after/:id/authors": {
      GET: async (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const rows = (await sql.unsafe(joinedAfter, [id])) as JoinedRow[];
        for (const row of rows) row.id = Number(row.id);
        return ok(rows);
      },
    },
    "/comments": {
      POST: async (request) => {
        const comment = await commentRowOf(request);
        if (comment instanceof Response) return comment;
        const { articleId, author, body } = comment;
        const [row] = (await sql.unsafe(insertComment, [articleId, author, body])) as CommentRow[];
        if (row !== undefined) row.articleId = Number(row.articleId);
        return created(row);
      },
    },
    "/articles/:id/comments": {
      POST: async (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const comment = await commentOf(request);
        if (comment instanceof Response) return comment;
        const { author, body } = comment;
        const title = await sql.begin(async (tx): Promise<string | undefined> => {
          const [row] = (await tx.unsafe(titleById, [id])) as { title: string }[];
          if (row === undefined) return undefined;
          await tx.unsafe(countComment, [id]);
          await tx.unsafe(addComment, [id, author, body]);
          return row.title;
        });
        return title === undefined ? notFound() : created({ article: title, author, body });
      },
    },
  },
  fetch: notFound,
});

process.once("SIGTERM", () => void server.stop(true).then(() => sql.close()));
