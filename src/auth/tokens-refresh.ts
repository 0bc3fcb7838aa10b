import { Unauthorized } from "../http/index.ts";
import { hashed, type MaybePromise, type Store } from "../store/index.ts";
import { revocations } from "./revocation.ts";
import { type IssueOptions, issueToken, randomText, seconds, TOKEN_LIFE, type TokenClaims } from "./tokens.ts";

/** The claims of a login: `sub` is whose it is. `sid`, `ver` and what dates a token are added. */
export type LoginClaims = { readonly sub: string } & Readonly<Record<string, unknown>>;

/** How tokens are made in pairs and kept; keep it in a constant and give it to each function here. */
export type TokenOptions = IssueOptions & {
  /** Where refresh tokens, revocations and user versions are kept; {@link sqliteStore} survives restarts. */
  readonly store: Store;
  /** Seconds for which a refresh token may wait to be used; default 14 days. */
  readonly refreshExpiresIn?: number;
  /** Seconds after which a login ends however often it was refreshed; default 90 days. */
  readonly loginExpiresIn?: number;
  /** Gives the claims anew at each refresh, for example with the user's present roles; `undefined` ends the login. */
  readonly reload?: (subject: string, claims: LoginClaims) => MaybePromise<LoginClaims | undefined>;
  /** Told when a refresh token comes a second time: stolen, or sent twice. It sees no token. */
  readonly onReplay?: (event: { readonly subject: string; readonly sid: string }) => void;
};

/** An access token and its refresh token, under the names of RFC 6749 5.1: fit to be answered as it is. */
export interface TokenPair {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  /** Seconds. */
  readonly refresh_expires_in: number;
}

/** Why a refresh token was refused. */
export type RefreshFault = "malformed" | "unknown" | "replayed" | "ended" | "refused";

/** 401: a refresh token that is no good. The client is not told why; `reason` is for logs. */
export class RefreshError extends Unauthorized {
  readonly reason: RefreshFault;

  constructor(reason: RefreshFault) {
    super("Invalid refresh token");
    this.reason = reason;
  }
}

/** What is kept of a login; its key is deleted to end it, which voids every refresh token that belongs to it. */
interface Login {
  readonly sid: string;
  readonly claims: LoginClaims;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly end: number;
}

const REFRESH_LIFE = 14 * 86_400;
const LOGIN_LIFE = 90 * 86_400;
/** 256 random bits. */
const REFRESH_BYTES = 32;
const WELL_FORMED = /^[\w-]{43}$/;

/**
 * Begins a login: an access token and an opaque refresh token, the first of its family.
 *
 * The access token carries `sid` (the login) and `ver` (the user's version, where it is not 0), by which `revocations(store)` ends it. Of the
 * refresh token the store keeps a SHA-256 hash only. Errors: as {@link issueToken}, and those of the store.
 *
 * @example
 * ```ts
 * const tokens = { secret: Bun.env.JWT_SECRET!, expiresIn: 900, store: sqliteStore("auth.db") };
 * const { access_token, refresh_token } = await tokenPair({ sub: "17", role: "admin" }, tokens);
 * ```
 */
export async function tokenPair(claims: LoginClaims, options: TokenOptions): Promise<TokenPair> {
  checkClaims(claims);
  const now = clockOf(options)();
  const version = await revocations(options.store).version(claims.sub);
  const life = seconds("loginExpiresIn", options.loginExpiresIn ?? LOGIN_LIFE);
  const login: Login = { sid: randomText(16), claims, version, end: now + life * 1000 };
  await options.store.set(loginKey(login.sid), JSON.stringify(login), life * 1000);
  return pair(login, now, options);
}

/**
 * Trades a refresh token for a new pair, once (RFC 9700 4.14.2).
 *
 * Whoever comes with the same token a second time ends the whole login: every refresh token of the family is refused from then on, and
 * its access tokens are revoked. Of many at once one gets a pair, and the login is ended all the same. Errors: {@link RefreshError},
 * a 401.
 *
 * @example
 * ```ts
 * const next = await rotateRefreshToken(refresh_token, tokens);
 * await rotateRefreshToken(refresh_token, tokens); // RefreshError: replayed; next.refresh_token is void as well
 * ```
 */
export async function rotateRefreshToken(refreshToken: string, options: TokenOptions): Promise<TokenPair> {
  const { store } = options;
  const now = clockOf(options)();
  const found = await find(refreshToken, store);
  const login = await loginOf(found.sid, now, options);
  // The one step that decides: of all who hold this token, one makes it a used one.
  const won =
    !found.used && (await store.swap(found.key, live(found.sid), used(found.sid), Math.max(1, login.end - now)));
  if (!won) await burn(login, options);
  if (options.reload === undefined) return pair(login, now, options);
  const claims = await options.reload(login.claims.sub, login.claims);
  if (claims === undefined || claims.sub !== login.claims.sub) {
    await end(login, options);
    throw new RefreshError("refused");
  }
  checkClaims(claims);
  return pair({ ...login, claims }, now, options);
}

