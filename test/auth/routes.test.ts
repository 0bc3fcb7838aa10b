import { describe, expect, expectTypeOf, test } from "bun:test";
import {
  allowAny,
  any,
  type Backend,
  defineAuth,
  defineGuard,
  hasRole,
  isAuthenticated,
  type Principal,
} from "../../src/auth/index.ts";
import { Api, t, Unauthorized } from "../../src/index.ts";

/** A backend of one header: the ticket is the id, `root` is an admin, `bad` is no good. */
function ticket(name: string, header = `x-${name}`): Backend<Principal<{ via: string }>> {
  return defineAuth({
    name,
    authenticate({ request }) {
      const id = request.headers.get(header);
      if (id === null) return undefined;
      if (id === "bad") return new Unauthorized("Unknown ticket");
      return { id, roles: id === "root" ? ["admin"] : [], claims: { via: name } };
    },
  });
}

const auth = ticket("ticket");
const ask = (api: Api, path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  api.handle(new Request(`http://localhost${path}`, { ...init, headers }));

const api = new Api({ health: false });
const secured = api.with({ auth });
secured.get("/me", ({ user }) => ({ id: user.id, via: user.claims.via }));
secured.get("/open", { guards: [allowAny()] }, ({ user }) => ({ id: user?.id ?? null }));
secured.get("/admin", { guards: [hasRole("admin")] }, ({ user }) => user.id);
secured.get("/public", { auth: [] }, ({ user }) => ({ user: user === undefined }));
secured.get("/other", { auth: ticket("key") }, ({ user }) => user.backend);
secured.get("/either", { auth: [auth, ticket("key")] }, ({ user }) => user.backend);
secured.post("/orders", { body: { n: t.Integer() }, maxBodySize: 100 }, ({ body }) => body);
secured.get(
  "/later",
  { guards: [defineGuard({ name: "slow", check: async (_, user) => user.id === "root" })] },
  () => "in",
);
api.get("/unprotected", ({ user }) => ({ user: user === undefined }));

type Row = readonly [path: string, headers: Record<string, string>, status: number, body: unknown];
const DENIED = { detail: "Permission denied" };
const ANONYMOUS = { detail: "Authentication required" };
const UNKNOWN = { detail: "Unknown ticket" };

const rows: readonly Row[] = [
  ["/me", {}, 401, ANONYMOUS],
  ["/me", { "x-ticket": "ada" }, 200, { id: "ada", via: "ticket" }],
  ["/me", { "x-ticket": "bad" }, 401, UNKNOWN],
  ["/open", {}, 200, { id: null }],
  ["/open", { "x-ticket": "ada" }, 200, { id: "ada" }],
  ["/open", { "x-ticket": "bad" }, 401, UNKNOWN],
  ["/admin", {}, 401, ANONYMOUS],
  ["/admin", { "x-ticket": "ada" }, 403, DENIED],
  ["/admin", { "x-ticket": "root" }, 200, "root"],
  ["/public", {}, 200, { user: true }],
  ["/public", { "x-ticket": "bad" }, 200, { user: true }],
  ["/other", { "x-ticket": "ada" }, 401, ANONYMOUS],
  ["/other", { "x-key": "ada" }, 200, "key"],
  ["/either", {}, 401, ANONYMOUS],
  ["/either", { "x-key": "ada" }, 200, "key"],
  ["/either", { "x-ticket": "ada", "x-key": "bob" }, 200, "ticket"],
  ["/either", { "x-ticket": "bad", "x-key": "bob" }, 200, "key"],
  ["/either", { "x-ticket": "bad" }, 401, UNKNOWN],
  ["/later", { "x-ticket": "ada" }, 403, DENIED],
  ["/later", { "x-ticket": "root" }, 200, "in"],
  ["/unprotected", {}, 200, { user: true }],
];

describe("a protected route", () => {
  test.each(rows)("%s with %j is %d", async (path, headers, status, body) => {
    const response = await ask(api, path, headers);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(typeof body === "string" ? text : JSON.parse(text)).toEqual(body);
  });

  test("names every way in where nothing was presented", async () => {
    const response = await ask(api, "/either");
    expect(response.headers.get("www-authenticate")).toBe("ticket, key");
  });

  test("tells an anonymous caller nothing about its schema", async () => {
    const init = { method: "POST", body: "{not json" };
    const response = await ask(api, "/orders", { "content-type": "application/json" }, init);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(ANONYMOUS);
  });

  test("judges the size of a body before it asks who sends it", async () => {
    const init = { method: "POST", body: JSON.stringify({ n: 1, pad: "x".repeat(200) }) };
    const headers = { "content-type": "application/json", "content-length": String(init.body.length) };
    expect((await ask(api, "/orders", headers, init)).status).toBe(413);
  });

  test("reads its body once the caller is known", async () => {
    const headers = { "content-type": "application/json", "x-ticket": "ada" };
    const response = await ask(api, "/orders", headers, { method: "POST", body: '{"n":7}' });
    expect(await response.json()).toEqual({ n: 7 });
  });

  test("stays synchronous where its backends and guards are", () => {
    expect(ask(api, "/admin", { "x-ticket": "root" })).toBeInstanceOf(Response);
    expect(ask(api, "/later", { "x-ticket": "root" })).toBeInstanceOf(Promise);
  });

  test("says so in its plan", () => {
    const plan = api.compile().plans.find(({ name }) => name === "POST /orders")!;
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["limit", "auth", "body", "handler", "answer"]);
  });
});

