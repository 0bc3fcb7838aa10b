import { describe, expect, spyOn, test } from "bun:test";
import { authRoutes, loginThrottle } from "../../src/accounts/index.ts";
import { revocations, type TokenPair } from "../../src/auth/index.ts";
import { Api, type ApiOptions } from "../../src/api.ts";
import type { AnyRoute } from "../../src/route/index.ts";
import { memoryStore } from "../../src/store/index.ts";
import { findUser, PEOPLE, type Person, send } from "./people.ts";

const secret = "s".repeat(32);
const ada = { username: "ada", password: "correct horse" };

function scene(options: Partial<Parameters<typeof authRoutes<Person>>[0]> = {}, api: ApiOptions = {}) {
  const store = memoryStore();
  const log: unknown[] = [];
  const app = new Api({ ...api, log: (record) => log.push(record) });
  app.add(...authRoutes<Person>({ secret, store, findUser, ...options } as never));
  const login = async () => (await send(app, "/auth/login", ada)).body as TokenPair;
  return { app, store, log, login };
}

function claimsOf({ access_token }: TokenPair): Record<string, unknown> {
  return JSON.parse(Buffer.from(access_token.split(".")[1]!, "base64url").toString()) as Record<string, unknown>;
}

describe("login", () => {
  test("answers a pair of tokens that no cache keeps", async () => {
    const { app } = scene({ expiresIn: 900, issuer: "https://a" });
    const { status, body, headers } = await send(app, "/auth/login", ada);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      token_type: "Bearer",
      expires_in: 900,
      refresh_token: expect.any(String) as string,
      refresh_expires_in: 1_209_600,
    });
    const { iat, exp, jti, sid, ...claims } = claimsOf(body as TokenPair);
    expect(claims).toEqual({ iss: "https://a", sub: "17", roles: ["admin"] });
    expect([typeof iat, typeof exp, typeof jti, typeof sid]).toEqual(["number", "number", "string", "string"]);
  });

  test("puts the claims of your own beside the usual ones", async () => {
    const { app } = scene({ claims: ({ username, id }) => ({ username, sub: `user-${id}`, roles: undefined }) });
    const { body } = await send(app, "/auth/login", ada);
    const { username, sub, roles } = claimsOf(body as TokenPair);
    expect([username, sub, roles]).toEqual(["ada", "user-17", undefined]);
  });

  test.each([
    ["an unknown user", { username: "mallory", password: "correct horse" }],
    ["a wrong password", { username: "ada", password: "battery staple" }],
    ["an account without a password", { username: "carol", password: "correct horse" }],
    ["an account whose password is marked unusable", { username: "dan", password: "!unusable" }],
    ["an account whose hash is broken", { username: "eve", password: "correct horse" }],
  ])("is the same 401 for %s, after one verification", async (_, body) => {
    const verify = spyOn(Bun.password, "verify");
    try {
      const { app, log } = scene();
      const answer = await send(app, "/auth/login", body);
      expect([answer.status, answer.body]).toEqual([401, { detail: "Invalid credentials" }]);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(verify).toHaveBeenCalledTimes(1);
      expect(log).toEqual([]);
    } finally {
      verify.mockRestore();
    }
  });

  test("takes a verifier of your own, whose answer counts for users only", async () => {
    const asked: [string, number | undefined][] = [];
    const { app } = scene({
      verify: (password, user) => {
        asked.push([password, user?.id]);
        return true;
      },
    });
    const statuses = [];
    for (const username of ["carol", "mallory"]) {
      statuses.push((await send(app, "/auth/login", { username, password: "any" })).status);
    }
    expect(statuses).toEqual([200, 401]);
    expect(asked).toEqual([
      ["any", 19],
      ["any", undefined],
    ]);
  });

  test.each([
    ["nothing", {}, ["username", "password"]],
    ["an empty name", { username: "", password: "x" }, ["username"]],
    ["no text", { username: 5, password: ["x"] }, ["username", "password"]],
    ["a password of 1025 characters", { username: "ada", password: "x".repeat(1025) }, ["password"]],
  ])("is 422 for %s, and repeats none of it", async (_, body, fields) => {
    const answer = await send(scene().app, "/auth/login", body);
    const { detail } = answer.body as { detail: { loc: string[] }[] };
    expect([answer.status, detail.map(({ loc }) => loc[1])]).toEqual([422, fields]);
    expect(JSON.stringify(detail)).not.toContain("xxxx");
  });
});

describe("refresh", () => {
  test("trades a token once; a second time ends the login", async () => {
    const { app, login } = scene();
    const first = await login();
    const second = await send(app, "/auth/refresh", { refresh_token: first.refresh_token });
    expect([second.status, second.headers.get("cache-control")]).toEqual([200, "no-store"]);
    for (const refresh_token of [first.refresh_token, (second.body as TokenPair).refresh_token, "nonsense"]) {
      const answer = await send(app, "/auth/refresh", { refresh_token });
      expect([answer.status, answer.body]).toEqual([401, { detail: "Invalid refresh token" }]);
    }
  });

  test("takes what the user has become", async () => {
    let people = PEOPLE;
    const { app, login } = scene({ findUserById: (id) => people.find((one) => String(one.id) === id) });
    const first = await login();
    people = people.map((one) => ({ ...one, roles: ["staff"] }));
    const second = (await send(app, "/auth/refresh", { refresh_token: first.refresh_token })).body as TokenPair;
    expect([claimsOf(first)["roles"], claimsOf(second)["roles"]]).toEqual([["admin"], ["staff"]]);
    people = [];
    expect((await send(app, "/auth/refresh", { refresh_token: second.refresh_token })).status).toBe(401);
  });

  test("of 100 at once answers one", async () => {
    const { app, login } = scene();
    const { refresh_token } = await login();
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(app, "/auth/refresh", { refresh_token })));
    const won = answers.filter(({ status }) => status === 200);
    expect([won.length, answers.filter(({ status }) => status === 401).length]).toEqual([1, 99]);
    const next = (won[0]!.body as TokenPair).refresh_token;
    expect((await send(app, "/auth/refresh", { refresh_token: next })).status).toBe(401);
  });
});

