import type { RedisClient } from "bun";
import { linkRedis } from "./redis-link.ts";
import { checkTtl, type Store } from "./store.ts";

/** How {@link redisStore} keeps its entries. */
export interface RedisStoreOptions {
  /** Goes before every key; default `bolide:`. */
  readonly prefix?: string;
}

/** Compare and set: one script is one step to every other client. */
const SWAP = `if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] then redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) else redis.call("SET", KEYS[1], ARGV[2]) end
return 1`;

/** The lifetime is set with the first count, in the same step: a crash in between cannot leave a counter for ever. */
const INCREMENT = `local count = redis.call("INCR", KEYS[1])
if count == 1 and ARGV[1] then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return count`;

/**
 * A store in Redis (6.2 or newer, or Valkey), shared by all machines that reach it; Redis's own clock ends its entries.
 *
 * Takes a URL or a `RedisClient`. With a URL, promises reject at once while Redis cannot be reached, and each call tries to reach it
 * again; a client of your own keeps its own ways, and stays open when the store is closed.
 *
 * @example
 * ```ts
 * const store = redisStore("redis://localhost:6379", { prefix: "shop:" });
 * await store.set("greeting", "hello", 60_000);
 * ```
 */
export function redisStore(server: string | RedisClient, options: RedisStoreOptions = {}): Store {
  const prefix = options.prefix ?? "bolide:";
  const { redis, ask, run: script, close } = linkRedis(server);
  const run = async (source: string, key: string, ...values: readonly string[]): Promise<number> =>
    (await script(source, prefix + key, ...values)) as number;

  return Object.freeze({
    name: "redis",
    get: async (key: string) => (await ask(() => redis.get(prefix + key))) ?? undefined,
    async set(key: string, value: string, ttl?: number) {
      const life = lifetime(ttl);
      await ask(() => redis.set(prefix + key, value, ...life));
    },
    delete: async (key: string) => (await ask(() => redis.del(prefix + key))) === 1,
    consume: async (key: string) => (await ask(() => redis.getdel(prefix + key))) ?? undefined,
    async add(key: string, value: string, ttl?: number) {
      const life = lifetime(ttl);
      return (await ask(() => redis.set(prefix + key, value, ...life, "NX"))) === "OK";
    },
    swap: async (key: string, expected: string, value: string, ttl?: number) =>
      (await run(SWAP, key, expected, value, ...lifetime(ttl).slice(1))) === 1,
    increment: async (key: string, ttl?: number) => run(INCREMENT, key, ...lifetime(ttl).slice(1)),
    close,
  });
}

function lifetime(ttl: number | undefined): string[] {
  checkTtl(ttl);
  return ttl === undefined ? [] : ["PX", String(ttl)];
}
