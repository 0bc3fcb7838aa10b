import { describe, expect, test } from "bun:test";
import {
  allowAny,
  Api,
  apiKey,
  Conflict,
  constant,
  csrf,
  defineGuard,
  depends,
  hasRole,
  jwt,
  memoryStore,
  NotFound,
  session,
  t,
} from "bolide";
import type { OpenApiDocument, Operation } from "../../src/openapi/index.ts";
import { kitchen } from "./kitchen.ts";

const SECRET = "openapi-document-secret-32-bytes";

async function operation(build: (api: Api) => unknown, path: string, method: string): Promise<Operation> {
  const api = new Api();
  build(api);
  return (await api.document()).paths[path]![method]!;
}

const statuses = ({ responses }: Operation): string[] => Object.keys(responses);

describe("an operation lists every status that its plan can answer with:", () => {
  const table: readonly (readonly [
    name: string,
    build: (api: Api) => unknown,
    method: string,
    expected: readonly string[],
  ])[] = [
    ["nothing is read", (api) => api.get("/x", () => 1), "get", ["200", "500"]],
    ["a status of its own", (api) => api.get("/x", { status: 202 }, () => 1), "get", ["202", "500"]],
    [
      "a query that may be wrong",
      (api) => api.get("/x", { query: { a: t.Integer() } }, () => 1),
      "get",
      ["200", "400", "422", "500"],
    ],
    [
      "a query of which anything will do",
      (api) => api.get("/x", { query: { a: t.Optional(t.String()) } }, () => 1),
      "get",
      ["200", "400", "500"],
    ],
    [
      "a text that is checked by a function",
      (api) => api.get("/x", { query: { a: t.Optional(t.Refine(t.String(), () => undefined)) } }, () => 1),
      "get",
      ["200", "400", "422", "500"],
    ],
    [
      "a query that is closed",
      (api) => api.get("/x", { query: t.Object({}, { additionalProperties: false }) }, () => 1),
      "get",
      ["200", "400", "422", "500"],
    ],
    ["a body that is measured, not read", (api) => api.post("/x", () => 1), "post", ["200", "413", "500"]],
    [
      "a body",
      (api) => api.post("/x", { body: t.Unknown() }, () => 1),
      "post",
      ["200", "400", "413", "415", "422", "500"],
    ],
    [
      "answers by status",
      (api) => api.get("/x", { response: { 200: t.Integer(), 404: t.Object({ hint: t.String() }) } }, () => 1),
      "get",
      ["200", "404", "500"],
    ],
    [
      "errors that it declares",
      (api) => api.get("/x", { errors: [NotFound, Conflict] }, () => 1),
      "get",
      ["200", "404", "409", "500"],
    ],
    ["credentials", (api) => api.get("/x", { auth: jwt({ secret: SECRET }) }, () => 1), "get", ["200", "401", "500"]],
    [
      "a guard",
      (api) => api.get("/x", { auth: jwt({ secret: SECRET }), guards: [hasRole("cook")] }, () => 1),
      "get",
      ["200", "401", "403", "500"],
    ],
    [
      "a guard with a status of its own, and nobody who could say who calls",
      (api) =>
        api.get(
          "/x",
          { guards: [defineGuard({ name: "tea", status: 418, anonymous: true, check: () => true })] },
          () => 1,
        ),
      "get",
      ["200", "418", "500"],
    ],
    [
      "a key set of another server",
      (api) => api.get("/x", { auth: jwt({ jwksUrl: "https://issuer.example/jwks" }) }, () => 1),
      "get",
      ["200", "401", "500", "503"],
    ],
    [
      "a cookie, of which the origin is checked",
      (api) => api.post("/x", { auth: session({ store: memoryStore() }) }, () => 1),
      "post",
      ["200", "401", "403", "413", "500"],
    ],
    [
      "a cookie on a safe method",
      (api) => api.get("/x", { auth: session({ store: memoryStore() }) }, () => 1),
      "get",
      ["200", "401", "500"],
    ],
    ["middleware that refuses", (api) => api.get("/x", { use: [csrf()] }, () => 1), "get", ["200", "403", "500"]],
    [
      "what is documented alone",
      (api) => api.get("/x", { answers: { 206: { description: "A part" } } }, () => 1),
      "get",
      ["206", "500"],
    ],
  ];
  test.each(table)("%s", async (_, build, method, expected) => {
    expect(statuses(await operation(build, "/x", method))).toEqual([...expected]);
  });

  test("a path's parameter may be of nothing, or malformed", async () => {
    const found = await operation((api) => api.get("/x/:id", () => 1), "/x/{id}", "get");
    expect(statuses(found)).toEqual(["200", "400", "404", "500"]);
  });
});

