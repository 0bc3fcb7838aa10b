import { heapStats } from "bun:jsc";
import { describe, expect, test } from "bun:test";
import { bunSocketHandlers } from "../../src/websocket/index.ts";
import { type AnySocket, Client, serve, settle } from "./stand.ts";

/** A connection whose frames are written by hand; it answers nothing by itself. */
async function raw(port: number, headers = "") {
  const received: Buffer[] = [];
  let isOpen = false;
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, chunk) {
        const head = isOpen ? 0 : chunk.indexOf("\r\n\r\n") + 4;
        isOpen = true;
        if (chunk.length > head) received.push(Buffer.from(chunk.subarray(head)));
        resolve();
      },
      close: () => close(),
    },
  });
  socket.write(
    `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${headers}\r\n`,
  );
  await opened;
  return { socket, received, closed };
}

/** A masked frame, its mask of zeros (RFC 6455 5.2). */
function frame(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const head =
    payload.length < 126
      ? [0x80 | payload.length]
      : payload.length < 65_536
        ? [0x80 | 126, payload.length >> 8, payload.length & 255]
        : [0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (payload.length >>> shift) & 255)];
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, ...head, 0, 0, 0, 0]), payload]);
}

/** The code of the close frame that ends what was received. */
const closeCode = (received: readonly Buffer[]): number | undefined => {
  const all = Buffer.concat(received);
  const at = all.indexOf(0x88);
  return at === -1 ? undefined : all.readUInt16BE(at + 2);
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settle();
}

describe("what Bun itself refuses is told to the handler with the code that the client got", () => {
  test.each([
    ["a message over the server's limit", frame(1, new Uint8Array(200).fill(97)), 1009],
    [
      "a message over the limit in pieces",
      Buffer.concat([frame(1, new Uint8Array(60), false), frame(0, new Uint8Array(60))]),
      1009,
    ],
    ["a text that is no UTF-8", frame(1, new Uint8Array([0xff, 0xfe])), 1007],
    ["an unknown opcode", frame(3, new Uint8Array(1)), 1002],
    ["a ping of 126 bytes", frame(9, new Uint8Array(126)), 1002],
    ["a frame without a mask", Buffer.from([0x81, 1, 97]), 1002],
    ["a reserved bit", Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 97]), 1002],
    ["a ping in pieces", frame(9, new Uint8Array(1), false), 1002],
    ["a close with code 1005", frame(8, new Uint8Array([0x03, 0xed])), 1002],
    ["a frame that goes on where none began", frame(0, new Uint8Array(1)), 1002],
  ])("%s", async (_, bytes, code) => {
    let seen: { code: number } | undefined;
    const { port, stop } = serve(async (socket) => void (seen = await socket.closed), {
      settings: { maxMessageSize: 100 },
    });
    const client = await raw(port);
    client.socket.write(bytes);
    await until(() => seen !== undefined && client.received.length > 0);
    expect([seen?.code, closeCode(client.received)]).toEqual([code, code]);
    client.socket.end();
    await stop();
  });
});

test("a flood is closed 1013, and memory holds no more than the queue", async () => {
  let socket: AnySocket | undefined;
  const { port, stop, logged } = serve((opened) => (socket = opened).closed);
  const client = await raw(port);
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => frame(1, new Uint8Array(10).fill(97))));
  client.socket.write(flood);
  await until(() => socket?.isOpen === false);
  await until(() => closeCode(client.received) !== undefined);
  expect(closeCode(client.received)).toBe(1013);
  expect(logged).toEqual([]);
  client.socket.end();
  await stop();
});

test("a flood of pings is answered, and reaches no handler", async () => {
  const seen: unknown[] = [];
  const { port, stop } = serve({ message: (_, message) => void seen.push(message) });
  const client = await raw(port);
  client.socket.write(Buffer.concat(Array.from({ length: 1000 }, () => frame(9, new Uint8Array(1)))));
  client.socket.write(frame(1, Buffer.from("through")));
  await until(() => seen.length > 0);
  expect(seen).toEqual(["through"]);
  await until(() => Buffer.concat(client.received).length >= 3000);
  expect(Buffer.concat(client.received).length).toBe(3000);
  client.socket.end();
  await stop();
});

