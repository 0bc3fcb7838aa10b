// What the hand-written programs of the RealWorld workload share: the token, the query string, the answer.
import { secret } from "../credentials.ts";
import { asJson, idOf, ok, unprocessable } from "./blog-raw.ts";
import { type ArticleRow, articleOf, INVALID, MOST } from "./conduit.ts";

type Eventual<T> = T | Promise<T>;

/** The query of one database: the newest articles, as a user sees them, and how many there are. */
export type Articles = (me: number, limit: number, offset: number) => Eventual<{ rows: ArticleRow[]; count: number }>;

// A copy of a keyed hasher skips the key schedule.
const keyed = new Bun.CryptoHasher("sha256", secret);
const USUAL = Buffer.from(JSON.stringify({ alg: "HS256" })).toString("base64url");
const USUAL_TYPED = Buffer.from(JSON.stringify({ alg: "HS256", typ: "JWT" })).toString("base64url");
const LEEWAY = 60;

const refused = (): Response => {
  const headers = {
    "content-type": "application/json",
    "www-authenticate": 'Token realm="api", error="invalid_token", error_description="Invalid token"',
  };
  return Response.json(INVALID, { status: 401, headers });
};

/** The user of a request: 0 without a token; undefined for one that is no good. */
function userOf(request: Request): number | undefined {
  const value = request.headers.get("authorization");
  if (value === null || value.slice(0, 6).toLowerCase() !== "token ") return 0;
  const [header = "", payload = "", signature = "", ...more] = value.slice(6).split(".");
  if (more.length > 0 || (header !== USUAL && header !== USUAL_TYPED)) return undefined;
  const expected = keyed.copy().update(`${header}.${payload}`).digest("base64url");
  if (expected.length !== signature.length) return undefined;
  let apart = 0;
  for (let at = 0; at < expected.length; at++) apart |= expected.charCodeAt(at) ^ signature.charCodeAt(at);
  if (apart !== 0) return undefined;
  const { sub, exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string; exp: number };
  return exp + LEEWAY > Date.now() / 1000 ? Number(sub) : undefined;
}

/** The part of the list that a query string asks for; the refusal where it asks for what there is not. */
function partOf(url: string): { limit: number; offset: number } | Response {
  const found = { limit: 20, offset: 0 };
  let from = url.indexOf("?") + 1;
  while (from > 0 && from < url.length) {
    let to = url.indexOf("&", from);
    if (to < 0) to = url.length;
    const equals = url.indexOf("=", from);
    const key = url.slice(from, equals);
    if (key === "limit" || key === "offset") {
      const value = idOf(url.slice(equals + 1, to));
      if (value instanceof Response)
        return unprocessable([{ loc: ["query", key], msg: "Expected integer", type: "type_error" }]);
      found[key] = value;
    }
    from = to + 1;
  }
  return { limit: Math.min(Math.max(found.limit, 1), MOST), offset: Math.max(found.offset, 0) };
}

const answer = ({ rows, count }: { rows: ArticleRow[]; count: number }): Response =>
  ok({ articles: rows.map(articleOf), articlesCount: count });

/** Serves the list, and closes its database at the end. */
export function serve(articles: Articles, close: () => unknown): void {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: Number(Bun.env["PORT"]),
    development: false,
    routes: {
      "/api/articles": {
        GET: (request) => {
          const me = userOf(request);
          if (me === undefined) return refused();
          const part = partOf(request.url);
          if (part instanceof Response) return part;
          const found = articles(me, part.limit, part.offset);
          return found instanceof Promise ? found.then(answer) : answer(found);
        },
      },
    },
    fetch: () =>
      Response.json({ errors: { request: ["not found"], body: ["request not found"] } }, { status: 404, ...asJson }),
  });
  process.once("SIGTERM", () => void server.stop(true).then(close));
}
