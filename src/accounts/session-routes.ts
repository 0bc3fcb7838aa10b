import type { Revocations, SessionBackend } from "../auth/index.ts";
import { TooManyRequests, Unauthorized } from "../http/index.ts";
import { csrf, type Middleware } from "../middleware/index.ts";
import { post } from "../route/index.ts";
import { t } from "../schema/index.ts";
import { LoginBody } from "./auth-routes.ts";
import { type AccountUser, checkCredentials, type CredentialOptions } from "./credentials.ts";
import { routesOf } from "./routes.ts";

/** How {@link sessionRoutes} finds users and where it keeps who is logged in. */
export interface SessionRoutesOptions<U extends AccountUser, P extends string> extends CredentialOptions<U> {
  readonly session: SessionBackend;
  /** Goes before every path; default `/auth`. */
  readonly prefix?: P;
  /** What becomes the principal's claims. */
  readonly claims?: (user: U) => Readonly<Record<string, unknown>>;
  /** The one that the session backend has: `logout-all` raises the user's version in it. Without it that route is 404. */
  readonly revocation?: Revocations;
  /** Refuses what other sites send; default `csrf()`. */
  readonly csrf?: Middleware;
}

/**
 * Routes to log in by name and password into a session: `POST /auth/login`, `/auth/logout` and `/auth/logout-all`, each answered 204.
 *
 * An unknown user and a wrong password are the same 401, as late. Requests from other sites are refused, login included.
 *
 * @example
 * ```ts
 * const sessions = session({ store: sqliteStore("auth.db") });
 * export const { login, logout, logoutAll } = sessionRoutes({ session: sessions, findUser: (name) => users.get(name) });
 * api.add(login, logout, logoutAll);
 * ```
 */
export function sessionRoutes<U extends AccountUser, const P extends string = "/auth">(
  options: SessionRoutesOptions<U, P>,
) {
  const { session, revocation } = options;
  const prefix = options.prefix ?? ("/auth" as P);
  const shared = {
    tags: ["auth"],
    use: [options.csrf ?? csrf(), session.middleware],
    response: { 204: t.Null() },
    status: 204,
  } as const;

  return routesOf({
    login: post(
      `${prefix}/login`,
      { ...shared, summary: "Log in", body: LoginBody, errors: [Unauthorized, TooManyRequests] },
      async (ctx) => {
        const user = await checkCredentials(ctx.body, ctx, options);
        const { id, roles = [], permissions = [] } = user;
        await session.login(ctx, { id, roles, permissions, claims: options.claims?.(user) ?? {} });
        return undefined;
      },
    ),
    logout: post(`${prefix}/logout`, { ...shared, summary: "Log out" }, async (ctx) => {
      await session.logout(ctx);
      return undefined;
    }),
    logoutAll: post(
      `${prefix}/logout-all`,
      { ...shared, summary: "Log out everywhere", errors: [Unauthorized] },
      async (ctx) => {
        const found = await session.authenticate(ctx);
        if (found === undefined) return new Unauthorized();
        if (found instanceof Unauthorized) return found;
        await revocation?.revokeAll(found.id);
        await session.logout(ctx);
        return undefined;
      },
    ),
  });
}
