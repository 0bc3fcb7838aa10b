import { describe, expect, test } from "bun:test";
import { sessionRoutes, type SessionRoutesOptions } from "../../src/accounts/index.ts";
import { revocations, session } from "../../src/auth/index.ts";
import { Api } from "../../src/api.ts";
import { memoryStore } from "../../src/store/index.ts";
import { findUser, type Person, send } from "./people.ts";

const ada = { username: "ada", password: "correct horse" };
const own = { "sec-fetch-site": "same-origin" };

function scene(options: Partial<SessionRoutesOptions<Person, "/auth">> = {}) {
  const store = memoryStore();
  const revocation = revocations(store);
  const sessions = session({ store, revocation });
  const api = new Api();
  api.add(...sessionRoutes({ session: sessions, revocation, findUser, ...options }));
  api.get("/me", { use: [sessions.middleware] }, async (ctx) => {
    const found = await sessions.authenticate(ctx);
    return found instanceof Error
      ? found
      : { id: found?.id ?? null, roles: [...(found?.roles ?? [])], claims: found?.claims };
  });
  const me = async (cookie: string) => {
    const response = await api.handle(new Request("http://a/me", { headers: { cookie } }));
    return response.status === 200 ? ((await response.json()) as unknown) : response.status;
  };
  const login = async (body: unknown = ada) => {
    const { status, headers } = await send(api, "/auth/login", body, own);
    expect(status).toBe(204);
    return headers.getSetCookie()[0]!.split(";", 1)[0]!;
  };
  return { api, me, login };
}

test("login begins a session", async () => {
  const { me, login } = scene({ claims: ({ username }) => ({ username }) });
  expect(await me(await login())).toEqual({
    id: "17",
    roles: ["admin"],
    claims: { username: "ada", roles: ["admin"], permissions: [] },
  });
});

test("an unknown user and a wrong password get the same 401 and no session", async () => {
  const { api } = scene();
  for (const body of [
    { ...ada, username: "mallory" },
    { ...ada, password: "wrong" },
  ]) {
    const { status, body: answer, headers } = await send(api, "/auth/login", body, own);
    expect([status, answer, headers.getSetCookie()]).toEqual([401, { detail: "Invalid credentials" }, []]);
  }
});

test("logout ends the session and takes the cookie away", async () => {
  const { api, me, login } = scene();
  const cookie = await login();
  const { status, headers } = await send(api, "/auth/logout", undefined, { ...own, cookie });
  expect([status, headers.getSetCookie()[0]]).toEqual([
    204,
    "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax",
  ]);
  expect(await me(cookie)).toBe(401);
  expect((await send(api, "/auth/logout", undefined, own)).status).toBe(204);
});

test("logout-all ends every session of the user, and is 401 for nobody", async () => {
  const { api, me, login } = scene();
  const [one, two] = [await login(), await login()];
  const bob = await login({ username: "bob", password: "battery staple" });
  expect((await send(api, "/auth/logout-all", undefined, own)).status).toBe(401);
  expect((await send(api, "/auth/logout-all", undefined, { ...own, cookie: "sid=nonsense" })).status).toBe(401);
  expect((await send(api, "/auth/logout-all", undefined, { ...own, cookie: one })).status).toBe(204);
  expect([await me(one), await me(two)]).toEqual([401, 401]);
  expect(await me(bob)).toMatchObject({ id: "18" });
});

describe("another site", () => {
  test.each(["login", "logout", "logout-all"])("cannot %s", async (path) => {
    const { api, me, login } = scene();
    const cookie = await login();
    const foreign = { "sec-fetch-site": "cross-site", cookie };
    expect((await send(api, `/auth/${path}`, path === "login" ? ada : undefined, foreign)).status).toBe(403);
    expect(await me(cookie)).toMatchObject({ id: "17" });
  });
});
