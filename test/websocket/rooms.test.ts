import { describe, expect, test } from "bun:test";
import { Sockets } from "../../src/websocket/index.ts";
import { type AnySocket, Client, connect, serve, settle } from "./stand.ts";

const never = () => new Promise<never>(() => {});

function three(handle: (socket: AnySocket) => unknown = never) {
  const sockets = new Sockets({ log() {} });
  return { sockets, all: [1, 2, 3].map((n) => connect(handle, { sockets, user: { id: `user${n}` } })) };
}

describe("a room", () => {
  test("is sent to by a member: all others get it, encoded once", () => {
    const { all } = three((socket) => (socket.join("a"), never()));
    let encodings = 0;
    const message = { toJSON: () => ({ n: ++encodings }) };
    all[0]?.connection.publish("a", message);
    expect(all.map(({ wire }) => wire.sent)).toEqual([[], ['{"n":1}'], ['{"n":1}']]);
  });

  test("is sent to from outside: all get it, as text, bytes or JSON", () => {
    const { all, sockets } = three((socket) => (socket.join("a"), never()));
    sockets.publish("a", "text");
    sockets.publish("a", new Uint8Array([1]));
    sockets.publish("a", null);
    sockets.publish("b", "nobody");
    for (const { wire } of all) expect(wire.sent).toEqual(["text", new Uint8Array([1]), "null"]);
    expect(() => sockets.publish("a", undefined)).toThrow(
      "undefined is no message: a text, bytes, or what JSON can say",
    );
  });

  test("is left by leaving, and by closing", async () => {
    const { all, sockets } = three((socket) => (socket.join("a"), socket.join("b"), never()));
    const [one, two, three_] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
    expect([...one.connection.rooms]).toEqual(["a", "b"]);
    one.connection.leave("a");
    one.connection.leave("never joined");
    expect([...one.connection.rooms]).toEqual(["b"]);
    two.connection.ended(1006, "");
    expect([...two.connection.rooms]).toEqual([]);
    sockets.publish("a", "x");
    expect(all.map(({ wire }) => wire.sent)).toEqual([[], [], ["x"]]);
    three_.connection.close();
    one.connection.leave("b");
    expect(sockets.rooms.size).toBe(0);
    two.connection.join("a");
    expect(sockets.rooms.size).toBe(0);
  });

  test("tells who is in it, and with what they joined", async () => {
    const { all, sockets } = three();
    const [one, two] = all as [(typeof all)[0], (typeof all)[0]];
    one.connection.join("a", { name: "Ada" });
    two.connection.join("a");
    expect(await sockets.presence("a")).toEqual([
      { id: one.connection.id, user: "user1", info: { name: "Ada" } },
      { id: two.connection.id, user: "user2" },
    ]);
    one.connection.join("a", { name: "Ada L." });
    expect((await two.connection.presence("a")).map(({ info }) => info)).toEqual([{ name: "Ada L." }, undefined]);
    expect(await sockets.presence("empty")).toEqual([]);
  });

  test("may have any name, but for none", () => {
    const { all } = three();
    for (const name of ["__proto__", "a/b", "ü €", "*", "x".repeat(10_000)]) {
      all[0]?.connection.join(name);
      all[1]?.connection.publish(name, name);
    }
    expect(all[0]?.wire.sent).toHaveLength(5);
    expect(() => all[0]?.connection.join("")).toThrow("a room's name is a text that is not empty");
    expect(() => all[0]?.connection.join(1 as never)).toThrow(TypeError);
  });

  test("of one api is none of another's", () => {
    const [one, other] = [
      three((socket) => (socket.join("a"), never())),
      three((socket) => (socket.join("a"), never())),
    ];
    one.sockets.publish("a", "x");
    expect(other.all.map(({ wire }) => wire.sent.length)).toEqual([0, 0, 0]);
  });
});

