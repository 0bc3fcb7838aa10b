import type { Server } from "bun";
import type { Principal } from "../auth/index.ts";
import { parseCookies } from "../native/index.ts";
import type { RequestContext } from "../http/index.ts";
import { requestPath } from "../route/index.ts";
import type { Address } from "./address.ts";

/** A backend that has a session for each request. */
export interface Sessions {
  of(ctx: RequestContext): unknown;
}

/** What all requests of one route share. */
export interface RouteShared {
  /** `GET /users/:id`; `undefined` where no route matched. */
  readonly route: string | undefined;
  /** Names of the headers and query keys that carry the route's credentials. */
  readonly credentialNames?: readonly string[] | undefined;
  /** The session backend of the route, if it has one. */
  readonly sessions?: Sessions | undefined;
  /** Finds the client's address, scheme and host behind trusted proxies. */
  readonly address: Address;
}

/**
 * A request on its way through one route. Steps write declared values into it; everything else works at first use.
 *
 * The fields are set in the constructor, in one order, so that every context has one hidden class; they are plain, not private,
 * because a dependency sees the context through an object that inherits from it.
 * @internal
 */
export class Context implements RequestContext {
  /** Replaced only where a body must be counted while it is read. */
  request: Request;
  /** The request as the server knows it: it has the socket's address, and the parameters of the native table. */
  readonly arrived: Request;
  readonly server: Server<unknown> | undefined;
  readonly shared: RouteShared;
  /** Decoded parameters where the tree matched; `undefined` where Bun's native table did. */
  readonly matched: Readonly<Record<string, string>> | undefined;
  id: string | undefined;
  body: unknown;
  user: Principal | undefined;
  /** Values to dispose of after the answer, in the order in which they were made. */
  made: unknown[] | undefined;
  declaredParams: unknown;
  declaredQuery: unknown;
  declaredHeaders: unknown;
  declaredCookies: unknown;
  ownState: Record<string, unknown> | undefined;
  /** Kept, as to ask the server for it takes 0.6 us. */
  ownIp: string | undefined;
  // Not set in the constructor: only the few routes that declare a form have them.
  declare form: unknown;
  declare files: unknown;
  constructor(
    request: Request,
    matched: Readonly<Record<string, string>> | undefined,
    server: Server<unknown> | undefined,
    shared: RouteShared,
  ) {
    this.request = request;
    this.arrived = request;
    this.server = server;
    this.shared = shared;
    this.matched = matched;
    this.id = undefined;
    this.body = undefined;
    this.user = undefined;
    this.made = undefined;
    this.declaredParams = undefined;
    this.declaredQuery = undefined;
    this.declaredHeaders = undefined;
    this.declaredCookies = undefined;
    this.ownState = undefined;
    this.ownIp = undefined;
  }

  get params(): unknown {
    return (this.declaredParams ??= this.matched ?? NO_PARAMS);
  }
  set params(value: unknown) {
    this.declaredParams = value;
  }

  get query(): unknown {
    return (this.declaredQuery ??= this.url.searchParams);
  }
  set query(value: unknown) {
    this.declaredQuery = value;
  }

  get headers(): unknown {
    return (this.declaredHeaders ??= this.request.headers);
  }
  set headers(value: unknown) {
    this.declaredHeaders = value;
  }

  get cookies(): unknown {
    return (this.declaredCookies ??= parseCookies(this.request.headers.get("cookie") ?? ""));
  }
  set cookies(value: unknown) {
    this.declaredCookies = value;
  }

  get state(): Record<string, unknown> {
    return (this.ownState ??= {});
  }

  get url(): URL {
    return this.shared.address.url(this.arrived, this.server);
  }

  get ip(): string | undefined {
    return (this.ownIp ??= this.shared.address.client(this.arrived, this.server));
  }

  get credentialNames(): readonly string[] {
    return this.shared.credentialNames ?? NO_NAMES;
  }

  get session(): unknown {
    const { sessions } = this.shared;
    if (sessions === undefined) throw new TypeError("this route has no session: give it auth: session(…)");
    return sessions.of(this);
  }

  get method(): string {
    return this.request.method;
  }

  get path(): string {
    return requestPath(this.request.url);
  }

  get route(): string | undefined {
    return this.shared.route;
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }
}

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});
