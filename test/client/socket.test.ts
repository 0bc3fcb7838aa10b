import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Api, defineAuth, type RunningServer, t } from "bolide";
import { client } from "bolide/client";

const api = new Api({ health: false });
const ticket = defineAuth({
  name: "ticket",
  authenticate: ({ url }) => (url.searchParams.get("ticket") === "7" ? { id: "7", roles: [], claims: {} } : undefined),
});

const talk = api.ws(
  "/rooms/:room",
  {
    params: { room: t.Integer() },
    query: { times: t.Integer({ default: 1 }) },
    protocols: ["v2"],
    message: { text: t.String({ minLength: 1 }), at: t.Date() },
    send: { room: t.Integer(), text: t.String(), at: t.Date() },
  },
  async (socket) => {
    for await (const { text, at } of socket)
      for (let time = 0; time < socket.query.times; time++) socket.send({ room: socket.params.room, text, at });
  },
);
const echo = api.ws("/echo", async (socket) => {
  for await (const message of socket) {
    if (message === "bye") return socket.close(4000, "bye");
    socket.send(message);
  }
});
const secured = api.ws(
  "/secured",
  { auth: ticket, query: { ticket: t.Optional(t.String()) } },
  (socket) => void socket.send(socket.user.id),
);
const module = { talk, echo, secured };

describe("the typed client", () => {
  let server: RunningServer;
  const remote = () => client<typeof module>(server.url);
  beforeAll(async () => {
    server = await api.listen({ port: 0 });
  });
  afterAll(() => server.stop());

  test("opens a socket with parameters, query and subprotocols; messages are JSON both ways", async () => {
    const socket = remote()
      .at("/rooms/:room")
      .ws({ params: { room: 7 }, query: { times: 2 }, protocols: ["v1", "v2"] });
    // Before it is open: it waits.
    socket.send({ text: "hi", at: new Date(0) });
    const seen: unknown[] = [];
    for await (const message of socket) {
      seen.push(message);
      if (seen.length === 2) break;
    }
    const said = { room: 7, text: "hi", at: "1970-01-01T00:00:00.000Z" };
    expect(seen).toEqual([said, said]);
    expect(socket.protocol).toBe("v2");
    socket.close();
    expect(await socket.closed).toEqual({ code: 1000, reason: "", wasClean: true });
  });

  test("is told what was wrong with a message, and goes on", async () => {
    const socket = remote()
      .at("/rooms/:room")
      .ws({ params: { room: 7 } });
    await socket.opened;
    socket.send({ text: "", at: new Date(0) });
    socket.send({ text: "x", at: new Date(0) });
    const messages = socket[Symbol.asyncIterator]();
    expect((await messages.next()).value).toMatchObject({ error: [{ loc: ["message", "text"], type: "too_short" }] });
    expect((await messages.next()).value).toMatchObject({ text: "x" });
    socket.close();
  });

  test("has texts and bytes as they are where it is raw, until the server closes", async () => {
    const socket = remote().at("/echo").ws({ raw: true });
    for (const message of ["1", new Uint8Array([1, 2]), "{}", "bye"]) socket.send(message);
    expect(await Array.fromAsync(socket)).toEqual(["1", new Uint8Array([1, 2]), "{}"]);
    expect(await socket.closed).toEqual({ code: 4000, reason: "bye", wasClean: true });
  });

  test("that is refused is not opened, and its loop ends", async () => {
    const refused = remote().at("/secured").ws({ raw: true });
    expect(await refused.opened.catch(String)).toMatch(/^Error: the socket was not opened \(\d+\)$/);
    expect(await Array.fromAsync(refused)).toEqual([]);
    const admitted = remote()
      .at("/secured")
      .ws({ raw: true, query: { ticket: "7" } });
    expect(await Array.fromAsync(admitted)).toEqual(["7"]);
  });

  test("takes another WebSocket, where a runtime can send headers with it", async () => {
    const asked: unknown[] = [];
    const own = client<typeof module>(server.url, {
      webSocket: (url, protocols) => {
        asked.push([new URL(url).pathname, new URL(url).protocol, protocols]);
        return new WebSocket(url, protocols);
      },
    });
    const socket = own.at("/rooms/:room").ws({ params: { room: 7 }, protocols: ["v2"] });
    await socket.opened;
    expect(asked).toEqual([["/rooms/7", "ws:", ["v2"]]]);
    socket.close();
    await socket.closed;
  });
});
