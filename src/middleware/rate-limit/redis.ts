import type { RedisClient } from "bun";
import { hashed, linkRedis } from "../../store/index.ts";
import type { Limiter, LimitSource, LimitStore, Taken } from "./rate.ts";

/** How {@link redisLimits} counts. */
export interface RedisLimitsOptions {
  /** Goes before every key; default `bolide:limit:`. */
  readonly prefix?: string;
  /** While Redis cannot be asked: `open` (default) lets requests pass uncounted, `closed` answers them 503. */
  readonly whenDown?: "open" | "closed";
  /** Milliseconds that an answer may take; default 500. */
  readonly timeout?: number;
}

/** Milliseconds in which a Redis that has not answered is not asked again. */
const REST = 1000;

/**
 * The generic cell rate algorithm as one step: what is kept is the moment at which the burst is back, in milliseconds by Redis's own
 * clock. Arguments: interval, burst. Answers whether it passed, and the microseconds until the burst is back.
 */
const TAKE = `local time = redis.call("TIME")
local now = time[1] * 1000 + time[2] / 1000
local interval, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local back = tonumber(redis.call("GET", KEYS[1]) or "0")
local ahead = math.min(math.max(0, back - now), most)
local passed = ahead + interval <= most + 0.001
if passed then
  ahead = ahead + interval
  redis.call("SET", KEYS[1], string.format("%.4f", now + ahead), "PX", math.max(1, math.ceil(ahead)))
elseif back > now + most then
  redis.call("SET", KEYS[1], string.format("%.4f", now + most), "PX", math.max(1, math.ceil(most)))
end
return { passed and 1 or 0, math.ceil(ahead * 1000) }`;

/**
 * Counts in Redis (6.2 or newer, or Valkey): one limit for all machines that reach it, by Redis's own clock. Takes a URL or a `RedisClient`.
 *
 * Limits share a count where they have the same name, or without one the same place in apis of the same title, with the same limit and
 * window: give programs that use one Redis a title or a `prefix` each. Keys of clients are kept as hashes.
 * A Redis that does not answer within `timeout` is left alone for a second, and `whenDown` holds meanwhile; the log says so once.
 *
 * @example
 * ```ts
 * const store = redisLimits("redis://localhost:6379");
 * const api = new Api({ use: [rateLimit({ name: "api", limit: 1000, window: 3600, store })] });
 * ```
 */
export function redisLimits(server: string | RedisClient, options: RedisLimitsOptions = {}): LimitStore {
  const { prefix = "bolide:limit:", whenDown = "open", timeout = 500 } = options;
  if (!(timeout > 0)) throw new RangeError(`redisLimits: timeout is a number of milliseconds, not ${timeout}`);
  let link: ReturnType<typeof linkRedis> | undefined;

  return Object.freeze({
    name: "redis",
    open({ rate: { limit, window, burst }, name, place, warn }: LimitSource): Limiter {
      const { run } = (link ??= linkRedis(server));
      const interval = window / limit;
      const values = [String(interval), String(interval * burst)];
      const whose = hashed(JSON.stringify([limit, window, name ?? place]));
      let down = false;
      let restUntil = 0;
      const without = (error: unknown): Taken => {
        if (whenDown === "closed") throw new Error("rateLimit: Redis cannot be asked", { cause: error });
        return { passed: true, ahead: interval };
      };
      return {
        async take(key) {
          if (performance.now() < restUntil) return without(undefined);
          try {
            const asked = run(TAKE, `${prefix}${whose}:${hashed(key)}`, ...values);
            const [passed, micros] = (await within(asked, timeout)) as [number, number];
            down = false;
            return { passed: passed === 1, ahead: micros / 1000 };
          } catch (error) {
            restUntil = performance.now() + REST;
            const reason = error instanceof Error ? error.message : String(error);
            const meanwhile = whenDown === "open" ? "requests pass uncounted" : "requests are refused";
            if (!down) warn(`rateLimit: Redis does not answer, ${meanwhile}: ${reason}`);
            down = true;
            return without(error);
          }
        },
      };
    },
  });
}

/** A promise that fails after so many milliseconds. */
function within<T>(promise: Promise<T>, millis: number): Promise<T> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${millis} ms`)), millis);
  promise.then(resolve, reject).finally(() => clearTimeout(timer));
  return first;
}
