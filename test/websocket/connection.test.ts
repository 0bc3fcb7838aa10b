import { describe, expect, test } from "bun:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Forbidden, InternalServerError } from "../../src/http/index.ts";
import { t } from "../../src/schema/index.ts";
import { SocketClosed, Sockets } from "../../src/websocket/index.ts";
import { type AnySocket, connect, settle } from "./stand.ts";

const never = () => new Promise<never>(() => {});

describe("a handler", () => {
  test("that returns closes 1000", async () => {
    const { connection, wire } = connect(() => {});
    expect(wire.calls).toEqual(["close 1000"]);
    expect(await connection.closed).toEqual({ code: 1000, reason: "", wasClean: true });
    expect(connection.isOpen).toBe(false);
  });

  test.each([
    ["an error", () => new Error("db password is x"), "close 1011 Internal error", ["Error: db password is x"]],
    ["no error", () => "oops", "close 1011 Internal error", ["thrown: oops"]],
    ["Forbidden", () => new Forbidden("Members only"), "close 1008 Members only", []],
    [
      "a server's HttpError",
      () => new InternalServerError("No disk"),
      "close 1011 No disk",
      ["InternalServerError: No disk"],
    ],
  ])("that throws %s tells the client no more than it may", async (_, make, call, messages) => {
    for (const handle of [
      () => {
        throw make();
      },
      () => Promise.reject(make()),
    ]) {
      const { wire, logged } = connect(handle);
      await settle();
      expect(wire.calls).toEqual([call]);
      expect(logged.map(({ message, route, level }) => [level, route, message])).toEqual(
        messages.map((message) => ["error", "GET /test", message]),
      );
    }
  });

  test.each([
    ["a function", () => new Forbidden("Members only")],
    ["a function that waits", async () => new Forbidden("Members only")],
    ["open", { open: () => new Forbidden("Members only") }],
    ["message", { message: async () => new Forbidden("Members only") }],
  ])("that returns an HttpError has thrown it: %s", async (_, handle) => {
    const { connection, wire } = connect(handle);
    connection.received("hello");
    await connection.finished;
    expect(wire.calls).toEqual(["close 1008 Members only"]);
  });

  test("that throws a long HttpError has its detail cut to what a close frame holds", async () => {
    const { connection } = connect(() => {
      throw new Forbidden("€".repeat(50));
    });
    expect((await connection.closed).reason).toBe("€".repeat(41));
  });

  test("is told of a close by its signal, its loop, and whatever it waits for", async () => {
    const seen: unknown[] = [];
    const { connection, logged } = connect(async (socket) => {
      seen.push(socket.signal.aborted);
      const waits = [socket.receive(), socket.text(), socket.bytes(), socket.json()];
      for (const result of await Promise.allSettled(waits)) seen.push(result.status);
      for await (const message of socket) seen.push(message);
      seen.push(socket.signal.aborted, socket.signal.reason instanceof SocketClosed);
      await socket.drained();
    });
    connection.ended(1006, "");
    await connection.finished;
    expect(seen).toEqual([false, "rejected", "rejected", "rejected", "rejected", true, true]);
    expect(logged).toEqual([]);
  });

  test("that lets SocketClosed or the signal's reason pass has not failed", async () => {
    for (const wait of [
      (socket: AnySocket) => socket.receive(),
      ({ signal }: AnySocket) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ({ signal }: AnySocket) => sleep(60_000, undefined, { signal }),
    ]) {
      const failures: unknown[] = [];
      const { connection, logged } = connect(wait, { options: { failed: (error) => void failures.push(error) } });
      connection.ended(1001, "tab closed");
      await connection.finished;
      expect([logged, failures]).toEqual([[], []]);
      expect(await connection.closed).toEqual({ code: 1001, reason: "tab closed", wasClean: true });
    }
  });

  test("that never reads is closed when its queue is full", async () => {
    const { connection, wire } = connect(never, { settings: { queueSize: 3 } });
    for (let n = 0; n < 3; n++) connection.received(`${n}`);
    expect(wire.calls).toEqual([]);
    connection.received("3");
    connection.received("4");
    expect(wire.calls).toEqual(["close 1013 Too many messages at once"]);
  });

  test("that never reads is closed when its queue has too many bytes, though one message may always wait", async () => {
    const sent = (messages: readonly string[], maxBackpressure = 10) => {
      const { connection, wire } = connect(never, { settings: { maxBackpressure } });
      for (const message of messages) connection.received(message);
      return wire.calls;
    };
    expect(sent(["12345", "67890"])).toEqual([]);
    expect(sent(["a text over the limit"])).toEqual([]);
    expect(sent(["12345", "678901"])).toEqual(["close 1013 Too many messages at once"]);
  });

  test("that reads makes room for the bytes that follow", async () => {
    const { connection, wire } = connect(
      async (socket) => {
        for (let n = 0; n < 3; n++) socket.send(await socket.text());
        await never();
      },
      { settings: { maxBackpressure: 10 } },
    );
    for (const message of ["1234567", "2345678", "3456789"]) {
      connection.received(message);
      await settle();
    }
    connection.received("waits");
    connection.received("too");
    expect([wire.sent, wire.calls]).toEqual([["1234567", "2345678", "3456789"], []]);
    connection.received("one more");
    expect(wire.calls).toEqual(["close 1013 Too many messages at once"]);
  });

  test("that leaves its loop may begin another, which goes on with the next message", async () => {
    const seen: unknown[] = [];
    const { connection } = connect(async (socket) => {
      for await (const message of socket) {
        seen.push(message);
        break;
      }
      for await (const message of socket) {
        seen.push(message);
        if (message === "3") break;
      }
      seen.push(await socket.receive());
    });
    for (const message of ["1", "2", "3", "4"]) connection.received(message);
    await connection.finished;
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  test("may ask for several messages at once, and gets them in order", async () => {
    const seen: unknown[] = [];
    const { connection } = connect(async (socket) => {
      const loop = socket[Symbol.asyncIterator]();
      const asked = [loop.next(), socket.receive(), loop.next(), loop.next(), socket.receive()];
      for (const result of await Promise.allSettled(asked)) seen.push(result.status === "fulfilled" && result.value);
    });
    for (const message of ["1", "2", "3"]) connection.received(message);
    connection.ended(1000, "");
    await connection.finished;
    const value = (text: string) => ({ value: text, done: false });
    expect(seen).toEqual([value("1"), "2", value("3"), { value: undefined, done: true }, false]);
  });

  test("reads what came before the client closed", async () => {
    const seen: unknown[] = [];
    const { connection } = connect(async (socket) => {
      await settle();
      for await (const message of socket) seen.push(message, socket.isOpen, socket.send("late"));
    });
    connection.received("1");
    connection.received("2");
    connection.ended(1000, "");
    await connection.finished;
    expect(seen).toEqual(["1", false, false, "2", false, false]);
  });

  test("reads nothing after it has closed the socket itself", async () => {
    const seen: unknown[] = [];
    const { connection } = connect(async (socket) => {
      for await (const message of socket) {
        seen.push(message);
        socket.close(4000, "enough");
      }
    });
    connection.received("1");
    connection.received("2");
    connection.received("3");
    await connection.finished;
    connection.received("4");
    expect(seen).toEqual(["1"]);
    expect(await connection.closed).toEqual({ code: 4000, reason: "enough", wasClean: true });
  });

  test("has what was made for it kept until it is through, though the client is gone", async () => {
    const seen: string[] = [];
    const { connection, sockets } = connect(
      async (socket) => {
        await socket.closed;
        await settle();
        seen.push("handler");
      },
      { options: { ended: () => void seen.push("ended") } },
    );
    connection.ended(1006, "");
    await settle();
    expect(sockets.size).toBe(1);
    await connection.finished;
    expect([seen, sockets.size]).toEqual([["handler", "ended"], 0]);
  });
});

describe("hooks", () => {
  test("wait for each other, however many messages come meanwhile", async () => {
    const seen: string[] = [];
    const { connection } = connect({
      async open() {
        await settle();
        seen.push("open");
      },
      async message(_, message) {
        seen.push(`${message} begins`);
        await settle();
        seen.push(`${message} ends`);
      },
      close: (_, { code }) => void seen.push(`close ${code}`),
    });
    connection.received("1");
    connection.received("2");
    connection.ended(1000, "");
    await connection.finished;
    expect(seen).toEqual(["open", "1 begins", "1 ends", "2 begins", "2 ends", "close 1000"]);
  });

  test("fail as handlers do, and close is called all the same", async () => {
    const seen: string[] = [];
    const { connection, wire, logged } = connect({
      message: async (_, message) => {
        seen.push(message);
        throw new Error("bad");
      },
      close: (_, { code }) => void seen.push(`close ${code}`),
    });
    connection.received("1");
    connection.received("2");
    await connection.finished;
    expect([seen, wire.calls, logged.length]).toEqual([["1", "close 1011"], ["close 1011 Internal error"], 1]);
  });

  test("that close the socket are through before close is called", async () => {
    const seen: string[] = [];
    const { connection } = connect({
      message(socket) {
        socket.close();
        seen.push("message");
      },
      close: () => void seen.push("close"),
    });
    connection.received("1");
    await connection.finished;
    expect(seen).toEqual(["message", "close"]);
  });

  test("see nothing of what arrives after the socket was closed", () => {
    const seen: string[] = [];
    const { connection } = connect({ message: (_, message) => void seen.push(message) });
    connection.close();
    connection.received("late");
    expect(seen).toEqual([]);
  });

  test("are not called at all where the api is stopping", async () => {
    const sockets = new Sockets({ log() {} });
    await sockets.closeAll(1001, "stopping");
    const seen: string[] = [];
    const { wire, connection } = connect(
      { open: () => void seen.push("open"), close: () => void seen.push("close") },
      { sockets },
    );
    await connection.finished;
    expect([seen, wire.calls, sockets.size]).toEqual([[], ["close 1001 stopping"], 0]);
  });

  test("may be methods of an object", async () => {
    class Counter {
      count = 0;
      message(socket: AnySocket) {
        socket.send(String(++this.count));
      }
    }
    const { connection, wire } = connect(new Counter());
    connection.received("a");
    connection.received("b");
    expect(wire.sent).toEqual(["1", "2"]);
  });

  test("may read the next message themselves: a first one that signs in", async () => {
    const seen: string[] = [];
    const { connection } = connect({
      open: async (socket) => void seen.push(`token ${await socket.text()}`),
      message: (_, message) => void seen.push(message),
    });
    connection.received("abc");
    connection.received("hello");
    await settle();
    expect(seen).toEqual(["token abc", "hello"]);
  });

  test.each([
    [{ messages() {} }, 'a socket has no hook "messages": open, message, drain, close'],
    [{ open: 1 }, 'the hook "open" is no function'],
  ])("are checked: %p", (hooks, message) => {
    expect(() => connect(hooks as never)).toThrow(new TypeError(message));
  });
});

describe("messages of a schema", () => {
  const settings = { message: t.Object({ n: t.Integer(), at: t.Optional(t.Date()) }) };

  test("are parsed, checked, decoded and stripped", async () => {
    const seen: unknown[] = [];
    const { connection } = connect({ message: (_, message) => void seen.push(message) }, { settings });
    connection.received('{"n":1,"x":2}');
    connection.received(new TextEncoder().encode('{"n":2,"at":"2026-11-22"}'));
    expect(seen).toEqual([{ n: 1 }, { n: 2, at: new Date("2026-11-22T00:00:00.000Z") }]);
  });

  test.each([
    ['{"n":"x"}', [{ loc: ["message", "n"], msg: "Expected integer", type: "type_error" }]],
    ["[]", [{ loc: ["message"], msg: "Expected object", type: "type_error" }]],
    [
      "{",
      [{ loc: ["message"], msg: expect.stringMatching(/^Invalid JSON at line 1, column 2: /), type: "json_invalid" }],
    ],
  ])("that do not match are answered by a frame and skipped: %s", async (text, entries) => {
    for (const seen of [[], []] as unknown[][]) {
      const { connection, wire } = connect(
        seen.length === 0
          ? { message: (_, message) => void seen.push(message) }
          : async (socket) => void seen.push(await socket.receive()),
        { settings },
      );
      connection.received(text);
      connection.received('{"n":1}');
      await settle();
      expect(wire.sent.map((sent) => JSON.parse(sent as string))).toEqual([{ error: entries }]);
      expect(seen).toEqual([{ n: 1 }]);
    }
  });

  test("that do not match close 1007 where the contract says so", () => {
    for (const text of ["{", '{"n":"x"}']) {
      const { connection, wire } = connect({ message() {} }, { settings: { ...settings, invalid: "close" } });
      connection.received(text);
      expect(wire.calls).toEqual([`close 1007 Invalid ${text === "{" ? "JSON" : "message"}`]);
      expect(wire.sent).toEqual([]);
    }
  });

  test("in bytes that are no UTF-8 close 1007", () => {
    const { connection, wire } = connect({ message() {} }, { settings });
    connection.received(new Uint8Array([0xff]));
    expect(wire.calls).toEqual(["close 1007 Not UTF-8"]);
  });

  test("do not pollute a prototype", () => {
    const seen: object[] = [];
    const { connection } = connect({ message: (_, message) => void seen.push(message) }, { settings });
    connection.received('{"n":1,"__proto__":{"admin":true}}');
    expect((seen[0] as { admin?: boolean }).admin).toBeUndefined();
  });

  test("an invalid one in a queue does not hold up what follows", async () => {
    const seen: unknown[] = [];
    const message = async (_: unknown, value: { n: number }) => {
      seen.push(value.n);
      await settle();
    };
    const { connection, wire } = connect({ message }, { settings });
    for (const text of ['{"n":1}', "x", "y", '{"n":2}']) connection.received(text);
    while (seen.length < 2) await settle();
    expect([seen, wire.sent.length]).toEqual([[1, 2], 2]);
  });
});

describe("reading as such", () => {
  test("takes texts as bytes, bytes as texts, and JSON of either", async () => {
    const seen: unknown[] = [];
    const { connection } = connect(async (socket) => {
      seen.push(await socket.bytes(), await socket.text(), await socket.json(), await socket.json());
    });
    connection.received("ü");
    connection.received(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xbc]));
    connection.received('{"a":1}');
    connection.received(new TextEncoder().encode("[1]"));
    await connection.finished;
    expect(seen).toEqual([new Uint8Array([0xc3, 0xbc]), "\uFEFFü", { a: 1 }, [1]]);
  });

  test.each([
    ["json", "nope", "Invalid JSON"],
    ["json", new Uint8Array([0xff]), "Not UTF-8"],
    ["text", new Uint8Array([0xff]), "Not UTF-8"],
  ] as const)("%s() of what is none closes 1007", async (kind, message, reason) => {
    for (const early of [true, false]) {
      let thrown: unknown;
      const { connection, wire } = connect(async (socket) => {
        if (early) await settle();
        await socket[kind]().catch((error: unknown) => (thrown = error));
      });
      connection.received(message);
      await connection.finished;
      expect(wire.calls).toEqual([`close 1007 ${reason}`]);
      expect(thrown).toEqual(new SocketClosed({ code: 1007, reason, wasClean: true }));
    }
  });
});

