import { inProduction, type RequestContext, Unauthorized } from "../http/index.ts";
import { andThen, hashed, type MaybePromise, type Store } from "../store/index.ts";
import type { AuthResult, Backend, BackendEnvironment, BackendMiddleware, Principal } from "./backend.ts";
import { originCheck } from "./origin.ts";
import { LazyPrincipal, permissionsOf, type PrincipalKind, rolesOf, type AnyClaims } from "./principal.ts";
import type { Revocations } from "./revocation.ts";
import { sessionCookie, type SessionCookie, type SessionCookieOptions } from "./session-cookie.ts";
import { type Session, sessionData } from "./session-data.ts";
import { type SessionUser, storedUser } from "./session-record.ts";
import { type SessionPolicy, Visit } from "./session-visit.ts";

/** How {@link session} keeps sessions. */
export interface SessionOptions<User = unknown> {
  /** Where sessions are kept. With memory or SQLite a route that uses them stays synchronous. */
  readonly store: Store;
  readonly cookie?: SessionCookieOptions;
  /** Seconds that a session lasts, from its last use where `rolling`, else from its beginning; default 14 days. */
  readonly ttl?: number;
  /** Default true; a session in use is extended at most ten times per `ttl`. */
  readonly rolling?: boolean;
  /** Other origins whose pages may send unsafe requests with the cookie, as in `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** Names the backend in principals and in the document; default `session`. */
  readonly name?: string;
  /** Loads the user when `principal.user` is first read, once per request. */
  readonly loadUser?: (id: string, claims: AnyClaims) => MaybePromise<User>;
  /** With it, `revocation.revokeAll(id)` ends all sessions of a user: one more read per request. */
  readonly revocation?: Revocations;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** A backend that keeps who is logged in on the server and gives the client an id in a cookie; see {@link session}. */
export interface SessionBackend<
  Claims = AnyClaims,
  User = unknown,
  Data extends object = Record<string, unknown>,
> extends Backend<Principal<Claims, User>> {
  /** Reads nothing by itself; sets the cookie and writes what has changed. Belongs on every route that uses the session. */
  readonly middleware: BackendMiddleware;
  /** Logs in under a new id; what was in the session stays, unless it was another user's. Await it. */
  login(ctx: RequestContext, user: SessionUser): MaybePromise<void>;
  /** Deletes the session at once. Await it. */
  logout(ctx: RequestContext): MaybePromise<void>;
  /** The request's session: at once with memory and SQLite, or after authentication; else {@link open} it first. */
  of(ctx: RequestContext): Session<Data>;
  /** Reads the request's session, whatever the store. */
  open(ctx: RequestContext): MaybePromise<Session<Data>>;
  /** A name for the request's session, the new one after a login, for binding other things to it: a hash of its id. */
  key(ctx: RequestContext): string | undefined;
}

const DEFAULT_TTL = 14 * 86_400;

/**
 * Sessions: the client has a random id in a cookie, the store what belongs to it, under the id's hash.
 *
 * The cookie is `__Host-sid; Secure; HttpOnly; SameSite=Lax` in production, `sid` elsewhere. A cookie that belongs to no session is
 * answered 401 and removed. Browsers send cookies unasked: an unsafe request must come from a page of the same origin or of `origins`, else
 * it is answered 403; `csrf()` protects what is there for visitors who are not logged in. `Data` types what is in the session. Errors:
 * `RangeError` for a `ttl` that is no whole number of seconds, `TypeError` for a cookie that browsers would refuse.
 *
 * @example
 * ```ts
 * const sessions = session({ store: sqliteStore("auth.db"), ttl: 3600 });
 * api.post("/login", { body: Login, use: [sessions.middleware] }, async (ctx) => {
 *   await sessions.login(ctx, { id: 17, roles: ["admin"] });
 *   sessions.of(ctx).set("since", Date.now());
 *   return noContent();
 * });
 * ```
 */
export function session<Claims = AnyClaims, User = unknown, Data extends object = Record<string, unknown>>(
  options: SessionOptions<User>,
): SessionBackend<Claims, User, Data> {
  const { store, ttl = DEFAULT_TTL, rolling = true, name = "session", now = Date.now, loadUser, revocation } = options;
  if (!(Number.isSafeInteger(ttl) && ttl > 0)) throw new RangeError(`ttl is whole seconds from 1, not ${ttl}`);
  const policyWith = (cookie: SessionCookie): SessionPolicy => ({ store, ttl: ttl * 1000, rolling, now, cookie });
  let policy = policyWith(sessionCookie(options.cookie ?? {}, inProduction()));
  const kind = { backend: name, roles: rolesOf, permissions: permissionsOf, loadUser } as PrincipalKind<Claims, User>;
  const checkOrigin = originCheck(options.origins ?? []);
  const slot = `visit of ${name}`;
  const challenge = `Session realm="${name}"`;

  const visitOf = (ctx: RequestContext): Visit => {
    const visit = ctx.state[slot];
    if (visit instanceof Visit) return visit;
    // Without it nothing would be written, and a login would be lost in silence.
    throw new TypeError(
      `the session is used on a route without its middleware: name it as the route's auth, or add ${name}.middleware to "use"`,
    );
  };
  const opened = (ctx: RequestContext): MaybePromise<Visit> => {
    const visit = visitOf(ctx);
    return andThen(visit.open(), () => visit);
  };
  const unauthorized = (detail: string) => new Unauthorized(detail, { headers: { "www-authenticate": challenge } });

  const accept = (
    ctx: RequestContext,
    visit: Visit,
  ): AuthResult<Principal<Claims, User>> | Promise<AuthResult<Principal<Claims, User>>> => {
    if (visit.isStale) return unauthorized("Session has ended");
    const { user } = visit;
    if (user === undefined) return undefined;
    checkOrigin(ctx);
    const principal = () => new LazyPrincipal(kind, user.id, user.claims as Claims);
    if (revocation === undefined) return principal();
    return andThen(revocation.isRevoked({ sub: user.id, ver: user.ver ?? 0 }), (revoked) => {
      if (!revoked) return principal();
      return andThen(visit.logout(), () => unauthorized("Session has ended"));
    });
  };

  return Object.freeze({
    name,
    challenge,
    refusals: [{ status: 403, unsafe: true }],
    get scheme() {
      return { type: "apiKey", in: "cookie", name: policy.cookie.name } as const;
    },
    start({ production, warn }: BackendEnvironment) {
      policy = policyWith(sessionCookie(options.cookie ?? {}, production));
      if (production && store.name === "memory") {
        warn(`${name}: sessions in a memory store end with the process and are not shared with others`);
      }
    },
    authenticate(ctx: RequestContext) {
      const visit = (ctx.state[slot] ??= new Visit(policy, ctx.request)) as Visit;
      const opening = visit.open();
      return opening instanceof Promise ? opening.then(() => accept(ctx, visit)) : accept(ctx, visit);
    },
    middleware: Object.freeze({
      name,
      before(ctx: RequestContext) {
        ctx.state[slot] ??= new Visit(policy, ctx.request);
        return undefined;
      },
      after(ctx: RequestContext, response: Response) {
        const visit = ctx.state[slot];
        return visit instanceof Visit ? andThen(visit.commit(response), () => undefined) : undefined;
      },
    }),
    login: (ctx: RequestContext, user: SessionUser) =>
      andThen(opened(ctx), (visit) =>
        andThen(revocation?.version(String(user.id)) ?? 0, (version) => visit.login(storedUser(user, version))),
      ),
    logout: (ctx: RequestContext) => andThen(opened(ctx), (visit) => visit.logout()),
    of(ctx: RequestContext) {
      const visit = visitOf(ctx);
      void visit.open();
      if (!visit.isOpen) throw new TypeError(`the session is not read yet: await ${name}.open(ctx)`);
      return sessionData<Data>(visit);
    },
    open: (ctx: RequestContext) => andThen(opened(ctx), (visit) => sessionData<Data>(visit)),
    key(ctx: RequestContext) {
      const visit = ctx.state[slot];
      if (visit instanceof Visit && visit.isOpen) return visit.key;
      const id = policy.cookie.read(ctx.request);
      return typeof id === "string" ? hashed(id) : undefined;
    },
  });
}
