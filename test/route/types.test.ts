import { expectTypeOf, test } from "bun:test";
import { Api, created, depends, get, json, noContent, NotFound, type Reply, type Route, status, t, url } from "bolide";

const api = new Api();
const User = t.Object({ id: t.Integer(), name: t.String() });
type User = { id: number; name: string };

// Each of these is checked by the compiler; run, they only show that nothing throws.

test("path parameters are strings, named by the path", () => {
  api.get("/t1/:a/:b/*rest", ({ params }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly a: string; readonly b: string; readonly rest: string }>();
    // @ts-expect-error -- the path has no such parameter
    void params.c;
    return 1;
  });
});

test("declared parameters have their types, the others stay strings", () => {
  api.get("/t2/:id/:slug", { params: { id: t.Integer() } }, ({ params }) => {
    expectTypeOf(params.id).toEqualTypeOf<number>();
    expectTypeOf(params.slug).toEqualTypeOf<string>();
    return 1;
  });
  api.get("/t2/all/:id", { params: { id: t.Integer() } }, ({ params }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly id: number }>();
    return 1;
  });
});

test("the parameters of a scope's prefix reach its handlers", () => {
  api
    .with({ prefix: "/t3/:tenant" })
    .with({ prefix: "/x/:project" })
    .get("/:id", ({ params }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly tenant: string; readonly project: string; readonly id: string }>();
      return 1;
    });
});

test("query, headers, cookies and body have the types that are declared", () => {
  api.post(
    "/t4",
    {
      query: { page: t.Integer({ default: 1 }), sort: t.StringEnum(["asc", "desc"]), q: t.Optional(t.String()) },
      headers: { xRequestId: t.Optional(t.String()) },
      cookies: { theme: t.StringEnum(["dark", "light"]) },
      body: { name: t.String(), at: t.Date(), tags: t.Array(t.String()) },
    },
    ({ query, headers, cookies, body }) => {
      expectTypeOf(query.page).toEqualTypeOf<number>();
      expectTypeOf(query.sort).toEqualTypeOf<"asc" | "desc">();
      expectTypeOf(query.q).toEqualTypeOf<string | undefined>();
      expectTypeOf(headers.xRequestId).toEqualTypeOf<string | undefined>();
      expectTypeOf(cookies.theme).toEqualTypeOf<"dark" | "light">();
      expectTypeOf(body).toEqualTypeOf<{ readonly name: string; readonly at: Date; readonly tags: string[] }>();
      return 1;
    },
  );
});

test("what is not declared is there as it came", () => {
  api.get("/t5", ({ query, headers, cookies, body, request, ip, url, state }) => {
    expectTypeOf(query).toEqualTypeOf<URLSearchParams>();
    expectTypeOf(headers).toEqualTypeOf<Headers>();
    expectTypeOf(cookies).toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf(body).toEqualTypeOf<undefined>();
    expectTypeOf(request).toEqualTypeOf<Request>();
    expectTypeOf(ip).toEqualTypeOf<string | undefined>();
    expectTypeOf(url).toEqualTypeOf<URL>();
    expectTypeOf(state).toEqualTypeOf<Record<string, unknown>>();
    return 1;
  });
});

test("callbacks in an api's options and a scope's know their parameters", () => {
  const options = new Api({
    use: [(ctx, next) => (expectTypeOf(ctx.url).toEqualTypeOf<URL>(), next())],
    provide: { search: (ctx) => ctx.url.search },
    log: (record) => expectTypeOf(record.message).toEqualTypeOf<string>(),
    lifespan: (api) => void expectTypeOf(api.routes).toBeFunction(),
  });
  options.get("/t5/options", ({ search }) => expectTypeOf(search).toEqualTypeOf<string>());
  api
    .with({ provide: { search: (ctx) => ctx.url.search } })
    .get("/t5/scope", ({ search }) => expectTypeOf(search).toEqualTypeOf<string>());
});

test("dependencies of api, scope and route are on the context, awaited", () => {
  const outer = new Api({ provide: { db: () => ({ rows: [1, 2] }) } });
  const paging = depends({ query: { limit: t.Integer({ default: 20 }) } }, ({ query }) => query);
  const scope = outer.with({ provide: { author: async () => ({ name: "Ada" }) } });
  scope.get("/t6", { provide: { page: paging } }, ({ db, author, page }) => {
    expectTypeOf(db).toEqualTypeOf<{ rows: number[] }>();
    expectTypeOf(author).toEqualTypeOf<{ name: string }>();
    expectTypeOf(page).toEqualTypeOf<{ readonly limit: number }>();
    return 1;
  });
  outer.get("/t6/outer", (ctx) => {
    // @ts-expect-error -- provided in the inner scope only
    void ctx.author;
    return 1;
  });
});

test("a dependency sees what it declares, and the dependencies that it needs", () => {
  const clock = depends(() => 7);
  depends({ headers: { authorization: t.String() }, provide: { clock } }, ({ headers, clock, query }) => {
    expectTypeOf(headers.authorization).toEqualTypeOf<string>();
    expectTypeOf(clock).toEqualTypeOf<number>();
    expectTypeOf(query).toEqualTypeOf<URLSearchParams>();
    return 1;
  });
});

