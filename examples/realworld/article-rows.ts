import { type Kysely, related } from "bolide/data";
import type { Expression } from "kysely";
import { db, type Tables } from "./database.ts";
import { follow } from "./profiles.ts";

/**
 * Articles as one reader sees them, each with its author, its tags, how many have marked it as a favourite, and whether the reader
 * has, and follows the author: one statement, however many rows.
 */
export const articleRows = (q: Kysely<Tables>, me: Expression<number>) =>
  q
    .selectFrom("articles")
    .selectAll("articles")
    .select(({ exists, fn, selectFrom }) => {
      const favorites = selectFrom("favorites").whereRef("articleId", "=", "articles.id");
      return [
        related(db, "articles", "author", { columns: ["username", "bio", "image"] }).as("author"),
        related(db, "articles", "tags", { columns: ["name"] }).as("tags"),
        favorites.select(fn.countAll().as("count")).as("favoritesCount"),
        exists(favorites.select("userId").where("userId", "=", me)).as("favorited"),
        exists(follow(me, "articles.authorId")).as("following"),
      ];
    });

type Rows = ReturnType<typeof articleRows>;
type Row = Awaited<ReturnType<Rows["execute"]>>[number];

/** A row as it is answered. Databases differ in what they make of a truth value and of a count. */
export const articleOf = ({ author, tags, favoritesCount, favorited, following, ...article }: Row) => ({
  ...article,
  tagList: tags.map(({ name }) => name).toSorted(),
  favoritesCount: Number(favoritesCount),
  favorited: Boolean(favorited),
  author: { ...author!, following: Boolean(following) },
});
