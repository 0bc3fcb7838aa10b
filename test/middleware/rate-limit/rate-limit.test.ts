import { describe, expect, test } from "bun:test";
import {
  allowAny,
  Api,
  apiKey,
  type ApiOptions,
  hashApiKey,
  json,
  type LimitStore,
  memoryLimits,
  middleware,
  rateLimit,
  type RateLimitKey,
  type RateLimitOptions,
  t,
  TooManyRequests,
} from "bolide";
import { clock } from "../../store/stores.ts";

/** An api whose clock stands still: `limit` requests a minute of `/`. */
function limited(options: Partial<RateLimitOptions> = {}, more: ApiOptions = {}) {
  const { now, pass } = clock();
  const api = new Api({
    ...more,
    use: [rateLimit({ limit: 2, window: 60, store: memoryLimits({ now }), ...options }), ...(more.use ?? [])],
  });
  api.get("/", () => "hello");
  return { api, pass };
}

interface Sent {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly ip?: string;
}

/** Status, and what the headers say: limit, remaining, reset, and when to ask again. */
async function ask(api: Api, { path = "/", headers = {}, ip = "203.0.113.9" }: Sent = {}): Promise<string> {
  const response = await api.handle(new Request(`http://localhost${path}`, { headers }), serverOf(ip));
  const told = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"].map((name) =>
    response.headers.get(name),
  );
  return [response.status, ...told.filter((value) => value !== null)].join(" ");
}

const serverOf = (address: string) => ({ requestIP: () => ({ address, family: "IPv4", port: 1 }) }) as never;

