import { t } from "bolide";
import { type Declared, prepared } from "bolide/data";
import { limitOffset, type PageContext } from "bolide/views";
import type { Expression, SelectQueryBuilder } from "kysely";
import { articleOf, articleRows } from "./article-rows.ts";
import { db, type Tables } from "./database.ts";

const pages = limitOffset({ maxPageSize: 100 });
/** The query parameters that say which part of a list is wanted. */
export const part = pages.query;

const VALUES = { me: t.Integer(), tag: t.String(), author: t.String(), favorited: t.String() };
type Filter = "tag" | "author" | "favorited" | "feed";
type Ids = SelectQueryBuilder<Tables, "articles", { id: number }>;

const tags = (name: Expression<string>) => db.selectFrom("tags").select("id").where("name", "=", name);
const users = (name: Expression<string>) => db.selectFrom("users").select("id").where("username", "=", name);
const tagged = db.selectFrom("articleTags").select("articleId");
const liked = db.selectFrom("favorites").select("articleId");
const followed = db.selectFrom("follows").select("followedId");

/** What an article must have to be in a list. */
const FILTERS: Record<Filter, (ids: Ids, values: Declared<typeof VALUES>) => Ids> = {
  tag: (ids, { tag }) => ids.where("id", "in", tagged.where("tagId", "in", tags(tag))),
  author: (ids, { author }) => ids.where("authorId", "in", users(author)),
  favorited: (ids, { favorited }) => ids.where("id", "in", liked.where("userId", "in", users(favorited))),
  feed: (ids, { me }) => ids.where("authorId", "in", followed.where("followerId", "=", me)),
};

/** The newest first: ids count up. Only ids, as PostgreSQL works out whatever is selected for each row that an offset skips too. */
const idsOf = (filters: Filter[]) =>
  pages.prepare(db, VALUES, (q, values) =>
    filters.reduce(
      (ids, filter) => FILTERS[filter](ids, values),
      q.selectFrom("articles").select("id").orderBy("id", "desc"),
    ),
  );
/** One list for each set of filters, its SQL made when it is first asked for. */
const lists = new Map<string, ReturnType<typeof idsOf>>();

const byIds = prepared(db, { me: t.Integer(), ids: t.Array(t.Integer()) }, (q, { me, ids }) =>
  articleRows(q, me).where("id", "in", ids).orderBy("id", "desc"),
);

/** One page of the articles that these filters let through, and how many there are in all. */
export async function articlePage(
  ctx: PageContext<typeof part>,
  me: number,
  given: { readonly [F in Filter]?: string | undefined },
) {
  const filters = (Object.keys(FILTERS) as Filter[]).filter((filter) => given[filter] !== undefined);
  const list = lists.getOrInsertComputed(filters.join(), () => idsOf(filters));
  const { tag = "", author = "", favorited = "" } = given;
  const { items, count } = await list(ctx, { me, tag, author, favorited });
  const rows = items.length === 0 ? [] : await byIds.all({ me, ids: items.map(({ id }) => id) });
  return { articles: rows.map(articleOf), articlesCount: count };
}
