import { RedisClient } from "bun";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisStore } from "../../src/store/index.ts";
import { redisServer } from "./stores.ts";

describe.skipIf(Bun.which("redis-server") === null)("the redis store", () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), "bolide-redis-"))));
  afterAll(() => rmSync(directory, { recursive: true }));

  test("fails while Redis is away, and works when it is back", async () => {
    const first = await redisServer(directory);
    const store = redisStore(first.url);
    const outcome = () =>
      Promise.resolve(store.increment("count")).then(
        () => "counted",
        () => "failed",
      );
    expect(await Promise.all([outcome(), outcome()])).toEqual(["counted", "counted"]);
    await first.stop();
    expect(await Promise.all([outcome(), outcome()])).toEqual(["failed", "failed"]);
    expect(await outcome()).toBe("failed");
    const second = await redisServer(directory);
    expect(await Promise.all([outcome(), outcome()])).toEqual(["counted", "counted"]);
    expect(await store.get("count")).toBe("2");
    store.close();
    await second.stop();
  });

  test("is not there from the start: each call fails", async () => {
    const store = redisStore(`redis+unix://${join(directory, "nobody.sock")}`);
    const asked = Promise.resolve(store.get("a")).then(
      () => "an answer",
      () => "failed",
    );
    expect(await asked).toBe("failed");
    store.close();
  });

  test("leaves a client of your own open, and keeps to its prefix", async () => {
    const { url, stop } = await redisServer(directory);
    const client = new RedisClient(url);
    const [one, two] = [redisStore(client), redisStore(client, { prefix: "two:" })];
    await one.set("a", "1");
    await two.set("a", "2");
    one.close();
    expect(await Promise.all([client.get("bolide:a"), client.get("two:a"), client.get("a")])).toEqual(["1", "2", null]);
    client.close();
    await stop();
  });
});
