import { andThen, type MaybePromise, type Store } from "../store/index.ts";

/** Says of a verified token whether it has been taken back; what `jwt({ revocation })` asks, once per request. */
export interface Revocation {
  /** At once where the store answers at once. A store that fails throws: the token is not let in. */
  isRevoked(claims: Readonly<Record<string, unknown>>): MaybePromise<boolean>;
}

/** A {@link Revocation} that can be written to; see {@link revocations}. */
export interface Revocations extends Revocation {
  /** Takes back one token by its `jti`, or by its claims; kept until it would have ended (`exp`, seconds), else for ever. */
  revoke(token: string | { readonly jti?: unknown; readonly exp?: unknown }, exp?: number): MaybePromise<void>;
  /** Takes back all access tokens of one login (`sid`); `ttl` milliseconds are as long as any of them may live. */
  revokeLogin(sid: string, ttl: number): MaybePromise<void>;
  /** Logs a user out everywhere: whatever was issued to this `sub` before is void. Returns the user's new version. */
  revokeAll(subject: string): MaybePromise<number>;
  /** The user's version, for the claim `ver`: 0 until the first {@link revokeAll}. */
  version(subject: string): MaybePromise<number>;
}

/** How {@link revocations} keeps its entries. */
export interface RevocationOptions {
  /** Seconds that an entry outlives its token, no less than the verifier's leeway; default 300. */
  readonly leeway?: number;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Revocation of tokens, in a store: single ones by `jti`, one login by `sid`, all of a user by `sub` and `ver`.
 *
 * A token without `ver` counts as version 0, so that "log out everywhere" ends it too. A memory store forgets on restart what was
 * revoked: use it in tests only.
 *
 * @example
 * ```ts
 * const revoked = revocations(sqliteStore("auth.db"));
 * const auth = jwt({ secret: Bun.env.JWT_SECRET, revocation: revoked });
 * await revoked.revokeAll("17");
 * ```
 */
export function revocations(store: Store, options: RevocationOptions = {}): Revocations {
  const { leeway = 300, now = Date.now } = options;

  return Object.freeze({
    isRevoked(claims: Readonly<Record<string, unknown>>) {
      const { jti, sid, sub, ver } = claims as { jti?: unknown; sid?: unknown; sub?: unknown; ver?: unknown };
      const version = typeof sub === "string" ? store.get(versionKey(sub)) : undefined;
      const token = typeof jti === "string" ? store.get(tokenKey(jti)) : undefined;
      const login = typeof sid === "string" ? store.get(loginKey(sid)) : undefined;
      return andThen(both(version, both(token, login)), ([current, [one, all]]) => {
        if (one !== undefined || all !== undefined) return true;
        return current !== undefined && !(typeof ver === "number" && ver >= Number(current));
      });
    },
    revoke(token: string | { readonly jti?: unknown; readonly exp?: unknown }, exp?: number) {
      const jti = typeof token === "string" ? token : token.jti;
      const end = typeof token === "string" ? exp : token.exp;
      if (typeof jti !== "string") throw new TypeError("a token without a jti cannot be revoked by itself");
      if (end === undefined) return store.set(tokenKey(jti), "1");
      if (typeof end !== "number" || !Number.isFinite(end)) throw new TypeError("exp must be a number of seconds");
      const ttl = Math.ceil((end + leeway) * 1000 - now());
      return ttl > 0 ? store.set(tokenKey(jti), "1", ttl) : undefined;
    },
    revokeLogin: (sid: string, ttl: number) => store.set(loginKey(sid), "1", ttl + leeway * 1000),
    revokeAll: (subject: string) => store.increment(versionKey(subject)),
    version: (subject: string) => andThen(store.get(versionKey(subject)), (version) => Number(version ?? 0)),
  });
}

const tokenKey = (jti: string): string => `revoked:jti:${jti}`;
const loginKey = (sid: string): string => `revoked:sid:${sid}`;
const versionKey = (subject: string): string => `revoked:ver:${subject}`;

/** Two values at once; a promise only where one of them is. */
function both<A, B>(a: MaybePromise<A>, b: MaybePromise<B>): MaybePromise<[A, B]> {
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}
