import type { MaybePromise } from "../middleware.ts";

/** How much is let through: `limit` in each `window`, and `burst` of them at once. */
export interface Rate {
  readonly limit: number;
  /** Milliseconds. */
  readonly window: number;
  readonly burst: number;
}

/** What became of one request. */
export interface Taken {
  readonly passed: boolean;
  /** Milliseconds until the whole burst is there again, this request counted if it passed. */
  readonly ahead: number;
}

/** Counts requests by key against one {@link Rate}. */
export interface Limiter {
  /** Counts a request of this key; one that is refused counts for nothing. */
  take(key: string): MaybePromise<Taken>;
}

/** What a {@link LimitStore} is told of the limit that it is to count. */
export interface LimitSource {
  readonly rate: Rate;
  /** The name that was given, under which several programs may count together. */
  readonly name: string | undefined;
  /** Where the limit stands in its program: the same in each of its processes. */
  readonly place: string;
  /** Takes what an operator should know. */
  readonly warn: (message: string) => void;
}

/** Where limits are counted: {@link sharedLimits}, {@link memoryLimits}, {@link redisLimits}, or your own. */
export interface LimitStore {
  readonly name: string;
  /** Called once for each limit, when its first request comes. */
  open(source: LimitSource): Limiter;
}

/** The finest step of time, in milliseconds: 44 bits of it last until 2054. */
const FINEST = 1 / 16;
/** A year: how long a burst may take to come back. */
const LONGEST = 365 * 86_400_000;

/** Checks the numbers of a limit, the window in seconds. Errors: `RangeError` for what could not be counted. */
export function checkedRate(limit: number, seconds: number, burst: number = limit): Rate {
  const window = seconds * 1000;
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw new RangeError(`a limit is a whole number from 1, not ${limit}`);
  if (!(window > 0 && window <= LONGEST))
    throw new RangeError(`a window is a number of seconds up to a year, not ${seconds}`);
  if (!(Number.isSafeInteger(burst) && burst > 0))
    throw new RangeError(`a burst is a whole number from 1, not ${burst}`);
  if (window / limit < FINEST)
    throw new RangeError(`a limit of ${limit} in ${seconds} s is more than 16 each millisecond`);
  if ((window / limit) * burst > LONGEST)
    throw new RangeError(`a burst of ${burst} would take over a year to come back`);
  return Object.freeze({ limit, window, burst });
}

/**
 * A rate in whole steps of time, so that nothing is rounded from one request to the next: a request takes `interval` steps, a power
 * of two and each 1/16 to 1/8 ms long, and never more than `burst` are taken ahead of now.
 */
export interface Steps {
  readonly perMillisecond: number;
  readonly interval: number;
  readonly burst: number;
}

/** The steps of a rate. */
export function stepsOf({ limit, window, burst }: Rate): Steps {
  const interval = 2 ** Math.floor(Math.log2(window / limit / FINEST));
  return { perMillisecond: (interval * limit) / window, interval, burst: burst * interval };
}

/** 2020-01-01T00:00:00Z, in milliseconds: whoever's clock is before it waits until it is set. */
const EPOCH = 1_577_836_800_000;

/** A moment in steps, at least 1. */
export function stepAt(now: number, { perMillisecond }: Steps): number {
  return Math.max(1, Math.floor((now - EPOCH) * perMillisecond));
}
