/** A value, now or later. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Text under keys, each entry with its own end: what sessions, refresh tokens, revocations and attempt counters are kept in.
 *
 * Lifetimes are whole milliseconds, at least 1; without one an entry stays until it is deleted. An entry set at `t` for `ttl` is there
 * until `t + ttl` and gone from then on, for every method alike. Each method is atomic: of any number of callers, on any number of
 * connections, exactly one wins `consume`, `add` and `swap`. Errors: `RangeError` for a lifetime that is none; a store that cannot
 * answer throws or rejects, so that whoever asks fails closed.
 *
 * Memory and SQLite answer at once (see {@link SyncStore}), Redis with promises; `await` serves both.
 *
 * @example
 * ```ts
 * const store: Store = sqliteStore("app.db");
 * await store.set("greeting", "hello", 60_000);
 * await store.consume("greeting"); // "hello", and undefined from now on
 * ```
 */
export interface Store {
  /** `memory`, `sqlite`, `redis`, or the name of your own. */
  readonly name: string;
  get(key: string): MaybePromise<string | undefined>;
  set(key: string, value: string, ttl?: number): MaybePromise<void>;
  /** Whether there was an entry. */
  delete(key: string): MaybePromise<boolean>;
  /** Reads and deletes in one: only one caller ever sees the value. */
  consume(key: string): MaybePromise<string | undefined>;
  /** Sets where there is no entry; whether it did. */
  add(key: string, value: string, ttl?: number): MaybePromise<boolean>;
  /** Sets where the entry is `expected` still, with a new lifetime; whether it did. A missing entry is never made. */
  swap(key: string, expected: string, value: string, ttl?: number): MaybePromise<boolean>;
  /** Adds 1 to a counter and returns it; the lifetime counts from the first. Errors: where the entry is no number. */
  increment(key: string, ttl?: number): MaybePromise<number>;
  /** Lets go of file or connection; nothing may be asked afterwards. */
  close(): void;
}

/** A {@link Store} that answers at once, so that a request which uses it stays synchronous. */
export interface SyncStore extends Store {
  get(key: string): string | undefined;
  set(key: string, value: string, ttl?: number): void;
  delete(key: string): boolean;
  consume(key: string): string | undefined;
  add(key: string, value: string, ttl?: number): boolean;
  swap(key: string, expected: string, value: string, ttl?: number): boolean;
  increment(key: string, ttl?: number): number;
}

/** Goes on with a value: at once where it is there, later where it is a promise. */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Refuses what is no lifetime: a fraction, zero, an overflow would otherwise mean something else in each store. */
export function checkTtl(ttl: number | undefined): void {
  if (ttl !== undefined && !(Number.isSafeInteger(ttl) && ttl > 0)) {
    throw new RangeError(`a lifetime is a whole number of milliseconds from 1, not ${ttl}`);
  }
}

/** The number in a counter's entry. */
export function countOf(value: string): number {
  const count = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(count)) throw new TypeError("increment: the entry is no number");
  return count;
}
