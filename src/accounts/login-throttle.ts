import { hashed, type MaybePromise, type Store } from "../store/index.ts";

/** One attempt to log in. */
export interface LoginAttempt {
  /** As the client named the account, known or not. */
  readonly account: string;
  /** The client's address; `undefined` where there is no socket. */
  readonly address: string | undefined;
}

/** Slows down guessing; see {@link loginThrottle}. Your own may do as it likes, as long as it does not ask whether the account exists. */
export interface LoginThrottle {
  /** Counts an attempt, before the password is looked at. Seconds to wait; 0 where it may go ahead. */
  attempt(attempt: LoginAttempt): MaybePromise<number>;
  /** The attempt was right. */
  succeed(attempt: LoginAttempt): MaybePromise<void>;
}

/** How far {@link loginThrottle} goes. */
export interface LoginThrottleOptions {
  readonly store: Store;
  /** Seconds; default 900. */
  readonly window?: number;
  /** Attempts on one account from one address in a window, default 5; forgotten after the right password. */
  readonly attempts?: number;
  /** Attempts on one account from anywhere; default 50. More would lock out its owner too easily, fewer guess too well. */
  readonly accountAttempts?: number;
  /** Attempts from one address on any account; default 300, for many people behind one address. */
  readonly addressAttempts?: number;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Counts attempts to log in, in windows, by account and address. Attempts count when they begin, so that many at once are many.
 *
 * Names of accounts are kept as hashes only: people type passwords into the wrong field.
 *
 * @example
 * ```ts
 * const throttle = loginThrottle({ store: sqliteStore("auth.db"), attempts: 3 });
 * ```
 */
export function loginThrottle(options: LoginThrottleOptions): LoginThrottle {
  const { store, window = 900, attempts = 5, accountAttempts = 50, addressAttempts = 300, now = Date.now } = options;
  for (const [name, value] of Object.entries({ window, attempts, accountAttempts, addressAttempts })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(`loginThrottle: ${name} is a whole number from 1, not ${value}`);
    }
  }
  const length = window * 1000;
  const keyOf = (at: number, ...parts: readonly string[]): string =>
    `attempts:${hashed(JSON.stringify([Math.floor(at / length), ...parts]))}`;
  const pairKey = (at: number, { account, address = "" }: LoginAttempt) => keyOf(at, "pair", folded(account), address);

  return Object.freeze({
    async attempt(attempt: LoginAttempt) {
      const at = now();
      const limits: [key: string, most: number][] = [
        [pairKey(at, attempt), attempts],
        [keyOf(at, "account", folded(attempt.account)), accountAttempts],
      ];
      if (attempt.address !== undefined) limits.push([keyOf(at, "address", attempt.address), addressAttempts]);
      const counts = await Promise.all(limits.map(async ([key, most]) => (await store.increment(key, length)) > most));
      return counts.includes(true) ? Math.ceil((length - (at % length)) / 1000) : 0;
    },
    async succeed(attempt: LoginAttempt) {
      await store.delete(pairKey(now(), attempt));
    },
  });
}

/** One account under one name, however it is typed. */
function folded(account: string): string {
  return account.trim().normalize("NFKC").toLowerCase();
}
