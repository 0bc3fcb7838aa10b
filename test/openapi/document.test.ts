import { describe, expect, test } from "bun:test";
import { Api, type ApiOptions, ServiceUnavailable, t, TooManyRequests, UnprocessableEntity } from "bolide";
import { action, viewset } from "bolide/views";
import { kitchen } from "./kitchen.ts";

describe("paths", () => {
  const pathsOf = async (build: (api: Api) => unknown, options: ApiOptions = {}): Promise<string[]> => {
    const api = new Api(options);
    build(api);
    return Object.entries((await api.document()).paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { parameters = [], operationId }]) =>
        [method, path, operationId, ...parameters.map(({ name }) => name)].join(" "),
      ),
    );
  };

  test.each<[string, (api: Api) => unknown, ApiOptions, string[]]>([
    ["are templates", (api) => api.get("/a/:id/b", () => 1), {}, ["get /a/{id}/b getAByIdB id"]],
    [
      "of one shape are one, with the names of the first",
      (api) => void [api.get("/a/:id", () => 1), api.put("/a/:name", () => 1)],
      {},
      ["get /a/{id} getAById id", "put /a/{id} putAByName id"],
    ],
    [
      "with a parameter and with a rest are two",
      (api) => void [api.get("/a/:id", () => 1), api.get("/a/*path", () => 1)],
      {},
      ["get /a/{id} getAById id", "get /a/{path}#rest getAByPath path"],
    ],
    [
      "with a rest and with a parameter are two, whichever comes first",
      (api) => void [api.get("/a/*path", () => 1), api.get("/a/:id", () => 1)],
      {},
      ["get /a/{path}#rest getAByPath path", "get /a/{id} getAById id"],
    ],
    [
      "have the slash that the api gives them",
      (api) => api.get("/a/:id", () => 1),
      { trailingSlash: "append" },
      ["get /a/{id}/ getAById id"],
    ],
    [
      "have the slash that they are written with",
      (api) => api.get("/a/", () => 1),
      { trailingSlash: "keep" },
      ["get /a/ getA"],
    ],
    ["have braces that are none of ours escaped", (api) => api.get("/{a}", () => 1), {}, ["get /%7Ba%7D getA"]],
    [
      "of several methods are several operations",
      (api) => api.route(["PUT", "PATCH"], "/a", { operationId: "save" }, () => 1),
      {},
      ["put /a save", "patch /a savePatch"],
    ],
    [
      "of mounted apis are those of the whole",
      (api) => api.mount("/v1", new Api().mount("/deep", inner())),
      {},
      ["get /v1/deep/a getV1DeepA"],
    ],
    ["that are hidden are not there", (api) => api.get("/a", { hidden: true }, () => 1), {}, []],
    [
      "have names of their own even where two would be alike",
      (api) =>
        void [api.get("/a/b", () => 1), api.get("/a-b", () => 1), api.get("/a.b", { operationId: "getAB2" }, () => 1)],
      {},
      ["get /a/b getAB", "get /a-b getAB3", "get /a.b getAB2"],
    ],
    [
      "of sets are named by action and place",
      (api) => {
        const all = viewset({
          list: () => [],
          create: () => 1,
          retrieve: () => 1,
          update: () => 1,
          partialUpdate: () => 1,
          destroy: () => undefined,
          actions: {
            goLive: action({}, () => 1),
            recent: action({ detail: false, method: ["GET", "QUERY"] }, () => []),
            archive: action({ path: "/away" }, () => 1),
          },
        });
        api.with({ prefix: "/v1" }).viewset("/articles", all);
      },
      { openapi: { version: "3.2.0" } },
      [
        "get /v1/articles listV1Articles",
        "post /v1/articles createV1Articles",
        "get /v1/articles/{id} retrieveV1ArticlesById id",
        "put /v1/articles/{id} updateV1ArticlesById id",
        "patch /v1/articles/{id} partialUpdateV1ArticlesById id",
        "delete /v1/articles/{id} destroyV1ArticlesById id",
        "post /v1/articles/{id}/go-live goLiveV1ArticlesById id",
        "get /v1/articles/recent recentV1Articles",
        "query /v1/articles/recent recentV1ArticlesQuery",
        "post /v1/articles/{id}/away archiveV1ArticlesByIdAway id",
      ],
    ],
    [
      "of one set in two places are told apart",
      (api) => void ["/a", "/b"].map((path) => api.viewset(path, viewset({ list: () => [] }))),
      {},
      ["get /a listA", "get /b listB"],
    ],
    ["of QUERY are an extension of 3.1", (api) => api.query("/a", () => 1), {}, ["x-query /a queryA"]],
    [
      "of QUERY are plain in 3.2",
      (api) => api.query("/a", () => 1),
      { openapi: { version: "3.2.0" } },
      ["query /a queryA"],
    ],
  ])("%s", async (_, build, options, expected) => {
    expect(await pathsOf(build, options)).toEqual(expected);
  });

  test("do not share an operationId: both routes are named", async () => {
    const api = new Api();
    api.get("/a", { operationId: "same" }, () => 1);
    api.get("/b", { operationId: "same" }, () => 1);
    await expect(api.document()).rejects.toThrow('GET /b: has the operationId "same", which GET /a has too');
  });
});

