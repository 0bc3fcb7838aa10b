// The yardstick on SQLite: what one would write by hand on Bun for exactly these routes, for speed.
import { Database } from "bun:sqlite";
import { address, type ArticleRow, type CommentRow, type JoinedRow, LIMIT, PRAGMAS } from "./blog.ts";
import { asJson, commentOf, commentRowOf, created, idOf, notFound, ok } from "./blog-raw.ts";

const db = new Database(address, { readwrite: true });
for (const pragma of PRAGMAS) db.run(pragma);

/** SQLite has no booleans. */
type Stored<T> = Omit<T, "published"> & { published: number | boolean };

const articleById = db.prepare<Stored<ArticleRow>, [number]>(
  `select "id", "authorId", "title", "summary", "views", "published" from "articles" where "id" = ?`,
);
const articlesAfter = db.prepare<Stored<ArticleRow>, [number]>(
  `select "id", "authorId", "title", "summary", "views", "published" from "articles" where "id" > ?
    order by "id" limit ${LIMIT}`,
);
const joinedAfter = db.prepare<Stored<JoinedRow>, [number]>(
  `select "articles"."id", "articles"."title", "articles"."views", "articles"."published",
    "authors"."name" as "authorName", "authors"."email" as "authorEmail"
    from "articles" inner join "authors" on "authors"."id" = "articles"."authorId"
    where "articles"."id" > ? order by "articles"."id" limit ${LIMIT}`,
);
// By `all`: SQLite writes its log back at the end of a statement, which `get` does not wait for.
const insertComment = db.prepare<CommentRow, [number, string, string]>(
  `insert into "comments" ("articleId", "author", "body") values (?, ?, ?) returning "articleId", "author", "body"`,
);
const titleById = db.prepare<{ title: string }, [number]>(`select "title" from "articles" where "id" = ?`);
const countComment = db.prepare<never, [number]>(
  `update "articles" set "commentCount" = "commentCount" + 1 where "id" = ?`,
);
const addComment = db.prepare<never, [number, string, string]>(
  `insert into "comments" ("articleId", "author", "body") values (?, ?, ?)`,
);
const begin = db.prepare("begin immediate");
const commit = db.prepare("commit");
const rollback = db.prepare("rollback");

function boolean<T extends { published: number | boolean }>(row: T): T {
  row.published = row.published === 1;
  return row;
}

function booleans<T extends { published: number | boolean }>(rows: T[]): T[] {
  for (const row of rows) row.published = row.published === 1;
  return rows;
}

function comment(id: number, author: string, body: string): string | undefined {
  begin.run();
  try {
    const title = titleById.get(id)?.title;
    if (title !== undefined) {
      countComment.run(id);
      addComment.run(id, author, body);
    }
    commit.run();
    return title;
  } catch (error) {
    rollback.run();
    throw error;
  }
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(Bun.env["PORT"]),
  development: false,
  routes: {
    "/constant": { GET: new Response("Hello, World!", asJson) },
    "/articles/:id": {
      GET: (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const row = articleById.get(id);
        return row === null ? notFound() : ok(boolean(row));
      },
    },
    "/articles/after/:id": {
      GET: (request) => {
        const id = idOf(request.params.id);
        return id instanceof Response ? id : ok(booleans(articlesAfter.all(id)));
      },
    },
    "/articles/after/:id/authors": {
      GET: (request) => {
        const id = idOf(request.params.id);
        return id instanceof Response ? id : ok(booleans(joinedAfter.all(id)));
      },
    },
    "/comments": {
      POST: async (request) => {
        const row = await commentRowOf(request);
        return row instanceof Response ? row : created(insertComment.all(row.articleId, row.author, row.body)[0]);
      },
    },
    "/articles/:id/comments": {
      POST: async (request) => {
        const id = idOf(request.params.id);
        if (id instanceof Response) return id;
        const row = await commentOf(request);
        if (row instanceof Response) return row;
        const { author, body } = row;
        const article = comment(id, author, body);
        return article === undefined ? notFound() : created({ article, author, body });
      },
    },
  },
  fetch: notFound,
});

process.once("SIGTERM", () => void server.stop(true).then(() => db.close()));