describe("a room of real connections", () => {
  test("is fanned out to by the server, in order with what each is sent", async () => {
    const { url, stop, sockets } = serve(async (socket) => {
      socket.join("a");
      socket.send("joined");
      for await (const message of socket) {
        socket.publish("a", message);
        socket.send(`sent ${message}`);
      }
    });
    const clients = await Promise.all([Client.open(url), Client.open(url), Client.open(url)]);
    await Promise.all(clients.map((client) => client.has(1)));
    clients[0]?.send("1");
    await clients[0]?.has(2);
    clients[0]?.send("2");
    await Promise.all(clients.map((client) => client.has(3)));
    sockets.publish("a", new Uint8Array([1]));
    await Promise.all(clients.map((client) => client.has(4)));
    expect(clients.map(({ messages }) => messages)).toEqual([
      ["joined", "sent 1", "sent 2", new Uint8Array([1])],
      ["joined", "1", "2", new Uint8Array([1])],
      ["joined", "1", "2", new Uint8Array([1])],
    ]);
    clients[1]?.socket.close();
    await clients[1]?.closed;
    while ((await sockets.presence("a")).length > 2) await settle();
    sockets.publish("a", "end");
    await clients[2]?.has(5);
    expect(clients.map(({ messages }) => messages.length)).toEqual([5, 4, 5]);
    await stop();
  });

  test.each([
    [
      "after its loop",
      async (socket: AnySocket) => {
        socket.join("a");
        for await (const _ of socket);
        socket.publish("a", "left");
      },
    ],
    [
      "in its close hook",
      { open: (socket: AnySocket) => socket.join("a"), close: (socket: AnySocket) => socket.publish("a", "left") },
    ],
  ])("is told by who has gone that it has: %s", async (_, handle) => {
    const { url, sockets, stop } = serve(handle);
    const [stays, goes] = [await Client.open(url), await Client.open(url)];
    while ((await sockets.presence("a")).length < 2) await settle();
    goes.socket.close();
    expect(await stays.has(1)).toEqual(["left"]);
    expect(await sockets.presence("a")).toHaveLength(1);
    await stop();
  });

  test("is left while the connection stays", async () => {
    const { url, stop, sockets } = serve({
      open: (socket) => socket.join("a"),
      message(socket, room) {
        socket.leave(room);
        socket.send(`left ${room}`);
      },
    });
    const [one, two] = await Promise.all([Client.open(url), Client.open(url)]);
    one.send("a");
    await one.has(1);
    sockets.publish("a", "x");
    await two.has(1);
    one.send("b");
    await one.has(2);
    expect([one.messages, two.messages]).toEqual([["left a", "left b"], ["x"]]);
    await stop();
  });

  test("is mixed with others that are sent to one by one, and spans two servers of an api", async () => {
    const sockets = new Sockets({ log() {} });
    const handle = (socket: AnySocket) => (socket.join("ü"), socket.send("joined"), socket.closed);
    const stands = [serve(handle, { sockets }), serve(handle, { sockets })];
    const clients = await Promise.all(stands.map(({ url }) => Client.open(url)));
    await Promise.all(clients.map((client) => client.has(1)));
    const single = connect(handle, { sockets });
    single.connection.publish("ü", "from one");
    sockets.publish("ü", "from none");
    await Promise.all(clients.map((client) => client.has(3)));
    expect(clients.map(({ messages }) => messages)).toEqual([
      ["joined", "from one", "from none"],
      ["joined", "from one", "from none"],
    ]);
    expect(single.wire.sent).toEqual(["joined", "from none"]);
    for (const { stop } of stands) await stop();
  });
});

describe("closing all", () => {
  test("closes 1001, aborts signals and waits for the handlers", async () => {
    const seen: string[] = [];
    const { url, stop, sockets } = serve(async (socket) => {
      socket.send("open");
      await new Promise((resolve) => socket.signal.addEventListener("abort", resolve));
      await settle();
      seen.push("handler through");
    });
    const client = await Client.open(url);
    await client.has(1);
    await sockets.closeAll(1001, "stopping");
    expect(seen).toEqual(["handler through"]);
    expect(await client.closed).toBe("1001 stopping");
    const late = new Client(url);
    expect(await late.closed).toBe("1001 stopping");
    expect(late.messages).toEqual([]);
    await stop();
    expect(sockets.size).toBe(0);
  });

  test("does not wait for a handler that never ends beyond the deadline", async () => {
    const { sockets } = three();
    expect(sockets.size).toBe(3);
    await sockets.closeAll(1012, "", 5);
    expect(sockets.size).toBe(3);
  });
});
