// Elysia with its JWT plugin and Kysely, over kysely-bun-sqlite and over pg.
import { jwt } from "@elysiajs/jwt";
import { Elysia, t } from "elysia";
import { type Generated, sql } from "kysely";
import { jsonArrayFrom as listOfPostgres } from "kysely/helpers/postgres";
import { jsonArrayFrom as listOfSqlite } from "kysely/helpers/sqlite";
import { secret } from "../credentials.ts";
import { articleOf, INVALID, MOST } from "./conduit.ts";
import { connect, onPostgres } from "./elysia-kysely.ts";

interface Tables {
  users: { id: Generated<number>; username: string; email: string; password: string; bio: string; image: string };
  articles: {
    id: Generated<number>;
    slug: string;
    title: string;
    description: string;
    body: string;
    authorId: number;
    createdAt: Generated<Date | string>;
    updatedAt: Generated<Date | string>;
  };
  tags: { id: Generated<number>; name: string };
  articleTags: { articleId: number; tagId: number };
  favorites: { userId: number; articleId: number };
  follows: { followerId: number; followedId: number };
}

const db = connect<Tables>();
const listOf = (onPostgres ? listOfPostgres : listOfSqlite) as typeof listOfPostgres;

/** The newest articles, as a user sees them. */
const newest = (me: number, limit: number, offset: number) =>
  db
    .selectFrom(db.selectFrom("articles").selectAll().orderBy("id", "desc").limit(limit).offset(offset).as("a"))
    .innerJoin("users as u", "u.id", "a.authorId")
    .select(["a.slug", "a.title", "a.description", "a.body", "a.createdAt", "a.updatedAt"])
    .select(["u.username", "u.bio", "u.image"])
    .select((e) => [
      listOf(
        e
          .selectFrom("articleTags as j")
          .innerJoin("tags as t", "t.id", "j.tagId")
          .select("t.name")
          .whereRef("j.articleId", "=", "a.id"),
      ).as("tags"),
      e
        .selectFrom("favorites as f")
        .select((f) => f.fn.countAll<number>().as("count"))
        .whereRef("f.articleId", "=", "a.id")
        .as("favoritesCount"),
      e
        .exists(
          e
            .selectFrom("favorites as f")
            .select(sql.lit(1).as("one"))
            .whereRef("f.articleId", "=", "a.id")
            .where("f.userId", "=", me),
        )
        .as("favorited"),
      e
        .exists(
          e
            .selectFrom("follows as f")
            .select(sql.lit(1).as("one"))
            .whereRef("f.followedId", "=", "a.authorId")
            .where("f.followerId", "=", me),
        )
        .as("following"),
    ])
    .orderBy("a.id", "desc")
    .execute();

const Profile = t.Object({ username: t.String(), bio: t.String(), image: t.String(), following: t.Boolean() });
const Article = t.Object({
  slug: t.String(),
  title: t.String(),
  description: t.String(),
  body: t.String(),
  tagList: t.Array(t.String()),
  createdAt: t.String(),
  updatedAt: t.String(),
  favorited: t.Boolean(),
  favoritesCount: t.Integer(),
  author: Profile,
});
const Texts = t.Array(t.String());

// Imported once: the plugin takes a text as well, which it would import for every token.
const key = await crypto.subtle.importKey("raw", Buffer.from(secret), { name: "HMAC", hash: "SHA-256" }, false, [
  "verify",
]);

new Elysia({ precompile: true })
  .use(jwt({ name: "token", secret: key, alg: "HS256", schema: t.Object({ sub: t.String() }) }))
  .resolve(async ({ request, status, token }) => {
    const value = request.headers.get("authorization");
    if (value === null || !value.startsWith("Token ")) return { me: 0 };
    const user = await token.verify(value.slice(6), { algorithms: ["HS256"], clockTolerance: 60 });
    return user === false ? status(401, INVALID) : { me: Number(user.sub) };
  })
  .get(
    "/api/articles",
    async ({ me, query: { limit = 20, offset = 0 } }) => {
      const [rows, { count }] = await Promise.all([
        newest(me, Math.min(Math.max(limit, 1), MOST), Math.max(offset, 0)),
        db
          .selectFrom("articles")
          .select((e) => e.fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow(),
      ]);
      const articles = rows.map(({ tags, favoritesCount, favorited, following, ...row }) => {
        // SQLite's lists are texts.
        const list = typeof tags === "string" ? (JSON.parse(tags) as typeof tags) : tags;
        return articleOf({
          ...row,
          tags: list.map(({ name }) => name),
          favoritesCount: Number(favoritesCount),
          favorited: Boolean(favorited),
          following: Boolean(following),
        });
      });
      return { articles, articlesCount: count };
    },
    {
      query: t.Object({ limit: t.Optional(t.Integer()), offset: t.Optional(t.Integer()) }),
      response: {
        200: t.Object({ articles: t.Array(Article), articlesCount: t.Integer() }),
        401: t.Object({ errors: t.Object({ token: Texts, body: Texts }) }),
      },
    },
  )
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
