// Fastify with node:sqlite, its statements kept.
import { DatabaseSync } from "node:sqlite";
import { address, type ArticleRow, type CommentRow, type JoinedRow, LIMIT, PRAGMAS } from "./blog.ts";
import { serve } from "./blog-fastify.ts";

const db = new DatabaseSync(address);
for (const pragma of PRAGMAS) db.exec(pragma);

const columns = `"id", "authorId", "title", "summary", "views", "published"`;
const articleById = db.prepare(`select ${columns} from "articles" where "id" = ?`);
const articlesAfter = db.prepare(`select ${columns} from "articles" where "id" > ? order by "id" limit ${LIMIT}`);
const joinedAfter = db.prepare(
  `select "articles"."id", "articles"."title", "articles"."views", "articles"."published",
    "authors"."name" as "authorName", "authors"."email" as "authorEmail"
    from "articles" inner join "authors" on "authors"."id" = "articles"."authorId"
    where "articles"."id" > ? order by "articles"."id" limit ${LIMIT}`,
);
// By `all`: SQLite writes its log back at the end of a statement, which `get` does not wait for.
const insertComment = db.prepare(
  `insert into "comments" ("articleId", "author", "body") values (?, ?, ?) returning "articleId", "author", "body"`,
);
const titleById = db.prepare(`select "title" from "articles" where "id" = ?`);
const countComment = db.prepare(`update "articles" set "commentCount" = "commentCount" + 1 where "id" = ?`);
const addComment = db.prepare(`insert into "comments" ("articleId", "author", "body") values (?, ?, ?)`);

// The serializer writes SQLite's 0 and 1 as booleans.
await serve({
  article: (id) => articleById.get(id) as unknown as ArticleRow | undefined,
  after: (id) => articlesAfter.all(id) as unknown as ArticleRow[],
  joinedAfter: (id) => joinedAfter.all(id) as unknown as JoinedRow[],
  insert: ({ articleId, author, body }) => insertComment.all(articleId, author, body)[0] as unknown as CommentRow,
  comment: (id, { author, body }) => {
    db.exec("begin immediate");
    try {
      const row = titleById.get(id) as { title: string } | undefined;
      if (row !== undefined) {
        countComment.run(id);
        addComment.run(id, author, body);
      }
      db.exec("commit");
      return row && { article: row.title, author, body };
    } catch (error) {
      db.exec("rollback");
      throw error;
    }
  },
});