describe("webhooks", () => {
  const body = t.Object({});
  test("have operationIds that nothing else has", async () => {
    const webhooks = { "dish-served": { body }, dishServed: { body }, other: { operationId: "told", body } };
    const api = new Api({ openapi: { webhooks } });
    api.get("/a", { operationId: "webhookDishServed" }, () => 1);
    const items = Object.values((await api.document()).webhooks!);
    expect(items.map(({ post }) => post!.operationId)).toEqual(["webhookDishServed2", "webhookDishServed3", "told"]);
  });

  test.each<[string, Record<string, object>, string]>([
    [
      "a route's",
      { w: { operationId: "same", body } },
      'webhook "w": has the operationId "same", which GET /a has too',
    ],
    [
      "another one's",
      { v: { operationId: "two", body }, w: { operationId: "two", body } },
      'webhook "w": has the operationId "two", which webhook "v" has too',
    ],
  ])("cannot ask for the operationId that is %s", async (_, webhooks, message) => {
    const api = new Api({ openapi: { webhooks } });
    api.get("/a", { operationId: "same" }, () => 1);
    await expect(api.document()).rejects.toThrow(message);
  });
});

function inner(): Api {
  const api = new Api();
  api.get("/a", () => 1);
  return api;
}

describe("tags", () => {
  const tagsOf = async (build: (api: Api) => unknown): Promise<unknown> => {
    const api = new Api();
    build(api);
    return Object.values((await api.document()).paths).map((item) => Object.values(item)[0]!.tags);
  };
  const notes = viewset({ list: () => [] });

  test.each<[string, (api: Api) => unknown, unknown]>([
    ["none", (api) => api.get("/notes", () => 1), [undefined]],
    ["the last word of a set's path", (api) => api.viewset("/my/notes/:id", notes), [["notes"]]],
    ["those that a set has", (api) => api.viewset("/x", viewset({ tags: ["Notes"], list: () => [] })), [["Notes"]]],
    ["those of a set's scope", (api) => api.with({ tags: ["mine"] }).viewset("/notes", notes), [["mine"]]],
    ["the word of a set's scope", (api) => api.with({ prefix: "/notes" }).viewset("", notes), [["notes"]]],
    ["none where there is no word", (api) => api.viewset("/:all", notes), [undefined]],
  ])("of a route are %s", async (_, build, expected) => {
    expect(await tagsOf(build)).toEqual(expected);
  });
});

