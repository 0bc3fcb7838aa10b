import { describe, expect, test } from "bun:test";
import { Api, constant, depends, middleware, NotFound, t } from "bolide";
import { explain, type Plan, type Step } from "../../src/compile/index.ts";

/** The plans of an api's own routes, by name. */
function plansOf(api: Api): Readonly<Record<string, Plan>> {
  return Object.fromEntries(api.compile().plans.map((plan) => [plan.name, plan]));
}

function kinds(plan: Plan | undefined): readonly Step["kind"][] {
  return plan?.steps.map(({ kind }) => kind) ?? [];
}

const note = (name: string) => middleware({ name, before: () => {} });

describe("a plan is data:", () => {
  const api = new Api({ use: [note("outer")] });
  const clock = depends({ headers: { xNow: t.Integer() } }, ({ headers }) => headers.xNow);
  api.put(
    "/everything/:id/:slug",
    {
      params: { id: t.Integer() },
      query: { page: t.Integer({ default: 1 }) },
      headers: { accept: t.Optional(t.String()) },
      cookies: { sid: t.String() },
      body: { name: t.String() },
      provide: { clock },
      use: [note("inner")],
      response: t.Object({ id: t.Integer() }),
      errors: [NotFound],
    },
    function update() {
      return { id: 1 };
    },
  );
  api.get("/nothing", () => 1);
  api.post("/limited", { maxBodySize: 5, skip: ["outer"] }, () => 1);
  const plans = plansOf(api);

  test("the steps of a route that declares everything, in order", () => {
    const [plan] = [plans["PUT /everything/:id/:slug"]];
    expect(
      plan?.steps.map((step) =>
        step.kind === "read" ? `read ${step.source}${step.into === undefined ? "" : " for a dependency"}` : step.kind,
      ),
    ).toEqual([
      "middleware",
      "middleware",
      "read params",
      "read query",
      "read headers",
      "read cookies",
      "read headers for a dependency",
      "body",
      "dependencies",
      "handler",
      "answer",
    ]);
  });

  test("a route that declares nothing has nothing but its handler and its answer", () => {
    expect(kinds(plans["GET /nothing"])).toEqual(["middleware", "handler", "answer"]);
  });

  test("a route that may get a body, and declares none, has its limit", () => {
    expect(plans["POST /limited"]?.steps[0]).toEqual({ kind: "limit", bytes: 5 });
    expect(kinds(plans["POST /limited"])).toEqual(["limit", "handler", "answer"]);
  });

  test("it is frozen", () => {
    expect(Object.isFrozen(plans["GET /nothing"])).toBe(true);
    expect(Object.isFrozen(plans["GET /nothing"]?.steps)).toBe(true);
  });

  test("it explains itself, a line for each thing that is read or done", () => {
    expect(explain(plans["PUT /everything/:id/:slug"]!)).toEqual([
      "middleware  outer (before)",
      "middleware  inner (before)",
      "params      id: integer",
      "params      slug: string",
      "query       page: integer",
      "headers     accept: string",
      "cookies     sid: string",
      "headers     xNow: integer, for clock",
      "body        JSON of at most 1048576 bytes: { name }",
      "provide     clock",
      "handler     update",
      "answer      2xx { id }, checked, unknown properties removed",
      "errors      404 NotFound",
    ]);
  });
});

test.each([
  ["an unchecked answer", {}, ["answer      200, unchecked: no response is declared"]],
  ["a status of its own", { status: 201 }, ["answer      201, unchecked: no response is declared"]],
  [
    "a map of responses",
    { response: { 200: t.String(), 404: t.Null() } },
    [
      "answer      200 string, checked, unknown properties removed",
      "answer      404 null, checked, unknown properties removed",
    ],
  ],
  [
    "a response that is only stripped",
    { response: t.String(), responseValidation: "strip" },
    ["answer      2xx string, unknown properties removed"],
  ],
  [
    "a response that is not looked at",
    { response: t.String(), responseValidation: "off" },
    ["answer      2xx string, sent as it is"],
  ],
  [
    "headers",
    { responseHeaders: { "x-a": "1" } },
    ["answer      200, unchecked: no response is declared", "header      x-a: 1"],
  ],
] as const)("a plan explains %s", (_, contract, lines) => {
  const api = new Api();
  api.get("/a", contract, (() => "") as never);
  expect(explain(plansOf(api)["GET /a"]!).slice(1)).toEqual([...lines]);
});