describe("sending", () => {
  const send = t.Object({ name: t.String() });

  test("checks and strips what goes out", () => {
    const { connection, wire } = connect(never, { settings: { send } });
    expect(connection.send({ name: "Ada", password: "x" })).toBe(true);
    expect(wire.sent).toEqual(['{"name":"Ada"}']);
    const message = "what is sent does not match its schema: send.name: Expected string";
    expect(() => connection.send({ name: 1 })).toThrow(new TypeError(message));
    expect(() => connection.publish("a", { name: 1 })).toThrow(new TypeError(message));
  });

  test("takes texts and bytes where no schema is declared, JSON by name", () => {
    const { connection, wire } = connect(never);
    connection.send("a");
    connection.send(new Uint8Array([1]));
    connection.sendJson({ a: [1] });
    connection.sendBytes(new Uint8Array([2]));
    expect(wire.sent).toEqual(["a", new Uint8Array([1]), '{"a":[1]}', new Uint8Array([2])]);
    expect(() => connection.send({})).toThrow(
      "send takes a text or bytes where the route declares no `send`: use sendJson",
    );
    expect(() => connection.sendJson(undefined)).toThrow("sendJson takes what JSON can say, not undefined");
  });

  test("tells of a client that reads slowly, and when it has caught up", async () => {
    const drained: string[] = [];
    const { connection, wire } = connect({ drain: () => void drained.push("hook") });
    wire.answers = [-1];
    wire.buffered = 10;
    expect(connection.send("a")).toBe(false);
    void connection.drained().then(() => drained.push("promise"));
    wire.buffered = 5;
    connection.flushed();
    await settle();
    expect(drained).toEqual(["hook"]);
    wire.buffered = 0;
    connection.flushed();
    await settle();
    expect(drained).toEqual(["hook", "hook", "promise"]);
    await connection.drained();
  });

  test.each([
    ["more waits than allowed", -1, 11],
    ["the server has dropped the message", 0, 0],
  ])("closes 1013 where %s", async (_, answer, buffered) => {
    const { connection, wire } = connect(never, { settings: { maxBackpressure: 10 } });
    wire.answers = [answer];
    wire.buffered = buffered;
    expect(connection.send("a")).toBe(false);
    expect(wire.calls).toEqual(["close 1013 The client reads too slowly"]);
  });

  test("rejects who waits for a slow client that goes", async () => {
    const { connection, wire } = connect(never);
    wire.buffered = 1;
    const waiting = connection.drained();
    connection.ended(1006, "");
    expect(waiting).rejects.toThrow(SocketClosed);
    expect(connection.drained()).rejects.toThrow(SocketClosed);
  });
});

