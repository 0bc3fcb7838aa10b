import { describe, expect, test } from "bun:test";
import { Api, type Contract, depends, get, type Middleware, RouteError, t, type TSchema } from "bolide";

/** One mistake in a declaration, and what start-up must say of it: the route, and what is wrong. */
type Mistake = readonly [what: string, declare: (api: Api) => unknown, ...says: readonly string[]];

const ok = () => "ok";
const untyped = (value: unknown) => value as never;

const PATTERNS: readonly Mistake[] = [
  ["a wildcard before the end", (api) => api.get("/a/*rest/b", ok), "GET /a/*rest/b", "wildcard before its end"],
  ["a nameless wildcard before the end", (api) => api.get("/a/*/b", ok), "GET /a/*/b", "wildcard before its end"],
  ["a nameless wildcard", (api) => api.post("/a/*", ok), "POST /a/*", "without a name"],
  ["a nameless parameter", (api) => api.get("/a/:", ok), "GET /a/:", "without a name"],
  ["a name twice", (api) => api.get("/a/:id/b/:id", ok), "GET /a/:id/b/:id", '"id" twice'],
  ["a name twice, once as a wildcard", (api) => api.get("/:id/*id", ok), "GET /:id/*id", '"id" twice'],
  ["an optional parameter", (api) => api.get("/a/:a?", ok), "GET /a/:a?", "?"],
  ["a parameter inside a segment", (api) => api.get("/a/b:id", ok), "GET /a/b:id", "fills a whole segment"],
  ["two parameters in a segment", (api) => api.get("/:a-:b", ok), "GET /:a-:b", "unusable parameter name"],
  ["a star inside a segment", (api) => api.get("/a/b*", ok), "GET /a/b*", "fills a whole segment"],
  ["a name that is no identifier", (api) => api.get("/:1a", ok), "GET /:1a", '"1a"'],
  ["a parameter named __proto__", (api) => api.get("/:__proto__", ok), "GET /:__proto__", "__proto__"],
  ["an empty segment", (api) => api.get("/a//b", ok), "GET /a//b", "empty segment"],
  ["a dot segment", (api) => api.get("/a/../b", ok), "GET /a/../b", "dot segment"],
  ["a query in the path", (api) => api.get("/a?b=1", ok), "GET /a?b=1", "?"],
  ["a fragment in the path", (api) => api.get("/a#b", ok), "GET /a#b", "#"],
  ["malformed percent-encoding", (api) => api.get("/a/%zz", ok), "GET /a/%zz", "percent-encoding"],
  [
    "a name twice, once in the scope's prefix",
    (api) => api.with({ prefix: "/:id" }).get("/:id", ok),
    "GET /:id/:id",
    '"id" twice',
  ],
];

const TWINS: readonly Mistake[] = [
  [
    "the same method and path",
    (api) => (api.get("/a", ok), api.get("/a", ok)),
    "GET /a",
    "registered twice",
    "GET /a answers",
  ],
  [
    "the same path under other names",
    (api) => (api.get("/a/:id", ok), api.get("/a/:name", ok)),
    "GET /a/:name",
    "GET /a/:id answers",
  ],
  [
    "one of several methods",
    (api) => (api.route(["PUT", "PATCH"], "/a", ok), api.patch("/a", ok)),
    "PATCH /a",
    "PUT|PATCH /a answers",
  ],
  [
    "the other spelling of the last slash",
    (api) => (api.get("/a", ok), api.get("/a/", ok)),
    "GET /a/",
    "GET /a answers",
  ],
  [
    "the other spelling of an escape",
    (api) => (api.get("/é", ok), api.get("/%c3%a9", ok)),
    "GET /%c3%a9",
    "GET /é answers",
  ],
  [
    "a route of a mounted api",
    (api) => (api.get("/v1/a", ok), api.mount("/v1", one("/a"))),
    "GET /v1/a",
    "registered twice",
  ],
  [
    "a fetch function at the same prefix",
    (api) => (api.mount("/m", () => new Response()), api.mount("/m", () => new Response())),
    "/m",
    "mounted twice",
  ],
];

