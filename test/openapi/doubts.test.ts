import { describe, expect, test } from "bun:test";
import { Api, t, type TSchema } from "bolide";
import { isDoubtful, type OpenApiOptions } from "../../src/openapi/index.ts";

const User = t.Object({ id: t.Integer() }, { $id: "User" });
const OtherUser = t.Object({ name: t.String() }, { $id: "User" });
const user = () => ({ id: 1 });
const anything = () => ({}) as never;

/** Lets an api start as in production, and stops it. */
async function start(api: Api): Promise<void> {
  await (await api.listen({ port: 0, log: () => {} })).stop();
}

describe("a start in production is stopped", () => {
  test.each<readonly [string, (api: Api) => unknown, string]>([
    [
      "by two schemas of one name",
      (api) => [api.get("/a", { response: User }, user), api.get("/b", { response: OtherUser }, anything)],
      'GET /b (200): has a schema named "User", and GET /a (200) has another one of that name',
    ],
    [
      "by two schemas of one name, one of them deep inside",
      (api) => {
        api.get("/a", { response: User }, user);
        api.post("/b", { body: t.Object({ list: t.Array(t.Union([t.Null(), OtherUser])) }) }, () => "");
      },
      'POST /b (body): has a schema named "User", and',
    ],
    [
      "by an $id and a title that are one name",
      (api) => {
        api.get("/a", { response: User }, user);
        api.get("/b", { response: t.Object({}, { title: "User" }) }, anything);
      },
      'GET /b (200): has a schema named "User"',
    ],
    [
      "by a name in an answer's other media type",
      (api) => {
        api.get("/a", { response: User }, user);
        api.get("/b", { answers: { 200: { content: { "text/x": OtherUser } } } }, () => "");
      },
      'has a schema named "User"',
    ],
    [
      "by a name that a request's form of another schema needs",
      (api) => {
        const Dish = t.Object({ price: t.Integer({ default: 1 }) }, { $id: "Dish" });
        api.post("/a", { body: Dish, response: Dish }, ({ body }) => body);
        api.post("/b", { body: t.Object({ x: t.Integer() }, { $id: "DishInput" }) }, () => "");
      },
      'POST /b (body): needs the name "DishInput" for a schema, which one of POST /a (body) has: rename it',
    ],
    [
      "by the name of a schema of Bolide's",
      (api) => api.post("/a", { body: t.Object({}, { $id: "InvalidInput" }) }, () => ""),
      'POST /a (body): has a schema named "InvalidInput", as one of Bolide\'s errors is: rename it',
    ],
    [
      "by an operationId that two routes have",
      (api) => [api.get("/a", { operationId: "same" }, user), api.get("/b", { operationId: "same" }, user)],
      'GET /b: has the operationId "same", which GET /a has too',
    ],
    [
      "by the operationId of a route's further method",
      (api) => [
        api.route(["PUT", "PATCH"], "/a", { operationId: "save" }, user),
        api.get("/b", { operationId: "savePatch" }, user),
      ],
      'GET /b: has the operationId "savePatch", which PUT|PATCH /a has too',
    ],
    [
      "by an example in the singular that does not match",
      (api) => api.get("/a", { query: { n: t.Integer({ example: "one" }) } }, () => ""),
      "has an example that does not match its schema: Expected integer",
    ],
    [
      "by examples that are no list",
      (api) => api.get("/a", { query: { n: t.Integer({ examples: { one: 1 } }) } }, () => ""),
      "GET /a (query n): has examples that are no list",
    ],
    [
      "by a schema's example that does not match",
      (api) => api.get("/a", { query: { n: t.Integer({ examples: ["one"] }) } }, () => ""),
      "has an example that does not match its schema: Expected integer",
    ],
    [
      "by a body's example that does not match",
      (api) => api.post("/a", { body: User, examples: { body: { one: { id: "x" } } } }, () => ""),
      "POST /a (body): has an example that does not match its schema: id: Expected integer",
    ],
  ])("%s", async (_, declare, message) => {
    const api = new Api();
    declare(api);
    await expect(start(api)).rejects.toThrow(message);
  });

  const places: readonly (readonly [place: string, shown: string, declare: (api: Api, named: TSchema) => unknown])[] = [
    ["a form", "POST /b (form)", (api, named) => api.post("/b", { form: named as typeof OtherUser }, anything)],
    ["a socket's message", "WS /b (message)", (api, named) => api.ws("/b", { message: named, send: named }, () => {})],
    ["what a socket sends", "WS /b (send)", (api, named) => api.ws("/b", { send: named }, () => {})],
    [
      "a header of an answer",
      "GET /b (200) header x",
      (api, named) => api.get("/b", { answers: { 200: { headers: { x: named } } } }, anything),
    ],
    [
      "a record",
      "POST /b (body)",
      (api, named) => api.post("/b", { body: t.Object({ x: t.Record(t.String(), named) }) }, anything),
    ],
    [
      "what an object may have beside its properties",
      "POST /b (body)",
      (api, named) => api.post("/b", { body: t.Object({}, { additionalProperties: named }) }, anything),
    ],
    [
      "what several objects may have beside their properties",
      "POST /b (body)",
      (api, named) =>
        api.post("/b", { body: t.Intersect([t.Object({}), t.Object({})], { unevaluatedProperties: named }) }, anything),
    ],
    [
      "a definition of a module",
      "POST /b (body)",
      (api) =>
        api.post(
          "/b",
          { body: t.Module({ User: t.Object({ name: t.String() }), Users: t.Array(t.Ref("User")) }).Import("Users") },
          anything,
        ),
    ],
  ];
  test.each(places)("by a name given twice, once in %s", async (_, shown, declare) => {
    const api = new Api();
    api.get("/a", { response: User }, user);
    declare(api, OtherUser);
    await expect(start(api)).rejects.toThrow(`${shown}: has a schema named "User", and GET /a (200) has another one`);
  });

  test.each<readonly [string, OpenApiOptions, string]>([
    ["a webhook", { webhooks: { told: { body: OtherUser } } }, 'webhook "told" (body): has a schema named "User"'],
    ["the errors of the api", { errors: OtherUser }, "and openapi.errors has another one of that name"],
  ])("by a name given twice, once in %s", async (_, openapi, message) => {
    const api = new Api({ openapi });
    api.get("/a", { response: User }, user);
    await expect(start(api)).rejects.toThrow(message);
  });

  test("by a group of tags that nothing has", async () => {
    await expect(start(new Api({ openapi: { tagGroups: { All: ["cake"] } } }))).rejects.toThrow('names the tag "cake"');
  });
});

