import { RedisClient } from "bun";
import { checkTtl, type Store } from "./store.ts";

/** How {@link redisStore} keeps its entries. */
export interface RedisStoreOptions {
  /** Goes before every key; default `bolide:`. */
  readonly prefix?: string;
}

/**
 * Left to itself the client keeps commands for half a minute while Redis is away, and has given up for good by then: requests would
 * hang, and go on failing after Redis is back.
 */
const FAIL_EARLY = { autoReconnect: false, connectionTimeout: 2000 };

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
  const own = typeof server === "string";
  const redis = own ? new RedisClient(server, FAIL_EARLY) : server;
  let connecting: Promise<void> | undefined;
  const reach = (): Promise<void> => (connecting ??= redis.connect().finally(() => (connecting = undefined)));
  const ask = <T>(command: () => Promise<T>): Promise<T> =>
    own && !redis.connected ? reach().then(command) : command();
  const run = async (script: string, key: string, ...values: readonly string[]): Promise<number> =>
    (await ask(() => redis.send("EVAL", [script, "1", prefix + key, ...values]))) as number;

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
    close() {
      if (own) redis.close();
    },
  });
}

function lifetime(ttl: number | undefined): string[] {
  checkTtl(ttl);
  return ttl === undefined ? [] : ["PX", String(ttl)];
}
