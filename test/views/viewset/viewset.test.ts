import { describe, expect, expectTypeOf, test } from "bun:test";
import { Api, created, jwt, NotFound, type Route, t } from "bolide";
import { testClient } from "bolide/testing";
import { action, type ActionContract, type ContextOf, ViewSet, viewset } from "bolide/views";

const SECRET = "a secret that is long enough for HS256";

describe("viewset", () => {
  const api = new Api();
  const notes = api.viewset(
    "/notes",
    viewset({
      list: () => [{ id: 1 }, { id: 2 }],
      create: action({ body: { title: t.String({ minLength: 1 }) } }, ({ body }) => ({ id: 3, title: body.title })),
      retrieve: action({ params: { id: t.Integer() }, response: t.Object({ id: t.Integer() }) }, ({ params }) =>
        params.id < 3 ? params : new NotFound("Not found"),
      ),
      update: ({ params }) => ({ replaced: params.id }),
      partialUpdate: ({ params }) => ({ changed: params.id }),
      destroy: () => undefined,
      actions: {
        publish: action({ params: { id: t.Integer() } }, ({ params }) => ({ published: params.id })),
        topTen: action({ detail: false, method: "GET" }, () => [1, 2, 3]),
        flags: action({ method: ["PUT", "DELETE"], path: "/flags/special" }, ({ method }) => ({ method })),
      },
    }),
  );
  const client = testClient(api);

  test.each([
    ["GET", "/notes", undefined, 200, [{ id: 1 }, { id: 2 }]],
    ["POST", "/notes", { title: "new" }, 201, { id: 3, title: "new" }],
    ["GET", "/notes/2", undefined, 200, { id: 2 }],
    ["GET", "/notes/7", undefined, 404, { detail: "Not found" }],
    ["PUT", "/notes/2", undefined, 200, { replaced: "2" }],
    ["PATCH", "/notes/2", undefined, 200, { changed: "2" }],
    ["POST", "/notes/2/publish", undefined, 200, { published: 2 }],
    ["GET", "/notes/top-ten", undefined, 200, [1, 2, 3]],
    ["PUT", "/notes/2/flags/special", undefined, 200, { method: "PUT" }],
    ["DELETE", "/notes/2/flags/special", undefined, 200, { method: "DELETE" }],
  ] as const)("%s %s %p answers %p", async (method, path, body, status, answer) => {
    const response = await client.request(method, path, body === undefined ? {} : { json: body });
    expect([response.status, await response.json()]).toEqual([status, answer]);
  });

  test("destroy answers 204 and nothing", async () => {
    const response = await client.delete("/notes/2");
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("what a contract declares is checked as in any route", async () => {
    const response = await client.post("/notes", { json: { title: "" } });
    expect([response.status, (await response.json()).detail[0].loc]).toEqual([422, ["body", "title"]]);
  });

  test("the routes are those of the api, by the names of the actions, typed", () => {
    expect(Object.values(notes).map(({ methods, path }) => `${methods.join("|")} ${path}`)).toEqual([
      "GET /notes",
      "POST /notes",
      "GET /notes/:id",
      "PUT /notes/:id",
      "PATCH /notes/:id",
      "DELETE /notes/:id",
      "POST /notes/:id/publish",
      "GET /notes/top-ten",
      "PUT|DELETE /notes/:id/flags/special",
    ]);
    expect(api.routes().map(({ route }) => route)).toEqual(Object.values(notes));
    expectTypeOf(notes.retrieve.path).toEqualTypeOf<"/notes/:id">();
    expectTypeOf(notes.topTen.path).toEqualTypeOf<"/notes/top-ten">();
    expectTypeOf(notes.flags.methods).toEqualTypeOf<readonly ("PUT" | "DELETE")[]>();
    expectTypeOf(notes.publish).toExtend<Route<"POST", "/notes/:id/publish">>();
    expectTypeOf<NonNullable<(typeof notes.retrieve)["types"]>["params"]>().toEqualTypeOf<{ readonly id: number }>();
  });

  test("only the actions that are given are there", () => {
    const set = new Api().viewset("/x", viewset({ list: () => [] }));
    expect(Object.keys(set)).toEqual(["list"]);
    expectTypeOf<keyof typeof set>().toEqualTypeOf<"list">();
  });

  test("a standard action under `actions` is refused", () => {
    expect(() => viewset({ actions: { list: action({}, () => []) } })).toThrow(
      new TypeError('viewset: "list" is a standard action; it stands beside "actions"'),
    );
  });

  test("a lookup names the path parameter", () => {
    const set = new Api().viewset("/x", viewset({ lookup: "slug", retrieve: ({ params }) => params.slug }));
    expect(set.retrieve.path).toBe("/x/:slug");
    expectTypeOf(set.retrieve.path).toEqualTypeOf<"/x/:slug">();
  });

  test("auth of the set holds for every action and types its user; an action's own goes first", async () => {
    const secured = new Api();
    secured.viewset(
      "/x",
      viewset({
        auth: jwt({ secret: SECRET, claims: t.Object({ role: t.String() }) }),
        list: ({ user }) => {
          expectTypeOf(user.claims.role).toEqualTypeOf<string>();
          return user.claims.role;
        },
        retrieve: action({ auth: [], guards: [] }, () => "open"),
      }),
    );
    const { status } = await testClient(secured).get("/x");
    expect([status, await (await testClient(secured).get("/x/1")).text()]).toEqual([401, "open"]);
  });

  test("a scope's prefix and tags hold for the set", () => {
    const scope = new Api().with({ prefix: "/v1", tags: ["notes"] });
    expect(scope.viewset("/x", viewset({ list: () => [] })).list.path).toBe("/v1/x");
  });

  test("a create that declares another success keeps it", async () => {
    const own = new Api();
    own.viewset(
      "/x",
      viewset({
        create: action({ response: { 202: t.Object({ queued: t.Boolean() }) }, status: 202 }, () => ({ queued: true })),
        update: action({ response: { 201: t.Object({ made: t.Boolean() }) } }, () => created({ made: true })),
      }),
    );
    const statuses = await Promise.all(
      [
        ["/x", "POST"],
        ["/x/1", "PUT"],
      ].map(async ([path = "", method = ""]) => (await testClient(own).request(method, path)).status),
    );
    expect(statuses).toEqual([202, 201]);
  });
});

const NOTHING: readonly (readonly [told: string, contract: ActionContract, handler: () => unknown])[] = [
  ["t.Null() and null", { response: { 204: t.Null() } }, () => null],
  ["t.Null() and nothing", { response: { 204: t.Null() } }, () => {}],
  ["t.Null() and nothing, later", { response: { 204: t.Null() } }, async () => {}],
  ["t.Undefined() and nothing", { response: { 204: t.Undefined() } }, () => undefined],
  ["no response and nothing", {}, () => {}],
];

test.each(NOTHING)("destroy with %s answers 204", async (_, contract, handler) => {
  const gone = new Api();
  gone.viewset("/x", viewset({ destroy: action(contract, handler as () => undefined) }));
  const response = await testClient(gone).delete("/x/1");
  expect([response.status, await response.text()]).toEqual([204, ""]);
});

test("a handler that returns nothing is one of a declared 204, to the type checker too", () => {
  action({ response: { 204: t.Null() } }, () => {});
  action({ response: { 204: t.Null() } }, async () => {});
  // @ts-expect-error -- a text is no answer of it
  action({ response: { 204: t.Null() } }, () => "text");
  // @ts-expect-error -- nothing is no answer of a declared 200
  action({ response: { 200: t.String() } }, () => {});
});

describe("a class of views", () => {
  class Notes extends ViewSet {
    static readonly contracts = {
      retrieve: { params: { id: t.Integer() } },
      hot: { detail: false, method: "GET" },
    } as const;
    static readonly defaults = { tags: ["notes"] };
    #calls = 0;

    list() {
      this.#calls += 1;
      return { calls: this.#calls, path: this.ctx.path };
    }

    retrieve({ params }: ContextOf<typeof Notes, "retrieve">) {
      const { id }: { readonly id: number } = params;
      expect(id).toBe(params.id);
      return { id: params.id };
    }

    hot() {
      return ["hot"];
    }

    notAnAction() {
      return "hidden";
    }
  }

  const api = new Api();
  const notes = api.viewset("/notes", viewset(Notes));
  const client = testClient(api);

  test("its methods are the actions", async () => {
    expect(Object.values(notes).map(({ methods, path }) => `${methods.join()} ${path}`)).toEqual([
      "GET /notes",
      "GET /notes/:id",
      "GET /notes/hot",
    ]);
    expectTypeOf(notes.hot.path).toEqualTypeOf<"/notes/hot">();
    expect(await (await client.get("/notes/7")).json()).toEqual({ id: 7 });
    expect((await client.get("/notes/x")).status).toBe(422);
  });

  test("each request has an instance of its own", async () => {
    for (const _ of [1, 2]) expect(await (await client.get("/notes")).json()).toEqual({ calls: 1, path: "/notes" });
  });

  test("a contract without a method is refused", () => {
    class Wrong extends ViewSet {
      static readonly contracts = { gone: {} };
    }
    expect(() => viewset(Wrong)).toThrow(new TypeError('Wrong: there is a contract for "gone", but no such method'));
  });
});