describe("an answer comes", () => {
  const contentOf = async (build: (api: Api) => unknown, status = 200, method = "get"): Promise<unknown> => {
    const response = (await operation(build, "/x", method)).responses[status];
    return response !== undefined && "content" in response ? response.content : undefined;
  };

  test.each<[string, (api: Api) => unknown, unknown]>([
    ["as anything where nothing is declared", (api) => api.get("/x", () => 1), { "*/*": {} }],
    [
      "as JSON",
      (api) => api.get("/x", { response: t.Integer() }, () => 1),
      { "application/json": { schema: { type: "integer" } } },
    ],
    [
      "as text",
      (api) => api.get("/x", { response: t.String() }, () => ""),
      { "text/plain": { schema: { type: "string" } } },
    ],
    [
      "as either",
      (api) => api.get("/x", { response: t.Union([t.String(), t.Integer(), t.Null()]) }, () => 1),
      {
        "application/json": { schema: { type: ["integer", "null"] } },
        "text/plain": { schema: { type: "string" } },
      },
    ],
    [
      "as a constant's text",
      (api) => api.get("/x", constant("text")),
      { "text/plain": { schema: { type: "string" } } },
    ],
    [
      "as a constant response's type",
      (api) =>
        api.get("/x", constant(new Response("<a/>", { headers: { "content-type": "image/svg+xml; charset=utf-8" } }))),
      { "image/svg+xml": {} },
    ],
    [
      "as another type where that is said",
      (api) => api.get("/x", { answers: { 200: { content: { "text/csv": t.String() } } } }, () => ""),
      { "text/csv": { schema: { type: "string" } } },
    ],
    ["as nothing to HEAD", (api) => api.head("/x", { response: t.Integer() }, () => 1), undefined],
  ])("%s", async (name, build, expected) => {
    expect(await contentOf(build, 200, name.endsWith("HEAD") ? "head" : "get")).toEqual(expected);
  });

  test("as nothing with 204", async () => {
    expect(
      await contentOf((api) => api.get("/x", { response: { 204: t.Undefined() } }, () => undefined), 204),
    ).toBeUndefined();
  });

  test("in either shape where a declared status is also a refusal's", async () => {
    const Own = t.Object({ hint: t.String() }, { $id: "Own" });
    const found = await contentOf(
      (api) => api.post("/x", { body: t.Integer(), response: { 200: t.Integer(), 422: Own } }, () => 1),
      422,
      "post",
    );
    expect(found).toEqual({
      "application/json": {
        schema: { anyOf: [{ $ref: "#/components/schemas/Own" }, { $ref: "#/components/schemas/InvalidInput" }] },
      },
    });
  });
});

