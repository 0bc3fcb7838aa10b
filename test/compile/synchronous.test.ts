import { describe, expect, test } from "bun:test";
import { Api, constant, type Contract, depends, json, middleware, NotFound, t } from "bolide";

const request = (path = "/a", init?: RequestInit) => new Request(`http://localhost${path}`, init);

/** What a GET route does, and whether all of it is synchronous. */
type Case = readonly [what: string, contract: Contract, handler: () => unknown];

const SYNCHRONOUS: readonly Case[] = [
  ["a handler alone", {}, () => ({ a: 1 })],
  ["text", {}, () => "text"],
  ["a constant", {}, constant("text")],
  ["a declared query", { query: { a: t.Optional(t.Integer()) } }, () => 1],
  [
    "declared headers and cookies",
    { headers: { a: t.Optional(t.String()) }, cookies: { b: t.Optional(t.String()) } },
    () => 1,
  ],
  ["an input that does not fit", { query: { a: t.Integer() } }, () => 1],
  ["a declared response", { response: t.Object({ a: t.Integer() }) }, () => ({ a: 1, b: 2 })],
  ["a response that does not match", { response: t.Object({ a: t.Integer() }) }, () => ({ a: "1" })],
  ["a reply", {}, () => json({ a: 1 }, { status: 201 })],
  ["an error returned", {}, () => new NotFound()],
  ["an error thrown", {}, () => raise()],
  [
    "a synchronous dependency",
    { provide: { a: () => 1, b: depends({ provide: { c: () => 2 } }, ({ c }) => c) } },
    () => 1,
  ],
  [
    "synchronous middleware",
    { use: [middleware({ name: "all", before: () => {}, after: () => {} }), (_, next) => next()] },
    () => 1,
  ],
  ["an error handler", { onError: [[Error, () => "handled"]] }, () => raise()],
];

const SUSPENDED: readonly Case[] = [
  ["an asynchronous handler", {}, async () => 1],
  ["an asynchronous dependency", { provide: { a: async () => 1 } }, () => 1],
  ["asynchronous middleware", { use: [async (_, next) => next()] }, () => 1],
  ["an asynchronous error handler", { onError: [[Error, async () => "handled"]] }, () => raise()],
];

function apiOf(contract: Contract, handler: () => unknown): Api {
  const api = new Api({ log: () => {} });
  api.get("/a", contract, handler as never);
  return api;
}

describe("api.handle answers at once, without a promise, where a route has", () => {
  test.each(SYNCHRONOUS)("%s", (_, contract, handler) => {
    expect(apiOf(contract, handler).handle(request())).toBeInstanceOf(Response);
  });
  test("no match", () => {
    expect(new Api().handle(request())).toBeInstanceOf(Response);
  });
});

describe("api.handle answers later where a route has", () => {
  test.each(SUSPENDED)("%s", async (_, contract, handler) => {
    const answer = apiOf(contract, handler).handle(request());
    expect(answer).toBeInstanceOf(Promise);
    expect((await answer).status).toBeLessThan(501);
  });
  test("a body to read", async () => {
    const api = new Api();
    api.post("/a", { body: t.Integer() }, ({ body }) => body);
    const answer = api.handle(
      request("/a", { method: "POST", body: "7", headers: { "content-type": "application/json" } }),
    );
    expect(answer).toBeInstanceOf(Promise);
    expect(await (await answer).json()).toBe(7);
  });
});

function raise(): never {
  throw new Error("thrown");
}
