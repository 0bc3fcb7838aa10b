import { describe, expect, test } from "bun:test";
import { Api, type ApiOptions, rateLimit, requestId, t, TooManyRequests } from "bolide";
import type { ResponseObject } from "../../src/openapi/index.ts";

async function responses(more: ApiOptions = {}, skip: readonly string[] = []): Promise<Record<string, ResponseObject>> {
  const api = new Api({ use: [rateLimit({ limit: 10, window: 1 })], ...more });
  api.get("/users/:id", { params: { id: t.Integer() }, response: t.Boolean(), skip }, () => true);
  const document = await api.document();
  return document.paths["/users/{id}"]!["get"]!.responses as Record<string, ResponseObject>;
}

const NAMES = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

describe("the document of a route under a limit", () => {
  test("has its headers on every answer, and Retry-After on 429", async () => {
    const all = Object.entries(await responses()).map(([status, { headers }]) => [status, Object.keys(headers ?? {})]);
    expect(all).toEqual([
      ["200", NAMES],
      ["400", NAMES],
      ["404", NAMES],
      ["422", NAMES],
      ["429", ["Retry-After", ...NAMES]],
      ["500", NAMES],
    ]);
  });

  test.each([
    ["detail", "application/json", "ErrorDetail"],
    ["problem", "application/problem+json", "Problem"],
  ] as const)("has the body of 429 in the format %s", async (errors, type, name) => {
    const { 429: refused } = await responses({ errors });
    expect([refused?.description, refused?.content]).toEqual([
      "Rate limit exceeded",
      {
        [type]: {
          schema: {
            allOf: [
              { $ref: `#/components/schemas/${name}` },
              {
                type: "object",
                properties: { retry_after: { type: "integer", description: "Seconds until a request passes again." } },
              },
            ],
          },
        },
      },
    ]);
  });

  test("says nothing of it where a route skips it", async () => {
    const all = await responses({}, ["rateLimit"]);
    expect([Object.keys(all), all["200"]?.headers]).toEqual([["200", "400", "404", "422", "500"], undefined]);
  });

  test("says nothing of the body where errors are the api's own", async () => {
    const { 429: refused } = await responses({ openapi: { errors: t.Object({ oops: t.String() }) } });
    expect(JSON.stringify(refused?.content)).not.toContain("retry_after");
  });

  test("has its headers on whatever a handshake is answered, and its body of 429", async () => {
    const api = new Api({ use: [rateLimit({ limit: 10, window: 1 })] });
    api.ws("/talk", () => {});
    const { responses: all } = (await api.document()).paths["/talk"]!["x-websocket"]!;
    const headers = Object.entries(all).map(([status, one]) => [
      status,
      Object.keys((one as ResponseObject).headers ?? {}),
    ]);
    expect(headers).toEqual([
      ["101", NAMES],
      ["400", NAMES],
      ["403", NAMES],
      ["426", NAMES],
      ["429", ["Retry-After", ...NAMES]],
      ["500", NAMES],
      ["503", ["Retry-After", ...NAMES]],
    ]);
    expect(JSON.stringify((all["429"] as ResponseObject).content)).toContain("retry_after");
  });

  test("says once what several of them do", async () => {
    const api = new Api({ use: [requestId(), rateLimit({ limit: 10, window: 1 })] });
    api.get("/", { use: [rateLimit({ limit: 1, window: 1 })], errors: [TooManyRequests] }, () => true);
    const { responses: all } = (await api.document()).paths["/"]!["get"]!;
    const refused = all["429"] as ResponseObject;
    expect([refused.description, Object.keys(refused.headers ?? {})]).toEqual([
      "Rate limit exceeded",
      ["Retry-After", "x-request-id", ...NAMES],
    ]);
  });
});