test("a half-open client is pinged, then cut", async () => {
  let socket: AnySocket | undefined;
  const { port, stop, sockets } = serve((opened) => (socket = opened).closed, { settings: { idleTimeout: 4 } });
  const client = await raw(port);
  await until(() => socket !== undefined);
  for (let second = 0; second < 4; second++) sockets.sweep();
  expect(await socket?.closed).toEqual({ code: 1006, reason: "idle timeout", wasClean: false });
  await client.closed;
  expect(Buffer.concat(client.received)).toEqual(Buffer.from([0x89, 0]));
  await stop();
});

test("a client that answers pings stays, whatever the idle timeout", async () => {
  const { url, stop, sockets } = serve(
    async (socket) => {
      for await (const message of socket) socket.send(message);
    },
    { settings: { idleTimeout: 4 } },
  );
  const client = await Client.open(url);
  for (let round = 0; round < 5; round++) {
    sockets.sweep();
    sockets.sweep();
    client.send(`${round}`);
    await client.has(round + 1);
  }
  expect(client.messages).toEqual(["0", "1", "2", "3", "4"]);
  client.socket.close();
  await stop();
});

test("pings and pongs are signs of life", () => {
  const heard: string[] = [];
  const { ping, pong } = bunSocketHandlers([{}]);
  const wire = (name: string) => ({ data: { heard: () => void heard.push(name) } }) as never;
  void ping?.(wire("ping"), Buffer.alloc(0));
  void pong?.(wire("pong"), Buffer.alloc(0));
  expect(heard).toEqual(["ping", "pong"]);
});

describe("a slow reader", () => {
  test("holds up its own handler alone, and gets everything", async () => {
    const chunk = new Uint8Array(1 << 20).fill(97);
    let waits = 0;
    const { port, stop } = serve(async (socket) => {
      for (let n = 0; n < 16; n++) {
        if (socket.sendBytes(chunk)) continue;
        waits++;
        await socket.drained();
      }
    });
    const client = await raw(port);
    client.socket.pause();
    await until(() => waits === 1);
    client.socket.resume();
    // Sixteen frames, and a close frame of four bytes.
    const whole = 16 * (chunk.length + 10) + 4;
    const length = () => client.received.reduce((sum, { length }) => sum + length, 0);
    await until(() => length() >= whole);
    expect(length()).toBe(whole);
    expect(waits).toBeGreaterThan(0);
    client.socket.end();
    await stop();
  });

  test("that never catches up is closed 1013", async () => {
    let socket: AnySocket | undefined;
    const { port, stop } = serve(
      async (opened) => {
        socket = opened;
        while (opened.isOpen) {
          opened.sendBytes(new Uint8Array(1 << 18));
          await settle();
        }
      },
      { settings: { maxBackpressure: 1 << 20 } },
    );
    const client = await raw(port);
    client.socket.pause();
    await until(() => socket?.isOpen === false);
    expect(await socket?.closed).toEqual({ code: 1013, reason: "The client reads too slowly", wasClean: true });
    client.socket.end();
    await stop();
  });

  test("in a room is closed rather than left out in silence, and the others get all", async () => {
    const open: AnySocket[] = [];
    const { url, port, stop, sockets } = serve((socket) => (socket.join("a"), open.push(socket), socket.closed), {
      settings: { maxBackpressure: 1 << 20 },
    });
    const slow = await raw(port);
    slow.socket.pause();
    const good = await Client.open(url);
    await until(() => open.length === 2);
    let sent = 0;
    while (open[0]?.isOpen === true) {
      sockets.publish("a", new Uint8Array(1 << 18));
      await good.has(++sent);
    }
    // Bun has cut it: had it only dropped what was too much, the next look at the backlog would have found it, and closed 1013.
    expect((await open[0]?.closed)?.code).toBe(1006);
    expect(open[1]?.isOpen).toBe(true);
    expect(good.messages).toHaveLength(sent);
    expect(await sockets.presence("a")).toHaveLength(1);
    slow.socket.end();
    good.socket.close();
    await stop();
  });
});

