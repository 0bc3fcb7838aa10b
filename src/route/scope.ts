import type { ScopeTypes } from "./context.ts";
import type { Defaults } from "./contract.ts";
import type { ProvidedOf } from "./depends.ts";
import { joinPath } from "./path.ts";
import { type AnyRoute, declare, type Declare, type Method, routeName } from "./route.ts";

/** What a scope sets for the routes inside it. */
export interface ScopeOptions extends Defaults {
  /** Goes before every path inside. */
  readonly prefix?: string;
}

/** A scope as data: its prefix in full, what it sets, and the scope around it. */
export interface ScopeNode {
  readonly prefix: string;
  readonly defaults: ScopeOptions;
  readonly parent: ScopeNode | undefined;
}

const SCOPE_KEYS: ReadonlySet<string> = new Set<keyof ScopeOptions>([
  "prefix",
  "tags",
  "use",
  "provide",
  "onError",
  "status",
  "responseHeaders",
  "responseValidation",
  "maxBodySize",
]);

/** The types of a scope inside `S` with options `D`. */
export interface Nested<S extends ScopeTypes, D extends ScopeOptions> {
  readonly prefix: D extends { readonly prefix: infer Prefix extends string } ? `${S["prefix"]}${Prefix}` : S["prefix"];
  readonly provided: D extends { readonly provide: infer R } ? S["provided"] & ProvidedOf<R> : S["provided"];
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

  constructor(node: ScopeNode, keep: (route: AnyRoute) => void) {
    for (const key in node.defaults) {
      if (!SCOPE_KEYS.has(key)) throw new TypeError(`scope "${node.prefix}": unknown option "${key}"`);
    }
    this.node = Object.freeze({ ...node, defaults: Object.freeze({ ...node.defaults }) });
    this.keep = keep;
    this.get = this.route(["GET"]);
    this.post = this.route(["POST"]);
    this.put = this.route(["PUT"]);
    this.patch = this.route(["PATCH"]);
    this.delete = this.route(["DELETE"]);
    this.head = this.route(["HEAD"]);
    this.options = this.route(["OPTIONS"]);
    this.query = this.route(["QUERY"]);
  }

  /**
   * The declaration for several methods at once: `api.route(["PUT", "PATCH"])("/users/:id", contract, handler)`.
   */
  route<const M extends Method>(methods: readonly M[]): Declare<M, S> {
    return declare<M, S>(methods, this.node, this.keep);
  }

  /** A scope inside this one. */
  with<const D extends ScopeOptions>(defaults: D): Scope<Nested<S, D>> {
    const prefix = joinPath(this.node.prefix, defaults.prefix ?? "");
    return new Scope({ prefix: prefix === "/" ? "" : prefix, defaults, parent: this.node }, this.keep);
  }

  /** Registers a route value made elsewhere, inside this scope; its path follows the scope's prefix. */
  add(...routes: readonly AnyRoute[]): this {
    for (const route of routes) {
      if (route.scope !== undefined)
        throw new TypeError(`${routeName(route)} is registered already: add takes free route values`);
      this.route(route.methods as readonly Method[])(route.path, route.contract as never, route.handler as never);
    }
    return this;
  }
}
