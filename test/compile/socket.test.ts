import { describe, expect, test } from "bun:test";
import {
  Api,
  type Broker,
  defineAuth,
  depends,
  isAuthenticated,
  memoryStore,
  middleware,
  NotFound,
  session,
  t,
} from "bolide";
import { testClient, UpgradeRefused } from "bolide/testing";
import { Connection, written } from "../conformance/wire.ts";
import { explain, type Plan } from "../../src/compile/index.ts";

const HANDSHAKE = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const anybody = defineAuth({ name: "anybody", authenticate: () => ({ id: "7", roles: [], claims: {} }) });

const messageOf = (socket: WebSocket) =>
  new Promise<MessageEvent<string>>((resolve) => socket.addEventListener("message", resolve, { once: true }));
const closeOf = (socket: WebSocket) =>
  new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve, { once: true }));

function planOf(api: Api): Plan {
  return api.compile().plans[0]!;
}

describe("the plan of a socket", () => {
  const api = new Api({ health: false, use: [middleware({ name: "note", before: () => {} })] });
  const clock = depends({ query: { now: t.Integer() } }, ({ query }) => query.now);
  api.ws(
    "/rooms/:id",
    {
      params: { id: t.Integer() },
      auth: anybody,
      provide: { clock },
      protocols: ["chat"],
      origins: ["https://a.example", /https:\/\/.*\.b\.example/],
      message: { text: t.String() },
      invalid: "close",
      responseHeaders: { "X-Own": "1" },
    },
    { open: () => {}, message: () => {} },
  );
  const plan = planOf(api);

  test("has the handshake before auth, and the upgrade at its end", () => {
    expect(plan.name).toBe("WS /rooms/:id");
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      "middleware",
      "handshake",
      "auth",
      "read",
      "read",
      "dependencies",
      "socket",
    ]);
  });

  test("is told line by line", () => {
    expect(explain(plan)).toEqual([
      "middleware  note (before)",
      "handshake   WebSocket version 13, else 426; from the same origin, https://a.example, /https:\\/\\/.*\\.b\\.example/, else 403",
      "auth        anybody; the first that succeeds, else 401 anybody",
      "guards      isAuthenticated",
      "params      id: integer",
      "query       now: integer, for clock",
      "provide     clock",
      "upgrade     101, subprotocol chat",
      "header      x-own: 1",
      "message     JSON: { text }, else close 1007",
      "send        texts and bytes",
      "handler     open, message",
    ]);
  });

  test("of a socket that declares nothing is short", () => {
    const bare = new Api({ health: false });
    bare.ws("/", function echo() {});
    expect(explain(planOf(bare))).toEqual([
      "handshake   WebSocket version 13, else 426; from the same origin, else 403",
      "upgrade     101",
      "message     texts and bytes",
      "send        texts and bytes",
      "handler     echo",
    ]);
  });
});

describe("a socket's path, asked otherwise:", () => {
  const api = new Api({ health: false });
  api.ws("/live", () => {});
  const table: readonly (readonly [
    method: string,
    headers: Record<string, string>,
    status: number,
    body: string,
    allow: string | null,
  ])[] = [
    ["GET", {}, 426, '{"detail":"This is a WebSocket: ask for an upgrade"}', null],
    ["HEAD", {}, 426, "", null],
    ["HEAD", HANDSHAKE, 426, "", null],
    ["OPTIONS", {}, 204, "", "GET, HEAD, OPTIONS"],
    ["POST", HANDSHAKE, 405, '{"detail":"Method Not Allowed"}', "GET, HEAD, OPTIONS"],
    [
      "GET",
      HANDSHAKE,
      503,
      '{"detail":"A WebSocket needs a server that listens: api.listen(), or websocket() of a test client"}',
      null,
    ],
  ];
  test.each(table)("%s with %j is %d", async (method, headers, status, body, allow) => {
    const silent = new Api({ health: false, log: () => {} });
    silent.ws("/live", () => {});
    const response = await silent.handle(new Request("http://localhost/live", { method, headers }));
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
    expect(response.headers.get("allow")).toBe(allow);
  });

  test("a 426 says how to ask", async () => {
    const response = await api.handle(new Request("http://localhost/live"));
    expect(response.headers.get("upgrade")).toBe("websocket");
    expect(response.headers.get("sec-websocket-version")).toBe("13");
  });
});

test("dependencies may have any name that others may have", async () => {
  const api = new Api({ health: false });
  const provide = { connection: () => "database", peer: () => "friend", ending: () => "happy" };
  api.ws("/live", { provide }, (socket, { connection, peer, ending }) => {
    socket.sendJson([connection, peer, ending, socket.ip === undefined]);
  });
  const socket = await testClient(api).websocket("/live");
  expect(await socket.json()).toEqual(["database", "friend", "happy", true]);
});

