// Bolide with prepared queries: the builder and the compiler run once, at the start.
import { Api, constant, t } from "bolide";
import { prepared, transaction } from "bolide/data";
import { LIMIT } from "./blog.ts";
import { contracts, db } from "./blog-bolide-models.ts";

const id = { id: t.Integer() };
const comment = { articleId: t.Integer(), author: t.String(), body: t.String() };

const articleById = prepared(db, id, (q, p) =>
  q.selectFrom("articles").select(["id", "authorId", "title", "summary", "views", "published"]).where("id", "=", p.id),
);
const articlesAfter = prepared(db, id, (q, p) =>
  q
    .selectFrom("articles")
    .select(["id", "authorId", "title", "summary", "views", "published"])
    .where("id", ">", p.id)
    .orderBy("id")
    .limit(LIMIT),
);
const joinedAfter = prepared(db, id, (q, p) =>
  q
    .selectFrom("articles")
    .innerJoin("authors", "authors.id", "articles.authorId")
    .select(["articles.id", "articles.title", "articles.views", "articles.published"])
    .select(["authors.name as authorName", "authors.email as authorEmail"])
    .where("articles.id", ">", p.id)
    .orderBy("articles.id")
    .limit(LIMIT),
);
const insertComment = prepared(db, comment, (q, p) =>
  q.insertInto("comments").values(p).returning(["articleId", "author", "body"]),
);
const titleById = prepared(db, id, (q, p) => q.selectFrom("articles").select("title").where("id", "=", p.id));
const countComment = prepared(db, id, (q, p) =>
  q
    .updateTable("articles")
    .set((e) => ({ commentCount: e("commentCount", "+", 1) }))
    .where("id", "=", p.id),
);
const addComment = prepared(db, comment, (q, p) => q.insertInto("comments").values(p));

const api = new Api({ title: "Blog", version: "1.0.0" });

api.get("/constant", constant("Hello, World!"));
api.get("/articles/:id", contracts.article, ({ params }) => articleById.one(params));
api.get("/articles/after/:id", contracts.articles, ({ params }) => articlesAfter.all(params));
api.get("/articles/after/:id/authors", contracts.joined, ({ params }) => joinedAfter.all(params));
api.post("/comments", contracts.insert, ({ body }) => insertComment.one(body));
api.post("/articles/:id/comments", contracts.comment, ({ params, body }) =>
  transaction(db, async (trx) => {
    const { title } = await titleById.with(trx).one(params);
    await countComment.with(trx).run(params);
    await addComment.with(trx).run({ articleId: params.id, ...body });
    return { article: title, ...body };
  }),
);

await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
