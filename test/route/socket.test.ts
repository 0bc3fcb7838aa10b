import { describe, expect, test } from "bun:test";
import { Api, t, ws } from "bolide";

const nothing = () => {};

describe("a socket is a route value:", () => {
  test("frozen, a GET route, with its settings and its handler apart", () => {
    const route = new Api().with({ prefix: "/rooms" }).ws("/:id", { message: { text: t.String() } }, nothing);
    expect(Object.isFrozen(route)).toBe(true);
    expect(route.methods).toEqual(["GET"]);
    expect(route.path).toBe("/rooms/:id");
    expect(route.socket.handler).toBe(nothing);
    expect(route.socket.settings.message).toMatchObject({ type: "object", required: ["text"] });
  });

  test("without an api until it is added, inside the scope that adds it", () => {
    const free = ws("/live", nothing);
    expect(free.scope).toBeUndefined();
    const api = new Api();
    api.with({ prefix: "/v1" }).add(free);
    expect(
      api
        .compile()
        .plans.map(({ name }) => name)
        .slice(0, 1),
    ).toEqual(["WS /v1/live"]);
  });
});

describe("what cannot work stops the start and names the route:", () => {
  const table: readonly (readonly [what: string, declare: (api: Api) => unknown, told: string])[] = [
    [
      "a body",
      (api) => api.ws("/a", { body: { a: t.String() } } as object, nothing),
      "WS /a: declares body, which a socket has not: message and send are the schemas of its messages",
    ],
    [
      "a form",
      (api) => api.ws("/a", { form: { a: t.String() } } as object, nothing),
      "WS /a: declares form, which a socket has not: message and send are the schemas of its messages",
    ],
    [
      "a response",
      (api) => api.ws("/a", { response: t.String() } as object, nothing),
      "WS /a: declares response, which a socket has not: message and send are the schemas of its messages",
    ],
    [
      "a misspelt key",
      (api) => api.ws("/a", { mesage: t.String() } as object, nothing),
      'WS /a: unknown key "mesage" in its contract',
    ],
    [
      "no handler",
      (api) => api.ws("/a", {}, undefined as never),
      "WS /a: needs a handler: a function, or functions for open, message, drain and close",
    ],
    [
      "no hook",
      (api) => api.ws("/a", {}, {}),
      "WS /a: needs a handler: a function, or functions for open, message, drain and close",
    ],
    [
      "a limit that is none",
      (api) => api.ws("/a", { maxMessageSize: -1 }, nothing),
      "WS /a: maxMessageSize takes a whole number from 1 to 4294967295, not -1",
    ],
    [
      "an origin that is none",
      (api) => api.ws("/a", { origins: ["example.com"] }, nothing),
      'WS /a: "example.com" is no origin, as in "https://app.example.com"',
    ],
    ["a path that is none", (api) => api.ws("/a/*/b", nothing), "WS /a/*/b: "],
  ];
  test.each(table)("%s", (_, declare, told) => {
    expect(() => declare(new Api())).toThrow(told);
  });

  test("a misspelt hook", () => {
    const api = new Api();
    api.ws("/a", { mesage: nothing } as object);
    expect(() => api.compile()).toThrow('WS /a: a socket has no hook "mesage": open, message, drain, close');
  });

  test("a GET route at the same path, in either order", () => {
    const first = new Api();
    first.ws("/a", nothing);
    first.get("/a", () => 1);
    expect(() => first.compile()).toThrow("GET /a: is registered twice: WS /a answers the same requests");
    const second = new Api();
    second.get("/a", () => 1);
    second.ws("/a", nothing);
    expect(() => second.compile()).toThrow("WS /a: is registered twice: GET /a answers the same requests");
  });

  test("a schema of messages that cannot be checked", () => {
    const api = new Api();
    api.ws("/a", { message: t.Object({ at: t.Transform(t.String()).Decode(Number).Encode(String) }) }, nothing);
    expect(() => api.compile()).toThrow("WS /a: ");
  });

  test("a handler given for the contract alone", () => {
    expect(() => new Api().ws("/a", 7 as never)).toThrow("WS /a: needs a handler");
  });
});

test("a post at a socket's path is another route", async () => {
  const api = new Api();
  api.ws("/a", nothing);
  api.post("/a", () => "posted");
  expect(await (await api.handle(new Request("http://localhost/a", { method: "POST" }))).text()).toBe("posted");
});
