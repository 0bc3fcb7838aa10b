// Hono with Drizzle over bun:sqlite, its queries prepared.
import { Database } from "bun:sqlite";
import { asc, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/bun-sqlite";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { address, LIMIT, PRAGMAS } from "./blog.ts";
import { serve } from "./blog-hono.ts";

const authors = sqliteTable("authors", {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
});
const articles = sqliteTable("articles", {
  id: integer().primaryKey(),
  authorId: integer().notNull(),
  title: text().notNull(),
  summary: text(),
  views: integer().notNull(),
  published: integer({ mode: "boolean" }).notNull(),
  commentCount: integer().notNull(),
});
const comments = sqliteTable("comments", {
  id: integer().primaryKey(),
  articleId: integer().notNull(),
  author: text().notNull(),
  body: text().notNull(),
});

const client = new Database(address, { readwrite: true });
for (const pragma of PRAGMAS) client.run(pragma);
const db = drizzle({ client });

const { id, authorId, title, summary, views, published } = articles;
const wanted = { id, authorId, title, summary, views, published };
const joined = { id, title, views, published, authorName: authors.name, authorEmail: authors.email };
const after = gt(articles.id, sql.placeholder("id"));

const articleById = db
  .select(wanted)
  .from(articles)
  .where(eq(articles.id, sql.placeholder("id")))
  .prepare();
const articlesAfter = db.select(wanted).from(articles).where(after).orderBy(asc(articles.id)).limit(LIMIT).prepare();
const joinedAfter = db
  .select(joined)
  .from(articles)
  .innerJoin(authors, eq(authors.id, articles.authorId))
  .where(after)
  .orderBy(asc(articles.id))
  .limit(LIMIT)
  .prepare();
const insertComment = db
  .insert(comments)
  .values({
    articleId: sql.placeholder("articleId"),
    author: sql.placeholder("author"),
    body: sql.placeholder("body"),
  })
  .returning({ articleId: comments.articleId, author: comments.author, body: comments.body })
  .prepare();

serve({
  article: (id) => articleById.get({ id }),
  after: (id) => articlesAfter.all({ id }),
  joinedAfter: (id) => joinedAfter.all({ id }),
  insert: (comment) => insertComment.get({ ...comment }),
  comment: (id, comment) =>
    db.transaction(
      (tx) => {
        const row = tx.select({ title }).from(articles).where(eq(articles.id, id)).get();
        if (row === undefined) return undefined;
        tx.update(articles)
          .set({ commentCount: sql`${articles.commentCount} + 1` })
          .where(eq(articles.id, id))
          .run();
        tx.insert(comments)
          .values({ articleId: id, ...comment })
          .run();
        return { article: row.title, ...comment };
      },
      { behavior: "immediate" },
    ),
});
