import { areBuckets, BUCKETS_BYTES, newBuckets } from "../../native/index.ts";
import { hashed } from "../../store/index.ts";
import { bucketLimiter } from "./limiter.ts";
import { memoryLimits } from "./memory.ts";
import type { LimitSource, LimitStore } from "./rate.ts";

/** How {@link sharedLimits} counts. */
export interface SharedLimitsOptions {
  /** Where its files are; default `/dev/shm`, which is memory and gone with the next start of the machine. */
  readonly directory?: string;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** Files of one name that are not ours or not whole, after which it is given up. */
const ATTEMPTS = 4;

/**
 * Counts in memory that all processes of the machine share: one limit, however many of them answer. The default of `rateLimit`.
 *
 * Processes of one user share a limit when they run the same program in the same directory, or give it the same name; a restart keeps
 * what was counted. Each limit is a file of 512 KiB that only its owner may open, with 65,536 keys; of more, those are forgotten first
 * who have asked for least. Where there is no such memory (outside of Linux, or where it is full or not ours) each process counts for
 * itself, and says so once.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [rateLimit({ limit: 100, window: 60, store: sharedLimits() })] });
 * ```
 */
export function sharedLimits({ directory = "/dev/shm", now = Date.now }: SharedLimitsOptions = {}): LimitStore {
  return Object.freeze({
    name: "shared",
    open(source: LimitSource) {
      try {
        return bucketLimiter(openTable(`${directory}/${fileOf(source)}`), source.rate, now);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        source.warn(`rateLimit: each process counts for itself, since no memory can be shared: ${reason}`);
        return memoryLimits({ now }).open(source);
      }
    },
  });
}

/** Steps of time depend on limit and window, so a limit that is changed is another table. */
function fileOf({ name, place, rate: { limit, window } }: LimitSource): string {
  const whose = name === undefined ? [process.cwd(), process.execPath, Bun.main, place] : [name];
  return `bolide-limit-${process.getuid?.() ?? 0}-${hashed(JSON.stringify([limit, window, ...whose]))}`;
}

/** The memory of a table's file, made where there is none. A file that is no table is left alone, and the next name is taken. */
function openTable(path: string): Uint8Array<ArrayBuffer> {
  if (process.platform !== "linux") throw new Error(`${process.platform} has no /dev/shm`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const name = `${path}-${attempt}`;
    const bytes = mapTable(name) ?? (makeTable(name), mapTable(name));
    if (bytes !== undefined && bytes !== NOT_OURS) return bytes;
  }
  throw new Error(`${path}-* are no tables of limits`);
}

const NOT_OURS: unique symbol = Symbol("not ours");

/** `undefined` where there is no file. Asked through its descriptor, so that what was checked is what is mapped. */
function mapTable(path: string): Uint8Array<ArrayBuffer> | typeof NOT_OURS | undefined {
  const { closeSync, constants, fstatSync, openSync } = process.getBuiltinModule("node:fs");
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    return NOT_OURS;
  }
  try {
    const file = fstatSync(descriptor);
    const ours = file.isFile() && file.uid === process.getuid?.() && (file.mode & 0o077) === 0;
    // A file that is too short would end the process when it is read.
    if (!ours || file.size !== BUCKETS_BYTES) return NOT_OURS;
    const bytes = Bun.mmap(`/proc/self/fd/${descriptor}`, { shared: true });
    return areBuckets(bytes) ? bytes : NOT_OURS;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a table under a name of its own and links it to the one that is asked for, so that nobody ever sees half of one; of several
 * processes at once, the first wins. It is written to its end: memory that is promised and not there would end the process later.
 */
function makeTable(path: string): void {
  const { linkSync, unlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const draft = `${path}.${process.pid}.${crypto.randomUUID()}`;
  try {
    writeFileSync(draft, newBuckets(), { mode: 0o600, flag: "wx" });
    linkSync(draft, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  } finally {
    unlinkIfThere(unlinkSync, draft);
  }
}

function unlinkIfThere(unlink: (path: string) => void, path: string): void {
  try {
    unlink(path);
  } catch {
    // It was never made.
  }
}
