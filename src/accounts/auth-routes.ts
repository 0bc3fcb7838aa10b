import {
  endAllLogins,
  endLogin,
  type LoginClaims,
  rotateRefreshToken,
  signerOf,
  tokenPair,
  type TokenOptions,
  type TokenPair,
} from "../auth/index.ts";
import { TooManyRequests, Unauthorized } from "../http/index.ts";
import { post } from "../route/index.ts";
import type { MaybePromise } from "../store/index.ts";
import { t } from "../schema/index.ts";
import { type AccountUser, checkCredentials, type CredentialOptions } from "./credentials.ts";
import { routesOf } from "./routes.ts";

/** How {@link authRoutes} finds users and makes tokens. */
export type AuthRoutesOptions<U extends AccountUser, P extends string> = TokenOptions &
  CredentialOptions<U> & {
    /** Goes before every path; default `/auth`. */
    readonly prefix?: P;
    /** Claims for the access token beside `sub`, `roles` and `permissions`; they may replace these. */
    readonly claims?: (user: U) => Readonly<Record<string, unknown>>;
    /** Finds the user anew at each refresh, by `sub`: present roles, or nobody, which ends the login. */
    readonly findUserById?: (id: string) => MaybePromise<U | undefined | null>;
  };

/** What a client logs in with. */
export const LoginBody = t.Object({
  username: t.String({ minLength: 1, maxLength: 254 }),
  // Hashing reads every byte: more than this is nobody's password.
  password: t.String({ minLength: 1, maxLength: 1024 }),
});

const RefreshBody = t.Object({ refresh_token: t.String({ maxLength: 1024 }) });

const TokenAnswer = t.Object({
  access_token: t.String(),
  token_type: t.Literal("Bearer"),
  expires_in: t.Integer(),
  refresh_token: t.String(),
  refresh_expires_in: t.Integer(),
});

/** Tokens must not stay in a cache (RFC 6749 5.1). */
const NOT_CACHED = { "cache-control": "no-store" } as const;

/**
 * Routes to log in by name and password and to live by tokens: `POST /auth/login`, `/auth/refresh`, `/auth/logout`, `/auth/logout-all`.
 *
 * Login takes `{ username, password }`, the others `{ refresh_token }`; login and refresh answer a {@link TokenPair}, logout 204 whatever the
 * token. An unknown user and a wrong password are the same 401, as late. `revocations(store)` at `jwt({ revocation })` makes a logout end
 * access tokens at once. Options are those of `tokenPair` and of {@link CredentialOptions}. Errors: those of `issueToken`, at once, for a
 * key that cannot be used.
 *
 * @example
 * ```ts
 * const store = sqliteStore("auth.db");
 * export const { login, refresh, logout, logoutAll } = authRoutes({
 *   secret: Bun.env.JWT_SECRET!,
 *   store,
 *   findUser: (username) => users.find((user) => user.email === username),
 *   throttle: loginThrottle({ store }),
 * });
 * api.add(login, refresh, logout, logoutAll);
 * ```
 */
export function authRoutes<U extends AccountUser, const P extends string = "/auth">(options: AuthRoutesOptions<U, P>) {
  const prefix = options.prefix ?? ("/auth" as P);
  const { findUserById } = options;
  const claimsOf = (user: U): LoginClaims => ({ ...defaultClaims(user), ...options.claims?.(user) });
  const reload = findUserById && (async (id: string) => present(await findUserById(id), claimsOf));
  const tokens: TokenOptions = reload === undefined ? options : { ...options, reload };
  signerOf(tokens);

  return routesOf({
    login: post(
      `${prefix}/login`,
      {
        tags: ["auth"],
        summary: "Log in",
        body: LoginBody,
        response: TokenAnswer,
        responseHeaders: NOT_CACHED,
        errors: [Unauthorized, TooManyRequests],
      },
      async (ctx): Promise<TokenPair> => tokenPair(claimsOf(await checkCredentials(ctx.body, ctx, options)), tokens),
    ),
    refresh: post(
      `${prefix}/refresh`,
      {
        tags: ["auth"],
        summary: "Trade a refresh token for a new pair",
        body: RefreshBody,
        response: TokenAnswer,
        responseHeaders: NOT_CACHED,
        errors: [Unauthorized],
      },
      ({ body }): Promise<TokenPair> => rotateRefreshToken(body.refresh_token, tokens),
    ),
    logout: post(
      `${prefix}/logout`,
      { tags: ["auth"], summary: "Log out", body: RefreshBody, response: { 204: t.Null() }, status: 204 },
      async ({ body }) => {
        await endLogin(body.refresh_token, tokens);
        return undefined;
      },
    ),
    logoutAll: post(
      `${prefix}/logout-all`,
      {
        tags: ["auth"],
        summary: "Log out everywhere",
        body: RefreshBody,
        response: { 204: t.Null() },
        status: 204,
        errors: [Unauthorized],
      },
      async ({ body }) => {
        await endAllLogins(body.refresh_token, tokens);
        return undefined;
      },
    ),
  });
}

function defaultClaims({ id, roles, permissions }: AccountUser): LoginClaims {
  return {
    sub: String(id),
    ...(roles === undefined ? {} : { roles: [...roles] }),
    ...(permissions === undefined ? {} : { permissions: [...permissions] }),
  };
}

function present<U, C>(user: U | undefined | null, claimsOf: (user: U) => C): C | undefined {
  return user === undefined || user === null ? undefined : claimsOf(user);
}
