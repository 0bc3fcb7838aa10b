// Hono with Drizzle over postgres, its queries prepared.
import { asc, eq, gt, sql } from "drizzle-orm";
import { bigint, boolean, integer, pgTable, text, varchar } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { address, LIMIT, POOL } from "./blog.ts";
import { serve } from "./blog-hono.ts";

const key = () => bigint({ mode: "number" });
const authors = pgTable("authors", {
  id: key().primaryKey().generatedByDefaultAsIdentity(),
  name: varchar({ length: 100 }).notNull(),
  email: varchar({ length: 200 }).notNull(),
});
const articles = pgTable("articles", {
  id: key().primaryKey().generatedByDefaultAsIdentity(),
  authorId: key().notNull(),
  title: varchar({ length: 200 }).notNull(),
  summary: text(),
  views: integer().notNull(),
  published: boolean().notNull(),
  commentCount: integer().notNull(),
});
const comments = pgTable("comments", {
  id: key().primaryKey().generatedByDefaultAsIdentity(),
  articleId: key().notNull(),
  author: varchar({ length: 100 }).notNull(),
  body: text().notNull(),
});

const db = drizzle({ client: postgres(address, { max: POOL }) });

const { id, authorId, title, summary, views, published } = articles;
const wanted = { id, authorId, title, summary, views, published };
const joined = { id, title, views, published, authorName: authors.name, authorEmail: authors.email };
const after = gt(articles.id, sql.placeholder("id"));

const articleById = db
  .select(wanted)
  .from(articles)
  .where(eq(articles.id, sql.placeholder("id")))
  .prepare("article_by_id");
const articlesAfter = db
  .select(wanted)
  .from(articles)
  .where(after)
  .orderBy(asc(articles.id))
  .limit(LIMIT)
  .prepare("articles_after");
const joinedAfter = db
  .select(joined)
  .from(articles)
  .innerJoin(authors, eq(authors.id, articles.authorId))
  .where(after)
  .orderBy(asc(articles.id))
  .limit(LIMIT)
  .prepare("joined_after");
const insertComment = db
  .insert(comments)
  .values({
    articleId: sql.placeholder("articleId"),
    author: sql.placeholder("author"),
    body: sql.placeholder("body"),
  })
  .returning({ articleId: comments.articleId, author: comments.author, body: comments.body })
  .prepare("insert_comment");

serve({
  article: async (id) => (await articleById.execute({ id }))[0],
  after: (id) => articlesAfter.execute({ id }),
  joinedAfter: (id) => joinedAfter.execute({ id }),
  insert: async (comment) => (await insertComment.execute({ ...comment }))[0],
  comment: (id, comment) =>
    db.transaction(async (tx) => {
      const [row] = await tx.select({ title }).from(articles).where(eq(articles.id, id));
      if (row === undefined) return undefined;
      await tx
        .update(articles)
        .set({ commentCount: sql`${articles.commentCount} + 1` })
        .where(eq(articles.id, id));
      await tx.insert(comments).values({ articleId: id, ...comment });
      return { article: row.title, ...comment };
    }),
});
