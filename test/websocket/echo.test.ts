import { expect, test } from "bun:test";
import { t } from "../../src/schema/index.ts";
import { Client, serve, settle } from "./stand.ts";

test("a handler in iterator style answers each message, and sees the client go", async () => {
  const seen: string[] = [];
  const { url, stop } = serve(async (socket) => {
    for await (const message of socket) socket.send(message);
    const { code, reason, wasClean } = await socket.closed;
    seen.push(`${code} ${reason} ${wasClean}`);
  });
  const client = await Client.open(url);
  client.send("one");
  client.send(new Uint8Array([1, 2]));
  client.send("");
  client.send("ende ü €");
  expect(await client.has(4)).toEqual(["one", new Uint8Array([1, 2]), "", "ende ü €"]);
  client.socket.close(4001, "enough");
  expect(await client.closed).toBe("4001 enough");
  await settle();
  expect(seen).toEqual(["4001 enough true"]);
  await stop();
});

test("hooks are called in order: open, each message, close", async () => {
  const seen: string[] = [];
  const { url, stop } = serve({
    open: (socket) => void socket.send("welcome"),
    message: (socket, message) => void socket.send(`echo ${message}`),
    close: (_, { code, reason }) => void seen.push(`${code} ${reason}`),
  });
  const client = await Client.open(url);
  client.send("a");
  client.send("b");
  expect(await client.has(3)).toEqual(["welcome", "echo a", "echo b"]);
  client.socket.close();
  await client.closed;
  await settle();
  expect(seen).toEqual(["1005 "]);
  await stop();
});

test("returning closes 1000, a thousand messages in one go are echoed in order", async () => {
  const { url, stop } = serve(
    async (socket) => {
      for await (const n of socket) {
        socket.send(n);
        if (n === 999) return;
      }
    },
    { settings: { message: t.Integer(), send: t.Integer() } },
  );
  const client = await Client.open(url);
  for (let n = 0; n < 1000; n++) client.send(String(n));
  expect(await client.closed).toBe("1000");
  expect(client.messages).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)));
  await stop();
});