test("a plan explains dependencies: those needed first, and what they wait for", () => {
  const api = new Api();
  const pool = depends(function connect() {
    return 1;
  });
  const account = depends({ provide: { pool } }, ({ pool }) => pool);
  api.get("/a", { provide: { account } }, () => "");
  expect(explain(plansOf(api)["GET /a"]!).filter((line) => line.startsWith("provide"))).toEqual([
    "provide     pool by connect, inner",
    "provide     account after pool",
  ]);
});

test("a constant says that Bun itself answers it", () => {
  const api = new Api();
  api.get("/a", constant("a"));
  expect(explain(plansOf(api)["GET /a"]!)[0]).toBe(
    "constant    written once; Bun itself answers it where nothing else runs",
  );
  expect(api.compile().native["/a"]?.["GET"]).toBeInstanceOf(Response);
});

describe("the route over the scope over its parent over the api:", () => {
  const api = new Api({
    status: 201,
    maxBodySize: 1,
    responseValidation: "off",
    responseHeaders: { "X-A": "api", "x-b": "api" },
  });
  const outer = api.with({
    status: 202,
    maxBodySize: 2,
    responseValidation: "strip",
    responseHeaders: { "x-a": "outer" },
  });
  const inner = outer.with({ status: 203, maxBodySize: 3 });
  const response = t.Any();
  api.post("/api", { response }, () => 1);
  outer.post("/outer", { response }, () => 1);
  inner.post("/inner", { response }, () => 1);
  inner.post(
    "/route",
    { response, status: 206, maxBodySize: 4, responseValidation: "strict", responseHeaders: { "X-a": "route" } },
    () => 1,
  );
  const plans = plansOf(api);

  test.each([
    ["POST /api", 201, 1, "off", { "x-a": "api", "x-b": "api" }],
    ["POST /outer", 202, 2, "strip", { "x-a": "outer", "x-b": "api" }],
    ["POST /inner", 203, 3, "strip", { "x-a": "outer", "x-b": "api" }],
    ["POST /route", 206, 4, "strict", { "x-a": "route", "x-b": "api" }],
  ] as const)("%s", (name, status, bytes, validation, headers) => {
    const plan = plans[name]!;
    const answer = plan.steps.find((step) => step.kind === "answer")?.answer;
    const limit = plan.steps.find((step) => step.kind === "limit")?.bytes;
    expect([answer?.status, limit, answer?.validation, answer?.headers]).toEqual([status, bytes, validation, headers]);
  });
});

test("a response of one's own keeps its header, whatever case the scope writes it in", async () => {
  const api = new Api({ responseHeaders: { "X-Who": "api" } });
  const scope = api.with({ responseHeaders: { "x-who": "scope" } });
  scope.get("/own", () => new Response("", { headers: { "X-WHO": "handler" } }));
  scope.get("/scope", () => new Response(""));
  const who = async (path: string) => (await api.handle(new Request(`http://localhost${path}`))).headers.get("x-who");
  expect([await who("/own"), await who("/scope")]).toEqual(["handler", "scope"]);
});

test("compile twice gives two programs that share nothing", () => {
  const api = new Api();
  api.get("/a", () => "");
  const [one, other] = [api.compile(), api.compile()];
  expect(one).not.toBe(other);
  expect(one.plans.map(({ name }) => name)).toEqual(other.plans.map(({ name }) => name));
});
