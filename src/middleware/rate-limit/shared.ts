import { newBuckets } from "../../native/index.ts";
import { hashed } from "../../store/index.ts";
import { bucketLimiter } from "./limiter.ts";
import type { Limiter, LimitSource, LimitStore } from "./rate.ts";
import { keepTable, openTable, type SharedTable } from "./table-file.ts";

/** How {@link sharedLimits} counts. */
export interface SharedLimitsOptions {
  /** Where its files are; default `/dev/shm`, which is memory and gone with the next start of the machine. */
  readonly directory?: string;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** Milliseconds after which a table is said to be in use still, and looked for again where it has gone or could not be made. */
const RENEWAL = 3_600_000;

/**
 * Counts in memory that all processes of the machine share: one limit, however many of them answer. The default of `rateLimit`.
 *
 * Processes of one user share a limit when they run the same program in the same directory, or give it the same name; a restart keeps
 * what was counted. Each limit is a file of 512 KiB that only its owner may open, with 65,536 keys; of more, those are forgotten first
 * who have asked for least. A file in which nothing matters any more is removed when the next one is made. Where there is no such
 * memory (outside of Linux, or where it is full or not ours) each process counts for itself, says so once, and tries again each hour.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [rateLimit({ limit: 100, window: 60, store: sharedLimits() })] });
 * ```
 */
export function sharedLimits({ directory = "/dev/shm", now = Date.now }: SharedLimitsOptions = {}): LimitStore {
  return Object.freeze({
    name: "shared",
    open(source: LimitSource): Limiter {
      const { rate, warn } = source;
      const name = nameOf(source);
      const kept = RENEWAL + (rate.window / rate.limit) * rate.burst;
      let at = now();
      let renewal: number;
      let table: SharedTable | undefined;
      let warned = false;
      /** A limiter of the table, where it is another one than before. */
      const open = (): Limiter | undefined => {
        renewal = at + RENEWAL;
        try {
          if (table !== undefined && keepTable(table, at + kept)) return undefined;
          table = openTable(directory, name, { now: at, until: at + kept });
          return bucketLimiter(table.bytes, rate, () => at);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          if (!warned) warn(`rateLimit: each process counts for itself, since no memory can be shared: ${reason}`);
          warned = true;
          return undefined;
        }
      };
      let limiter = open() ?? bucketLimiter(newBuckets(), rate, () => at);
      return {
        take(key) {
          at = now();
          if (at >= renewal || at < renewal - RENEWAL) limiter = open() ?? limiter;
          return limiter.take(key);
        },
      };
    },
  });
}

/** Steps of time depend on limit and window, so a limit that is changed is another table. */
function nameOf({ name, place, rate: { limit, window } }: LimitSource): string {
  const whose = name === undefined ? [process.cwd(), process.execPath, Bun.main, place] : [name];
  return hashed(JSON.stringify([limit, window, ...whose]));
}
