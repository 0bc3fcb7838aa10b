import type { Server } from "bun";

/**
 * What every middleware, guard, dependency and handler can read of a request.
 *
 * All but `request` and `state` are computed at first use: a route pays for none that it does not touch.
 * A handler's own context adds what its contract declares (see `HandlerContext`).
 */
export interface RequestContext {
  /** The request as Bun delivered it. */
  readonly request: Request;
  /** The running server; absent where `api.handle(request)` was called without one. */
  readonly server: Server<unknown> | undefined;
  /** The request's URL, parsed. */
  readonly url: URL;
  /** The request's method, upper case. */
  readonly method: string;
  /** The path as it was sent: percent-encoded, without the query. */
  readonly path: string;
  /** The client's address, or `undefined` without a socket; what proxies say counts as far as `trustProxy` allows. */
  readonly ip: string | undefined;
  /** The route that answers, as in `GET /users/:id`; `undefined` where none matched. */
  readonly route: string | undefined;
  /** The request's id once something has asked for or set one; see `requestId()`. */
  id: string | undefined;
  /** Names of the headers and query keys that carry the credentials of this route, in lower case: their values are not for logs. */
  readonly credentialNames: readonly string[];
  /** A place for middleware to leave things for what runs after it. Empty at the start of each request. */
  readonly state: Record<string, unknown>;
  /** Resolves or fails with the request: fires when the client goes away. */
  readonly signal: AbortSignal;
}
