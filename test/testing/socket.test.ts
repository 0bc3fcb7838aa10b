import { describe, expect, test } from "bun:test";
import { Api, cookie, depends, Forbidden, noContent, SocketClosed, t } from "bolide";
import { testClient, UpgradeRefused } from "bolide/testing";

const clock = depends(() => "now");

function makeApi(): Api {
  const api = new Api({ health: false });
  api.post("/login", () => noContent({ cookies: [cookie("sid", "7")] }));
  api.ws("/echo", async (socket) => {
    for await (const message of socket) socket.send(message);
  });
  api.ws("/told", { query: { n: t.Array(t.Integer()) }, provide: { clock } }, (socket, ctx) => {
    socket.sendJson({
      n: socket.query.n,
      sid: ctx.cookies["sid"] ?? null,
      own: ctx.request.headers.get("x-own"),
      at: ctx.clock,
    });
  });
  api.ws("/fails", async (socket) => {
    socket.send("first");
    await socket.receive();
    throw new RangeError("out of range");
  });
  api.ws("/fails/at/once", () => {
    throw new RangeError("at once");
  });
  api.ws("/fails/hook", {
    message() {
      throw new RangeError("in a hook");
    },
  });
  api.ws("/fails/later", async (socket) => {
    await socket.closed;
    throw new RangeError("in its last words");
  });
  api.ws("/refuses", async () => {
    throw new Forbidden("Not you");
  });
  api.ws("/breaks", { provide: { broken: depends(() => JSON.parse("{")) } }, () => {});
  api.ws("/closes", async (socket) => {
    const { code, wasClean } = await socket.closed;
    api.publish("watch", { code, wasClean });
  });
  api.ws("/watches", async (socket) => {
    socket.join("watch");
    for await (const _ of socket);
  });
  return api;
}