describe("logout", () => {
  test("ends this login, its access token included, and is 204 whatever comes", async () => {
    const { app, store, login } = scene();
    const [mine, other] = [await login(), await login()];
    for (const refresh_token of [mine.refresh_token, mine.refresh_token, "nonsense"]) {
      const answer = await send(app, "/auth/logout", { refresh_token });
      expect([answer.status, answer.body]).toEqual([204, undefined]);
    }
    expect((await send(app, "/auth/refresh", { refresh_token: mine.refresh_token })).status).toBe(401);
    expect((await send(app, "/auth/refresh", { refresh_token: other.refresh_token })).status).toBe(200);
    const revoked = revocations(store);
    expect([revoked.isRevoked(claimsOf(mine)), revoked.isRevoked(claimsOf(other))]).toEqual([true, false]);
  });

  test("logout-all ends every login of the user, and of nobody without a good token", async () => {
    const { app, store, login } = scene();
    const pairs = [await login(), await login()];
    const bob = (await send(app, "/auth/login", { username: "bob", password: "battery staple" })).body as TokenPair;
    expect((await send(app, "/auth/logout-all", { refresh_token: "x".repeat(43) })).status).toBe(401);
    expect((await send(app, "/auth/logout-all", { refresh_token: pairs[0]!.refresh_token })).status).toBe(204);
    for (const pair of pairs) {
      expect((await send(app, "/auth/refresh", { refresh_token: pair.refresh_token })).status).toBe(401);
      expect(revocations(store).isRevoked(claimsOf(pair))).toBe(true);
    }
    expect((await send(app, "/auth/refresh", { refresh_token: bob.refresh_token })).status).toBe(200);
  });
});

describe("the routes", () => {
  const routes = authRoutes({ prefix: "/v1/account", secret, store: memoryStore(), findUser });

  test("have names, a prefix and a document", () => {
    expect(
      [...routes].map(({ methods, path, contract }: AnyRoute) => [methods[0], path, contract.tags, contract.status]),
    ).toEqual([
      ["POST", "/v1/account/login", ["auth"], undefined],
      ["POST", "/v1/account/refresh", ["auth"], undefined],
      ["POST", "/v1/account/logout", ["auth"], 204],
      ["POST", "/v1/account/logout-all", ["auth"], 204],
    ]);
    const path: "/v1/account/logout-all" = routes.logoutAll.path;
    expect(path).toBe("/v1/account/logout-all");
  });

  test("stop at once where the key cannot sign", () => {
    expect(() => authRoutes({ secret: "", store: memoryStore(), findUser })).toThrow("the secret is empty");
    expect(() => authRoutes({ key: "no key", algorithm: "ES256", store: memoryStore(), findUser })).toThrow(
      "the key is no private key for ES256",
    );
  });
});

test("no credential reaches the log, an error or the debug page", async () => {
  const store = memoryStore();
  const failing = { ...store, set: () => Promise.reject(new Error("the store is gone")) };
  const { app, log } = scene({ store: failing }, { debug: true });
  const shown = [];
  for (const accept of ["text/html", "application/json"]) {
    const response = await app.handle(
      new Request("http://a/auth/login", {
        method: "POST",
        headers: { "content-type": "application/json", accept },
        body: JSON.stringify(ada),
      }),
    );
    expect(response.status).toBe(500);
    shown.push(await response.text());
  }
  expect(log).toHaveLength(2);
  for (const text of [...shown, Bun.inspect(log, { depth: 9 })]) {
    expect(text).toContain("the store is gone");
    for (const credential of [ada.password, secret, PEOPLE[0]!.password!]) expect(text).not.toContain(credential);
  }
});

describe("guessing is slowed down", () => {
  const wrong = { username: "ada", password: "wrong" };

  test("per account, known or not, and the right password must wait as well", async () => {
    for (const username of ["ada", "mallory"]) {
      const { app } = scene({
        throttle: loginThrottle({ store: memoryStore(), attempts: 3, now: () => 900_000 * 7 + 60_500 }),
      });
      const statuses = [];
      for (let at = 0; at < 4; at++) statuses.push((await send(app, "/auth/login", { ...wrong, username })).status);
      expect(statuses).toEqual([401, 401, 401, 429]);
      const answer = await send(app, "/auth/login", { ...ada, username });
      expect([answer.status, answer.body, answer.headers.get("retry-after")]).toEqual([
        429,
        { detail: "Too many attempts to log in" },
        "840",
      ]);
    }
  });

  test("by a throttle of your own", async () => {
    const seen: unknown[] = [];
    const throttle = {
      attempt: (attempt: unknown) => (seen.push(["attempt", attempt]), 0),
      succeed: (attempt: unknown) => void seen.push(["succeed", attempt]),
    };
    const { app } = scene({ throttle });
    await send(app, "/auth/login", wrong);
    await send(app, "/auth/login", ada);
    const attempt = { account: "ada", address: undefined };
    expect(seen).toEqual([
      ["attempt", attempt],
      ["attempt", attempt],
      ["succeed", attempt],
    ]);
  });
});
