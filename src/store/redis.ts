import { RedisClient } from "bun";
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
 * Takes a URL or a `RedisClient`; a client that you bring stays open when the store is closed. Errors: promises reject while Redis
 * cannot be reached, so that nothing is let in.
 *
 * @example
 * ```ts
 * const store = redisStore("redis://localhost:6379", { prefix: "shop:" });
 * await store.set("greeting", "hello", 60_000);
 * ```
 */
export function redisStore(server: string | RedisClient, options: RedisStoreOptions = {}): Store {
  const prefix = options.prefix ?? "bolide:";
  const own = typeof server === "string";
  const redis = own ? new RedisClient(server) : server;

  return Object.freeze({
    name: "redis",
    get: async (key: string) => (await redis.get(prefix + key)) ?? undefined,
    async set(key: string, value: string, ttl?: number) {
      await redis.set(prefix + key, value, ...lifetime(ttl));
    },
    delete: async (key: string) => (await redis.del(prefix + key)) === 1,
    consume: async (key: string) => (await redis.getdel(prefix + key)) ?? undefined,
    add: async (key: string, value: string, ttl?: number) =>
      (await redis.set(prefix + key, value, ...lifetime(ttl), "NX")) === "OK",
    async swap(key: string, expected: string, value: string, ttl?: number) {
      const [, ...milliseconds] = lifetime(ttl);
      return (await redis.send("EVAL", [SWAP, "1", prefix + key, expected, value, ...milliseconds])) === 1;
    },
    async increment(key: string, ttl?: number) {
      const [, ...milliseconds] = lifetime(ttl);
      return (await redis.send("EVAL", [INCREMENT, "1", prefix + key, ...milliseconds])) as number;
    },
    close() {
      if (own) redis.close();
    },
  });
}

function lifetime(ttl: number | undefined): string[] {
  checkTtl(ttl);
  return ttl === undefined ? [] : ["PX", String(ttl)];
}