describe("a socket of the test client", () => {
  test("sends and receives texts, bytes and JSON, in order", async () => {
    const socket = await testClient(makeApi()).websocket("/echo");
    socket.send("text");
    socket.send(new Uint8Array([1, 2]));
    socket.sendJson({ n: 1 });
    expect(await socket.text()).toBe("text");
    expect(await socket.bytes()).toEqual(new Uint8Array([1, 2]));
    expect(await socket.json()).toEqual({ n: 1 });
    const later = socket.receive();
    socket.send("later");
    expect(await later).toBe("later");
    expect(await socket.close(4000, "bye")).toEqual({ code: 4000, reason: "bye", wasClean: true });
    expect(socket.isOpen).toBe(false);
  });

  test("bytes are those that were sent, whatever becomes of the buffer", async () => {
    const socket = await testClient(makeApi()).websocket("/echo");
    const bytes = new Uint8Array([1, 2]);
    socket.send(bytes);
    bytes.fill(0);
    expect(await socket.bytes()).toEqual(new Uint8Array([1, 2]));
  });

  test("is iterated until the server closes", async () => {
    const api = new Api();
    api.ws("/counts", (socket) => {
      for (const text of ["one", "two"]) socket.send(text);
    });
    const socket = await testClient(api).websocket("/counts");
    expect(await Array.fromAsync(socket)).toEqual(["one", "two"]);
    expect(await socket.closed).toEqual({ code: 1000, reason: "", wasClean: true });
    expect(await socket.receive().catch((error: unknown) => error)).toBeInstanceOf(SocketClosed);
  });

  test("says what it expected where something else came", async () => {
    const socket = await testClient(makeApi()).websocket("/echo");
    socket.send("text");
    expect(await socket.bytes().catch(String)).toBe('TypeError: expected bytes, received "text"');
    socket.send(new Uint8Array(1));
    expect(await socket.text().catch(String)).toBe("TypeError: expected a text, received bytes");
  });

  test("sends query, headers, the client's headers and its cookies; overrides hold", async () => {
    const client = testClient(makeApi(), { headers: { "x-own": "7" }, overrides: [[clock, () => "then"]] });
    await client.post("/login");
    const socket = await client.websocket("/told", { query: { n: [1, 2] } });
    expect(await socket.json()).toEqual({ n: [1, 2], sid: "7", own: "7", at: "then" });
  });

  test("takes the cookies of the answer that opens it", async () => {
    const api = new Api();
    api.ws(
      "/set",
      {
        use: [
          async (_, next) => {
            const response = await next();
            response.headers.append("set-cookie", "seen=1; Path=/");
            return response;
          },
        ],
      },
      () => {},
    );
    const client = testClient(api);
    await client.websocket("/set");
    expect(client.cookies.get("seen")).toBe("1");
  });

  test("that is refused rejects with the answer", async () => {
    const client = testClient(makeApi());
    const invalid = (await client.websocket("/told?n=x").catch((error: unknown) => error)) as UpgradeRefused;
    expect(invalid).toBeInstanceOf(UpgradeRefused);
    expect(invalid.status).toBe(422);
    expect(invalid.body).toMatchObject({ detail: [{ loc: ["query", "n", 0] }] });
    expect(invalid.message).toStartWith("the socket was refused: 422 {");
    const none = await client.websocket("/nowhere").catch((error: unknown) => error);
    expect(none).toMatchObject({ status: 404 });
    const origin = await client
      .websocket("/echo", { headers: { origin: "https://evil.example" } })
      .catch((error: unknown) => error);
    expect(origin).toMatchObject({ status: 403, body: { detail: "This origin may not connect" } });
  });

  test("throws what the handler threw, at whatever waits", async () => {
    const client = testClient(makeApi());
    const waits = await client.websocket("/fails");
    waits.send("go");
    expect(await waits.text()).toBe("first");
    expect(await waits.receive().catch(String)).toBe("RangeError: out of range");
    expect(await waits.closed.catch(String)).toBe("RangeError: out of range");
    const early = await client.websocket("/fails/at/once");
    expect(await early.receive().catch(String)).toBe("RangeError: at once");
    const hooked = await client.websocket("/fails/hook");
    hooked.send("go");
    expect(await hooked.closed.catch(String)).toBe("RangeError: in a hook");
    const last = await client.websocket("/fails/later");
    expect(await last.close().catch(String)).toBe("RangeError: in its last words");
    expect(await client.websocket("/breaks").catch((error: unknown) => error)).toBeInstanceOf(SyntaxError);
  });

  test("sees what a client would with raise: false", async () => {
    const logged: unknown[] = [];
    const client = testClient(makeApi(), { raise: false, log: ({ route, message }) => logged.push([route, message]) });
    const socket = await client.websocket("/fails/at/once");
    expect(await socket.closed).toEqual({ code: 1011, reason: "Internal error", wasClean: true });
    expect(logged).toEqual([["WS /fails/at/once", "RangeError: at once"]]);
    expect(await client.websocket("/breaks").catch((error: unknown) => error)).toMatchObject({ status: 500 });
  });

  test("an error with a status is no failure: it closes with 1008", async () => {
    const socket = await testClient(makeApi()).websocket("/refuses");
    expect(await socket.closed).toEqual({ code: 1008, reason: "Not you", wasClean: true });
  });

  test("that is cut is seen as 1006", async () => {
    const client = testClient(makeApi());
    const watcher = await client.websocket("/watches");
    const socket = await client.websocket("/closes");
    socket.cut();
    expect(await watcher.json()).toEqual({ code: 1006, wasClean: false });
    expect(await socket.closed).toMatchObject({ code: 1006 });
  });

  test("sends nothing once it is closed", async () => {
    const socket = await testClient(makeApi()).websocket("/echo");
    await socket.close();
    socket.send("late");
    expect(await socket.receive().catch(String)).toBe("SocketClosed: the socket is closed (1000)");
  });
});
