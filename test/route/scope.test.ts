import { describe, expect, test } from "bun:test";
import {
  type AnyRoute,
  Api,
  del,
  get,
  head,
  json,
  NotFound,
  options,
  patch,
  post,
  put,
  query,
  type RouteError,
} from "bolide";

const at = async (api: Api, path: string, method = "GET") => {
  const response = await api.handle(new Request(`http://localhost${path}`, { method }));
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("a scope", () => {
  test("leaves the one that it was made of as it was", async () => {
    const api = new Api();
    const outer = api.with({ prefix: "/a", status: 201 });
    const inner = outer.with({ prefix: "/b", status: 202 });
    outer.get("/x", () => ({}));
    inner.get("/x", () => ({}));
    api.get("/x", () => ({}));
    expect([(await at(api, "/x")).status, (await at(api, "/a/x")).status, (await at(api, "/a/b/x")).status]).toEqual([
      200, 201, 202,
    ]);
    expect(() => Object.assign(inner.node, { prefix: "/c" })).toThrow(TypeError);
  });

  test("routes at its own prefix with the path /", async () => {
    const api = new Api();
    const route = api.with({ prefix: "/a" }).get("/", () => "at the prefix");
    expect(route.path as string).toBe("/a");
    expect((await at(api, "/a")).text).toBe("at the prefix");
  });

  test("without a prefix sets defaults for some routes and not for others", async () => {
    const api = new Api({ responseHeaders: { "x-who": "api" } });
    api.with({ responseHeaders: { "x-who": "scope" } }).get("/in", () => "");
    api.get("/out", () => "");
    expect([(await at(api, "/in")).headers.get("x-who"), (await at(api, "/out")).headers.get("x-who")]).toEqual([
      "scope",
      "api",
    ]);
  });

  test("is not changed by what becomes of the options afterwards", async () => {
    const api = new Api();
    const made = { prefix: "/a", status: 201 };
    const scope = api.with(made);
    scope.get("/x", () => ({}));
    made.status = 299;
    expect((await at(api, "/a/x")).status).toBe(201);
  });
});

describe("tags add up, from the outside in, each once", () => {
  test("and reach the plan", () => {
    const api = new Api({ tags: ["all"] });
    api.with({ tags: ["users", "all"] }).get("/a", { tags: ["one"] }, () => "");
    const [plan] = api.compile().plans;
    expect(plan?.tags).toEqual(["all", "users", "one"]);
  });
});

describe("free routes", () => {
  const answer = () => new Response();
  const reads = [get("/free", answer), head("/free", answer), options("/free", answer), query("/free", answer)];
  const writes = [post("/free", answer), put("/free", answer), patch("/free", answer), del("/free", answer)];
  const free: readonly AnyRoute[] = [...reads, ...writes];

  test("know their method and have no scope", () => {
    expect(free.map((route) => [...route.methods, route.scope])).toEqual(
      ["GET", "HEAD", "OPTIONS", "QUERY", "POST", "PUT", "PATCH", "DELETE"].map((method) => [method, undefined]),
    );
  });

  test("can be added to two apis, and to two scopes of one", async () => {
    const hello = get("/hello", () => "hello");
    const first = new Api().add(hello);
    const second = new Api();
    second.with({ prefix: "/a" }).add(hello);
    second.with({ prefix: "/b" }).add(hello);
    const told = await Promise.all([at(first, "/hello"), at(second, "/a/hello"), at(second, "/b/hello")]);
    expect(told.map(({ text }) => text)).toEqual(["hello", "hello", "hello"]);
  });

  test("are frozen", () => {
    const [route] = free;
    expect(() => Object.assign(route!, { path: "/other" })).toThrow(TypeError);
    expect(() => Object.assign(route!.contract, { status: 201 })).toThrow(TypeError);
  });

  test("stand in routes() with the prefix of whoever mounts them", () => {
    const inner = new Api();
    inner.get("/x/:id", () => "");
    const outer = new Api();
    outer.get("/y", () => "");
    outer.mount("/inner", inner);
    expect(outer.routes().map(({ route, prefix }) => [prefix, route.path])).toEqual([
      ["", "/y"],
      ["/inner", "/x/:id"],
    ]);
  });
});

describe("an api under a prefix of its own", () => {
  const api = new Api({ prefix: "/v1", onError: [[NotFound, () => json({ ours: true }, { status: 404 })]] });
  api.get("/x", () => "x");

  test("answers there, and says what is not there itself", async () => {
    expect((await at(api, "/v1/x")).text).toBe("x");
    expect((await at(api, "/v1/y")).text).toBe('{"ours":true}');
    expect((await at(api, "/elsewhere")).text).toBe('{"ours":true}');
  });
});

describe("a scope with a parameter in its prefix", () => {
  test("answers for unknown paths under it, whatever the parameter", async () => {
    const api = new Api();
    const scope = api.with({
      prefix: "/t/:tenant/é",
      onError: [[NotFound, () => json("the scope's", { status: 404 })]],
    });
    scope.get("/known", ({ params }) => params.tenant);
    expect((await at(api, "/t/acme/%C3%A9/known")).text).toBe("acme");
    expect((await at(api, "/t/acme/%C3%A9/unknown")).text).toBe('"the scope\'s"');
    expect((await at(api, "/t/acme/other")).text).toBe('{"detail":"Not Found"}');
  });
});

describe("mounting", () => {
  test("the same api twice gives its routes under both prefixes", async () => {
    const inner = new Api();
    inner.get("/x", ({ route }) => String(route));
    const outer = new Api();
    outer.mount("/a", inner).mount("/b", inner);
    expect((await at(outer, "/a/x")).text).toBe("GET /a/x");
    expect((await at(outer, "/b/x")).text).toBe("GET /b/x");
  });

  test("a fetch function under a prefix with a parameter takes off as many segments", async () => {
    const outer = new Api({ prefix: "/:tenant" });
    outer.mount("/app", (request) => new Response(new URL(request.url).pathname));
    expect((await at(outer, "/acme/app/x/y")).text).toBe("/x/y");
    expect((await at(outer, "//acme//app//x")).text).toBe("/x");
  });

  test("a static prefix beats a parameter, a declared route beats the app that is mounted over it", async () => {
    const api = new Api();
    api.get("/:any", () => "parameter");
    api.get("/:any/:thing", () => "parameters");
    api.get("/app/own", () => "own");
    api.mount("/app", () => new Response("app"));
    const told = await Promise.all(["/app", "/app/x", "/app/own", "/other", "/other/x"].map((path) => at(api, path)));
    expect(told.map(({ text }) => text)).toEqual(["app", "app", "own", "parameter", "parameters"]);
  });

  test("an api that is changed after it was mounted answers for its new routes", async () => {
    const inner = new Api();
    const outer = new Api();
    outer.mount("/a", inner);
    inner.get("/x", () => "x");
    expect((await at(outer, "/a/x")).text).toBe("x");
  });
});

test("two apis in one process do not know of each other", async () => {
  const one = new Api();
  const other = new Api();
  one.get("/x", () => "one");
  other.get("/x", () => "other");
  expect([(await at(one, "/x")).text, (await at(other, "/x")).text]).toEqual(["one", "other"]);
});

test("the error that stops start-up says which route and has its cause", () => {
  const api = new Api();
  api.get("/broken", { skip: ["nobody"] }, () => "");
  expect(() => api.handle(new Request("http://localhost/"))).toThrow(
    expect.objectContaining({ name: "RouteError", message: expect.stringContaining("GET /broken: ") }) as RouteError,
  );
});
