// Fastify with pg, its statements prepared by their names.
import { Pool, types } from "pg";
import { address, type ArticleRow, type CommentRow, type JoinedRow, LIMIT, POOL } from "./blog.ts";
import { serve } from "./blog-fastify.ts";

// 64-bit integers are text otherwise.
types.setTypeParser(types.builtins.INT8, Number);
const pool = new Pool({ connectionString: address, max: POOL });

const columns = `"id", "authorId", "title", "summary", "views", "published"`;
const articleById = { name: "article-by-id", text: `select ${columns} from "articles" where "id" = $1` };
const articlesAfter = {
  name: "articles-after",
  text: `select ${columns} from "articles" where "id" > $1 order by "id" limit ${LIMIT}`,
};
const joinedAfter = {
  name: "joined-after",
  text: `select "articles"."id", "articles"."title", "articles"."views", "articles"."published",
    "authors"."name" as "authorName", "authors"."email" as "authorEmail"
    from "articles" inner join "authors" on "authors"."id" = "articles"."authorId"
    where "articles"."id" > $1 order by "articles"."id" limit ${LIMIT}`,
};
const insertComment = {
  name: "insert-comment",
  text: `insert into "comments" ("articleId", "author", "body") values ($1, $2, $3)
    returning "articleId", "author", "body"`,
};
const titleById = { name: "title-by-id", text: `select "title" from "articles" where "id" = $1` };
const countComment = {
  name: "count-comment",
  text: `update "articles" set "commentCount" = "commentCount" + 1 where "id" = $1`,
};
const addComment = {
  name: "add-comment",
  text: `insert into "comments" ("articleId", "author", "body") values ($1, $2, $3)`,
};

await serve({
  article: async (id) => (await pool.query<ArticleRow>({ ...articleById, values: [id] })).rows[0],
  after: async (id) => (await pool.query<ArticleRow>({ ...articlesAfter, values: [id] })).rows,
  joinedAfter: async (id) => (await pool.query<JoinedRow>({ ...joinedAfter, values: [id] })).rows,
  insert: async ({ articleId, author, body }) =>
    (await pool.query<CommentRow>({ ...insertComment, values: [articleId, author, body] })).rows[0],
  comment: async (id, { author, body }) => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const [row] = (await client.query<{ title: string }>({ ...titleById, values: [id] })).rows;
      if (row !== undefined) {
        await client.query({ ...countComment, values: [id] });
        await client.query({ ...addComment, values: [id, author, body] });
      }
      await client.query("commit");
      return row && { article: row.title, author, body };
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  },
});