describe("the document", () => {
  test("says of the api what the api says of itself", async () => {
    const { info, tags, externalDocs, webhooks, "x-tagGroups": groups } = await kitchen().document();
    expect(info).toEqual({
      title: "Kitchen",
      summary: "For tests",
      description: "One of each.",
      contact: { name: "The cooks", url: "https://example.com" },
      license: { name: "MIT", identifier: "MIT" },
      version: "2.0.0",
    });
    expect(tags).toEqual([
      { name: "kinds", description: "One schema of each kind." },
      { name: "secured" },
      { name: "texts" },
    ]);
    expect(groups).toEqual([{ name: "Everything", tags: ["kinds", "secured", "texts"] }]);
    expect(externalDocs).toEqual({ url: "https://example.com/kitchen" });
    expect(webhooks).toEqual({
      dishServed: {
        post: {
          summary: "A dish was served",
          operationId: "webhookDishServed",
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: "#/components/schemas/Served" } } },
          },
          responses: { "204": { description: "No Content" } },
        },
      },
    });
  });

  test("describes answers, their headers and examples", async () => {
    const { paths } = await kitchen().document();
    expect(paths["/dishes"]!["post"]!.responses["201"]).toEqual({
      description: "The dish",
      headers: {
        "x-request-id": { description: "Names the request in logs.", schema: { type: "string" } },
        "x-kitchen": { schema: { type: "string", examples: ["one"] } },
        location: { description: "Where it is", schema: { type: "string" } },
      },
      content: {
        "application/json": {
          schema: { $ref: "#/components/schemas/Dish" },
          examples: { soup: { value: { id: 1, name: "Soup", hot: true } } },
        },
      },
    });
  });

  test("has problem details where the api has", async () => {
    const api = new Api({ errors: "problem" });
    api.post("/x", { body: t.Integer() }, () => 1);
    const { components } = await api.document();
    expect(components.responses!["UnprocessableContent"]!.content).toEqual({
      "application/problem+json": { schema: { $ref: "#/components/schemas/InvalidProblem" } },
    });
    expect(Object.keys(components.schemas!)).toEqual(["Problem", "InvalidProblem", "InvalidEntry"]);
  });

  test("has errors of the api's own form where onError gives them one", async () => {
    const errors = t.Object({ errors: t.Array(t.String()) }, { $id: "Faults" });
    const api = new Api({ openapi: { errors } });
    api.post("/x", { body: t.Integer(), errors: [UnprocessableEntity] }, () => 1);
    const { components, paths } = await api.document();
    const content = { "application/json": { schema: { $ref: "#/components/schemas/Faults" } } };
    expect(components.responses!["UnsupportedMediaType"]!.content).toEqual(content);
    expect(paths["/x"]!["post"]!.responses["422"]).toEqual({ description: "Unprocessable Content", content });
    expect(Object.keys(components.schemas!)).toEqual(["Faults"]);
  });

  test("says once what an answer and an error say alike", async () => {
    const Faults = t.Object({ errors: t.Array(t.String()) }, { $id: "Faults" });
    const api = new Api({ openapi: { errors: Faults } });
    api.post("/x", { body: t.Integer(), response: { 200: t.Integer(), 422: Faults } }, () => 1);
    expect((await api.document()).paths["/x"]!["post"]!.responses["422"]).toEqual({
      description: "Unprocessable Content",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Faults" } } },
    });
  });

  test("says when to ask again of an api that is too busy", async () => {
    const api = new Api();
    api.get("/x", { errors: [ServiceUnavailable, TooManyRequests] }, () => 1);
    const { responses } = (await api.document()).components;
    for (const name of ["ServiceUnavailable", "TooManyRequests"]) {
      expect(responses![name]!.headers).toEqual({
        "Retry-After": {
          description: "When to ask again: seconds, or a date (RFC 9110 10.2.3).",
          schema: { type: "string" },
        },
      });
    }
  });

  test("puts tags into groups, and those of no group into the last", async () => {
    const groupsOf = async (tagGroups: Record<string, string[]>) => {
      const api = new Api({ openapi: { tagGroups } });
      for (const name of ["soups", "cakes", "staff"]) api.get(`/${name}`, { tags: [name] }, () => 1);
      return (await api.document())["x-tagGroups"];
    };
    expect(await groupsOf({ Food: ["cakes", "soups"], People: ["staff"] })).toEqual([
      { name: "Food", tags: ["cakes", "soups"] },
      { name: "People", tags: ["staff"] },
    ]);
    expect(await groupsOf({ Food: ["cakes"] })).toEqual([
      { name: "Food", tags: ["cakes"] },
      { name: "Other", tags: ["soups", "staff"] },
    ]);
    expect(await groupsOf({ Other: ["staff"], Food: ["cakes"] })).toEqual([
      { name: "Other", tags: ["staff", "soups"] },
      { name: "Food", tags: ["cakes"] },
    ]);
    await expect(groupsOf({ Food: ["cake"] })).rejects.toThrow(
      'openapi.tagGroups: names the tag "cake", which nothing has',
    );
  });

  test("names servers where they are named", async () => {
    const servers = [{ url: "https://api.example.com", description: "Production" }];
    expect((await new Api({ openapi: { servers } }).document()).servers).toEqual(servers);
    expect((await new Api().document()).servers).toBeUndefined();
  });

  test("is the same twice, byte for byte", async () => {
    expect(JSON.stringify(await kitchen().document())).toBe(JSON.stringify(await kitchen().document()));
  });
});

