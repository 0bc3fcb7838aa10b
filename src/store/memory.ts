import { checkTtl, countOf, type SyncStore } from "./store.ts";

/** How {@link memoryStore} keeps its entries. */
export interface MemoryStoreOptions {
  /** The most entries it holds; default 100,000. */
  readonly maxEntries?: number;
  /**
   * What a new entry meets when the store is full of live ones: `refuse` (default) throws a {@link StoreFullError}, since a
   * revocation that was dropped is a token that works again; `evict` drops the entry that was made first, as fits a cache.
   */
  readonly whenFull?: "refuse" | "evict";
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** A store holds as many live entries as it may. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

interface Entry {
  readonly value: string;
  /** The first millisecond at which it is gone. */
  readonly end: number;
}

/** Entries looked at per write: two keep pace with any rate of writing, so that no sweep is ever long. */
const SWEPT_PER_WRITE = 2;
/** A full store is swept as a whole at most this often, in milliseconds: 100,000 entries take about 2 ms. */
const FULL_SWEEP = 1000;

/**
 * A store in this process: gone when it ends, unknown to other processes. For tests, development and caches.
 *
 * @example
 * ```ts
 * const store = memoryStore({ maxEntries: 10_000 });
 * store.add("nonce:17", "", 60_000); // true
 * store.add("nonce:17", "", 60_000); // false
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): SyncStore {
  const { maxEntries = 100_000, whenFull = "refuse", now = Date.now } = options;
  if (!(Number.isSafeInteger(maxEntries) && maxEntries > 0)) {
    throw new RangeError(`memoryStore: maxEntries is a whole number from 1, not ${maxEntries}`);
  }
  const entries = new Map<string, Entry>();
  let cursor = entries.entries();
  let sweptAt = -Infinity;

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.end > now()) return entry;
    entries.delete(key);
    return undefined;
  };

  const sweepSome = (at: number): void => {
    for (let looked = 0; looked < SWEPT_PER_WRITE; looked++) {
      const next = cursor.next();
      if (next.done === true) {
        cursor = entries.entries();
        return;
      }
      if (next.value[1].end <= at) entries.delete(next.value[0]);
    }
  };

  const makeRoom = (at: number): void => {
    if (whenFull === "evict") {
      for (const key of entries.keys()) {
        entries.delete(key);
        return;
      }
    }
    if (at - sweptAt >= FULL_SWEEP || at < sweptAt) {
      sweptAt = at;
      for (const [key, { end }] of entries) if (end <= at) entries.delete(key);
    }
    if (entries.size >= maxEntries) throw new StoreFullError(`memoryStore: ${maxEntries} entries are all it may hold`);
  };

  const write = (key: string, value: string, end: number): void => {
    const at = now();
    sweepSome(at);
    if (!entries.has(key) && entries.size >= maxEntries) makeRoom(at);
    entries.set(key, { value, end });
  };

  const endOf = (ttl: number | undefined): number => {
    checkTtl(ttl);
    return ttl === undefined ? Infinity : now() + ttl;
  };

  return Object.freeze({
    name: "memory",
    get: (key: string) => live(key)?.value,
    set: (key: string, value: string, ttl?: number) => write(key, value, endOf(ttl)),
    delete: (key: string) => live(key) !== undefined && entries.delete(key),
    consume(key: string) {
      const entry = live(key);
      if (entry !== undefined) entries.delete(key);
      return entry?.value;
    },
    add(key: string, value: string, ttl?: number) {
      const end = endOf(ttl);
      if (live(key) !== undefined) return false;
      write(key, value, end);
      return true;
    },
    swap(key: string, expected: string, value: string, ttl?: number) {
      const end = endOf(ttl);
      if (live(key)?.value !== expected) return false;
      entries.set(key, { value, end });
      return true;
    },
    increment(key: string, ttl?: number) {
      const end = endOf(ttl);
      const entry = live(key);
      const count = entry === undefined ? 1 : countOf(entry.value) + 1;
      write(key, String(count), entry?.end ?? end);
      return count;
    },
    close: () => entries.clear(),
  });
}
