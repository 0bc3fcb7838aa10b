import { RedisClient } from "bun";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogRecord } from "../../src/http/index.ts";
import { redisBroker, Sockets } from "../../src/websocket/index.ts";
import { redisServer } from "../store/stores.ts";
import { type AnySocket, connect } from "./stand.ts";

const never = () => new Promise<never>(() => {});
const joins = (socket: AnySocket) => (socket.join("a", { from: "here" }), never());

/** An api of its own, as in another process. */
async function api(url: string, options?: Parameters<typeof redisBroker>[1]) {
  const logged: string[] = [];
  const log = ({ message }: LogRecord) => void logged.push(message);
  const sockets = new Sockets({ log, broker: redisBroker(url, options) });
  await sockets.start();
  const open = (handle: (socket: AnySocket) => unknown = joins) => connect(handle, { sockets });
  const stop = async () => {
    await sockets.closeAll(1001, "", 0);
    await sockets.stop();
  };
  return { sockets, logged, open, stop };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(2);
}

describe.skipIf(Bun.which("redis-server") === null)("rooms over Redis", () => {
  let directory: string;
  let url: string;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "bolide-broker-"));
    ({ url, stop } = await redisServer(directory));
  });
  afterAll(async () => {
    await stop();
    rmSync(directory, { recursive: true });
  });

  test("span processes: texts, bytes and JSON arrive once each, in the publisher's order", async () => {
    const [one, two] = await Promise.all([api(url), api(url)]);
    const [here, there] = [one.open(), two.open()];
    here.connection.publish("a", "not to myself");
    one.sockets.publish("a", { n: 1 });
    one.sockets.publish("a", new Uint8Array([0, 255]));
    one.sockets.publish("b", "another room");
    one.sockets.publish("a", "ü:€\n");
    for (let n = 0; n < 500; n++) one.sockets.publish("a", String(n));
    await until(() => there.wire.sent.length >= 504);
    const numbers = Array.from({ length: 500 }, (_, n) => String(n));
    expect(there.wire.sent).toEqual(["not to myself", '{"n":1}', new Uint8Array([0, 255]), "ü:€\n", ...numbers]);
    two.sockets.publish("a", "back");
    await until(() => here.wire.sent.at(-1) === "back");
    expect(here.wire.sent).toEqual(['{"n":1}', new Uint8Array([0, 255]), "ü:€\n", ...numbers, "back"]);
    expect([one.logged, two.logged]).toEqual([[], []]);
    await Promise.all([one.stop(), two.stop()]);
  });

  test("tell who is in them, everywhere; who leaves is gone", async () => {
    const [one, two] = await Promise.all([api(url), api(url)]);
    const [here, there] = [one.open(), two.open()];
    await until(async () => (await one.sockets.presence("a")).length === 2);
    expect(await one.sockets.presence("a")).toEqual([
      { id: here.connection.id, info: { from: "here" } },
      { id: there.connection.id, info: { from: "here" } },
    ]);
    there.connection.close();
    await until(async () => (await one.sockets.presence("a")).length === 1);
    two.open();
    await until(async () => (await one.sockets.presence("a")).length === 2);
    await two.stop();
    expect(await one.sockets.presence("a")).toHaveLength(1);
    await one.stop();
    const client = new RedisClient(url);
    expect(await client.keys("bolide:ws:*")).toEqual([]);
    client.close();
  });

  test("forget the members of a process that died", async () => {
    const one = await api(url, { presenceTtl: 300 });
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "programs/member.ts"), url], { stdout: "pipe" });
    const reader = child.stdout.getReader();
    await reader.read();
    await until(async () => (await one.sockets.presence("a")).length === 1);
    child.kill("SIGKILL");
    await child.exited;
    await until(async () => (await one.sockets.presence("a")).length === 0);
    const client = new RedisClient(url);
    await until(async () => (await client.keys("bolide:ws:room:*")).length === 0);
    client.close();
    await one.stop();
  });

  test("of two apis with a prefix each do not mix", async () => {
    const [one, two] = await Promise.all([api(url, { prefix: "one:" }), api(url, { prefix: "two:" })]);
    const there = two.open();
    one.sockets.publish("a", "x");
    two.sockets.publish("a", "y");
    await until(() => there.wire.sent.length > 0);
    expect(there.wire.sent).toEqual(["y"]);
    await Promise.all([one.stop(), two.stop()]);
  });

  test("do not mind what others publish on their channel", async () => {
    const one = await api(url);
    const here = one.open();
    const client = new RedisClient(url);
    const origin = crypto.randomUUID();
    const nonsense = [
      "",
      "x",
      origin,
      `${origin}t`,
      `${origin}t9:a`,
      `${origin}t-1:ab`,
      `${origin}x1:ab`,
      `${origin}b1:a!`,
    ];
    for (const text of nonsense) await client.publish("bolide:ws:rooms", text);
    await client.publish("bolide:ws:rooms", `${origin}t1:afine`);
    await until(() => here.wire.sent.length > 0);
    expect([here.wire.sent, one.logged]).toEqual([["fine"], []]);
    client.close();
    await one.stop();
  });

  test("can be stopped and started again", async () => {
    const [one, two] = await Promise.all([api(url), api(url)]);
    await one.stop();
    await one.sockets.start();
    const here = one.open();
    two.sockets.publish("a", "x");
    await until(() => here.wire.sent.length > 0);
    expect(here.wire.sent).toEqual(["x"]);
    await Promise.all([one.stop(), two.stop()]);
  });

  test("are published to, and asked, by who has not waited for the connection", async () => {
    const one = await api(url);
    const here = one.open();
    const script = new Sockets({ log: () => {}, broker: redisBroker(url) });
    script.publish("a", "first");
    script.publish("a", "second");
    expect(await script.presence("a")).toEqual([{ id: here.connection.id, info: { from: "here" } }]);
    script.publish("a", "third");
    await script.stop();
    await until(() => here.wire.sent.length >= 3);
    expect(here.wire.sent).toEqual(["first", "second", "third"]);
    await one.stop();
  });

  test("serve one api: a second is told", async () => {
    const broker = redisBroker(url);
    const logged: string[] = [];
    const log = ({ error }: LogRecord) => void logged.push(String(error));
    const [one, two] = [new Sockets({ log, broker }), new Sockets({ log, broker })];
    await one.start();
    await two.start();
    expect(logged).toEqual(["Error: a broker serves one api: make another for the second"]);
    await two.stop();
    // The first one's broker still works: it is asked without a word in the log.
    expect(await one.presence("a")).toEqual([]);
    expect(logged).toHaveLength(1);
    await one.stop();
  });
});

