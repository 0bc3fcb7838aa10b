// What the programs of the data workloads share: the address, the pool's size, the rows. Runs on Node as well.

/** A path, or a URL of PostgreSQL. */
export const address = process.env["BENCH_DATABASE"] ?? "";

/** Connections to PostgreSQL: the default of pg, of postgres and of Bun.SQL. */
export const POOL = 10;

/** The pragmas that all programs set: Bolide's own defaults. The file is in WAL mode already. */
export const PRAGMAS = [
  "pragma synchronous = normal",
  "pragma foreign_keys = on",
  "pragma cache_size = -16384",
  "pragma busy_timeout = 5000",
];

export interface ArticleRow {
  id: number;
  authorId: number;
  title: string;
  summary: string | null;
  views: number;
  published: boolean;
}

export interface JoinedRow {
  id: number;
  title: string;
  views: number;
  published: boolean;
  authorName: string;
  authorEmail: string;
}

export interface CommentBody {
  author: string;
  body: string;
}

export interface CommentRow extends CommentBody {
  articleId: number;
}

/** What the transaction answers. */
export interface Commented extends CommentBody {
  article: string;
}

/** Rows that a list has. */
export const LIMIT = 10;