describe("a limit", () => {
  test("tells how much is left, and refuses what is more", async () => {
    const { api, pass } = limited();
    expect(await ask(api)).toBe("200 2 1 30");
    expect(await ask(api)).toBe("200 2 0 60");
    expect(await ask(api)).toBe("429 2 0 60 30");
    pass(29_000);
    expect(await ask(api)).toBe("429 2 0 31 1");
    pass(1000);
    expect(await ask(api)).toBe("200 2 0 60");
    pass(3_600_000);
    expect(await ask(api)).toBe("200 2 1 30");
  });

  test.each([
    ["detail", "application/json", { detail: "Rate limit exceeded", retry_after: 30 }],
    [
      "problem",
      "application/problem+json",
      { type: "about:blank", title: "Too Many Requests", status: 429, detail: "Rate limit exceeded", retry_after: 30 },
    ],
  ] as const)("refuses in the format %s", async (errors, type, body) => {
    const { api } = limited({ limit: 1, window: 30 }, { errors });
    await ask(api);
    const response = await api.handle(new Request("http://localhost/"), serverOf("203.0.113.9"));
    expect([response.headers.get("content-type"), response.headers.get("retry-after")]).toEqual([type, "30"]);
    expect(await response.json()).toEqual(body);
  });

  test("asks for a second at least", async () => {
    const { api } = limited({ limit: 100, window: 1, burst: 1 });
    expect(await ask(api)).toBe("200 1 0 1");
    expect(await ask(api)).toBe("429 1 0 1 1");
  });

  test("has a burst of its own", async () => {
    const { api, pass } = limited({ limit: 60, burst: 2 });
    expect([await ask(api), await ask(api), await ask(api)]).toEqual(["200 2 1 1", "200 2 0 2", "429 2 0 2 1"]);
    pass(1000);
    expect(await ask(api)).toBe("200 2 0 2");
  });

  test("counts errors and unknown paths, and is on their answers", async () => {
    const { api } = limited({ limit: 5, window: 50 });
    api.get("/broken", () => new Response("no", { status: 500 }));
    api.get("/read", { query: { n: t.Integer() } }, () => "read");
    expect(await ask(api, { path: "/broken" })).toBe("500 5 4 10");
    expect(await ask(api, { path: "/read?n=x" })).toBe("422 5 3 20");
    expect(await ask(api, { path: "/nowhere" })).toBe("404 5 2 30");
    expect(await ask(api, { path: "/health" })).toBe("200 5 1 40");
  });

  test("is not on a route that skips it", async () => {
    const { api } = limited();
    api.get("/free", { skip: ["rateLimit"] }, () => "free");
    expect(await ask(api, { path: "/free" })).toBe("200");
    expect(await ask(api)).toBe("200 2 1 30");
  });

  test("does not count what its own function lets through", async () => {
    const { api } = limited({ skip: ({ path }) => path === "/health" });
    expect(await ask(api, { path: "/health" })).toBe("200");
    expect(await ask(api)).toBe("200 2 1 30");
  });

  test("can be answered for by the api", async () => {
    const { api } = limited(
      {},
      { onError: [[TooManyRequests, (error: TooManyRequests) => json(error.members, { status: 503 })]] },
    );
    await ask(api);
    await ask(api);
    const response = await api.handle(new Request("http://localhost/"), serverOf("203.0.113.9"));
    expect([response.status, response.headers.get("ratelimit-remaining")]).toEqual([503, "0"]);
    expect(await response.json()).toEqual({ retry_after: 30 });
  });

  test("keeps a synchronous route synchronous", () => {
    const { api } = limited();
    expect(api.handle(new Request("http://localhost/"))).toBeInstanceOf(Response);
  });

  test("is one wherever it is used; another one is another", async () => {
    const { now } = clock();
    const make = () => rateLimit({ limit: 1, window: 60, store: memoryLimits({ now }) });
    const shared = make();
    const api = new Api();
    api.get("/a", { use: [shared] }, () => "a");
    api.get("/b", { use: [shared] }, () => "b");
    api.get("/c", { use: [make()] }, () => "c");
    const all = [await ask(api, { path: "/a" }), await ask(api, { path: "/b" }), await ask(api, { path: "/c" })];
    expect(all).toEqual(["200 1 0 60", "429 1 0 60 60", "200 1 0 60"]);
  });

  test("of several says what the tightest says", async () => {
    const { now, pass } = clock();
    const store = memoryLimits({ now });
    const api = new Api({ use: [rateLimit({ limit: 100, window: 3600, store })] });
    const scope = api.with({ use: [rateLimit({ limit: 2, window: 10, store })] });
    scope.get("/", () => "hello");
    api.get("/outer", () => "outer");
    expect(await ask(api)).toBe("200 2 1 5");
    expect(await ask(api)).toBe("200 2 0 10");
    expect(await ask(api)).toBe("429 2 0 10 5");
    expect(await ask(api, { path: "/outer" })).toBe("200 100 96 144");
    pass(10_000);
    expect(await ask(api)).toBe("200 2 1 5");
  });
});

test("of limits that leave as much, the one speaks that takes longer to give it back", async () => {
  const { now } = clock();
  const store = memoryLimits({ now });
  const minute = rateLimit({ limit: 1, window: 60, store });
  const hour = rateLimit({ limit: 1, window: 3600, store });
  for (const use of [
    [minute, hour],
    [hour, minute],
  ]) {
    const api = new Api({ use });
    api.get("/", () => "hello");
    expect(await ask(api, { ip: `192.0.2.${use.indexOf(hour)}` })).toBe("200 1 0 3600");
  }
});

test("the outermost limit that counts a request writes what all of them say, whatever is answered inside it", async () => {
  const { now } = clock();
  const store = memoryLimits({ now });
  const make = (limit: number) => rateLimit({ limit, window: 60, store, skip: ({ path }) => path === `/${limit}` });
  const replace = middleware({ name: "replace", after: () => new Response("replaced") });
  const api = new Api({ use: [make(6), replace, make(3)] });
  api.get("/", () => "hello");
  api.get("/3", () => "three");
  const inner = new Api({ use: [make(6), make(3)] });
  inner.get("/6", () => "six");
  expect(await ask(api)).toBe("200 3 2 20");
  expect(await ask(api, { path: "/3" })).toBe("200 6 4 20");
  expect(await ask(inner, { path: "/6" })).toBe("200 3 2 20");
});

