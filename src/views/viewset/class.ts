import type { RequestContext } from "../../http/index.ts";
import type { AnyHandler, Defaults, HandlerContext, RootScope, RouteSet } from "../../route/index.ts";
import { type ActionContract, type ActionRoute, setRoute, STANDARD_NAMES } from "./action.ts";

/** Contracts of a class's actions by name; a name beyond the six standard ones is a further action. */
export type Contracts = Readonly<Record<string, ActionContract>>;

/**
 * Views as a class: `list`, `create`, `retrieve`, `update`, `partialUpdate` and `destroy` are its methods, `static contracts` says
 * what they read and answer, and what other methods are actions; `static defaults` holds for all (`auth`, `guards`, `tags`),
 * `static lookup` names the path parameter (`id`). Each request has an instance of its own, so nothing that a method keeps in
 * `this` is seen by another.
 *
 * @example
 * class Notes extends ViewSet {
 *   static readonly contracts = { retrieve: { params: { id: t.Integer() } } };
 *   list() {
 *     return [{ id: 1, for: this.ctx.ip }];
 *   }
 *   retrieve({ params }: ContextOf<typeof Notes, "retrieve">) {
 *     return { id: params.id };
 *   }
 * }
 * api.viewset("/notes", viewset(Notes));
 */
export abstract class ViewSet {
  protected readonly ctx: RequestContext;

  constructor(ctx: RequestContext) {
    this.ctx = ctx;
  }
}

/** A class of views. */
export interface ViewSetClass<T extends ViewSet = ViewSet> {
  new (ctx: RequestContext): T;
  readonly lookup?: string;
  readonly contracts?: Contracts;
  readonly defaults?: Defaults;
}

type ContractIn<X, K> = X extends { readonly contracts: infer C }
  ? K extends keyof C
    ? C[K] extends ActionContract
      ? C[K]
      : {}
    : {}
  : {};
type DefaultsIn<X> = X extends { readonly defaults: infer D } ? Pick<D, keyof D & ("auth" | "guards")> : {};
type LookupIn<X> = X extends { readonly lookup: infer L extends string } ? (string extends L ? "id" : L) : "id";

/** What the method of an action gets: its request, as the class's contract of that name declares it. */
export type ContextOf<X, K extends string> = HandlerContext<
  ActionRoute<K, ContractIn<X, K>, LookupIn<X>, unknown>["path"],
  DefaultsIn<X> & ContractIn<X, K>,
  RootScope
>;

type Names<X, T> = ((X extends { readonly contracts: infer C } ? keyof C : never) | (typeof STANDARD_NAMES)[number]) &
  keyof T &
  string;

/** The routes of a class. */
export type ClassRoutes<X extends ViewSetClass> = {
  readonly [K in Names<X, InstanceType<X>>]: ActionRoute<
    K,
    ContractIn<X, K> & DefaultsIn<X>,
    LookupIn<X>,
    InstanceType<X>[K] extends (...args: never[]) => infer R ? R : never
  >;
};

/** Makes the routes of a class; throws a `TypeError` for a contract without a method of its name. */
export function classRoutes(views: ViewSetClass): RouteSet {
  const { contracts = {}, defaults = {}, lookup = "id", prototype } = views as ViewSetClass & { prototype: object };
  for (const name in contracts)
    if (typeof Reflect.get(prototype, name) !== "function")
      throw new TypeError(
        `${(views as { name?: string }).name}: there is a contract for "${name}", but no such method`,
      );
  const names = new Set([...STANDARD_NAMES.filter((name) => name in prototype), ...Object.keys(contracts)]);
  const routes = [...names].map((name) => {
    const handler: AnyHandler = (ctx: RequestContext) =>
      (new views(ctx) as unknown as Record<string, (ctx: RequestContext) => unknown>)[name]!(ctx);
    return [name, setRoute(name, contracts[name] ?? {}, handler, defaults, lookup)] as const;
  });
  return { routes: Object.freeze(Object.fromEntries(routes)) };
}
