import { HttpError, type RequestContext, Unauthorized } from "../http/index.ts";
import type { AuthResult, Backend, BackendEnvironment, Principal, SecurityScheme } from "./backend.ts";
import { LazyPrincipal } from "./principal.ts";

/** Whom a backend of your own has found. */
export interface Found<Claims = unknown> {
  readonly id: string | number;
  readonly roles?: Iterable<string>;
  readonly permissions?: Iterable<string>;
  /** Anything the handler should know of the caller, but the credentials. */
  readonly claims?: Claims;
}

/** What {@link defineAuth} takes. */
export interface AuthDefinition<Claims, User> {
  /** Names the backend in principals and in the document. */
  readonly name: string;
  /**
   * Who calls: {@link Found}; `undefined` or `null` where nothing was presented, so that the next backend is asked; an `Unauthorized`,
   * returned or thrown, where what was presented is no good.
   */
  authenticate(ctx: RequestContext): Answer<Claims> | Promise<Answer<Claims>>;
  /** For the document; default: HTTP authentication by the name. */
  readonly scheme?: SecurityScheme;
  /** The `WWW-Authenticate` value of a 401; default: the name. */
  readonly challenge?: string;
  /** Loads the user when `principal.user` is first read, once per request. */
  readonly loadUser?: (id: string, claims: Claims) => Promise<User> | User;
  /** Called once at start-up; what it throws stops it. */
  start?(env: BackendEnvironment): void | Promise<void>;
}

type Answer<Claims> = Found<Claims> | Unauthorized | undefined | null;

/** A token of RFC 9110 5.6.2, as a challenge begins with one. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NONE: readonly string[] = [];

/**
 * A way to find out who calls that is not among the ready-made ones.
 *
 * Errors: `TypeError` for a name that is no token and stands for the challenge.
 *
 * @example
 * ```ts
 * const legacy = defineAuth({
 *   name: "legacy",
 *   authenticate({ request }) {
 *     const ticket = request.headers.get("x-ticket");
 *     if (ticket === null) return undefined;
 *     return tickets.get(ticket) ?? new Unauthorized("Unknown ticket");
 *   },
 * });
 * ```
 */
export function defineAuth<Claims = unknown, User = unknown>(
  definition: AuthDefinition<Claims, User>,
): Backend<Principal<Claims, User>> {
  const { name, loadUser, challenge = name, scheme = { type: "http", scheme: name } } = definition;
  if (name === "" || (definition.challenge === undefined && !TOKEN.test(name))) {
    throw new TypeError(`defineAuth: ${JSON.stringify(name)} cannot be a challenge: give one`);
  }

  const accept = (answer: Answer<Claims>): AuthResult<Principal<Claims, User>> => {
    if (answer === undefined || answer === null) return undefined;
    if (answer instanceof HttpError) return challenged(answer, challenge);
    const { id, roles = NONE, permissions = NONE, claims } = answer;
    if (!isId(id)) throw new TypeError(`${name}: authenticate gave no id`);
    const kind = { backend: name, roles: () => roles, permissions: () => permissions, loadUser };
    return new LazyPrincipal<Claims, User>(kind, String(id), claims as Claims);
  };

  return Object.freeze({
    name,
    scheme,
    challenge,
    ...(definition.start === undefined ? {} : { start: (env: BackendEnvironment) => definition.start?.(env) }),
    authenticate(ctx: RequestContext) {
      const answer = definition.authenticate(ctx);
      return answer instanceof Promise ? answer.then(accept) : accept(answer);
    },
  });
}

/** Fails closed: an object that is no `Found` must not become somebody without a name. */
function isId(id: unknown): id is string | number {
  return (typeof id === "string" && id !== "") || typeof id === "number";
}

/** Every 401 has a challenge (RFC 9110 15.5.2). A subclass is left as it is: an error handler may know it. */
function challenged(error: Unauthorized, challenge: string): Unauthorized {
  const { detail, headers, extra, type, cause } = error;
  if (error.constructor !== Unauthorized || (headers !== undefined && new Headers(headers).has("www-authenticate"))) {
    return error;
  }
  return new Unauthorized(detail, {
    headers: { ...headers, "www-authenticate": challenge },
    extra,
    cause,
    ...(type === undefined ? {} : { type }),
  });
}