describe("closing", () => {
  test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4999])("takes code %d", (code) => {
    const { connection, wire } = connect(never);
    connection.close(code, "r");
    connection.close(1011, "again");
    expect(wire.calls).toEqual([`close ${code} r`]);
  });

  test.each([0, 999, 1004, 1005, 1006, 1010, 1015, 2999, 5000, 1000.5, Number.NaN])("refuses code %d", (code) => {
    const { connection, wire } = connect(never);
    expect(() => connection.close(code)).toThrow(RangeError);
    expect([wire.calls, connection.isOpen]).toEqual([[], true]);
  });

  test("refuses a reason over 123 bytes", () => {
    const { connection, wire } = connect(never);
    expect(() => connection.close(1000, "€".repeat(42))).toThrow("A close reason takes at most 123 bytes, not 126");
    connection.close(1000, "€".repeat(41));
    expect(wire.calls).toHaveLength(1);
  });
});

describe("size", () => {
  test.each([
    ["a".repeat(10), true],
    ["a".repeat(11), false],
    ["€€€", true],
    ["€€€€", false],
    [new Uint8Array(10), true],
    [new Uint8Array(11), false],
  ])("of a message is measured in bytes: %p", (message, fits) => {
    const { connection, wire } = connect({ message() {} }, { settings: { maxMessageSize: 10 } });
    connection.received(message);
    expect(wire.calls).toEqual(fits ? [] : ["close 1009 A message takes at most 10 bytes"]);
  });
});

