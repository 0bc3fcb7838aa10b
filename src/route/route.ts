import type { AnySocketHandler } from "../websocket/index.ts";
import type { AnyHandler, Handler, RootScope, ScopeTypes } from "./context.ts";
import { type Contract, CONTRACT_KEYS } from "./contract.ts";
import type { ScopeNode } from "./defaults.ts";
import { joinPath, parsePath, type PathPattern } from "./path.ts";
import { declarationOf, keyFault, type SocketDeclaration } from "./socket-contract.ts";
import type { BodyOf, ParamsOf, SourceOf } from "./sources.ts";

/** A method that a route may answer. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "QUERY";

/** All of them, in the order in which `Allow` lists them. */
export const METHODS: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

/** Where a route of a set comes from: its action, and the path of the set, prefixes of its scopes included. */
interface SetPlace {
  readonly action: string;
  readonly path: string;
}

/** A frozen declaration: what it matches, what it reads, what answers. Made by `api.get(…)` or by {@link get} and its sisters. */
export interface Route<
  M extends string = string,
  P extends string = string,
  C extends Contract = Contract,
  R = unknown,
> {
  readonly methods: readonly M[];
  /** The whole pattern, prefixes of its scopes included. */
  readonly path: P;
  readonly contract: C;
  readonly handler: AnyHandler;
  /** The scope it was registered in; absent until `api.add`. */
  readonly scope: ScopeNode | undefined;
  readonly pattern: PathPattern;
  /** Of a route that a set has. */
  readonly set?: SetPlace;
  /** Of a route that becomes a socket. */
  readonly socket?: SocketDeclaration;
  /** Carries what a typed client needs; never there at run time. */
  readonly types?: RouteTypes<P, C, R>;
}

/** A route's types by source, undeclared ones `never`; an interface, so that only those are computed that somebody asks for. */
export interface RouteTypes<P extends string, C, R> {
  readonly params: ParamsOf<P, C>;
  readonly query: SourceOf<C, "query", never>;
  readonly headers: SourceOf<C, "headers", never>;
  readonly cookies: SourceOf<C, "cookies", never>;
  readonly body: C extends { readonly body: unknown } ? BodyOf<C> : never;
  readonly form: SourceOf<C, "form", never>;
  readonly files: SourceOf<C, "files", never>;
  /** What the handler returns, where no response is declared. */
  readonly answer: Awaited<R>;
}

/** Any route. */
export type AnyRoute = Route;

/** A declaration that cannot be compiled: stops start-up and names the route. */
export class RouteError extends Error {
  constructor(route: string, reason: string, options?: ErrorOptions) {
    super(`${route}: ${reason}`, options);
    this.name = "RouteError";
  }
}

/** `GET /users/:id`, as errors, logs and tables name it; `* /legacy` where any method will do, `WS /echo` for a socket. */
export function routeName(route: {
  readonly methods: readonly string[];
  readonly path: string;
  readonly socket?: object | undefined;
}): string {
  if (route.socket !== undefined) return `WS ${route.path}`;
  return `${route.methods.length === METHODS.length ? "*" : route.methods.join("|")} ${route.path}`;
}

/** Makes a route value; `api.add` registers it. */
export function makeRoute(
  methods: readonly Method[],
  path: string,
  contract: Contract,
  handler: AnyHandler,
  scope?: ScopeNode,
  set?: SetPlace,
  socketHandler?: AnySocketHandler,
): AnyRoute {
  const whole = scope === undefined ? path : joinPath(scope.prefix, path);
  const name = routeName({ methods, path: whole, socket: socketHandler && {} });
  for (const method of methods) {
    if (!METHODS.includes(method)) throw new RouteError(name, `unknown method "${method}"`);
  }
  if (typeof handler !== "function")
    throw new RouteError(name, "needs a handler, a function; for a fixed answer, constant(…)");
  for (const key in contract) {
    const fault = socketHandler === undefined ? unknownKey(key) : keyFault(key);
    if (fault !== undefined) throw new RouteError(name, fault);
  }
  let pattern: PathPattern;
  let socket: SocketDeclaration | undefined;
  try {
    pattern = parsePath(whole);
    if (socketHandler !== undefined) socket = declarationOf(contract, socketHandler);
  } catch (error) {
    throw new RouteError(name, (error as Error).message);
  }
  return Object.freeze({
    methods: Object.freeze([...methods]),
    path: pattern.path,
    contract: Object.freeze(contract),
    handler,
    scope,
    pattern,
    ...(set === undefined ? {} : { set }),
    ...(socket === undefined ? {} : { socket }),
  });
}

function unknownKey(key: string): string | undefined {
  return CONTRACT_KEYS.has(key) ? undefined : `unknown key "${key}" in its contract`;
}

/** The ways to declare a route of method `M` in scope `S`: with a contract, or with a handler alone. */
export interface Declare<M extends string, S extends ScopeTypes> {
  <const P extends string, const C extends Contract, R>(
    path: P,
    contract: C,
    handler: Handler<P, C, S, R>,
  ): Route<M, `${S["prefix"]}${P}`, C, R>;
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty contract declares nothing
  <const P extends string, R>(path: P, handler: Handler<P, {}, S, R>): Route<M, `${S["prefix"]}${P}`, {}, R>;
}

/** A {@link Declare} that hands each new route to `keep`. */
export function declare<M extends Method, S extends ScopeTypes>(
  methods: readonly M[],
  scope?: ScopeNode,
  keep?: (route: AnyRoute) => void,
): Declare<M, S> {
  const build = (path: string, first: unknown, second?: unknown): AnyRoute => {
    const [contract, handler] = second === undefined ? [{}, first] : [first, second];
    const route = makeRoute(methods, path, contract as Contract, handler as AnyHandler, scope);
    keep?.(route);
    return route;
  };
  return build as unknown as Declare<M, S>;
}

/** Makes a GET route without an api, for `api.add(...)`. */
export const get: Declare<"GET", RootScope> = declare(["GET"]);
/** Makes a POST route without an api, for `api.add(...)`. */
export const post: Declare<"POST", RootScope> = declare(["POST"]);
/** Makes a PUT route without an api, for `api.add(...)`. */
export const put: Declare<"PUT", RootScope> = declare(["PUT"]);
/** Makes a PATCH route without an api, for `api.add(...)`. */
export const patch: Declare<"PATCH", RootScope> = declare(["PATCH"]);
/** Makes a DELETE route without an api, for `api.add(...)`. `delete` is a reserved word, hence the name. */
export const del: Declare<"DELETE", RootScope> = declare(["DELETE"]);
/** Makes a HEAD route without an api, for `api.add(...)`. */
export const head: Declare<"HEAD", RootScope> = declare(["HEAD"]);
/** Makes an OPTIONS route without an api, for `api.add(...)`. */
export const options: Declare<"OPTIONS", RootScope> = declare(["OPTIONS"]);
/** Makes a QUERY route (safe, with a body) without an api, for `api.add(...)`. */
export const query: Declare<"QUERY", RootScope> = declare(["QUERY"]);