const CONTRACTS: readonly Mistake[] = [
  ["an unknown key", (api) => api.get("/a", JSON.parse('{"parms":{}}') as Contract, ok), "GET /a", '"parms"'],
  ["no handler", (api) => api.get("/a", untyped(undefined)), "GET /a", "needs a handler"],
  ["a handler that is no function", (api) => api.get("/a", {}, untyped("text")), "GET /a", "needs a handler"],
  ["an unknown method", (api) => api.route(untyped(["FETCH"]), "/a", ok), "FETCH /a", '"FETCH"'],
  [
    "a parameter that the path has not",
    (api) => api.get("/a/:id", { params: { key: t.String() } }, ok),
    "GET /a/:id",
    '"key"',
  ],
  ["a body on GET", (api) => api.get("/a", { body: t.String() }, ok), "GET /a", "body"],
  ["a negative maxBodySize", (api) => api.post("/a", { maxBodySize: -1 }, ok), "POST /a", "maxBodySize"],
  [
    "a maxBodySize that is no number",
    (api) => api.post("/a", { maxBodySize: Number.NaN }, ok),
    "POST /a",
    "maxBodySize",
  ],
  ["a status that is none", (api) => api.get("/a", { status: 99 }, ok), "GET /a", "99"],
  [
    "a response for a status that is none",
    (api) => api.get("/a", { response: { 1000: t.String() } }, untyped(ok)),
    "GET /a",
    "1000",
  ],
  ["a response map without a status", (api) => api.get("/a", { response: {} }, untyped(ok)), "GET /a", "response"],
  [
    "a name to skip that no middleware has",
    (api) => api.get("/a", { skip: ["compression"] }, ok),
    "GET /a",
    '"compression"',
  ],
  [
    "a dependency under a name of the context's",
    (api) => api.get("/a", { provide: { request: ok } }, ok),
    "GET /a",
    '"request"',
  ],
  [
    "a dependency that is neither function nor depends()",
    (api) => api.get("/a", { provide: untyped({ db: 1 }) }, ok),
    "GET /a",
    '"db"',
  ],
  [
    "a dependency's parameter that the path has not",
    (api) => api.get("/a", { provide: { x: depends({ params: { id: t.Integer() } }, ok) } }, ok),
    "GET /a",
    '"id"',
  ],
];

const FORMS: readonly Mistake[] = [
  [
    "a form on GET",
    (api) => api.get("/a", { form: { x: t.String() } }, ok),
    "GET /a",
    "declares a form",
    "GET has not",
  ],
  ["files on HEAD", (api) => api.head("/a", { files: { x: t.File() } }, ok), "HEAD /a", "declares a form"],
  [
    "a body and a form",
    (api) => api.post("/a", { body: t.String(), form: { x: t.String() } }, ok),
    "POST /a",
    "declares a body and a form",
  ],
  [
    "a body and files",
    (api) => api.post("/a", { body: t.String(), files: { x: t.File() } }, ok),
    "POST /a",
    "declares a body and files",
  ],
  ["a text among files", (api) => api.post("/a", { files: { x: t.String() } }, ok), "POST /a", "files.x"],
  [
    "a name in form and in files",
    (api) => api.post("/a", { form: { x: t.String() }, files: { x: t.File() } }, ok),
    "POST /a",
    '"x" in form and in files',
  ],
  [
    "a form that is no object",
    (api) => api.post("/a", { form: t.String() }, ok),
    "POST /a",
    "form: Expected an object",
  ],
  ["an object in a form", (api) => api.post("/a", { form: { x: t.Object({}) } }, ok), "POST /a", "(at x)"],
  ["a file in a body", (api) => api.post("/a", { body: { x: t.File() } }, ok), "POST /a", "t.File()", "(at x)"],
  ["a file in a query", (api) => api.get("/a", { query: { x: t.File() } }, ok), "GET /a", "t.File()", "(at x)"],
  ["files in an answer", (api) => api.get("/a", { response: t.Files() }, untyped(ok)), "GET /a", "t.Files()"],
  [
    "a list of files in a form",
    (api) => api.post("/a", { form: { x: t.Array(t.File()) } }, ok),
    "POST /a",
    "t.File()",
    "(at x",
  ],
  ["a negative memoryThreshold", (api) => api.post("/a", { memoryThreshold: -1 }, ok), "POST /a", "memoryThreshold"],
];