describe.skipIf(Bun.which("redis-server") === null)("rooms while Redis is away", () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), "bolide-broker-"))));
  afterAll(() => rmSync(directory, { recursive: true }));

  test("go on in this process, say so once, and recover with all who are here", async () => {
    const first = await redisServer(directory);
    const [one, two] = await Promise.all([api(first.url), api(first.url)]);
    const [here, near, there] = [one.open(), one.open(), two.open()];
    await until(async () => (await one.sockets.presence("a")).length === 3);
    await first.stop();
    await until(() => one.logged.length > 0 && two.logged.length > 0);
    one.sockets.publish("a", "alone");
    expect([here.wire.sent, near.wire.sent, there.wire.sent]).toEqual([["alone"], ["alone"], []]);
    expect(await one.sockets.presence("a")).toHaveLength(2);
    expect(await one.sockets.presence("a")).toHaveLength(2);
    near.connection.close();
    const late = two.open();
    const second = await redisServer(directory);
    await until(() => [one, two].every(({ logged }) => logged.some((message) => message.includes("is back"))));
    await until(async () => (await one.sockets.presence("a")).length === 3);
    one.sockets.publish("a", "together");
    await until(() => late.wire.sent.length > 0 && there.wire.sent.length > 0);
    expect([here.wire.sent, there.wire.sent, late.wire.sent]).toEqual([
      ["alone", "together"],
      ["together"],
      ["together"],
    ]);
    expect(one.logged).toEqual([
      "redis is away: rooms are of this process alone until it is back",
      "presence is of this process alone: redis cannot be asked",
      "redis is back: rooms span processes again",
    ]);
    await Promise.all([one.stop(), two.stop()]);
    await second.stop();
  });

  test("have no ghosts of who left while the connection was broken", async () => {
    const server = await redisServer(directory);
    const [one, two] = await Promise.all([api(server.url), api(server.url)]);
    const here = one.open();
    await until(async () => (await two.sockets.presence("a")).length === 1);
    const client = new RedisClient(server.url);
    await client.send("CLIENT", ["KILL", "TYPE", "pubsub"]);
    await until(() => one.logged.length > 0);
    here.connection.close();
    await until(() => [one, two].every(({ logged }) => logged.length === 2));
    expect(await two.sockets.presence("a")).toEqual([]);
    client.close();
    await Promise.all([one.stop(), two.stop()]);
    await server.stop();
  });

  test("recover from a Redis that neither answers nor hangs up", async () => {
    const server = await redisServer(directory);
    let isFrozen = false;
    const path = join(directory, "proxy.sock");
    const proxy = Bun.listen<{ redis: Promise<Bun.Socket> }>({
      unix: path,
      socket: {
        open(client) {
          const data = (_: unknown, chunk: Buffer) => void (isFrozen || client.write(chunk));
          client.data = { redis: Bun.connect({ unix: join(directory, "redis.sock"), socket: { data } }) };
        },
        data: (client, chunk) => void (isFrozen || client.data.redis.then((redis) => redis.write(Buffer.from(chunk)))),
        close: (client) => void client.data.redis.then((redis) => redis.end()),
      },
    });
    const [one, two] = await Promise.all([api(`redis+unix://${path}`, { presenceTtl: 150 }), api(server.url)]);
    const here = one.open();
    isFrozen = true;
    await until(() => one.logged.length > 0);
    expect(one.logged).toEqual(["redis is away: rooms are of this process alone until it is back"]);
    isFrozen = false;
    await until(() => one.logged.length > 1);
    two.sockets.publish("a", "x");
    await until(() => here.wire.sent.length > 0);
    expect(here.wire.sent).toEqual(["x"]);
    await Promise.all([one.stop(), two.stop()]);
    proxy.stop(true);
    await server.stop();
  });

  test("work where it was never there", async () => {
    const one = await api(`redis+unix://${join(directory, "nobody.sock")}`);
    const here = one.open();
    one.sockets.publish("a", "x");
    expect(here.wire.sent).toEqual(["x"]);
    // Two more attempts, and not a word.
    await Bun.sleep(350);
    expect(one.logged).toEqual(["redis is away: rooms are of this process alone until it is back"]);
    await one.stop();
  });
});

test("a heartbeat is no shorter than what Redis can keep", () => {
  expect(() => redisBroker("redis://localhost", { presenceTtl: 10 })).toThrow(
    "presenceTtl takes milliseconds from 100, not 10",
  );
});
