import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Forbidden, Unauthorized, type RequestContext } from "../../src/http/index.ts";
import { revocations } from "../../src/auth/revocation.ts";
import { session, type SessionBackend, type SessionOptions } from "../../src/auth/session.ts";
import { memoryStore, type Store } from "../../src/store/index.ts";
import { contextOf } from "../middleware/context.ts";
import { clock, STANDS } from "../store/stores.ts";

/** What a handler does with the context, what it answers, and what the client has in its jar afterwards. */
type Handle = (ctx: RequestContext) => unknown;

/** A browser of one session: it keeps the cookie. */
class Visitor {
  readonly backend: SessionBackend;
  cookie: string | undefined;

  constructor(backend: SessionBackend, cookie?: string) {
    this.backend = backend;
    this.cookie = cookie;
  }

  /** One request through the backend's middleware and authentication, and its answer. */
  async visit(handle: Handle = () => undefined, status = 200): Promise<Visited> {
    const headers = this.cookie === undefined ? {} : { cookie: this.cookie };
    const ctx = contextOf(new Request("http://a/", { headers }));
    this.backend.middleware.before(ctx);
    const found = await this.backend.authenticate(ctx);
    const told = found instanceof Unauthorized ? undefined : await handle(ctx);
    const response = new Response(null, { status: found instanceof Unauthorized ? 401 : status });
    await this.backend.middleware.after(ctx, response);
    const set = response.headers.getSetCookie();
    for (const one of set) this.cookie = one.includes("Max-Age=0") ? undefined : one.split(";", 1)[0]!;
    return { ctx, found, told, response, set };
  }
}

interface Visited {
  readonly ctx: RequestContext;
  readonly found: unknown;
  readonly told: unknown;
  readonly response: Response;
  readonly set: readonly string[];
}

/** A session backend, a visitor and the writes to its store. */
function scene(options: Partial<SessionOptions> & { readonly store?: Store } = {}) {
  const writes: string[] = [];
  const inner = options.store ?? memoryStore(options.now === undefined ? {} : { now: options.now });
  const store: Store = {
    ...inner,
    set: (key, value, ttl) => (writes.push("set"), inner.set(key, value, ttl)),
    swap: (key, expected, value, ttl) => (writes.push("swap"), inner.swap(key, expected, value, ttl)),
    delete: (key) => (writes.push("delete"), inner.delete(key)),
  };
  const backend = session({ ...options, store });
  return { backend, store: inner, visitor: new Visitor(backend), writes };
}

const SID = /^sid=([\w-]{43}); Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/;

