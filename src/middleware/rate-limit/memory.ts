import { newBuckets } from "../../native/index.ts";
import { bucketLimiter } from "./limiter.ts";
import type { LimitStore } from "./rate.ts";

/** How {@link memoryLimits} counts. */
export interface MemoryLimitsOptions {
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Counts in this process alone, in a table of 512 KiB for each limit: for tests, and for programs of one process. A restart begins anew.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [rateLimit({ limit: 100, window: 60, store: memoryLimits() })] });
 * ```
 */
export function memoryLimits({ now = Date.now }: MemoryLimitsOptions = {}): LimitStore {
  return Object.freeze({
    name: "memory",
    open: ({ rate }) => bucketLimiter(newBuckets(), rate, now),
  } satisfies LimitStore);
}
