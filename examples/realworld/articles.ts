import { Forbidden, type Principal, t } from "bolide";
import { bulkInsert, exists, getOrCreate, prepared, transaction } from "bolide/data";
import { action, viewset } from "bolide/views";
import { articlePage, part } from "./article-lists.ts";
import { articleOf, articleRows } from "./article-rows.ts";
import { everybody, idOf, members } from "./auth.ts";
import { db } from "./database.ts";
import { notFound, refusals } from "./errors.ts";
import { ArticleAnswer, ArticlesAnswer, NewArticle, UpdateArticle } from "./schemas.ts";
import { otherSlug, slugify } from "./slug.ts";

const bySlug = prepared(db, { me: t.Integer(), slug: t.String() }, (q, { me, slug }) =>
  articleRows(q, me).where("slug", "=", slug),
);
const keysBySlug = prepared(db, { slug: t.String() }, (q, { slug }) =>
  q.selectFrom("articles").select(["id", "authorId", "title"]).where("slug", "=", slug),
);

async function answerOf(slug: string, me: number) {
  const row = await bySlug.first({ me, slug });
  if (row === undefined) throw notFound("article");
  return { article: articleOf(row) };
}

/** The keys of an article. Throws a 404 for a slug that none has. */
export async function articleKeys(slug: string) {
  const keys = await keysBySlug.first({ slug });
  if (keys === undefined) throw notFound("article");
  return keys;
}

/** The keys of an article that this user may change. Throws a 404 or a 403. */
async function ownArticle(slug: string, user: Principal) {
  const keys = await articleKeys(slug);
  if (keys.authorId !== idOf(user)) throw new Forbidden({ article: ["forbidden"] });
  return keys;
}

const params = { slug: t.String() };
const filters = { tag: t.Optional(t.String()), author: t.Optional(t.String()), favorited: t.Optional(t.String()) };
const many = { 200: ArticlesAnswer, ...refusals };
const response = { 200: ArticleAnswer, ...refusals };

export const articles = viewset({
  lookup: "slug",
  tags: ["Articles"],
  list: action(
    { ...everybody, summary: "Articles, the newest first", query: { ...part, ...filters }, response: many },
    (ctx) => articlePage(ctx, idOf(ctx.user), ctx.query),
  ),
  retrieve: action({ ...everybody, summary: "An article", params, response }, ({ params: { slug }, user }) =>
    answerOf(slug, idOf(user)),
  ),
  create: action(
    {
      ...members,
      summary: "Write an article",
      body: { article: NewArticle },
      response: { 201: ArticleAnswer, ...refusals },
    },
    async ({ body: { article }, user }) => {
      const { tagList, ...written } = article;
      const slug = await transaction(db, async (trx) => {
        const insert = (free: string) => {
          const query = trx.insertInto("articles").values({ ...written, slug: free, authorId: idOf(user) });
          const unlessTaken = query.onConflict((on) => on.column("slug").doNothing());
          return unlessTaken.returning(["id", "slug"]).executeTakeFirst();
        };
        const wanted = slugify(written.title);
        const made = (await insert(wanted)) ?? (await insert(otherSlug(wanted)))!;
        // Sorted: two that name the same new tags wait for each other, but never both.
        const names = [...new Set(tagList)].toSorted().map((name) => ({ name }));
        await bulkInsert(trx, "tags", names, { onConflict: "ignore" });
        const known = trx.selectFrom("tags").select("id").where("name", "in", tagList);
        const ids = tagList.length === 0 ? [] : await known.execute();
        await bulkInsert(
          trx,
          "articleTags",
          ids.map(({ id }) => ({ articleId: made.id, tagId: id })),
        );
        return made.slug;
      });
      return answerOf(slug, idOf(user));
    },
  ),
  update: action(
    { ...members, summary: "Change an article of mine", params, body: { article: UpdateArticle }, response },
    async ({ params, body: { article }, user }) => {
      const { id, title } = await ownArticle(params.slug, user);
      const wanted = slugify(article.title ?? title);
      const taken = () => exists(db.selectFrom("articles").where("slug", "=", wanted));
      const isRenamed = article.title !== undefined && slugify(title) !== wanted;
      const slug = isRenamed ? ((await taken()) ? otherSlug(wanted) : wanted) : params.slug;
      await db
        .updateTable("articles")
        .set({ ...article, slug, updatedAt: new Date() })
        .where("id", "=", id)
        .execute();
      return answerOf(slug, idOf(user));
    },
  ),
  destroy: action(
    { ...members, summary: "Delete an article of mine", params, response: { 204: t.Null(), ...refusals } },
    async ({ params, user }) => {
      const { id } = await ownArticle(params.slug, user);
      await db.deleteFrom("articles").where("id", "=", id).execute();
    },
  ),
  actions: {
    feed: action(
      {
        ...members,
        summary: "Articles of those whom I follow",
        detail: false,
        method: "GET",
        query: part,
        response: many,
      },
      (ctx) => articlePage(ctx, idOf(ctx.user), { feed: "mine" }),
    ),
    favorite: action(
      { ...members, summary: "Like an article", params, response, tags: ["Favorites"] },
      async ({ params: { slug }, user }) => {
        const { id } = await articleKeys(slug);
        await getOrCreate(db, "favorites", { userId: idOf(user), articleId: id }, {});
        return answerOf(slug, idOf(user));
      },
    ),
    unfavorite: action(
      {
        ...members,
        summary: "Like an article no more",
        params,
        response,
        tags: ["Favorites"],
        method: "DELETE",
        path: "/favorite",
      },
      async ({ params: { slug }, user }) => {
        const { id } = await articleKeys(slug);
        await db.deleteFrom("favorites").where("articleId", "=", id).where("userId", "=", idOf(user)).execute();
        return answerOf(slug, idOf(user));
      },
    ),
  },
});