test("however many limits ask for it, the server is asked for the address once", async () => {
  const { now } = clock();
  const store = memoryLimits({ now });
  let asked = 0;
  const server = { requestIP: () => ({ address: `192.0.2.${++asked}`, family: "IPv4", port: 1 }) } as never;
  const api = new Api({ use: [1, 2, 3].map((limit) => rateLimit({ limit, window: 60, store })) });
  api.get("/", ({ ip }) => ip);
  const response = await api.handle(new Request("http://localhost/"), server);
  expect([await response.text(), asked]).toEqual(["192.0.2.1", 1]);
});

describe("whom a limit counts:", () => {
  const attempts = async (key: RateLimitKey, sent: readonly Sent[]): Promise<readonly string[]> => {
    const { api } = limited({ limit: 1, key }, { trustProxy: 1 });
    const all = [];
    for (const one of sent) all.push((await ask(api, one)).slice(0, 3));
    return all;
  };
  const addresses: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["an IPv4 address", ["192.0.2.1", "192.0.2.1", "192.0.2.2"], ["200", "429", "200"]],
    [
      "an IPv4 address that is written as IPv6",
      ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201"],
      ["200", "429", "429"],
    ],
    ["two of them", ["::ffff:192.0.2.1", "::ffff:192.0.2.2", "0:0:0:0:0:ffff:c000:202"], ["200", "200", "429"]],
    ["a network of IPv6", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:3::1"], ["200", "429", "200"]],
    ["a network with zeros", ["2001:db8::1", "2001:db8:0:0:1::", "2001:db8:0:1::"], ["200", "429", "200"]],
    [
      "a network however it is written",
      ["2001:DB8:0:0a::1", "2001:db8::a:0:0:0:2", "2001:0db8:0000:000a::"],
      ["200", "429", "429"],
    ],
    ["this machine", ["::1", "::1", "127.0.0.1"], ["200", "429", "200"]],
    ["a link", ["fe80::1%eth0", "fe80::2%eth1", "fe80:0:0:1::1"], ["200", "429", "200"]],
  ];
  test.each(addresses)("%s", async (_, ips, expected) => {
    expect(
      await attempts(
        "address",
        ips.map((ip) => ({ ip })),
      ),
    ).toEqual(expected);
  });

  test("the address that trusted proxies tell, and no other", async () => {
    const through = (address: string): Sent => ({ headers: { "x-forwarded-for": address } });
    const sent = [through("192.0.2.1"), through("192.0.2.1"), through("192.0.2.2"), through("192.0.2.9, 192.0.2.2")];
    expect(await attempts("address", sent)).toEqual(["200", "429", "200", "429"]);
    const { api } = limited({ limit: 1 });
    expect(await ask(api, through("192.0.2.1"))).toBe("200 1 0 60");
    expect(await ask(api, through("192.0.2.2"))).toBe("429 1 0 60 60");
  });

  test("all without an address as one", async () => {
    const { api } = limited({ limit: 1 });
    const both = [1, 2].map(async () => (await api.handle(new Request("http://localhost/"))).status);
    expect(await Promise.all(both)).toEqual([200, 429]);
  });

  test("a header, and by address those who have not sent it", async () => {
    const of = (tenant: string): Sent => ({ headers: { "x-tenant": tenant } });
    const sent = [of("a"), of("b"), of("a"), {}, {}, { ip: "192.0.2.1" }, of("203.0.113.9")];
    expect(await attempts({ header: "X-Tenant" }, sent)).toEqual(["200", "200", "429", "200", "429", "200", "200"]);
  });

  test("what a function says, unless it says nothing", async () => {
    const sent = ["/?q=a", "/?q=b", "/?q=a", "/", "/"].map((path) => ({ path }));
    const key: RateLimitKey = ({ url }) => url.searchParams.get("q") ?? undefined;
    expect(await attempts(key, sent)).toEqual(["200", "200", "429", "200", "200"]);
  });

  const notKeys: readonly (readonly [string, unknown, string])[] = [
    ["promise", Promise.resolve("a"), "a promise"],
    ["number", 7, "number"],
    ["object", { id: 7 }, "object"],
    ["null", null, "object"],
  ];
  test.each(notKeys)("nobody by a function's %s: everybody would be one", async (_, returned, told) => {
    const logs: unknown[] = [];
    const log: ApiOptions["log"] = ({ message }) => logs.push(message);
    const { api } = limited({ key: () => returned as never }, { log });
    expect([await ask(api), logs]).toEqual([
      "500",
      [`TypeError: rateLimit: a key is a string or undefined, not ${told}`],
    ]);
  });

  test.each([["ip"], [{}], [{ header: "" }], [{ header: "a b" }], [{ user: "id" }], [null], [7]])(
    "%j is no key",
    (key) => {
      expect(() => rateLimit({ limit: 1, window: 1, key: key as never })).toThrow(
        new TypeError(`rateLimit: ${JSON.stringify(key)} is no key: use "address", "user", { header } or a function`),
      );
    },
  );
});