describe("a start stops", () => {
  test.each<[string, ApiOptions, string]>([
    ["for an unknown option", { openapi: { pth: "/x" } as object }, 'openapi: unknown option "pth"'],
    [
      "for a page that there is not",
      { openapi: { pages: { swager: false } as object } },
      'openapi: there is no page "swager": the pages are docs, scalar, swagger, redoc, rapidoc, elements',
    ],
    [
      "for a version that cannot be written",
      { openapi: { version: "3.0.3" as "3.1.1" } },
      "openapi: version 3.0.3 cannot be written, but 3.1.1 and 3.2.0 can",
    ],
    [
      "for a page at a path with parameters",
      { openapi: { pages: { docs: "/read/:what" } } },
      'openapi: docs is a path without parameters, not "/read/:what"',
    ],
    [
      "for a page that is nowhere",
      { openapi: { pages: { docs: true as unknown as string } } },
      "openapi: docs is a path without parameters, not true",
    ],
    ["for a document without a name", { openapi: { path: "/" } }, "openapi: path is without its ending, not /"],
    [
      "for two pages in one place",
      { openapi: { pages: { redoc: "/read", docs: "/read" } } },
      "openapi: /read is given to docs and to redoc",
    ],
    [
      "for a page in the place of the document",
      { openapi: { prefix: "/meta", pages: { docs: "/openapi.json" } } },
      "openapi: /meta/openapi.json is given to the document and to docs",
    ],
    [
      "for a server that is no URL",
      { openapi: { servers: [{ url: "https://api.example.com; script-src *" }] } },
      'openapi: the server "https://api.example.com; script-src *" is no URL',
    ],
    [
      "for a server with a variable that is not declared",
      { openapi: { servers: [{ url: "https://{region}.example.com" }] } },
      'openapi: the server https://{region}.example.com needs a variable "region", with its default',
    ],
    [
      "for a route that does not say what it answers, under strict",
      { openapi: { strict: true } },
      "GET /x: declares no response, and openapi.strict asks for one: give response, or answers for what is no JSON",
    ],
  ])("%s", (_, options, message) => {
    const api = new Api(options);
    api.get("/x", () => 1);
    expect(() => api.compile()).toThrow(message);
  });

  test("not for routes that say it, or that are hidden, under strict", () => {
    const api = new Api({ openapi: { strict: true } });
    api.get("/a", { response: t.Integer() }, () => 1);
    api.get("/b", { answers: { 200: { content: { "text/csv": t.String() } } } }, () => "");
    api.get("/c", { hidden: true }, () => 1);
    expect(api.compile().plans.length).toBe(5);
  });
});
