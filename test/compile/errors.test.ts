import { describe, expect, spyOn, test } from "bun:test";
import {
  Api,
  BadRequest,
  type Contract,
  file,
  HttpError,
  json,
  type LogRecord,
  NotFound,
  requestId,
  ServiceUnavailable,
  t,
  ValidationError,
} from "bolide";
import { testClient } from "bolide/testing";

class Base extends Error {}
class Middle extends Base {}
class Leaf extends Middle {}

const name = (handler: string) => () => json({ handler }, { status: 400 });

/** Which handler answers, by what is thrown and by the layers of rules from the outside in. */
describe("of the handlers of an error", () => {
  const table: readonly (readonly [
    what: string,
    rules: readonly (readonly [abstract new (...args: never[]) => unknown, string])[][],
    thrown: unknown,
    answers: string,
  ])[] = [
    ["the only one answers", [[[Base, "base"]]], new Base(), "base"],
    ["one of a parent class answers", [[[Base, "base"]]], new Leaf(), "base"],
    [
      "the most specific answers, wherever it stands in the list",
      [
        [
          [Base, "base"],
          [Leaf, "leaf"],
          [Middle, "middle"],
        ],
      ],
      new Leaf(),
      "leaf",
    ],
    [
      "the nearest parent class answers",
      [
        [
          [Base, "base"],
          [Error, "error"],
          [Middle, "middle"],
        ],
      ],
      new Leaf(),
      "middle",
    ],
    [
      "the innermost of the same class answers",
      [[[Base, "api"]], [[Base, "scope"]], [[Base, "route"]]],
      new Base(),
      "route",
    ],
    [
      "a more specific one outside beats a general one inside",
      [[[Leaf, "api"]], [[Error, "scope"]]],
      new Leaf(),
      "api",
    ],
    [
      "the first of two alike in one list answers",
      [
        [
          [Base, "first"],
          [Base, "second"],
        ],
      ],
      new Base(),
      "first",
    ],
    ["one of HttpError takes named errors", [[[HttpError, "http"]]], new NotFound(), "http"],
    [
      "one of ValidationError takes inputs that do not fit",
      [
        [
          [HttpError, "http"],
          [ValidationError, "validation"],
        ],
      ],
      "invalid",
      "validation",
    ],
    ["one of Object takes what is no error", [[[Object, "object"]]], { code: 7 }, "object"],
  ];

  test.each(table)("%s", async (_, [api = [], scope = [], route = []], thrown, answers) => {
    const rules = (layer: readonly (readonly [abstract new (...args: never[]) => unknown, string])[]) =>
      layer.map(([type, handler]) => [type, name(handler)] as const);
    const outer = new Api({ onError: rules(api), log: () => {} });
    outer
      .with({ onError: rules(scope) })
      .get("/a", { query: { n: t.Optional(t.Integer()) }, onError: rules(route) } as Contract, () => {
        throw thrown;
      });
    const response = await outer.handle(new Request(`http://localhost/a${thrown === "invalid" ? "?n=x" : ""}`));
    expect(await response.json()).toEqual({ handler: answers });
  });
});

test("an error handler sees the error and the request, and answers as a handler does", async () => {
  const api = new Api();
  const scope = api.with({
    onError: [[Leaf, (error: Leaf, ctx) => ({ message: error.message, path: ctx.path, route: ctx.route })]],
  });
  scope.get("/a/:id", () => {
    throw new Leaf("told");
  });
  const response = await api.handle(new Request("http://localhost/a/7"));
  expect([response.status, await response.json()]).toEqual([
    500,
    { message: "told", path: "/a/7", route: "GET /a/:id" },
  ]);
});

test("an unexpected error is logged with its stack, the request's id and the route", async () => {
  const logged: LogRecord[] = [];
  const api = new Api({ use: [requestId()], log: (record) => void logged.push(record) });
  const error = new Base("unseen");
  api.get("/a", () => {
    throw error;
  });
  await api.handle(new Request("http://localhost/a", { headers: { "x-request-id": "r-1" } }));
  expect(logged).toEqual([{ level: "error", message: "Error: unseen", route: "GET /a", requestId: "r-1", error }]);
});

test("an error that was told to the client is not logged", async () => {
  const logged: LogRecord[] = [];
  const api = new Api({ log: (record) => void logged.push(record) });
  api.get("/a", () => new BadRequest("told"));
  await api.handle(new Request("http://localhost/a"));
  await api.handle(new Request("http://localhost/nowhere"));
  expect(logged).toEqual([]);
});

test("the log of an api without one of its own tells the cause as well", async () => {
  const printed = spyOn(console, "error").mockImplementation(() => {});
  const api = new Api();
  api.get("/a", () => {
    throw new ServiceUnavailable("Away", { cause: new TypeError("refused") });
  });
  await api.handle(new Request("http://localhost/a"));
  expect(JSON.parse(String(printed.mock.calls[0]?.[0]))).toMatchObject({
    message: "ServiceUnavailable: Away",
    cause: "TypeError: refused",
  });
  printed.mockRestore();
});

test("what ends because its client is gone is no failure, and is not logged", async () => {
  const logged: LogRecord[] = [];
  const api = new Api({ log: (record) => void logged.push(record) });
  const client = new AbortController();
  api.get("/a", ({ signal }) => {
    client.abort();
    throw signal.reason;
  });
  const response = await api.handle(new Request("http://localhost/a", { signal: client.signal }));
  expect([response.status, logged]).toEqual([499, []]);
});

test("debug is decided by the run before the api", async () => {
  const api = new Api({ debug: true, log: () => {} });
  api.get("/a", () => {
    throw new Error("unseen");
  });
  const answer = async (debug: boolean) =>
    (await api.compile({ debug }).dispatch(new Request("http://localhost/a"), undefined)).text();
  expect(await answer(true)).toContain("unseen");
  expect(await answer(false)).toBe('{"detail":"Internal Server Error"}');
});

test("an error handler whose answer fails later is a plain 500 as well", async () => {
  const api = new Api({
    health: false,
    log: () => {},
    onError: [[NotFound, () => file("no such file", { root: "/no/such/folder" })]],
  });
  api.get("/gone", () => new NotFound());
  const response = await api.handle(new Request("http://localhost/gone"));
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ detail: "Internal Server Error" });
});

describe("an error of a database", () => {
  const violated = () =>
    Object.assign(new Error("UNIQUE constraint failed: users.email"), { code: "SQLITE_CONSTRAINT_UNIQUE" });
  const busy = () => Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });

  test("is the api's own to answer, once it is known for what it is", async () => {
    const api = new Api({
      onError: [[HttpError, (error: HttpError) => json({ told: error.status }, { status: 499 })]],
    });
    api.get("/", () => {
      throw violated();
    });
    const response = await testClient(api).get("/");
    expect([response.status, await response.json()]).toEqual([499, { told: 409 }]);
  });

  test("is told to operators where it is not the client's doing", async () => {
    const told: (string | undefined)[] = [];
    const api = new Api();
    api.get("/busy", () => {
      throw busy();
    });
    api.get("/violated", () => {
      throw violated();
    });
    const client = testClient(api, { raise: false, log: ({ route }) => void told.push(route) });
    expect([(await client.get("/busy")).status, (await client.get("/violated")).status]).toEqual([503, 409]);
    expect(told).toEqual(["GET /busy"]);
  });
});