test("an answer of the wrong shape does not compile, and names the field", () => {
  api.get("/t7/right", { response: User }, () => ({ id: 1, name: "Ada" }));
  api.get("/t7/later", { response: User }, async () => ({ id: 1, name: "Ada" }));
  api.get("/t7/more", { response: User }, () => {
    const row = { id: 1, name: "Ada", password: "s3cret" };
    return row;
  });
  // @ts-expect-error -- Type 'string' is not assignable to type 'number', at id
  api.get("/t7/wrong-field", { response: User }, () => ({ id: "1", name: "Ada" }));
  // @ts-expect-error -- Property 'name' is missing
  api.get("/t7/missing-field", { response: User }, () => ({ id: 1 }));
  // @ts-expect-error -- Type 'null' is not assignable
  api.get("/t7/nothing", { response: User }, () => null);
  // @ts-expect-error -- Type 'string' is not assignable, later, too
  api.get("/t7/wrong-later", { response: User }, async () => ({ id: "1", name: "Ada" }));
});

test("errors and responses may always be answered", () => {
  api.get("/t8/a", { response: User }, () => new NotFound());
  api.get("/t8/b", { response: User }, () => new Response());
  api.get("/t8/c", { response: User }, ({ url }) => (url.search === "" ? new NotFound("no") : { id: 1, name: "Ada" }));
  api.get("/t8/d", { response: User }, async ({ url }) =>
    url.search === "" ? new NotFound("no") : { id: 1, name: "Ada" },
  );
});

test("a map of responses allows each status its own shape", () => {
  const response = { 200: User, 201: t.Object({ id: t.Integer() }), 204: t.Null() } as const;
  api.post("/t9/plain", { response }, () => ({ id: 1, name: "Ada" }));
  api.post("/t9/created", { response }, () => created({ id: 1 }));
  api.post("/t9/none", { response }, () => noContent() as unknown as Reply<204, null>);
  api.post("/t9/null", { response }, () => null);
  api.post("/t9/status", { response, status: 201 }, () => ({ id: 1 }));
  // @ts-expect-error -- 201 has an id that is a number
  api.post("/t9/wrong-created", { response }, () => created({ id: "1" }));
  // @ts-expect-error -- 202 is not declared
  api.post("/t9/undeclared", { response }, () => status(202, { id: 1, name: "Ada" }));
  // @ts-expect-error -- with status 201 a plain value is that of 201
  api.post("/t9/other-status", { response: { 200: User, 201: t.Object({ n: t.Integer() }) }, status: 201 }, () => ({
    id: 1,
    name: "A",
  }));
});

test("a reply has the declared value inside", () => {
  api.get("/t10/a", { response: User }, () => json({ id: 1, name: "Ada" }, { headers: { "x-a": "1" } }));
  // @ts-expect-error -- Type 'string' is not assignable to type 'number'
  api.get("/t10/b", { response: User }, () => json({ id: "1", name: "Ada" }));
});

test("a contract knows its keys", () => {
  // @ts-expect-error -- no such key
  const misspelt = () => api.get("/t11", { parms: { id: t.Integer() } }, () => 1);
  // @ts-expect-error -- a schema, not a constructor
  const noSchema = () => api.get("/t11", { query: { id: Number } }, () => 1);
  void [misspelt, noSchema];
});

test("a route value knows its method, path, contract and answer", () => {
  const route = api
    .with({ prefix: "/t12" })
    .get("/users/:id", { params: { id: t.Integer() } }, ({ params }) => ({ id: params.id }));
  expectTypeOf(route).toExtend<Route<"GET", "/t12/users/:id">>();
  expectTypeOf<NonNullable<typeof route.types>["answer"]>().toEqualTypeOf<{ id: number }>();
  const several = api.route(["PUT", "PATCH"], "/t12/several", () => 1);
  expectTypeOf(several.methods).toEqualTypeOf<readonly ("PUT" | "PATCH")[]>();
  const free = get("/free/:name", ({ params }) => params.name);
  expectTypeOf(free.path).toEqualTypeOf<"/free/:name">();
});

test("url takes what the route needs, and nothing else", () => {
  const user = api.get("/t13/:id", { params: { id: t.Integer() }, query: { page: t.Integer() } }, () => 1);
  const list = api.get("/t13", () => 1);
  url(list);
  url(user, { params: { id: 1 } });
  url(user, { params: { id: 1 }, query: { page: 2 } });
  const wrong = [
    // @ts-expect-error -- params are needed
    () => url(user),
    // @ts-expect-error -- id is a number
    () => url(user, { params: { id: "1" } }),
    // @ts-expect-error -- page is a number
    () => url(user, { params: { id: 1 }, query: { page: "2" } }),
    // @ts-expect-error -- no such query
    () => url(user, { params: { id: 1 }, query: { limit: 2 } }),
  ];
  void wrong;
});

test("handlers may be declared apart and keep their types", () => {
  const answer: User = { id: 1, name: "Ada" };
  const route = api.get("/t14", { response: User }, () => answer);
  expectTypeOf(route.contract.response).toEqualTypeOf<typeof User>();
});