describe("compression", () => {
  const offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  /** Whether each frame is compressed: its first reserved bit says so (RFC 7692 6). */
  const kinds = (received: readonly Buffer[]): readonly string[] => {
    const all = Buffer.concat(received);
    const found: string[] = [];
    for (let at = 0; at < all.length;) {
      found.push(all[at] === 0xc1 ? "compressed" : "plain");
      const length = all.readUInt8(at + 1);
      at += length === 126 ? 4 + all.readUInt16BE(at + 2) : 2 + length;
    }
    return found;
  };

  test.each([
    [true, offer, ["compressed", "compressed"]],
    [true, "", ["plain", "plain"]],
    [false, offer, ["plain", "plain"]],
  ])("declared %p and offered %p: what is sent and what a room sends is %p", async (compression, headers, expected) => {
    const { port, stop, sockets } = serve(
      (socket) => {
        socket.join("a");
        socket.send("x".repeat(1000));
        return socket.closed;
      },
      { settings: { compression } },
    );
    const client = await raw(port, headers);
    await until(() => client.received.length > 0);
    sockets.publish("a", "x".repeat(1000));
    await until(() => kinds(client.received).length === 2);
    expect(kinds(client.received)).toEqual(expected);
    client.socket.end();
    await stop();
  });

  test("is no way to a bomb: a message over the limit once inflated closes 1009", async () => {
    let seen: { code: number } | undefined;
    const { port, stop } = serve(async (socket) => void (seen = await socket.closed), {
      settings: { compression: true, maxMessageSize: 1000 },
    });
    const client = await raw(port, offer);
    const bomb = Bun.deflateSync(Buffer.alloc(100_000, 97), { windowBits: -15 });
    const bytes = frame(1, bomb);
    bytes[0] = 0xc1;
    client.socket.write(bytes);
    await until(() => seen !== undefined && client.received.length > 0);
    expect([seen?.code, closeCode(client.received)]).toEqual([1009, 1009]);
    client.socket.end();
    await stop();
  });
});

test("messages that arrive while the socket is being closed reach nobody", async () => {
  const seen: unknown[] = [];
  const { port, stop } = serve({
    message(socket, message) {
      seen.push(message);
      socket.close(4000);
    },
  });
  const client = await raw(port);
  client.socket.write(Buffer.concat(["1", "2", "3"].map((text) => frame(1, Buffer.from(text)))));
  await until(() => closeCode(client.received) !== undefined);
  expect([seen, closeCode(client.received)]).toEqual([["1"], 4000]);
  client.socket.end();
  await stop();
});

test("two thousand sockets that were opened and closed leave nothing behind", async () => {
  const { url, stop, sockets, connections } = serve(async (socket) => {
    socket.join("a");
    socket.data["big"] = new Uint8Array(1000);
    for await (const message of socket) socket.send(message);
  });
  for (let round = 0; round < 20; round++) {
    const clients = await Promise.all(Array.from({ length: 100 }, () => Client.open(url)));
    for (const client of clients) client.send("x");
    await Promise.all(clients.map((client) => client.has(1)));
    for (const client of clients) client.socket.close();
    await Promise.all(clients.map(({ closed }) => closed));
  }
  await until(() => sockets.size === 0);
  expect([connections.length, sockets.rooms.size]).toEqual([2000, 0]);
  for (let turn = 0; turn < 5; turn++) {
    await settle();
    Bun.gc(true);
  }
  // A conservative collector may take a word on the stack for a pointer.
  expect(connections.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(20);
  expect(heapStats().objectTypeCounts["ServerWebSocket"] ?? 0).toBeLessThan(20);
  await stop();
});
