// Bolide with Kysely as anybody writes it: each request builds its query.
import { Api, constant, NotFound } from "bolide";
import { LIMIT } from "./blog.ts";
import { contracts, db } from "./blog-bolide-models.ts";

const api = new Api({ title: "Blog", version: "1.0.0" });

api.get("/constant", constant("Hello, World!"));
api.get(
  "/articles/:id",
  contracts.article,
  async ({ params }) =>
    (await db
      .selectFrom("articles")
      .select(["id", "authorId", "title", "summary", "views", "published"])
      .where("id", "=", params.id)
      .executeTakeFirst()) ?? new NotFound(),
);
api.get("/articles/after/:id", contracts.articles, ({ params }) =>
  db
    .selectFrom("articles")
    .select(["id", "authorId", "title", "summary", "views", "published"])
    .where("id", ">", params.id)
    .orderBy("id")
    .limit(LIMIT)
    .execute(),
);
api.get("/articles/after/:id/authors", contracts.joined, ({ params }) =>
  db
    .selectFrom("articles")
    .innerJoin("authors", "authors.id", "articles.authorId")
    .select(["articles.id", "articles.title", "articles.views", "articles.published"])
    .select(["authors.name as authorName", "authors.email as authorEmail"])
    .where("articles.id", ">", params.id)
    .orderBy("articles.id")
    .limit(LIMIT)
    .execute(),
);
api.post("/comments", contracts.insert, ({ body }) =>
  db.insertInto("comments").values(body).returning(["articleId", "author", "body"]).executeTakeFirstOrThrow(),
);
api.post("/articles/:id/comments", contracts.comment, ({ params, body }) =>
  db.transaction().execute(async (trx) => {
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
);

await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
