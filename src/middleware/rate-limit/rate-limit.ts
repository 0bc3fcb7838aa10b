import { type RequestContext, ServiceUnavailable, TooManyRequests } from "../../http/index.ts";
import { type Middleware, middleware, type MiddlewareEnvironment } from "../middleware.ts";
import { keyReader, type RateLimitKey } from "./key.ts";
import { memoryLimits } from "./memory.ts";
import { checkedRate, type Limiter, type LimitStore, type Rate, type Taken } from "./rate.ts";
import { sharedLimits } from "./shared.ts";

/** What {@link rateLimit} lets through. */
export interface RateLimitOptions {
  /** Requests of one key in each window. */
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
  /** Requests that may come at once; default `limit`. */
  readonly burst?: number;
  /** Whom to count; default `address`. */
  readonly key?: RateLimitKey;
  /** Where to count; default `shared`, and `memory` where `NODE_ENV` is `test`, so that each test begins anew. */
  readonly store?: "shared" | "memory" | LimitStore;
  /** Limits of one name, limit and window count together; default a name from the program and the place of the limit in it. */
  readonly name?: string;
  /** Requests that are let through uncounted. */
  readonly skip?: (ctx: RequestContext) => boolean;
}

/**
 * Lets through so many requests in a window, by client: more are answered 429 `{"detail":"Rate limit exceeded","retry_after":N}`.
 *
 * Every answer has `RateLimit-Limit` (the burst), `RateLimit-Remaining` and `RateLimit-Reset` (seconds until all of it is back), of
 * several limits those of the tightest (draft-ietf-httpapi-ratelimit-headers-07); 429 has `Retry-After`, at least 1. The generic cell rate
 * algorithm (ITU-T I.371): a request is one `window / limit` of time, of which `burst` may be spent ahead, so there is no edge of a
 * window at which twice the limit passes; a refused request costs nothing. One value is one limit, wherever it is used; two are two.
 * By user it runs after auth, otherwise before. Errors: `RangeError` for numbers, `TypeError` for a key, that cannot be.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [rateLimit({ limit: 100, window: 60 })] });
 * ```
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { name, skip, key = "address" } = options;
  const rate = checkedRate(options.limit, options.window, options.burst);
  const { keyOf, afterAuth } = keyReader(key);
  const store = storeOf(options.store);
  const notes = notesOf(rate);
  let env: MiddlewareEnvironment = UNPLACED;
  let limiter: Limiter | undefined;
  const open = () => store.open({ rate, name, place: env.place, warn: (message) => env.warn(message) });

  return middleware({
    name: "rateLimit",
    answers: ANSWERS,
    ...(afterAuth ? { afterAuth } : {}),
    start(given) {
      if (env === UNPLACED) env = given;
    },
    before(ctx) {
      if (skip?.(ctx) === true) return undefined;
      const whose = keyOf(ctx);
      if (whose === undefined) return undefined;
      const taken = (limiter ??= open()).take(whose);
      return taken instanceof Promise ? taken.then((later) => judge(ctx, later), unavailable) : judge(ctx, taken);
    },
    after(ctx, { headers }) {
      const standing = ctx.state[STANDING] as Standing | undefined;
      if (standing?.writer !== rate) return;
      const { note } = standing;
      headers.set("ratelimit-limit", note.limit);
      headers.set("ratelimit-remaining", String(note.remaining));
      headers.set("ratelimit-reset", String(note.reset));
    },
  });

  function judge(ctx: RequestContext, taken: Taken): undefined {
    const note = notes(taken);
    const standing = ctx.state[STANDING] as Standing | undefined;
    if (standing === undefined) ctx.state[STANDING] = { writer: rate, note } satisfies Standing;
    else if (!taken.passed || isTighter(note, standing.note)) standing.note = note;
    if (!taken.passed) refuse(rate, taken);
  }
}

/** Where the limits of a request leave what they say of it. */
const STANDING = "rateLimit";

interface Standing {
  /** The rate of the outermost, which writes the headers for all: to write them costs half of what a limit does. */
  readonly writer: Rate;
  /** What the tightest says. */
  note: Note;
}

interface Note {
  readonly limit: string;
  readonly remaining: number;
  /** Seconds. */
  readonly reset: number;
}

/** Of two limits that leave as much, the one that takes longer to give it back. */
function isTighter(note: Note, than: Note): boolean {
  return note.remaining < than.remaining || (note.remaining === than.remaining && note.reset > than.reset);
}

/** What the headers say of a request. */
function notesOf({ limit, window, burst }: Rate): (taken: Taken) => Note {
  const interval = window / limit;
  const most = String(burst);
  return ({ passed, ahead }) => ({
    limit: most,
    // A thousandth of a request is what doubles may lose.
    remaining: passed ? Math.floor(burst - ahead / interval + 0.001) : 0,
    reset: seconds(ahead),
  });
}

function refuse({ limit, window, burst }: Rate, { ahead }: Taken): never {
  const interval = window / limit;
  const wait = Math.max(1, seconds(ahead - (burst - 1) * interval));
  throw new TooManyRequests("Rate limit exceeded", {
    headers: { "retry-after": String(wait) },
    members: { retry_after: wait },
  });
}

/** Whole ones, rounded up; a hundredth of a millisecond is what clocks and doubles may add. */
function seconds(millis: number): number {
  return Math.ceil((millis - 0.01) / 1000);
}

function unavailable(error: unknown): never {
  throw new ServiceUnavailable(undefined, { cause: error });
}

const ANSWERS: NonNullable<Middleware["answers"]> = {
  statuses: { 429: "Rate limit exceeded" },
  members: { 429: { retry_after: "Seconds until a request passes again." } },
  headers: {
    "RateLimit-Limit": "Requests that may come at once.",
    "RateLimit-Remaining": "Requests that may still come.",
    "RateLimit-Reset": "Seconds until all of them may come again.",
  },
};

const UNPLACED: MiddlewareEnvironment = {
  place: "",
  warn: (message) => console.warn(`bolide: ${message}`),
};

function storeOf(store: RateLimitOptions["store"]): LimitStore {
  if (store === undefined) return Bun.env["NODE_ENV"] === "test" ? memoryLimits() : sharedLimits();
  if (store === "shared") return sharedLimits();
  if (store === "memory") return memoryLimits();
  if (typeof store?.open !== "function")
    throw new TypeError(`rateLimit: ${JSON.stringify(store)} is no store: use "shared", "memory" or redisLimits(…)`);
  return store;
}
