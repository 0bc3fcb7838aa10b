import type { RequestContext, Unauthorized } from "../http/index.ts";

/**
 * Who calls.
 *
 * @example
 * ```ts
 * api.get("/me", { auth }, ({ user }) => ({ id: user.id, admin: user.roles.has("admin") }));
 * ```
 */
export interface Principal<Claims = unknown, User = unknown> {
  /** The user's id: the `sub` of a token, empty where it has none; the name of an API key. */
  readonly id: string;
  /** The {@link Backend} that found out. */
  readonly backend: string;
  readonly permissions: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  /** What the credentials say, typed by the backend; never the credentials themselves. */
  readonly claims: Claims;
  /** What `loadUser` returns: loaded when it is first read, once per request. Await it. */
  readonly user: Promise<User> | User | undefined;
}

/**
 * What a backend found: a principal; nothing presented; or something presented that is no good. The next backend is asked then;
 * where none succeeds, a credential that was no good is answered 401 even where authentication is optional.
 */
export type AuthResult<P> = P | undefined | Unauthorized;

/** A security scheme object of OpenAPI 3.1 (4.8.27), for the document. */
export type SecurityScheme =
  | { readonly type: "http"; readonly scheme: string; readonly bearerFormat?: string; readonly description?: string }
  | {
      readonly type: "apiKey";
      readonly in: "header" | "query" | "cookie";
      readonly name: string;
      readonly description?: string;
    }
  | { readonly type: "openIdConnect"; readonly openIdConnectUrl: string; readonly description?: string }
  | { readonly type: "oauth2"; readonly flows: Readonly<Record<string, unknown>>; readonly description?: string }
  | { readonly type: "mutualTLS"; readonly description?: string };

/** What a backend is told at start-up. */
export interface BackendEnvironment {
  /** Whether a weak key stops start-up (production) or is warned of. */
  readonly production: boolean;
  warn(message: string): void;
}

/** The two halves of a middleware that a backend brings along. */
export interface BackendMiddleware {
  readonly name: string;
  before(ctx: RequestContext): undefined;
  after(ctx: RequestContext, response: Response): undefined | Promise<undefined>;
}

/** A way to find out who calls: `jwt`, `apiKey`, `session`, or your own by `defineAuth`. */
export interface Backend<P extends Principal = Principal> {
  /** `jwt`, `api-key`, `session` or the user's own. */
  readonly name: string;
  readonly scheme: SecurityScheme;
  /** Other places that it reads the same credentials from, for the document. */
  readonly alternatives?: readonly SecurityScheme[];
  /** Statuses other than 401 that it can answer itself, for the document; `unsafe` ones to unsafe methods only. */
  readonly refusals?: readonly { readonly status: number; readonly unsafe?: boolean }[];
  /** The `WWW-Authenticate` value of a 401 without credentials (RFC 9110 11.6.1). */
  readonly challenge: string;
  /** Names of the headers and query keys that it reads credentials from, in lower case: logs and the debug page mask their values. */
  readonly credentialNames?: readonly string[];
  /** What must run on every route that uses the backend: it sets the cookie of a session. Innermost of the route's middleware. */
  readonly middleware?: BackendMiddleware;
  /** Called once at start-up; throws for a missing, short or unusable key, which stops it. */
  start?(env: BackendEnvironment): void | Promise<void>;
  /** A value, not a promise, whenever it can be: a route stays synchronous. */
  authenticate(ctx: RequestContext): AuthResult<P> | Promise<AuthResult<P>>;
}

/** A question about the caller that is asked before the handler runs. All guards of a route must answer yes. */
export interface Guard<Anonymous extends boolean = boolean> {
  readonly name: string;
  /** The status for a principal that fails. Who has not presented any credentials is answered 401. */
  readonly status: number;
  readonly description?: string;
  /** It may let in callers without a principal; a guard without this never does, and is not asked about them. */
  readonly anonymous?: Anonymous;
  check(principal: Principal | undefined, ctx: RequestContext): boolean | Promise<boolean>;
}
