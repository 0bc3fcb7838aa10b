// What the programs of the RealWorld workload share: rows, and the answer that is made of them.

/** One article as its reader sees it, as queries give it; SQLite has numbers for truth values, and lists as JSON. */
export interface ArticleRow {
  slug: string;
  title: string;
  description: string;
  body: string;
  createdAt: Date | string;
  updatedAt: Date | string;
  username: string;
  bio: string;
  image: string;
  tags: string[] | string;
  favoritesCount: number;
  favorited: boolean | number;
  following: boolean | number;
}

export const MOST = 100;

const moment = (value: Date | string): string => (typeof value === "string" ? value : value.toISOString());

/** A row as it is answered. */
export function articleOf(row: ArticleRow) {
  const tags = typeof row.tags === "string" ? (JSON.parse(row.tags) as string[]) : row.tags;
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    body: row.body,
    tagList: tags.sort(),
    createdAt: moment(row.createdAt),
    updatedAt: moment(row.updatedAt),
    favorited: Boolean(row.favorited),
    favoritesCount: row.favoritesCount,
    author: { username: row.username, bio: row.bio, image: row.image, following: Boolean(row.following) },
  };
}

/** What a token that is no good is answered with. */
export const INVALID = { errors: { token: ["is invalid"], body: ["token is invalid"] } };
