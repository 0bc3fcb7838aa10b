import { describe, expect, test } from "bun:test";
import { defineAuth, type Principal } from "../../src/auth/index.ts";
import { Unauthorized } from "../../src/http/index.ts";
import { contextOf } from "../middleware/context.ts";

const ctx = contextOf(new Request("http://a/", { headers: { "x-ticket": "42" } }));

test("a backend of one's own reads the request, and answers at once where it can", () => {
  const backend = defineAuth({
    name: "ticket",
    authenticate({ request }) {
      const ticket = request.headers.get("x-ticket");
      return ticket === null ? undefined : { id: Number(ticket), roles: ["guest"], claims: { seat: "4A" } };
    },
  });
  const { id, backend: by, roles, permissions, claims, user } = backend.authenticate(ctx) as Principal;
  expect({ id, by, roles: [...roles], permissions: [...permissions], claims, user }).toEqual({
    id: "42",
    by: "ticket",
    roles: ["guest"],
    permissions: [],
    claims: { seat: "4A" },
    user: undefined,
  });
  expect(backend.authenticate(contextOf(new Request("http://a/")))).toBe(undefined);
  expect({ scheme: backend.scheme, challenge: backend.challenge }).toEqual({
    scheme: { type: "http", scheme: "ticket" },
    challenge: "ticket",
  });
});

test("it may wait, find nobody, and load the user once", async () => {
  const loads: string[] = [];
  const backend = defineAuth({
    name: "slow",
    authenticate: async ({ request }) => (request.headers.has("x-ticket") ? { id: "7", claims: { seat: 1 } } : null),
    loadUser: (id, { seat }) => {
      loads.push(`${id} at ${seat}`);
      return { name: "Zoë" };
    },
  });
  expect(await backend.authenticate(contextOf(new Request("http://a/")))).toBe(undefined);
  const principal = (await backend.authenticate(ctx)) as Principal<{ seat: number }, { name: string }>;
  expect([await principal.user, await principal.user, loads]).toEqual([{ name: "Zoë" }, { name: "Zoë" }, ["7 at 1"]]);
});

describe("what is no good", () => {
  const refusing = (error: Unauthorized, challenge?: string) =>
    defineAuth({
      name: "ticket",
      authenticate: () => error,
      ...(challenge === undefined ? {} : { challenge }),
    }).authenticate(ctx) as Unauthorized;

  test("is 401 with the challenge", () => {
    expect(refusing(new Unauthorized("Unknown ticket")).headers).toEqual({ "www-authenticate": "ticket" });
    const error = refusing(
      new Unauthorized("Unknown ticket", { headers: { "x-hint": "1" }, extra: 1 }),
      'Ticket realm="a"',
    );
    expect({ detail: error.detail, extra: error.extra, headers: error.headers }).toEqual({
      detail: "Unknown ticket",
      extra: 1,
      headers: { "x-hint": "1", "www-authenticate": 'Ticket realm="a"' },
    });
  });

  test("keeps a challenge and a class of its own", () => {
    const own = new Unauthorized("No", { headers: { "WWW-Authenticate": "Negotiate" } });
    expect(refusing(own)).toBe(own);
    class Stale extends Unauthorized {}
    const stale = new Stale("Old");
    expect(refusing(stale)).toBe(stale);
  });

  test.each([[{}], [{ id: "" }], [{ id: null }], [{ id: {} }], [{ user: { id: 1 } }]])(
    "%j is nobody: an error, not a guest",
    (found) => {
      const backend = defineAuth({ name: "ticket", authenticate: () => found as never });
      expect(() => backend.authenticate(ctx)).toThrow("ticket: authenticate gave no id");
    },
  );
});

test("its name begins the challenge, or a challenge is given", () => {
  expect(() => defineAuth({ name: "my ticket", authenticate: () => undefined })).toThrow("cannot be a challenge");
  expect(() => defineAuth({ name: "", authenticate: () => undefined })).toThrow("cannot be a challenge");
  expect(defineAuth({ name: "my ticket", challenge: "Ticket", authenticate: () => undefined }).challenge).toBe(
    "Ticket",
  );
});

test("it is told when the program starts", async () => {
  const told: unknown[] = [];
  const backend = defineAuth({
    name: "a",
    authenticate: () => undefined,
    start: ({ production }) => void told.push(production),
  });
  await backend.start?.({ production: true, warn: () => {} });
  expect(told).toEqual([true]);
  expect("start" in defineAuth({ name: "a", authenticate: () => undefined })).toBe(false);
});
