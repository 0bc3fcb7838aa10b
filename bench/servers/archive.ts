// What the programs of the view workloads share in JavaScript: rows, pages, and cursors that are signed.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Rows of a page where the request does not say, and at most: the harness walks to the deep page by large ones. */
export const PAGE = 20;
export const MOST = 100;
export const MOST_OF_FEED = 1000;

export interface Article {
  id: number;
  authorId: number;
  title: string;
  summary: string | null;
  views: number;
  published: boolean;
  createdAt: string;
}

export type NewArticle = Omit<Article, "id" | "createdAt">;

/** A page by number. */
export function numbered(items: readonly Article[], count: number, page: number, size: number) {
  const hasNext = (page - 1) * size + items.length < count;
  return {
    count,
    page,
    page_size: size,
    total_pages: Math.max(1, Math.ceil(count / size)),
    has_next: hasNext,
    has_previous: page > 1,
    next_page: hasNext ? page + 1 : null,
    previous_page: page > 1 ? page - 1 : null,
    items,
  };
}

/** Where a page of the feed begins. */
export interface Position {
  readonly backward: boolean;
  readonly createdAt: string;
  readonly id: number;
}

const SECRET = "a secret of the benchmarks, for cursors too";
/** Text of a position, with its signature. */
export type Sign = (text: string) => string;

/** By `node:crypto`, as one would anywhere. */
export const sign: Sign = (text) => createHmac("sha256", SECRET).update(text).digest("base64url");

export const positionText = ({ backward, createdAt, id }: Position): string =>
  `${backward ? "b" : "f"}${Date.parse(createdAt).toString(36)}.${id.toString(36)}`;

/** Reads a cursor; undefined for one that was not written here. */
export function readPosition(token: string, signing: Sign = sign): Position | undefined {
  const at = token.lastIndexOf(".");
  const text = token.slice(0, at);
  const [expected, given] = [Buffer.from(signing(text)), Buffer.from(token.slice(at + 1))];
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const [moment = "", id = ""] = text.slice(1).split(".");
  return {
    backward: text[0] === "b",
    createdAt: new Date(Number.parseInt(moment, 36)).toISOString(),
    id: Number.parseInt(id, 36),
  };
}

/** A page of the feed, of rows as they were read: one more than the page has, where there are so many. */
export function fed(rows: Article[], at: Position | undefined, size: number, signing: Sign = sign) {
  const backward = at?.backward === true;
  const more = rows.length > size;
  if (more) rows.pop();
  if (backward) rows.reverse();
  const token = (row: Article, back: boolean): string => {
    const text = positionText({ backward: back, createdAt: row.createdAt, id: row.id });
    return `${text}.${signing(text)}`;
  };
  const [first, last] = [rows[0], rows.at(-1)];
  const next = (backward || more) && last !== undefined ? token(last, false) : null;
  const previous = (backward ? more : at !== undefined) && first !== undefined ? token(first, true) : null;
  return {
    items: rows,
    next_cursor: next,
    previous_cursor: previous,
    has_next: next !== null,
    has_previous: previous !== null,
    page_size: size,
  };
}