describe("a limit by user", () => {
  const auth = apiKey({
    keys: [
      { id: "ada", hash: hashApiKey("key-of-ada") },
      { id: "grace", hash: hashApiKey("key-of-grace") },
    ],
  });
  const by = (key: string, ip = "203.0.113.9"): Sent => ({ headers: { "x-api-key": key }, ip });
  const make = (key: RateLimitKey) => {
    const { now } = clock();
    const api = new Api({ use: [rateLimit({ limit: 1, window: 60, key, store: memoryLimits({ now }) })] });
    api.get("/", { auth }, ({ user }) => user.id);
    api.get("/open", { auth, guards: [allowAny()] }, () => "open");
    return api;
  };

  test("counts each user, wherever the request comes from", async () => {
    const api = make("user");
    expect(await ask(api, by("key-of-ada"))).toBe("200 1 0 60");
    expect(await ask(api, by("key-of-ada", "192.0.2.1"))).toBe("429 1 0 60 60");
    expect(await ask(api, by("key-of-grace"))).toBe("200 1 0 60");
  });

  test("runs after auth: who is refused there is not counted", async () => {
    const api = make("user");
    expect([await ask(api, by("wrong")), await ask(api)]).toEqual(["401", "401"]);
    expect(await ask(api, by("key-of-ada"))).toBe("200 1 0 60");
  });

  test("counts by address who has not said who it is", async () => {
    const api = make("user");
    const open = (sent: Sent): Promise<string> => ask(api, { ...sent, path: "/open" });
    expect([await open({}), await open({}), await open({ ip: "192.0.2.1" })]).toEqual([
      "200 1 0 60",
      "429 1 0 60 60",
      "200 1 0 60",
    ]);
    expect(await open(by("key-of-ada"))).toBe("200 1 0 60");
    expect(await ask(api, { path: "/nowhere", ip: "192.0.2.2" })).toBe("404 1 0 60");
  });

  test("counts by what a function says of the user", async () => {
    const api = make({ user: ({ id }) => (id === "ada" ? undefined : "team") });
    expect([await ask(api, by("key-of-ada")), await ask(api, by("key-of-ada"))]).toEqual(["200", "200"]);
    expect([await ask(api, by("key-of-grace")), await ask(api, by("key-of-grace"))]).toEqual([
      "200 1 0 60",
      "429 1 0 60 60",
    ]);
  });

  test("counts by address a user who has no name", async () => {
    const api = make({ user: () => "" });
    expect(await ask(api, by("key-of-ada"))).toBe("200 1 0 60");
    expect(await ask(api, by("key-of-grace"))).toBe("429 1 0 60 60");
    expect(await ask(api, by("key-of-grace", "192.0.2.1"))).toBe("200 1 0 60");
  });

  test("stands behind auth in the plan, and others before it", () => {
    const api = new Api({ use: [rateLimit({ limit: 1, window: 1, key: "user" }), rateLimit({ limit: 9, window: 1 })] });
    api.get("/", { auth }, () => "");
    const [plan] = api.compile().plans;
    expect(plan!.steps.map(({ kind }) => kind)).toEqual(["middleware", "auth", "middleware", "handler", "answer"]);
  });
});

