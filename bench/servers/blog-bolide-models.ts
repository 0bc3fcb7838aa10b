// What both programs of Bolide share: the models, the database, the contracts.
import { t } from "bolide";
import { database, type DatabaseSource, model, postgres, sqlite } from "bolide/data";
import { address, POOL } from "./blog.ts";

const int32 = t.Integer({ format: "int32" });

const Author = model("authors", {
  id: t.PrimaryKey(),
  name: t.String({ maxLength: 100 }),
  email: t.String({ maxLength: 200 }),
});

const Article = model("articles", {
  id: t.PrimaryKey(),
  authorId: t.ForeignKey("authors.id", { index: true }),
  title: t.String({ maxLength: 200 }),
  summary: t.Nullable(t.String()),
  views: int32,
  published: t.Boolean(),
  commentCount: int32,
});

const Comment = model("comments", {
  id: t.PrimaryKey(),
  articleId: t.ForeignKey("articles.id", { index: true }),
  author: t.String({ minLength: 1, maxLength: 100 }),
  body: t.String({ minLength: 1, maxLength: 2000 }),
});

const source: DatabaseSource = address.startsWith("postgres:") ? postgres(address, { max: POOL }) : sqlite(address);

export const db = database(source, { authors: Author, articles: Article, comments: Comment });

const ArticleAnswer = t.Object({
  id: t.Integer(),
  authorId: t.Integer(),
  title: t.String(),
  summary: t.Nullable(t.String()),
  views: t.Integer(),
  published: t.Boolean(),
});

const JoinedAnswer = t.Object({
  id: t.Integer(),
  title: t.String(),
  views: t.Integer(),
  published: t.Boolean(),
  authorName: t.String(),
  authorEmail: t.String(),
});

const comment = {
  author: t.String({ minLength: 1, maxLength: 100 }),
  body: t.String({ minLength: 1, maxLength: 2000 }),
};
const params = { id: t.Integer() };
const CommentRow = t.Object({ articleId: t.Integer({ minimum: 1 }), ...comment });

/** What each route reads and answers. */
export const contracts = {
  article: { params, response: ArticleAnswer },
  articles: { params, response: t.Array(ArticleAnswer) },
  joined: { params, response: t.Array(JoinedAnswer) },
  insert: { body: CommentRow, status: 201, response: CommentRow },
  comment: { params, body: t.Object(comment), status: 201, response: t.Object({ article: t.String(), ...comment }) },
};
