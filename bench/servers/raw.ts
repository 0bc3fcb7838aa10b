// The yardstick: what one would write by hand on Bun for exactly these routes, for speed.
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { authRoutes } from "./raw-auth.ts";
import { type Entry, invalidOrder, type Order, orderTotal } from "./raw-order.ts";

const data = Bun.env["BENCH_DATA"] ?? "";
const db = new Database(join(data, "places.db"), { readonly: true });
const columns = "id, name, country, population, latitude, longitude";
const placeById = db.prepare(`SELECT ${columns} FROM places WHERE id = ?`);
const placesOf = db.prepare(`SELECT ${columns} FROM places WHERE country = ? ORDER BY population DESC LIMIT 10`);
const rows = (await Bun.file(join(data, "rows.json")).json()) as unknown[];

// The contract's content types, byte for byte. Bun's own (`application/json;charset=utf-8`, `text/plain;charset=utf-8`) cost less:
// BENCH_BUN_TYPES=1 leaves them, which is the server `raw-bun-types`.
const typed = (type: string): { headers?: Headers } =>
  Bun.env["BENCH_BUN_TYPES"] === "1" ? {} : { headers: new Headers({ "content-type": type }) };
const asJson = typed("application/json");
const asText = typed("text/plain; charset=utf-8");
const htmlPage = { headers: new Headers({ "content-type": "text/html; charset=utf-8" }) };
const toJson = { status: 307, headers: { location: "/json" } };
const status404 = { status: 404, ...asJson };
const status422 = { status: 422, ...asJson };

const unprocessable = (detail: Entry[]): Response => Response.json({ detail }, status422);
const integerExpected = (source: string, key: string): Entry => ({
  loc: [source, key],
  msg: "Expected integer",
  type: "type_error",
});

function integer(text: string): number | undefined {
  let at = text.charCodeAt(0) === 45 || text.charCodeAt(0) === 43 ? 1 : 0;
  if (at === text.length) return undefined;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return undefined;
  }
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

function boolean(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case "true":
    case "1":
    case "yes":
    case "on":
      return true;
    case "false":
    case "0":
    case "no":
    case "off":
      return false;
    default:
      return undefined;
  }
}

function decoded(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? decodeURIComponent(spaced) : spaced;
}

function search(request: Bun.BunRequest<"/search/:category">): Response {
  const url = request.url;
  let q = "";
  let limit: number | undefined = 10;
  let exact: boolean | undefined = false;
  let from = url.indexOf("?") + 1;
  while (from > 0 && from < url.length) {
    let to = url.indexOf("&", from);
    if (to < 0) to = url.length;
    let equals = url.indexOf("=", from);
    if (equals < 0 || equals > to) equals = to;
    const key = url.slice(from, equals);
    if (key === "q") q = decoded(url.slice(equals + 1, to));
    else if (key === "limit") limit = integer(url.slice(equals + 1, to));
    else if (key === "exact") exact = boolean(url.slice(equals + 1, to));
    from = to + 1;
  }
  if (limit === undefined || limit < 1 || limit > 100 || exact === undefined || q.length > 100) {
    return unprocessable(searchEntries(q, limit, exact));
  }
  return Response.json({ category: request.params.category, q, limit, exact }, asJson);
}

function searchEntries(q: string, limit: number | undefined, exact: boolean | undefined): Entry[] {
  const entries: Entry[] = [];
  if (q.length > 100) {
    entries.push({ loc: ["query", "q"], msg: "Expected string length less or equal to 100", type: "too_long" });
  }
  if (limit === undefined) entries.push(integerExpected("query", "limit"));
  else if (limit < 1) {
    entries.push({ loc: ["query", "limit"], msg: "Expected integer to be greater or equal to 1", type: "range" });
  } else if (limit > 100) {
    entries.push({ loc: ["query", "limit"], msg: "Expected integer to be less or equal to 100", type: "range" });
  }
  if (exact === undefined) entries.push({ loc: ["query", "exact"], msg: "Expected boolean", type: "type_error" });
  return entries;
}