describe("dependencies", () => {
  const log: string[] = [];
  const resource = (name: string) =>
    depends(() => ({ name, [Symbol.dispose]: () => void log.push(`${name} disposed of`) }));
  const api = new Api({ health: false });
  api.ws("/uses", { provide: { first: resource("first"), second: resource("second") } }, async (socket, ctx) => {
    try {
      for await (const _ of socket) socket.send(`${ctx.first.name} ${ctx.second.name}`);
    } finally {
      await Bun.sleep(1);
      log.push("handler ended");
    }
  });
  api.ws(
    "/refused",
    {
      provide: {
        first: resource("first"),
        none: depends(() => {
          throw new NotFound("no such room");
        }),
      },
    },
    () => {},
  );
  api.ws(
    "/answered",
    {
      provide: { first: resource("first") },
      use: [
        async (_, next) => {
          await next();
          return new Response("instead", { status: 200 });
        },
      ],
    },
    () => void log.push("never"),
  );

  test("are there until the socket has closed and its handler has ended, the last made is disposed of first", async () => {
    log.length = 0;
    const socket = await testClient(api).websocket("/uses");
    socket.send("");
    expect(await socket.text()).toBe("first second");
    expect(log).toEqual([]);
    await socket.close();
    expect(log).toEqual(["handler ended", "second disposed of", "first disposed of"]);
  });

  test("are disposed of at once where one of them refuses", async () => {
    log.length = 0;
    const refused = await testClient(api)
      .websocket("/refused")
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpgradeRefused);
    expect(refused).toMatchObject({ status: 404, body: { detail: "no such room" } });
    expect(log).toEqual(["first disposed of"]);
  });

  test("are disposed of where a middleware answers instead, and there is no socket", async () => {
    log.length = 0;
    const refused = await testClient(api)
      .websocket("/answered")
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 200, body: "instead" });
    expect(log).toEqual(["first disposed of"]);
  });
});

test("a session that a guard or dependency writes is saved with the 101, and its cookie sent", async () => {
  const sessions = session<object, object, { visits: number }>({ store: memoryStore() });
  const api = new Api({ health: false, use: [sessions.middleware] });
  const count = depends(async (ctx) => {
    const own = await sessions.open(ctx);
    const visits = (own.get("visits") ?? 0) + 1;
    own.set("visits", visits);
    return visits;
  });
  api.ws("/live", { provide: { count } }, (socket, { count: visits }) => void socket.sendJson(visits));
  const client = testClient(api);
  const first = await client.websocket("/live");
  expect(await first.json()).toBe(1);
  expect(first.headers.get("set-cookie")).toMatch(/^sid=/);
  const second = await client.websocket("/live");
  expect(await second.json()).toBe(2);
});

test("a session is read in a socket, and ended; what would change it is told that nothing writes it", async () => {
  const sessions = session<object, object, { name: string }>({ store: memoryStore() });
  const api = new Api({ health: false, use: [sessions.middleware] });
  api.post("/login", async (ctx) => {
    await sessions.login(ctx, { id: 7 });
    sessions.of(ctx).set("name", "Ada");
    return {};
  });
  const told = (change: () => unknown) => {
    try {
      return change();
    } catch (error) {
      return error instanceof TypeError && error.message.startsWith("the session is saved with the answer");
    }
  };
  api.ws("/live", { auth: sessions, guards: [isAuthenticated()] }, async (socket, ctx) => {
    const own = sessions.of(ctx);
    socket.sendJson([
      own.get("name"),
      told(() => own.set("name", "Grace")),
      told(() => own.pop("name")),
      told(() => own.flush()),
      told(() => own.cycle()),
      told(() => sessions.login(ctx, { id: 8 })),
    ]);
    await sessions.logout(ctx);
  });
  const client = testClient(api);
  await client.post("/login");
  const socket = await client.websocket("/live");
  expect(await socket.json()).toEqual(["Ada", true, true, true, true, true]);
  await socket.closed;
  const refused = await client.websocket("/live").catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 401, body: { detail: "Session has ended" } });
});

test("onError answers what refuses a socket, as it does for any route", async () => {
  const api = new Api({
    health: false,
    onError: [[RangeError, (error: RangeError) => new NotFound(`handled: ${error.message}`)]],
  });
  const fails = depends(() => {
    throw new RangeError("no");
  });
  api.ws("/live", { provide: { fails } }, () => {});
  const refused = await testClient(api)
    .websocket("/live")
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 404, body: { detail: "handled: no" } });
});