test("auth and guards of an api hold for its scopes and for apis mounted in it", async () => {
  const inner = new Api({ health: false });
  inner.get("/x", () => "x");
  const outer = new Api({ auth, guards: [hasRole("admin")], health: false });
  outer.mount("/inner", inner);
  expect((await ask(outer as unknown as Api, "/inner/x")).status).toBe(401);
  expect((await ask(outer as unknown as Api, "/inner/x", { "x-ticket": "ada" })).status).toBe(403);
  expect((await ask(outer as unknown as Api, "/inner/x", { "x-ticket": "root" })).status).toBe(200);
});

test("a guard without anything that could say who calls stops start-up and names the route", () => {
  const broken = new Api();
  broken.get("/x", { guards: [any(isAuthenticated(), hasRole("admin"))] }, () => 1);
  expect(() => broken.compile()).toThrow(
    "GET /x: has the guard any(isAuthenticated, hasRole(admin)), and no auth that could say who calls",
  );
});

test("a backend that cannot start stops start-up and names the route, at once or later", async () => {
  const refusing = (start: () => void | Promise<void>) => {
    const made = new Api();
    made.get("/x", { auth: defineAuth({ name: "keyless", authenticate: () => undefined, start }) }, () => 1);
    return made;
  };
  const now = refusing(() => {
    throw new Error("keyless: no key");
  });
  expect(() => now.compile()).toThrow("GET /x: keyless: no key");
  const later = refusing(async () => {
    throw new Error("keyless: no key");
  });
  await expect(later.listen({ port: 0 })).rejects.toThrow("GET /x: keyless: no key");
  await expect(later.handle(new Request("http://localhost/x")) as Promise<Response>).rejects.toThrow(
    "GET /x: keyless: no key",
  );
});

test("the caller is typed by the backend, and possibly nobody where guards let anybody in", () => {
  secured.get("/t1", ({ user }) => expectTypeOf(user).toEqualTypeOf<Principal<{ via: string }>>());
  secured.get("/t2", { guards: [allowAny()] }, ({ user }) =>
    expectTypeOf(user).toEqualTypeOf<Principal<{ via: string }> | undefined>(),
  );
  secured.get("/t3", { guards: [allowAny(), hasRole("admin")] }, ({ user }) =>
    expectTypeOf(user).toEqualTypeOf<Principal<{ via: string }>>(),
  );
  secured.get("/t4", { auth: [] }, ({ user }) => expectTypeOf(user).toEqualTypeOf<undefined>());
  api.get("/t5", ({ user }) => expectTypeOf(user).toEqualTypeOf<undefined>());
});