const SCHEMAS: readonly Mistake[] = [
  [
    "a schema that lost its kind",
    (api) => api.post("/a", { body: JSON.parse('{"type":"string"}') as TSchema }, ok),
    "POST /a",
  ],
  ["an unknown format", (api) => api.get("/a", { query: { x: t.String({ format: "nope" }) } }, ok), "GET /a", "nope"],
  ["an invalid pattern", (api) => api.get("/a", { query: { x: t.String({ pattern: "(" }) } }, ok), "GET /a", "("],
  ["an object in a query", (api) => api.get("/a", { query: { x: t.Object({}) } }, ok), "GET /a", "(at x)"],
  [
    "an array of arrays in a query",
    (api) => api.get("/a", { query: { x: t.Array(t.Array(t.String())) } }, ok),
    "GET /a",
    "(at x",
  ],
  ["a query that is no object", (api) => api.get("/a", { query: t.String() }, ok), "GET /a", "object"],
  ["a cookie whose name is no token", (api) => api.get("/a", { cookies: { "a b": t.String() } }, ok), "GET /a", "a b"],
  [
    "a response that cannot be checked",
    (api) => api.get("/a", { response: t.String({ format: "nope" }) }, ok),
    "GET /a",
    "nope",
  ],
];

describe.each([
  ["an unusable pattern stops start-up and names the route", PATTERNS],
  ["the same method and path twice stops start-up and names both", TWINS],
  ["a contract that cannot work stops start-up and names the route", CONTRACTS],
  ["a form that cannot work stops start-up and names the route", FORMS],
  ["a schema that cannot be compiled stops start-up and names the route", SCHEMAS],
])("%s:", (_, table) => {
  test.each(table.map((mistake) => [...mistake] as const))("%s", (_, declare, ...says) => {
    const error = failure(() => {
      const api = new Api();
      declare(api);
      api.compile();
    });
    expect(error).toBeInstanceOf(RouteError);
    for (const piece of says) expect(error.message).toContain(piece);
  });
});

describe("an option that nobody knows stops start-up:", () => {
  test("of an api", () => {
    expect(() => new Api(untyped({ titel: "x" }))).toThrow('unknown option "titel"');
  });
  test("of a scope", () => {
    expect(() => new Api().with(untyped({ prefix: "/a", gaurds: [] }))).toThrow('scope "/a": unknown option "gaurds"');
  });
});

describe("a mount that cannot work is refused:", () => {
  test.each([["/"], ["/a/"], ["/:id"], ["/*rest"], ["a"], ["/a?b"]])("at %s", (prefix) => {
    expect(() => new Api().mount(prefix, () => new Response())).toThrow(prefix);
  });
});

describe("a middleware that cannot work is refused:", () => {
  test.each([
    ["without a name", { name: "", before: () => {} }, "needs a name"],
    ["with nothing to do", { name: "idle" }, 'middleware "idle" has none of before, after, around'],
  ] as readonly (readonly [string, Middleware, string])[])("%s", async (_, given, message) => {
    const { middleware } = await import("bolide");
    expect(() => middleware(given)).toThrow(message);
  });
});

test("a route value is added once", () => {
  const api = new Api();
  const route = api.get("/a", ok);
  expect(() => api.add(route)).toThrow("GET /a is registered already");
  expect(() => api.add(get("/b", ok))).not.toThrow();
});

test("routes are fixed while the api is listening", async () => {
  const api = new Api();
  const server = await api.listen({ port: 0 });
  expect(() => api.get("/late", ok)).toThrow("routes are fixed while the api is listening");
  await server.stop();
  expect(() => api.get("/later", ok)).not.toThrow();
});

test("a port in use is an error that names it, and ends what lifespan began", async () => {
  const first = await new Api().listen({ port: 0 });
  const told: string[] = [];
  const second = new Api({
    lifespan: () => {
      told.push("began");
      return () => void told.push("ended");
    },
  });
  const error = await second.listen({ port: first.port! }).catch((reason: unknown) => reason);
  expect((error as Error).message).toContain(`127.0.0.1:${first.port} is in use`);
  expect(told).toEqual(["began", "ended"]);
  await first.stop();
});

function one(path: string): Api {
  const api = new Api();
  api.get(path, ok);
  return api;
}

function failure(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("start-up succeeded");
}