/** Ends the login that a refresh token belongs to. A token that is unknown or has ended is no error (RFC 7009 2.2). */
export async function endLogin(refreshToken: string, options: TokenOptions): Promise<void> {
  const login = await holderOf(refreshToken, options);
  if (login !== undefined) await end(login, options);
}

/** Logs out everywhere the user whose unused refresh token this is. Errors: {@link RefreshError} for any other token. */
export async function endAllLogins(refreshToken: string, options: TokenOptions): Promise<void> {
  const found = await find(refreshToken, options.store);
  const login = await loginOf(found.sid, clockOf(options)(), options);
  if (found.used) await burn(login, options);
  await logoutEverywhere(login.claims.sub, options);
}

/**
 * Voids every token of a user, access and refresh tokens alike, by raising the user's version.
 *
 * @example
 * ```ts
 * await logoutEverywhere("17", tokens); // after a change of password
 * ```
 */
export async function logoutEverywhere(subject: string, options: { readonly store: Store }): Promise<void> {
  await revocations(options.store).revokeAll(subject);
}

/**
 * Takes back one access token by its `jti`; give its `exp` so that the entry goes when the token would have.
 *
 * @example
 * ```ts
 * await revoke(user.claims.jti, { store, exp: user.claims.exp });
 * ```
 */
export async function revoke(
  jti: string,
  options: { readonly store: Store; readonly exp?: number; readonly now?: () => number },
): Promise<void> {
  await revocations(options.store, options.now === undefined ? {} : { now: options.now }).revoke(jti, options.exp);
}

async function pair(login: Login, now: number, options: TokenOptions): Promise<TokenPair> {
  const { sid, claims, version } = login;
  const refreshToken = randomText(REFRESH_BYTES);
  const idle = seconds("refreshExpiresIn", options.refreshExpiresIn ?? REFRESH_LIFE) * 1000;
  const ttl = Math.max(1, Math.min(idle, login.end - now));
  await options.store.set(tokenKey(refreshToken), live(sid), ttl);
  const own: TokenClaims = { ...claims, sid, ...(version === 0 ? {} : { ver: version }) };
  return {
    access_token: await issueToken(own, options),
    token_type: "Bearer",
    expires_in: accessLife(options),
    refresh_token: refreshToken,
    refresh_expires_in: Math.floor(ttl / 1000),
  };
}

/** A refresh token as the store knows it: the login it belongs to, and whether it has been traded. */
async function find(refreshToken: string, store: Store): Promise<{ key: string; sid: string; used: boolean }> {
  if (typeof refreshToken !== "string" || !WELL_FORMED.test(refreshToken)) throw new RefreshError("malformed");
  const key = tokenKey(refreshToken);
  const entry = await store.get(key);
  if (entry === undefined) throw new RefreshError("unknown");
  return { key, sid: entry.slice(2), used: entry.startsWith(used("")) };
}

/** The login behind a refresh token, while it lasts. */
async function loginOf(sid: string, now: number, options: TokenOptions): Promise<Login> {
  const text = await options.store.get(loginKey(sid));
  if (text === undefined) throw new RefreshError("ended");
  const login = JSON.parse(text) as Login;
  const version = await revocations(options.store).version(login.claims.sub);
  if (login.version < version || login.end <= now) throw new RefreshError("ended");
  return login;
}

async function holderOf(refreshToken: string, options: TokenOptions): Promise<Login | undefined> {
  try {
    const { sid } = await find(refreshToken, options.store);
    return await loginOf(sid, clockOf(options)(), options);
  } catch (error) {
    if (error instanceof RefreshError) return undefined;
    throw error;
  }
}

async function burn(login: Login, options: TokenOptions): Promise<never> {
  await end(login, options);
  options.onReplay?.({ subject: login.claims.sub, sid: login.sid });
  throw new RefreshError("replayed");
}

/** Access tokens first: they must not outlive their login where the second step fails. */
async function end(login: Login, options: TokenOptions): Promise<void> {
  await revocations(options.store).revokeLogin(login.sid, accessLife(options) * 1000);
  await options.store.delete(loginKey(login.sid));
}

function accessLife({ expiresIn = TOKEN_LIFE }: TokenOptions): number {
  if (expiresIn === null) throw new TypeError("a token of a pair needs an end: expiresIn must not be null");
  return expiresIn;
}

function checkClaims(claims: LoginClaims): void {
  if (typeof claims.sub !== "string" || claims.sub === "")
    throw new TypeError("sub must be a string that is not empty");
  for (const name of ["sid", "ver", "iat", "exp", "jti"]) {
    if (claims[name] !== undefined)
      throw new TypeError(`${name} is not for a login's claims: it is added to each token`);
  }
}

const clockOf = (options: TokenOptions): (() => number) => options.now ?? Date.now;
const live = (sid: string): string => `l:${sid}`;
const used = (sid: string): string => `u:${sid}`;
const loginKey = (sid: string): string => `login:${sid}`;
/** Whoever reads the store cannot log in with what is in it. */
const tokenKey = (token: string): string => `refresh:${hashed(token)}`;