describe.each(STANDS)("sessions in the %s store", (name, open) => {
  let stand: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => void (stand = await open()));
  afterAll(() => stand.end());
  const begin = () => scene({ store: stand.store });

  test("a visitor without one gets none, and costs the store nothing", async () => {
    const { visitor, writes } = begin();
    const { found, set, response } = await visitor.visit();
    expect([found, set, writes]).toEqual([undefined, [], []]);
    expect(response.headers.get("vary")).toBe("cookie");
  });

  test("what is set is there at the next visit, and only in this one's session", async () => {
    const { backend, visitor, writes } = begin();
    const { set, response } = await visitor.visit((ctx) => backend.of(ctx).set("cart", [{ id: 17, count: 4 }]));
    expect(set).toEqual([expect.stringMatching(SID) as string]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await visitor.visit((ctx) => backend.of(ctx).get("cart"))).told).toEqual([{ id: 17, count: 4 }]);
    expect((await new Visitor(backend).visit((ctx) => backend.of(ctx).get("cart"))).told).toBeUndefined();
    expect(writes).toEqual(["set"]);
  });

  test("login gives a principal, a new id, and keeps what was there", async () => {
    const { backend, visitor } = begin();
    await visitor.visit((ctx) => backend.of(ctx).set("cart", 1));
    const anonymous = visitor.cookie!;
    await visitor.visit((ctx) =>
      backend.login(ctx, { id: 17, roles: ["admin"], permissions: new Set(["read"]), claims: { plan: "pro" } }),
    );
    expect(visitor.cookie).not.toBe(anonymous);
    const { found, told } = await visitor.visit((ctx) => backend.of(ctx).get("cart"));
    expect(found).toMatchObject({ id: "17", backend: "session", claims: { plan: "pro", roles: ["admin"] } });
    const principal = found as { roles: ReadonlySet<string>; permissions: ReadonlySet<string> };
    expect([[...principal.roles], [...principal.permissions], told]).toEqual([["admin"], ["read"], 1]);
    expect((await new Visitor(backend, anonymous).visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("logout ends it at once, and takes the cookie away", async () => {
    const { backend, visitor } = begin();
    await visitor.visit((ctx) => backend.login(ctx, { id: "17" }));
    const { cookie } = visitor;
    const { set } = await visitor.visit((ctx) => backend.logout(ctx));
    expect(set).toEqual(["sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax"]);
    expect((await visitor.visit()).found).toBeUndefined();
    expect((await new Visitor(backend, cookie).visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("a request that began before the logout does not bring it back", async () => {
    const { backend, visitor } = begin();
    for (const act of [
      (ctx: RequestContext) => backend.of(ctx).set("a", 1),
      (ctx: RequestContext) => backend.of(ctx).cycle(),
    ]) {
      await visitor.visit((ctx) => backend.login(ctx, { id: "17" }));
      const { cookie } = visitor;
      const [slow, other] = [new Visitor(backend, cookie), new Visitor(backend, cookie)];
      const { set } = await slow.visit(async (ctx) => {
        act(ctx);
        await other.visit((late) => backend.logout(late));
      });
      expect(set).toEqual([]);
      visitor.cookie = undefined;
      expect((await new Visitor(backend, cookie).visit()).found).toBeInstanceOf(Unauthorized);
    }
  });

  test("two that write at once keep what both wrote", async () => {
    const { backend, visitor } = begin();
    await visitor.visit((ctx) => backend.of(ctx).set("start", true));
    const others = Array.from({ length: 10 }, (_, at) => ({ at, other: new Visitor(backend, visitor.cookie) }));
    await Promise.all(others.map(({ at, other }) => other.visit((ctx) => backend.of(ctx).set(`key ${at}`, at))));
    const { told } = await visitor.visit((ctx) =>
      backend
        .of(ctx)
        .keys()
        .toSorted((a, b) => a.localeCompare(b)),
    );
    expect(told).toEqual([...others.map(({ at }) => `key ${at}`), "start"]);
  });

  test("is read at once where the store answers at once", async () => {
    const { backend, visitor } = begin();
    await visitor.visit((ctx) => backend.login(ctx, { id: "17" }));
    const ctx = contextOf(new Request("http://a/", { headers: { cookie: visitor.cookie! } }));
    const found = backend.authenticate(ctx);
    expect(found instanceof Promise).toBe(name === "redis");
    expect(await found).toMatchObject({ id: "17" });
  });
});

describe("what a session holds", () => {
  test("is read, written, taken out and listed", async () => {
    const { backend, visitor } = scene();
    const { told } = await visitor.visit((ctx) => {
      const own = backend.of(ctx);
      own.set("a", 1);
      own.set("b", null);
      own.set("__proto__", { polluted: true });
      return [
        own.get("a"),
        own.get("b", 5),
        own.get("c"),
        own.get("c", 5),
        own.pop("a"),
        own.pop("a"),
        own.pop("a", 7),
      ];
    });
    expect(told).toEqual([1, null, undefined, 5, 1, undefined, 7]);
    const next = await visitor.visit((ctx) => [
      backend.of(ctx).keys(),
      backend.of(ctx).entries(),
      backend.of(ctx).get("polluted"),
    ]);
    expect(next.told).toEqual([
      ["b", "__proto__"],
      [
        ["b", null],
        ["__proto__", { polluted: true }],
      ],
      undefined,
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a bigint", 1n],
  ])("is not %s", async (_, value) => {
    const { backend, visitor } = scene();
    await visitor.visit((ctx) => expect(() => backend.of(ctx).set("a", value)).toThrow(TypeError));
  });

  test("is typed", () => {
    const { of } = session<{ role: string }, never, { cart: number[] }>({ store: memoryStore() });
    const use = (ctx: RequestContext) => {
      const own = of(ctx);
      const cart: number[] | undefined = own.get("cart");
      const whole: number[] | "none" = own.get("cart", "none" as const);
      // @ts-expect-error -- a cart is no text
      own.set("cart", "full");
      // @ts-expect-error -- there is no such key
      own.get("basket");
      return [cart, whole];
    };
    expect(use).toBeFunction();
  });
});

describe("a session is written", () => {
  const acts: [string, (backend: SessionBackend) => Handle, string[]][] = [
    ["nothing is done", () => () => undefined, []],
    ["it is read", (backend) => (ctx) => backend.of(ctx).get("list"), []],
    ["it is set to what it was", (backend) => (ctx) => backend.of(ctx).set("list", [1]), []],
    ["it is set", (backend) => (ctx) => backend.of(ctx).set("list", [2]), ["swap"]],
    ["it is set twice", (backend) => (ctx) => (backend.of(ctx).set("list", []), backend.of(ctx).set("x", 1)), ["swap"]],
    ["something is popped", (backend) => (ctx) => backend.of(ctx).pop("list"), ["swap"]],
    ["nothing is popped", (backend) => (ctx) => backend.of(ctx).pop("none"), []],
    ["a value is changed in place", (backend) => (ctx) => (backend.of(ctx).get("list") as number[]).push(2), ["swap"]],
    ["it is cycled", (backend) => (ctx) => backend.of(ctx).cycle(), ["delete", "set"]],
    ["it is flushed", (backend) => (ctx) => backend.of(ctx).flush(), ["delete"]],
    ["somebody logs in", (backend) => (ctx) => backend.login(ctx, { id: 1 }), ["delete", "set"]],
    ["somebody logs out", (backend) => (ctx) => backend.logout(ctx), ["delete"]],
  ];
  test.each(acts)("or not, when %s", async (_, act, expected) => {
    const { backend, visitor, writes } = scene();
    await visitor.visit((ctx) => backend.of(ctx).set("list", [1]));
    writes.length = 0;
    await visitor.visit(act(backend));
    expect(writes).toEqual(expected);
  });

  test("not where the handler failed, but a logout counts", async () => {
    const { backend, visitor, writes } = scene();
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    writes.length = 0;
    const failed = await visitor.visit((ctx) => (backend.of(ctx).set("a", 1), backend.of(ctx).cycle()), 500);
    expect([failed.set, writes]).toEqual([[], []]);
    const left = await visitor.visit((ctx) => backend.logout(ctx), 500);
    expect([left.set.length, writes, visitor.cookie]).toEqual([1, ["delete"], undefined]);
  });

  test("after a client error", async () => {
    const { backend, visitor } = scene();
    await visitor.visit((ctx) => backend.of(ctx).set("failures", 1), 401);
    expect((await visitor.visit((ctx) => backend.of(ctx).get("failures"))).told).toBe(1);
  });
});

describe("flush and cycle", () => {
  test("flush leaves nothing and nobody, and may begin anew", async () => {
    const { backend, visitor } = scene();
    await visitor.visit(async (ctx) => {
      await backend.login(ctx, { id: 1 });
      backend.of(ctx).set("a", 1);
    });
    const before = visitor.cookie;
    await visitor.visit((ctx) => (backend.of(ctx).flush(), backend.of(ctx).set("b", 2)));
    const { found, told } = await visitor.visit((ctx) => backend.of(ctx).entries());
    expect([found, told]).toEqual([undefined, [["b", 2]]]);
    expect(visitor.cookie).not.toBe(before);
    expect((await new Visitor(backend, before).visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("cycle keeps everything under a new id", async () => {
    const { backend, visitor } = scene();
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    const before = visitor.cookie;
    await visitor.visit((ctx) => backend.of(ctx).cycle());
    expect(visitor.cookie).not.toBe(before);
    expect((await visitor.visit()).found).toMatchObject({ id: "1" });
    expect((await new Visitor(backend, before).visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("another user's login leaves nothing of the one before", async () => {
    const { backend, visitor } = scene();
    await visitor.visit(async (ctx) => {
      await backend.login(ctx, { id: 1 });
      backend.of(ctx).set("private", 1);
    });
    await visitor.visit((ctx) => backend.login(ctx, { id: 2 }));
    const { found, told } = await visitor.visit((ctx) => backend.of(ctx).keys());
    expect(found).toMatchObject({ id: "2" });
    expect(told).toEqual([]);
  });
});

describe("a cookie that belongs to no session", () => {
  test.each([
    ["an unknown id", "x".repeat(43)],
    ["a short one", "x"],
    ["nothing", ""],
    ["a long one", "x".repeat(5000)],
    ["another alphabet", "!".repeat(43)],
    ["a key of the store", `session:${"x".repeat(35)}`],
  ])("is a 401 that removes it: %s", async (_, id) => {
    const { visitor } = scene();
    visitor.cookie = `sid=${id}`;
    const { found, set, told } = await visitor.visit(() => "handled");
    expect(found).toBeInstanceOf(Unauthorized);
    expect((found as Unauthorized).headers).toEqual({ "www-authenticate": 'Session realm="session"' });
    expect([told, set.length, visitor.cookie]).toEqual([undefined, 1, undefined]);
    expect((await visitor.visit(() => "handled")).told).toBe("handled");
  });

  test("is never taken over: a login makes its own", async () => {
    const { backend } = scene();
    const given = `sid=${"x".repeat(43)}`;
    const ctx = contextOf(new Request("http://a/", { headers: { cookie: given } }));
    backend.middleware.before(ctx);
    await backend.login(ctx, { id: 1 });
    const response = new Response();
    await backend.middleware.after(ctx, response);
    const [set] = response.headers.getSetCookie();
    expect(set).toMatch(SID);
    expect(set).not.toContain("xxxx");
  });

  test("of another name is none of ours", async () => {
    const { visitor } = scene();
    visitor.cookie = "sessionid=x; SID=y";
    expect((await visitor.visit()).found).toBeUndefined();
  });
});

describe("the end of a session", () => {
  const last = 1000;
  test("rolls on with use, to the millisecond, and is written for it ten times at most", async () => {
    const { now, pass } = clock();
    const { backend, visitor, writes } = scene({ ttl: last, now });
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    const sets: number[] = [];
    for (let at = 0; at < 40; at++) {
      pass(25_000);
      sets.push((await visitor.visit()).set.length);
    }
    expect(sets.join("")).toBe("0001".repeat(10));
    expect(writes.filter((write) => write === "swap")).toHaveLength(10);
    pass(last * 1000 - 1);
    expect((await visitor.visit()).found).toMatchObject({ id: "1" });
    pass(last * 1000);
    expect((await visitor.visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("is fixed where it does not roll, whatever is written", async () => {
    const { now, pass } = clock();
    const { backend, visitor } = scene({ ttl: last, now, rolling: false });
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    pass(last * 1000 - 1);
    const { found, set } = await visitor.visit((ctx) => backend.of(ctx).set("a", 1));
    expect(found).toMatchObject({ id: "1" });
    expect(set).toEqual([]);
    pass(1);
    expect((await visitor.visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("that is fixed moves along to a new id", async () => {
    const { now, pass } = clock();
    const { backend, visitor } = scene({ ttl: last, now, rolling: false });
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    pass(900_000);
    const { set } = await visitor.visit((ctx) => backend.of(ctx).cycle());
    expect(set[0]).toContain("; Max-Age=100;");
    pass(99_999);
    expect((await visitor.visit()).found).toMatchObject({ id: "1" });
    pass(1);
    expect((await visitor.visit()).found).toBeInstanceOf(Unauthorized);
  });

  test("comes for all of a user's sessions with revokeAll", async () => {
    const revocation = revocations(memoryStore());
    const { backend, visitor } = scene({ revocation });
    const second = new Visitor(backend);
    const other = new Visitor(backend);
    for (const [who, id] of [
      [visitor, 1],
      [second, 1],
      [other, 2],
    ] as const)
      await who.visit((ctx) => backend.login(ctx, { id }));
    await revocation.revokeAll("1");
    for (const who of [visitor, second]) {
      const { found, set } = await who.visit();
      expect(found).toBeInstanceOf(Unauthorized);
      expect([set.length, who.cookie]).toEqual([1, undefined]);
    }
    expect((await other.visit()).found).toMatchObject({ id: "2" });
    await visitor.visit((ctx) => backend.login(ctx, { id: 1 }));
    expect((await visitor.visit()).found).toMatchObject({ id: "1" });
  });
});

describe("the cookie", () => {
  const setBy = async (options: Partial<SessionOptions>, production: boolean) => {
    const { backend, visitor } = scene(options);
    await backend.start!({ production, warn: () => undefined });
    const { set } = await visitor.visit((ctx) => backend.of(ctx).set("a", 1));
    expect((await visitor.visit((ctx) => backend.of(ctx).get("a"))).told).toBe(1);
    return [set[0]!.replace(/=[\w-]{43};/, "=…;"), backend.scheme];
  };
  const schemeOf = (name: string) => ({ type: "apiKey", in: "cookie", name }) as const;

  test.each([
    ["elsewhere", {}, false, "sid=…; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax", "sid"],
    ["in production", {}, true, "__Host-sid=…; Max-Age=1209600; Path=/; Secure; HttpOnly; SameSite=Lax", "__Host-sid"],
    [
      "for a domain",
      { cookie: { domain: "example.com" } },
      true,
      "__Secure-sid=…; Max-Age=1209600; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Lax",
      "__Secure-sid",
    ],
    [
      "for a path",
      { cookie: { path: "/app" }, ttl: 60 },
      true,
      "__Secure-sid=…; Max-Age=60; Path=/app; Secure; HttpOnly; SameSite=Lax",
      "__Secure-sid",
    ],
    [
      "under a name of your own",
      { cookie: { name: "id", sameSite: "strict" } },
      true,
      "id=…; Max-Age=1209600; Path=/; Secure; HttpOnly; SameSite=Strict",
      "id",
    ],
    [
      "without TLS, if you must",
      { cookie: { secure: false } },
      true,
      "sid=…; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax",
      "sid",
    ],
  ] as const)("%s", async (_, options, production, line, name) => {
    expect(await setBy(options, production)).toEqual([line, schemeOf(name)]);
  });

  test.each([
    ["a name that is none", { cookie: { name: "a b" } }, TypeError],
    ["SameSite=None without TLS", { cookie: { sameSite: "none", secure: false } }, TypeError],
    ["a lifetime of nothing", { ttl: 0 }, RangeError],
    ["a lifetime in fractions", { ttl: 1.5 }, RangeError],
  ] as const)("is refused at once: %s", (_, options, kind) => {
    expect(() => session({ store: memoryStore(), ...options })).toThrow(kind);
  });

  test("kept in memory in production is warned of", async () => {
    const warnings: string[] = [];
    const { backend } = scene();
    await backend.start!({ production: false, warn: (message) => void warnings.push(message) });
    expect(warnings).toEqual([]);
    await backend.start!({ production: true, warn: (message) => void warnings.push(message) });
    expect(warnings).toEqual([
      "session: sessions in a memory store end with the process and are not shared with others",
    ]);
  });
});

describe("the user", () => {
  test("is loaded at first use, once per request", async () => {
    const asked: string[] = [];
    const loadUser = (id: string) => (asked.push(id), { id, name: "Ada" });
    const { backend, visitor } = scene({ loadUser });
    await visitor.visit((ctx) => backend.login(ctx, { id: 17n }));
    const { found } = await visitor.visit();
    expect(asked).toEqual([]);
    const principal = found as { user: unknown };
    expect([principal.user, principal.user]).toEqual([
      { id: "17", name: "Ada" },
      { id: "17", name: "Ada" },
    ]);
    expect(asked).toEqual(["17"]);
  });

  test.each([[""], [undefined], [null]])("must have an id, not %p", async (id) => {
    const { backend, visitor } = scene();
    await visitor.visit((ctx) =>
      expect(() => backend.login(ctx, { id: id as string })).toThrow("login needs a user with an id"),
    );
  });
});

test("neither the store nor the principal knows the id in the cookie", async () => {
  const kept: string[] = [];
  const store = memoryStore();
  const watched = {
    ...store,
    set: (key: string, value: string, ttl?: number) => (kept.push(key, value), store.set(key, value, ttl)),
  };
  const { backend, visitor } = scene({ store: watched });
  await visitor.visit((ctx) => backend.login(ctx, { id: 17, claims: { plan: "pro" } }));
  const id = visitor.cookie!.slice(4);
  const { found } = await visitor.visit();
  expect(kept).toHaveLength(2);
  for (const text of [...kept, Bun.inspect(found, { depth: 9 }), JSON.stringify(found)]) expect(text).not.toContain(id);
});

test("without its middleware on the route a session cannot be used in silence", () => {
  const backend = session({ store: memoryStore() });
  const ctx = contextOf(new Request("http://a/"));
  for (const use of [
    () => backend.of(ctx),
    () => backend.open(ctx),
    () => backend.login(ctx, { id: 1 }),
    () => backend.logout(ctx),
  ]) {
    expect(use).toThrow(
      'the session is used on a route without its middleware: name it as the route\'s auth, or add session.middleware to "use"',
    );
  }
});

test("an unread session in a store that takes time says what to do", async () => {
  const store = memoryStore();
  const slow: Store = { ...store, get: async (key) => store.get(key) };
  const backend = session({ store: slow });
  const ctx = contextOf(new Request("http://a/", { headers: { cookie: `sid=${"x".repeat(43)}` } }));
  backend.middleware.before(ctx);
  expect(() => backend.of(ctx)).toThrow("the session is not read yet: await session.open(ctx)");
  expect((await backend.open(ctx)).keys()).toEqual([]);
  expect(backend.of(ctx).keys()).toEqual([]);
});

test("two backends on one route keep out of each other's way", async () => {
  const store = memoryStore();
  const [one, two] = [session({ store }), session({ store, name: "admin", cookie: { name: "admin" } })];
  const ctx = contextOf(new Request("http://a/"));
  one.middleware.before(ctx);
  two.middleware.before(ctx);
  one.of(ctx).set("a", 1);
  two.of(ctx).set("a", 2);
  const response = new Response();
  await one.middleware.after(ctx, response);
  await two.middleware.after(ctx, response);
  expect(response.headers.getSetCookie().map((set) => set.split("=", 1)[0])).toEqual(["sid", "admin"]);
});

describe("a key names the session", () => {
  test("by what the request presents, and by the new id after a login", async () => {
    const { backend, visitor } = scene();
    const keys: (string | undefined)[] = [];
    await visitor.visit((ctx) => keys.push(backend.key(ctx)));
    await visitor.visit(async (ctx) => {
      await backend.login(ctx, { id: 1 });
      keys.push(backend.key(ctx));
    });
    await visitor.visit((ctx) => keys.push(backend.key(ctx)));
    keys.push(backend.key(contextOf(new Request("http://a/", { headers: { cookie: visitor.cookie! } }))));
    expect(keys[0]).toBeUndefined();
    expect(keys[1]).toMatch(/^[\w-]{43}$/);
    expect(keys.slice(2)).toEqual([keys[1], keys[1]]);
    expect(visitor.cookie).not.toContain(keys[1]!);
  });
});

describe("an unsafe request", () => {
  const { backend } = scene({ origins: ["https://app.example.com"] });
  const cookieOf = async (handle: Handle) => {
    const visitor = new Visitor(backend);
    await visitor.visit(handle);
    return visitor.cookie!;
  };
  const outcome = (cookie: string, headers: Record<string, string>) => {
    const ctx = contextOf(new Request("http://a/", { method: "POST", headers: { cookie, ...headers } }));
    try {
      return (backend.authenticate(ctx) as { id?: string } | undefined)?.id ?? "nobody";
    } catch (error) {
      return (error as Forbidden).status;
    }
  };
  test.each([
    ["a page of ours", { "sec-fetch-site": "same-origin" }, "1"],
    ["a page of ours, by its origin", { origin: "http://a" }, "1"],
    ["a friend", { origin: "https://app.example.com" }, "1"],
    ["another site", { "sec-fetch-site": "cross-site" }, 403],
    ["another origin", { origin: "http://b" }, 403],
    ["nobody knows where", {}, 403],
  ] as [string, Record<string, string>, unknown][])(
    "is taken with the cookie, or not, from %s",
    async (_, headers, expected) => {
      const cookie = await cookieOf((ctx) => backend.login(ctx, { id: 1 }));
      expect(outcome(cookie, headers)).toBe(expected as string);
      const anonymous = await cookieOf((ctx) => backend.of(ctx).set("a", 1));
      expect(outcome(anonymous, headers)).toBe("nobody");
    },
  );
});
