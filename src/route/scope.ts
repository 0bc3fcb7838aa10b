import type { Handler, ScopeTypes } from "./context.ts";
import type { Contract } from "./contract.ts";
import { DEFAULTS_KEYS, type ScopeNode, type ScopeOptions } from "./defaults.ts";
import type { ProvidedOf } from "./depends.ts";
import { joinPath } from "./path.ts";
import type { SessionOf, UserOf } from "./user.ts";
import type { Placed, RouteSet, SetRoute } from "./set.ts";
import { type AnyRoute, declare, type Declare, makeRoute, type Method, type Route, routeName } from "./route.ts";
import { declareSocket, type DeclareSocket } from "./socket.ts";

const SCOPE_KEYS: ReadonlySet<string> = new Set<keyof ScopeOptions>(["prefix", ...DEFAULTS_KEYS]);

/** The types of a scope inside `S` with options `D`. */
export interface Nested<S extends ScopeTypes, D extends ScopeOptions> {
  readonly prefix: D extends { readonly prefix: infer Prefix extends string } ? `${S["prefix"]}${Prefix}` : S["prefix"];
  readonly provided: D extends { readonly provide: infer R } ? S["provided"] & ProvidedOf<R> : S["provided"];
  readonly user: UserOf<D, S["user"]>;
  readonly session: SessionOf<D, S["session"]>;
}

/**
 * An immutable set of defaults for routes, and the place to register them. An `Api` is the outermost one.
 *
 * Precedence everywhere: route over scope over parent scope over api. Middleware, tags and dependencies add up instead.
 *
 * @example
 * ```ts
 * const admin = api.with({ prefix: "/admin", tags: ["admin"] });
 * export const stats = admin.get("/stats", () => ({ users: 3 }));       // GET /admin/stats
 * ```
 */
export class Scope<S extends ScopeTypes = ScopeTypes> {
  /** @internal */
  readonly node: ScopeNode;
  /** @internal */
  protected readonly keep: (route: AnyRoute) => void;

  /** Registers a GET route; HEAD is answered from it. */
  readonly get: Declare<"GET", S>;
  /** Registers a POST route. */
  readonly post: Declare<"POST", S>;
  /** Registers a PUT route. */
  readonly put: Declare<"PUT", S>;
  /** Registers a PATCH route. */
  readonly patch: Declare<"PATCH", S>;
  /** Registers a DELETE route. */
  readonly delete: Declare<"DELETE", S>;
  /** Registers a HEAD route, instead of the answer made from GET. */
  readonly head: Declare<"HEAD", S>;
  /** Registers an OPTIONS route, instead of 204 with `Allow`. */
  readonly options: Declare<"OPTIONS", S>;
  /** Registers a QUERY route: safe as GET, with a body (draft-ietf-httpbis-safe-method-w-body). */
  readonly query: Declare<"QUERY", S>;
  /** Registers a WebSocket: a GET route that is upgraded, with a handler of messages. */
  readonly ws: DeclareSocket<S>;

  constructor(node: ScopeNode, keep: (route: AnyRoute) => void) {
    for (const key in node.defaults) {
      if (!SCOPE_KEYS.has(key)) throw new TypeError(`scope "${node.prefix}": unknown option "${key}"`);
    }
    this.node = Object.freeze({ ...node, defaults: Object.freeze({ ...node.defaults }) });
    this.keep = keep;
    this.get = this.#declare(["GET"]);
    this.post = this.#declare(["POST"]);
    this.put = this.#declare(["PUT"]);
    this.patch = this.#declare(["PATCH"]);
    this.delete = this.#declare(["DELETE"]);
    this.head = this.#declare(["HEAD"]);
    this.options = this.#declare(["OPTIONS"]);
    this.query = this.#declare(["QUERY"]);
    this.ws = declareSocket<S>(this.node, this.keep);
  }

  /**
   * Registers one route for several methods.
   *
   * @example
   * ```ts
   * api.route(["PUT", "PATCH"], "/users/:id", ({ method, params }) => ({ method, id: params.id }));
   * ```
   */
  route<const M extends Method, const P extends string, const C extends Contract, R>(
    methods: readonly M[],
    path: P,
    contract: C,
    handler: Handler<P, C, S, R>,
  ): Route<M, `${S["prefix"]}${P}`, C, R>;
  route<const M extends Method, const P extends string, R>(
    methods: readonly M[],
    path: P,
    // oxlint-disable-next-line typescript/no-empty-object-type -- the empty contract declares nothing
    handler: Handler<P, {}, S, R>,
    // oxlint-disable-next-line typescript/no-empty-object-type -- as above
  ): Route<M, `${S["prefix"]}${P}`, {}, R>;
  route(methods: readonly Method[], path: string, first: unknown, second?: unknown): unknown {
    return this.#declare(methods)(path, first as never, second as never);
  }

  #declare<M extends Method>(methods: readonly M[]): Declare<M, S> {
    return declare<M, S>(methods, this.node, this.keep);
  }

  /** A scope inside this one. */
  with<const D extends ScopeOptions>(defaults: D): Scope<Nested<S, D>> {
    const prefix = joinPath(this.node.prefix, defaults.prefix ?? "");
    return new Scope({ prefix: prefix === "/" ? "" : prefix, defaults, parent: this.node }, this.keep);
  }

  /**
   * Registers routes that belong together under one path, and returns them by their names.
   *
   * @example
   * ```ts
   * export const { list, retrieve } = api.viewset("/articles", modelViewSet(db, Article));
   * ```
   */
  viewset<const P extends string, R extends object>(path: P, set: RouteSet<R>): Placed<`${S["prefix"]}${P}`, R> {
    const place = joinPath(this.node.prefix, path);
    const placed = Object.entries(set.routes as Readonly<Record<string, SetRoute>>).map(
      ([name, { methods, path: tail, contract, handler }]) => {
        const from = { action: name, path: place };
        const route = makeRoute(methods, joinPath(path, tail), contract, handler, this.node, from);
        this.keep(route);
        return [name, route];
      },
    );
    return Object.freeze(Object.fromEntries(placed)) as Placed<`${S["prefix"]}${P}`, R>;
  }

  /** Registers a route value made elsewhere, inside this scope; its path follows the scope's prefix. */
  add(...routes: readonly AnyRoute[]): this {
    for (const route of routes) {
      if (route.scope !== undefined)
        throw new TypeError(`${routeName(route)} is registered already: add takes free route values`);
      if (route.socket !== undefined) this.ws(route.path, route.contract, route.socket.handler as never);
      else
        this.#declare(route.methods as readonly Method[])(route.path, route.contract as never, route.handler as never);
    }
    return this;
  }
}