describe("silence", () => {
  test("is broken by a ping halfway, and ends the connection", async () => {
    const { connection, wire, sockets } = connect(never, { settings: { idleTimeout: 10 } });
    for (let second = 0; second < 9; second++) sockets.sweep();
    expect(wire.calls).toEqual(["ping"]);
    connection.heard();
    for (let second = 0; second < 9; second++) sockets.sweep();
    expect(wire.calls).toEqual(["ping", "ping"]);
    connection.received("alive");
    for (let second = 0; second < 10; second++) sockets.sweep();
    expect(wire.calls).toEqual(["ping", "ping", "ping", "terminate"]);
    expect(await connection.closed).toEqual({ code: 1006, reason: "idle timeout", wasClean: false });
  });

  test("is no matter where idleTimeout is 0", () => {
    const { wire, sockets } = connect(never, { settings: { idleTimeout: 0 } });
    for (let second = 0; second < 1000; second++) sockets.sweep();
    expect(wire.calls).toEqual([]);
  });

  test("of a reader whose backlog grew by what rooms sent ends in 1013", () => {
    const { wire, sockets } = connect(never, { settings: { maxBackpressure: 10 } });
    wire.buffered = 11;
    sockets.sweep();
    expect(wire.calls).toEqual(["close 1013 The client reads too slowly"]);
  });
});

test("a socket hands on its request's context, and has its own id and data", () => {
  const { connection } = connect(never, { user: { id: "ada" } });
  expect(connection.user).toEqual({ id: "ada" });
  expect(connection.url.pathname).toBe("/test");
  expect(connection.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(connection.id).toBe(connection.id);
  connection.data["seen"] = 1;
  expect(connection.data).toEqual({ seen: 1 });
});
