import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { RedisClient } from "bun";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedRate, type Limiter, redisLimits, type RedisLimitsOptions } from "../../../src/middleware/index.ts";
import { redisServer } from "../../store/stores.ts";

describe.skipIf(Bun.which("redis-server") === null)("a limit in Redis", () => {
  let directory: string;
  let server: Awaited<ReturnType<typeof redisServer>>;
  const warnings: string[] = [];
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "bolide-redis-"));
    server = await redisServer(directory);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const open = (
    name: string,
    [limit, window, burst]: [number, number, number?],
    options?: RedisLimitsOptions,
  ): Limiter =>
    redisLimits(server.url, options).open({
      rate: checkedRate(limit, window, burst),
      name,
      place: "",
      warn: (message) => warnings.push(message),
    });
  const passed = async (limiter: Limiter, key: string, attempts: number): Promise<number> =>
    (await Promise.all(Array.from({ length: attempts }, () => limiter.take(key)))).filter((one) => one.passed).length;

  test("passes exactly as many as it says, of two programs at once", async () => {
    const [one, other] = [open("both", [20, 3600]), open("both", [20, 3600])];
    const counts = await Promise.all([passed(one, "a", 100), passed(other, "a", 100)]);
    expect(counts[0] + counts[1]).toBe(20);
    expect(await passed(other, "b", 3)).toBe(3);
  });

  test("tells how far ahead a key is, and refuses without counting", async () => {
    const limiter = open("ahead", [2, 7200]);
    const all = [];
    for (let attempt = 0; attempt < 4; attempt++) all.push(await limiter.take("a"));
    expect(all.map((one) => one.passed)).toEqual([true, true, false, false]);
    expect(all.map(({ ahead }) => Math.ceil(ahead / 3_600_000))).toEqual([1, 2, 2, 2]);
  });

  test("passes again after an interval", async () => {
    const limiter = open("again", [10, 1, 1]);
    expect(await passed(limiter, "a", 5)).toBe(1);
    await Bun.sleep(110);
    expect(await passed(limiter, "a", 5)).toBe(1);
  });

  test("keeps no key as it was given, and none for longer than it matters", async () => {
    const client = new RedisClient(server.url);
    await client.send("FLUSHALL", []);
    await open("secret", [1, 10], { prefix: "shop:" }).take("user ada");
    const keys = (await client.keys("*")) as string[];
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^shop:[\w-]{43}:[\w-]{43}$/);
    const life = await client.pttl(keys[0]!);
    expect([life > 9000, life <= 10_000]).toEqual([true, true]);
    client.close();
  });

  test("brings in a moment that is too far ahead", async () => {
    const client = new RedisClient(server.url);
    await client.send("FLUSHALL", []);
    const limiter = open("back", [10, 1, 1]);
    await limiter.take("a");
    const [key] = (await client.keys("*")) as string[];
    await client.set(key!, String(Date.now() + 86_400_000));
    expect((await limiter.take("a")).passed).toBe(false);
    await Bun.sleep(110);
    expect((await limiter.take("a")).passed).toBe(true);
    client.close();
  });

  describe("that is away", () => {
    const away = (options?: RedisLimitsOptions): Limiter =>
      redisLimits(`redis+unix://${join(directory, "nobody.sock")}`, options).open({
        rate: checkedRate(2, 60),
        name: "away",
        place: "",
        warn: (message) => warnings.push(message),
      });

    test("lets requests pass, and says so once", async () => {
      warnings.length = 0;
      const limiter = away();
      expect(await passed(limiter, "a", 10)).toBe(10);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toStartWith("rateLimit: Redis does not answer, requests pass uncounted: ");
    });

    test("fails closed where it is told to", async () => {
      warnings.length = 0;
      const limiter = away({ whenDown: "closed" });
      const outcomes = [1, 2].map(() =>
        Promise.resolve(limiter.take("a")).then(
          () => "passed",
          (error: Error) => error.message,
        ),
      );
      expect(await Promise.all(outcomes)).toEqual(new Array(2).fill("rateLimit: Redis cannot be asked"));
      expect(warnings).toHaveLength(1);
    });

    test("is given up after a while where it is silent", async () => {
      warnings.length = 0;
      const silent = Bun.listen({ unix: join(directory, "silent.sock"), socket: { data() {} } });
      const limiter = redisLimits(`redis+unix://${join(directory, "silent.sock")}`, { timeout: 50 }).open({
        rate: checkedRate(2, 60),
        name: "silent",
        place: "",
        warn: (message) => warnings.push(message),
      });
      expect((await limiter.take("a")).passed).toBe(true);
      expect(warnings).toEqual(["rateLimit: Redis does not answer, requests pass uncounted: no answer within 50 ms"]);
      silent.stop(true);
    });
  });
});