describe("a parameter", () => {
  test("says how it is spelled, what it must be and what it is by default", async () => {
    const query = {
      many: t.Array(t.Integer({ minimum: 0 })),
      some: t.Optional(t.Array(t.String())),
      near: t.Csv(t.Number(), { minItems: 2 }),
      since: t.Date({ description: "From then on", deprecated: true, examples: ["2026-01-01T00:00:00Z"] }),
      limit: t.Integer({ minimum: 1, maximum: 9, default: 5 }),
    };
    const { parameters } = await operation((api) => api.get("/x", { query }, () => 1), "/x", "get");
    const safe = { minimum: 0, type: "integer", format: "double-int" };
    expect(parameters).toEqual([
      {
        name: "many",
        in: "query",
        required: true,
        style: "form",
        explode: true,
        schema: { type: "array", items: safe, minItems: 1 },
      },
      { name: "some", in: "query", style: "form", explode: true, schema: { type: "array", items: { type: "string" } } },
      {
        name: "near",
        in: "query",
        required: true,
        style: "form",
        explode: false,
        schema: { type: "array", items: { type: "number" }, minItems: 2 },
      },
      {
        name: "since",
        in: "query",
        description: "From then on",
        required: true,
        deprecated: true,
        schema: { type: "string", format: "date-time" },
        examples: { "1": { value: "2026-01-01T00:00:00Z" } },
      },
      { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 9, default: 5 } },
    ]);
  });

  test("is named as its header is, and stands beside those of dependencies", async () => {
    const { paths } = await kitchen().document();
    const shown = paths["/texts/{slug}/{count}"]!["get"]!.parameters!.map((one) => `${one.in} ${one.name}`);
    expect(shown).toEqual([
      "path slug",
      "path count",
      ...["integer", "safe", "number", "boolean", "day", "order", "many", "near"].map((name) => `query ${name}`),
      "header x-level",
      "cookie theme",
      "query page",
    ]);
  });

  test("of a path that only a dependency declares is what that says, as it is any text to the others", async () => {
    const one = depends({ params: { one: t.Integer({ maximum: 9 }) } }, ({ params }) => params.one);
    const { parameters } = await operation(
      (api) => api.get("/x/:one/:two", { provide: { one }, params: { two: t.Boolean() } }, () => 1),
      "/x/{one}/{two}",
      "get",
    );
    expect(parameters!.map(({ name, schema }) => [name, schema])).toEqual([
      ["one", { type: "integer", maximum: 9, format: "double-int" }],
      ["two", { type: "boolean" }],
    ]);
  });

  test("of a path's rest says so", async () => {
    const { parameters } = await operation((api) => api.get("/files/*path", () => 1), "/files/{path}", "get");
    expect(parameters).toEqual([
      {
        name: "path",
        in: "path",
        description: "Takes the rest of the path, slashes included.",
        required: true,
        schema: { type: "string" },
      },
    ]);
  });
});

describe("security", () => {
  const document = async (build: (api: Api) => unknown): Promise<OpenApiDocument> => {
    const api = new Api();
    build(api);
    return api.document();
  };

  test("names the scheme of every backend, and every place that it reads", async () => {
    const { components, paths } = await document((api) => {
      const auth = [
        jwt({ secret: SECRET, cookie: "token" }),
        apiKey({ keys: ["a key of sixteen characters"], query: "key" }),
        session({ store: memoryStore(), cookie: { name: "sid" } }),
      ];
      api.get("/x", { auth }, () => 1);
      api.get("/open", { auth, guards: [allowAny()] }, () => 1);
      api.get("/other", { auth: jwt({ secret: SECRET, header: "x-token" }) }, () => 1);
    });
    expect(components.securitySchemes).toEqual({
      jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      "jwt-cookie": { type: "apiKey", in: "cookie", name: "token" },
      "api-key": { type: "apiKey", in: "header", name: "x-api-key" },
      "api-key-query": { type: "apiKey", in: "query", name: "key" },
      session: { type: "apiKey", in: "cookie", name: "sid" },
      jwt2: { type: "apiKey", in: "header", name: "x-token" },
    });
    const all = ["jwt", "jwt-cookie", "api-key", "api-key-query", "session"].map((name) => ({ [name]: [] }));
    expect(paths["/x"]!["get"]!.security).toEqual(all);
    expect(paths["/open"]!["get"]!.security).toEqual([...all, {}]);
    expect(paths["/other"]!["get"]!.security).toEqual([{ jwt2: [] }]);
  });

  test("is by a header where the scheme is the api's own, as pages know the registered ones only", async () => {
    const { components } = await document((api) => {
      const keys = ["a key of sixteen characters"];
      api.get("/a", { auth: jwt({ secret: SECRET, scheme: "Token" }) }, () => 1);
      api.get("/b", { auth: apiKey({ keys, header: "authorization", scheme: "DPoP" }) }, () => 1);
    });
    expect(components.securitySchemes).toEqual({
      jwt: {
        type: "apiKey",
        in: "header",
        name: "Authorization",
        description: "`token`, a blank, and the credentials.",
      },
      "api-key": { type: "http", scheme: "dpop" },
    });
  });

  test("names guards in words and for programs", async () => {
    const { paths } = await kitchen().document();
    const { description, "x-guards": guards } = paths["/dishes"]!["post"]!;
    expect([description, guards]).toEqual(["Names are not unique.\n\nRequires `hasRole(cook)`.", ["hasRole(cook)"]]);
  });
});