describe("over the network,", () => {
  test("the client's address and the url are known as long as the socket lives", async () => {
    const api = new Api({ health: false, trustProxy: ["127.0.0.1"] });
    api.ws("/where", async (socket, ctx) => {
      await socket.receive();
      socket.sendJson([socket.ip, ctx.ip, ctx.url.href]);
    });
    const server = await api.listen({ port: 0 });
    const headers = {
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "api.example",
    };
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/where`, { headers } as never);
    socket.addEventListener("open", () => socket.send("?"));
    const { data } = await messageOf(socket);
    expect(JSON.parse(data)).toEqual(["203.0.113.7", "203.0.113.7", "https://api.example/where"]);
    await server.stop();
  });

  test("a client that goes away while it is asked who it is gets no socket, and what was made for it goes", async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const answer = Promise.withResolvers<void>();
    const disposed = Promise.withResolvers<void>();
    const log: unknown[] = [];
    const handled: string[] = [];
    const api = new Api({ health: false, log: (record) => void log.push(record) });
    const slow = defineAuth({
      name: "slow",
      async authenticate({ request }) {
        asked.resolve(request.signal);
        await answer.promise;
        return { id: "7", roles: [], claims: {} };
      },
    });
    const resource = depends(() => ({ [Symbol.dispose]: () => disposed.resolve() }));
    api.ws("/live", { auth: slow, provide: { resource } }, () => void handled.push("handled"));
    const server = await api.listen({ port: 0 });
    const connection = await Connection.open(server.url);
    await connection.write(written("GET", "/live", Object.entries(HANDSHAKE)));
    const signal = await asked.promise;
    const gone = new Promise((resolve) => signal.addEventListener("abort", resolve));
    connection.close();
    await gone;
    answer.resolve();
    await disposed.promise;
    expect([handled, log]).toEqual([[], []]);
    await server.stop();
  });

  test("a stop turns readiness, refuses sockets with 503, closes those that are open with 1001, and waits for their handlers", async () => {
    const seen: string[] = [];
    const api = new Api({
      log: () => {},
      onStop: [() => void seen.push("stopped")],
    });
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    api.ws("/live", async (socket, ctx) => {
      socket.send("hello");
      await new Promise<void>((resolve) => socket.signal.addEventListener("abort", () => resolve()));
      seen.push(`aborted ${ctx.signal.aborted}`);
      reached.resolve();
      await goOn.promise;
      seen.push("handler ended");
    });
    const server = await api.listen({ port: 0 });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    await messageOf(socket);
    const closed = closeOf(socket);
    const stopped = server.stop();
    await reached.promise;
    expect((await api.handle(new Request("http://localhost/ready"))).status).toBe(503);
    const refused = await api.handle(new Request("http://localhost/live", { headers: HANDSHAKE }), server.server);
    expect([refused.status, await refused.json()]).toEqual([503, { detail: "The server stops" }]);
    goOn.resolve();
    await stopped;
    expect((await closed).code).toBe(1001);
    expect(seen).toEqual(["aborted true", "handler ended", "stopped"]);
  });

  test("a handler that does not end holds a stop up no longer than its deadline", async () => {
    const api = new Api({ health: false });
    api.ws("/live", async (socket) => {
      socket.send("hello");
      await new Promise(() => {});
    });
    const server = await api.listen({ port: 0, stopTimeout: 50, closeCode: 1012 });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    await messageOf(socket);
    const closed = closeOf(socket);
    await server.stop();
    expect((await closed).code).toBe(1012);
  });

  test("one of two listeners stops alone: the other's sockets, rooms and readiness stay", async () => {
    const api = new Api({ log: () => {} });
    api.ws("/live", async (socket) => {
      socket.join("all");
      socket.send("hello");
      for await (const _ of socket);
    });
    const [one, other] = [await api.listen({ port: 0 }), await api.listen({ port: 0 })];
    const open = async (port: number | undefined) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
      await messageOf(socket);
      return socket;
    };
    const [goes, stays] = [await open(one.port), await open(other.port)];
    const closed = closeOf(goes);
    await one.stop();
    expect((await closed).code).toBe(1001);
    expect(await (await fetch(new URL("/ready", other.url))).json()).toMatchObject({ status: "ok" });
    await open(other.port);
    expect(await api.presence("all")).toHaveLength(2);
    const next = messageOf(stays);
    api.publish("all", "still here");
    expect((await next).data).toBe("still here");
    expect(api.release()).rejects.toThrow("the api is listening");
    const last = closeOf(stays);
    await other.stop();
    expect((await last).code).toBe(1001);
  });

  test("an api that has stopped listens again, and its rooms with it", async () => {
    const api = new Api({ health: false });
    api.ws("/live", async (socket) => {
      socket.join("all");
      socket.send("hello");
      for await (const _ of socket);
    });
    for (const round of [1, 2]) {
      const server = await api.listen({ port: 0 });
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
      await messageOf(socket);
      const next = messageOf(socket);
      api.publish("all", { round });
      expect(JSON.parse((await next).data)).toEqual({ round });
      expect(await api.presence("all")).toHaveLength(1);
      await server.stop();
    }
  });
});

test("a mounted api publishes to the rooms of whoever mounts it, and asks who is there", async () => {
  const inner = new Api({ auth: anybody, guards: [isAuthenticated()] });
  inner.ws("/live", async (socket) => {
    socket.join("all", { color: "blue" });
    for await (const _ of socket);
  });
  const outer = new Api({ health: false });
  outer.mount("/inner", inner);
  const socket = await testClient(outer).websocket("/inner/live");
  inner.publish("all", "from within");
  outer.publish("all", "from without");
  expect([await socket.text(), await socket.text()]).toEqual(["from within", "from without"]);
  expect(await inner.presence("all")).toEqual([{ id: expect.any(String), user: "7", info: { color: "blue" } }]);
  await socket.close();
  expect(await outer.presence("all")).toEqual([]);
});

describe("with a broker", () => {
  /** What joins processes, without a network: every api has a broker of its own. */
  function exchange(): { broker(name: string): Broker; readonly log: string[] } {
    const log: string[] = [];
    const ends = new Map<string, Parameters<Broker["start"]>[0]>();
    const others = (name: string) => [...ends].filter(([other]) => other !== name).map(([, end]) => end);
    const broker = (name: string): Broker => ({
      name,
      async start(events) {
        log.push(`${name} starts`);
        ends.set(name, events);
      },
      publish: (room, data) => others(name).forEach((end) => end.deliver(room, data)),
      join: (room) => void log.push(`${name} joins ${room}`),
      leave: (room) => void log.push(`${name} leaves ${room}`),
      presence: async (room) =>
        others(name).flatMap((end) => [...end.members()].filter(([at]) => at === room).map(([, member]) => member)),
      async close() {
        ends.delete(name);
        log.push(`${name} ends`);
      },
    });
    return { broker, log };
  }
  const make = (broker: Broker): Api => {
    const api = new Api({ health: false, broker });
    api.ws("/live", async (socket) => {
      socket.join("all");
      for await (const message of socket) socket.publish("all", message);
    });
    return api;
  };

  test("rooms span apis: messages, presence, and nothing twice", async () => {
    const { broker, log } = exchange();
    const [one, other] = [make(broker("one")), make(broker("other"))];
    const [here, beside, there] = [
      await testClient(one).websocket("/live"),
      await testClient(one).websocket("/live"),
      await testClient(other).websocket("/live"),
    ];
    here.send("hello");
    expect(await beside.text()).toBe("hello");
    one.publish("all", "to all");
    expect(await beside.text()).toBe("to all");
    expect([await there.text(), await there.text()]).toEqual(["hello", "to all"]);
    expect(await here.text()).toBe("to all");
    expect(await other.presence("all")).toHaveLength(3);
    await there.close();
    expect(log).toEqual([
      "one starts",
      "one joins all",
      "one joins all",
      "other starts",
      "other joins all",
      "other leaves all",
    ]);
  });

  test("it is there before the server listens, and let go of after it has stopped", async () => {
    const { broker, log } = exchange();
    const server = await make(broker("one")).listen({ port: 0 });
    expect(log).toEqual(["one starts"]);
    await server.stop();
    expect(log).toEqual(["one starts", "one ends"]);
    const taken = make(broker("two"));
    const first = await new Api().listen({ port: 0 });
    expect(taken.listen({ port: first.port! })).rejects.toThrow("is in use");
    await first.stop();
    expect(log.slice(2)).toEqual(["two starts", "two ends"]);
  });

  test("two listeners share it: the last one to stop lets go of it", async () => {
    const { broker, log } = exchange();
    const api = make(broker("one"));
    const [one, other] = [await api.listen({ port: 0 }), await api.listen({ port: 0 })];
    await one.stop();
    expect(log).toEqual(["one starts"]);
    await other.stop();
    expect(log).toEqual(["one starts", "one ends"]);
  });

  test("release closes what test clients have opened, and lets go of it", async () => {
    const { broker, log } = exchange();
    const api = make(broker("one"));
    const socket = await testClient(api).websocket("/live");
    await api.release();
    expect((await socket.closed).code).toBe(1001);
    expect(log).toEqual(["one starts", "one joins all", "one leaves all", "one ends"]);
    await new Api().release();
  });

  test("an api without sockets leaves it alone", async () => {
    const { broker, log } = exchange();
    const server = await new Api({ broker: broker("one") }).listen({ port: 0 });
    await server.stop();
    expect(log).toEqual([]);
  });
});