describe("a start has no doubts", () => {
  test.each<readonly [string, (api: Api) => unknown]>([
    [
      "about names of which there is one",
      (api) => [api.get("/a", { response: User }, user), api.post("/b", { body: User }, user)],
    ],
    [
      "about schemas that are equal",
      (api) => {
        for (const path of ["/a", "/b"] as const)
          api.get(path, { response: t.Object({ id: t.Integer() }, { $id: "User" }) }, user);
      },
    ],
    [
      "about labels of fields",
      (api) => api.get("/a", { query: { a: t.String({ title: "A" }), b: t.Integer({ title: "A" }) } }, () => ""),
    ],
    [
      "about what is hidden",
      (api) => [
        api.get("/a", { response: User }, user),
        api.get("/b", { response: OtherUser, hidden: true }, anything),
      ],
    ],
  ])("%s", async (_, declare) => {
    const api = new Api();
    declare(api);
    expect(isDoubtful(api.compile().plans, {})).toBe(false);
    await api.document();
  });

  test("where there is no document", async () => {
    const api = new Api({ openapi: false });
    api.get("/a", { response: User }, user);
    api.get("/b", { response: OtherUser }, anything);
    await start(api);
  });

  test("that the document would not settle: schemas that say the same in other words start", async () => {
    const api = new Api();
    api.get("/a", { response: User }, user);
    api.get("/b", { response: t.Object({ id: t.Integer() }, { $id: "User", description: "One" }) }, user);
    expect(isDoubtful(api.compile().plans, {})).toBe(true);
    await start(api);
  });
});