describe("the store of a limit", () => {
  test("is asked for once, with the place of the limit, and not before a request", async () => {
    const opened: unknown[] = [];
    const store: LimitStore = {
      name: "own",
      open: ({ rate, name, place }) => {
        opened.push({ rate, name, place });
        return { take: async () => ({ passed: true, ahead: 10_000 }) };
      },
    };
    const api = new Api({ use: [rateLimit({ limit: 6, window: 60, burst: 3, store })] });
    api.get("/users/:id", () => "user");
    api.compile();
    expect(opened).toEqual([]);
    expect(await ask(api, { path: "/users/7" })).toBe("200 3 2 10");
    expect(await ask(api, { path: "/users/8" })).toBe("200 3 2 10");
    expect(opened).toEqual([
      { rate: { limit: 6, window: 60_000, burst: 3 }, name: undefined, place: "API GET /users/:id 0" },
    ]);
  });

  test("is told a place of its own for limits that are on no route", async () => {
    const places: string[] = [];
    const store: LimitStore = {
      name: "own",
      open: ({ place }) => {
        places.push(place);
        return { take: () => ({ passed: true, ahead: 1 }) };
      },
    };
    const make = () => rateLimit({ limit: 6, window: 60, store });
    const api = new Api({ title: "Shop", health: false, openapi: false, use: [make()] });
    api.mount("/old", () => new Response("old"));
    const scope = api.with({ prefix: "/new", use: [make()] });
    scope.get("/", { skip: ["rateLimit"] }, () => "new");
    await ask(api, { path: "/old/page" });
    await ask(api, { path: "/new/nowhere" });
    expect(places).toEqual(["Shop /* 0", "Shop /new/* 1"]);
  });

  test("is told what tells programs apart: the title, and the file that is served", async () => {
    const places: string[] = [];
    const store: LimitStore = {
      name: "own",
      open: ({ place }) => {
        places.push(place);
        return { take: () => ({ passed: true, ahead: 1 }) };
      },
    };
    for (const title of ["Shop", "Office"]) {
      const api = new Api({ title, use: [rateLimit({ limit: 6, window: 60, store })] });
      api.get("/", () => "hello");
      const { dispatch } = api.compile({ program: "src/api.ts" });
      await dispatch(new Request("http://localhost/"), undefined);
    }
    expect(places).toEqual(["src/api.ts Shop GET / 0", "src/api.ts Office GET / 0"]);
  });

  test("that fails is a 503, and is told of", async () => {
    const logs: unknown[] = [];
    const store: LimitStore = { name: "own", open: () => ({ take: () => Promise.reject(new Error("gone")) }) };
    const api = new Api({
      log: ({ message, error }) => logs.push([message, ((error as Error).cause as Error).message]),
      use: [rateLimit({ limit: 1, window: 1, store })],
    });
    api.get("/", () => "hello");
    expect(await ask(api)).toBe("503");
    expect(logs).toEqual([["ServiceUnavailable: Service Unavailable", "gone"]]);
  });

  test("is refused where it is none", () => {
    expect(() => rateLimit({ limit: 1, window: 1, store: "sqlite" as never })).toThrow(
      new TypeError('rateLimit: "sqlite" is no store: use "shared", "memory" or redisLimits(…)'),
    );
  });
});
