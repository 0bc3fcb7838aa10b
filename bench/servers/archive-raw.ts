// What the hand-written programs of the view workloads share: the checks of what comes in, and the answers.
import {
  type Article,
  fed,
  MOST,
  MOST_OF_FEED,
  type NewArticle,
  numbered,
  PAGE,
  type Position,
  readPosition,
} from "./archive.ts";
import { asJson, idOf, jsonOf, notFound, ok, unprocessable } from "./blog-raw.ts";
import { Entries, type Entry, isAtLeast, isObject, isText, type Unchecked } from "./raw-order.ts";

type Eventual<T> = T | Promise<T>;

/** The queries of one database. */
export interface Archive {
  /** Of one author, or of all. */
  page(authorId: number | undefined, limit: number, offset: number): Eventual<{ items: Article[]; count: number }>;
  feed(at: Position | undefined, limit: number): Eventual<Article[]>;
  article(id: number): Eventual<Article | undefined>;
  insert(article: NewArticle): Eventual<Article>;
}

// A copy of a keyed hasher skips the key schedule.
const keyed = new Bun.CryptoHasher("sha256", "a secret of the benchmarks, for cursors too");
const sign = (text: string): string => keyed.copy().update(text).digest("base64url");

const badRequest = (): Response => Response.json({ detail: "Invalid cursor" }, { status: 400, ...asJson });

/** The parameters of a query string that are named; the refusal where there is another, or one that is no integer. */
function integers(url: string, known: readonly string[], texts?: Map<string, string>): Map<string, number> | Response {
  const found = new Map<string, number>();
  let from = url.indexOf("?") + 1;
  while (from > 0 && from < url.length) {
    let to = url.indexOf("&", from);
    if (to < 0) to = url.length;
    let equals = url.indexOf("=", from);
    if (equals < 0 || equals > to) equals = to;
    const key = url.slice(from, equals);
    const value = decoded(url.slice(equals + 1, to));
    if (texts?.has(key) === true) texts.set(key, value);
    else if (known.includes(key)) {
      const number = integerOf(value);
      if (number === undefined) return refused({ loc: ["query", key], msg: "Expected integer", type: "type_error" });
      found.set(key, number);
    } else return refused({ loc: ["query", key], msg: "Unexpected property", type: "extra_forbidden" });
    from = to + 1;
  }
  return found;
}

const refused = (entry: Entry): Response => unprocessable([entry]);

const decoded = (text: string): string =>
  text.includes("%") || text.includes("+") ? decodeURIComponent(text.replaceAll("+", " ")) : text;

function integerOf(text: string): number | undefined {
  const id = idOf(text);
  return typeof id === "number" ? id : undefined;
}

const sizeOf = (asked: number | undefined, most: number): number => Math.min(Math.max(asked ?? PAGE, 1), most);

function isNewArticle(body: unknown): body is NewArticle {
  if (!isObject(body)) return false;
  const { authorId, title, summary, views, published } = body as Unchecked<NewArticle>;
  return (
    isAtLeast(authorId, 1) &&
    isText(title, 200) &&
    (summary === null || summary === undefined || (typeof summary === "string" && summary.length <= 500)) &&
    isAtLeast(views, 0) &&
    (views as number) < 2 ** 31 &&
    typeof published === "boolean"
  );
}

function explain(body: unknown): Entry[] {
  const entries = new Entries();
  if (!entries.object(body, ["body"])) return entries.list;
  const { authorId, title, summary, views, published } = body as Unchecked<NewArticle>;
  entries.integer(authorId, ["body", "authorId"], 1);
  entries.text(title, ["body", "title"], 1, 200);
  if (summary !== undefined && summary !== null) entries.text(summary, ["body", "summary"], 0, 500);
  entries.integer(views, ["body", "views"], 0);
  if (typeof published !== "boolean") entries.add(["body", "published"], "Expected boolean", "type_error");
  return entries.list;
}

/** Goes on at once with what is there. */
const then = <T, U>(value: Eventual<T>, next: (value: T) => U): Eventual<U> =>
  value instanceof Promise ? value.then(next) : next(value);

const PAGE_QUERY = ["page", "page_size", "authorId"];
const FEED_QUERY = ["page_size"];

/** Serves an archive, and closes it at the end. */
export function serve(archive: Archive, close: () => unknown): void {
  function list(request: Request): Eventual<Response> {
    const query = integers(request.url, PAGE_QUERY);
    if (query instanceof Response) return query;
    const page = Math.max(query.get("page") ?? 1, 1);
    const size = sizeOf(query.get("page_size"), MOST);
    const author = query.get("authorId");
    return then(archive.page(author, size, (page - 1) * size), ({ items, count }) => {
      if (items.length > 0 || page === 1) return ok(numbered(items, count, page, size));
      // A page beyond the last is the last.
      const last = Math.max(1, Math.ceil(count / size));
      return then(archive.page(author, size, (last - 1) * size), (found) =>
        ok(numbered(found.items, count, last, size)),
      );
    });
  }

  function feed(request: Request): Eventual<Response> {
    const texts = new Map([["cursor", ""]]);
    const query = integers(request.url, FEED_QUERY, texts);
    if (query instanceof Response) return query;
    const size = sizeOf(query.get("page_size"), MOST_OF_FEED);
    const token = texts.get("cursor");
    const at = token === undefined || token === "" ? undefined : readPosition(token, sign);
    if (at === undefined && token !== "") return badRequest();
    return then(archive.feed(at, size + 1), (rows) => ok(fed(rows, at, size, sign)));
  }

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: Number(Bun.env["PORT"]),
    development: false,
    routes: {
      "/constant": { GET: new Response("Hello, World!", asJson) },
      "/articles": {
        GET: list,
        POST: async (request) => {
          const body = await jsonOf(request);
          if (body instanceof Response) return body;
          if (!isNewArticle(body)) return unprocessable(explain(body));
          const row = await archive.insert(body);
          const headers = { "content-type": "application/json", location: `/articles/${row.id}` };
          return Response.json(row, { status: 201, headers });
        },
      },
      "/articles/:id": {
        GET: (request) => {
          const id = idOf(request.params.id);
          if (id instanceof Response) return id;
          return then(archive.article(id), (row) => (row === undefined ? notFound() : ok(row)));
        },
      },
      "/feed": { GET: feed },
    },
    fetch: notFound,
  });
  process.once("SIGTERM", () => void server.stop(true).then(close));
}