async function createOrder(request: Request): Promise<Response> {
  const type = request.headers.get("content-type");
  if (type === null || !type.startsWith("application/json")) {
    return Response.json({ detail: "Unsupported Media Type" }, { status: 415, ...asJson });
  }
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    return unprocessable([{ loc: ["body"], msg: "Invalid JSON", type: "json_invalid" }]);
  }
  const entries = invalidOrder(body);
  if (entries !== undefined) return unprocessable(entries);
  const order = body as Order;
  return Response.json({ id: order.id, total: orderTotal(order) }, asJson);
}

interface Counted {
  count: number;
}
const addOne = Array.from({ length: 10 }, () => (state: Counted) => {
  state.count += 1;
});
function counted(): Response {
  const state = { count: 0 };
  for (const step of addOne) step(state);
  return Response.json({ count: state.count }, asJson);
}

function cookie(header: string, name: string): string | undefined {
  const wanted = `${name}=`;
  let at = header.indexOf(wanted);
  while (at > 0 && header.charCodeAt(at - 1) !== 32 && header.charCodeAt(at - 1) !== 59) {
    at = header.indexOf(wanted, at + 1);
  }
  if (at < 0) return undefined;
  const end = header.indexOf(";", at);
  return header.slice(at + wanted.length, end < 0 ? header.length : end);
}

function session(request: Request): Response {
  const value = cookie(request.headers.get("cookie") ?? "", "session");
  if (value === undefined) {
    return unprocessable([{ loc: ["cookies", "session"], msg: "Expected required property", type: "missing" }]);
  }
  return Response.json({ session: value }, asJson);
}

function place(request: Bun.BunRequest<"/places/:id">): Response {
  const id = integer(request.params.id);
  if (id === undefined) return unprocessable([integerExpected("params", "id")]);
  const row = placeById.get(id);
  return row === null ? Response.json({ detail: "Place not found" }, status404) : Response.json(row, asJson);
}

function places(request: Request): Response {
  const country = new URLSearchParams(request.url.slice(request.url.indexOf("?") + 1)).get("country");
  if (country === null) {
    return unprocessable([{ loc: ["query", "country"], msg: "Expected required property", type: "missing" }]);
  }
  if (country.length !== 2) {
    const [msg, type] =
      country.length < 2
        ? ["Expected string length greater or equal to 2", "too_short"]
        : ["Expected string length less or equal to 2", "too_long"];
    return unprocessable([{ loc: ["query", "country"], msg, type }]);
  }
  return Response.json(placesOf.all(country), asJson);
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(Bun.env["PORT"]),
  development: false,
  routes: {
    "/constant": { GET: new Response("Hello, World!", asText) },
    "/text": { GET: () => new Response("Hello, World!", asText) },
    "/json": { GET: () => Response.json({ message: "Hello, World!" }, asJson) },
    "/json-10k": { GET: () => Response.json(rows, asJson) },
    "/users/:id": {
      GET: (request) => {
        const id = integer(request.params.id);
        return id === undefined ? unprocessable([integerExpected("params", "id")]) : Response.json({ id }, asJson);
      },
    },
    "/search/:category": { GET: search },
    "/orders": { POST: createOrder },
    "/middleware": { GET: counted },
    "/html": { GET: () => new Response("<!doctype html><title>Bolide</title><h1>Hello, World!</h1>", htmlPage) },
    "/redirect": { GET: () => new Response(null, toJson) },
    "/cookie": { GET: session },
    "/places/:id": { GET: place },
    "/places": { GET: places },
    ...authRoutes,
  },
  fetch: () => Response.json({ detail: "Not Found" }, status404),
});

process.once("SIGTERM", () => void server.stop(true).then(() => db.close()));
