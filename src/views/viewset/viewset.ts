import type { AnyHandler, Defaults, HandlerContext, RootScope, RouteSet } from "../../route/index.ts";
import {
  action,
  type Action,
  type ActionContract,
  type ActionRoute,
  setRoute,
  STANDARD,
  STANDARD_NAMES,
  type StandardName,
} from "./action.ts";
import { type ClassRoutes, classRoutes, type ViewSetClass } from "./class.ts";
import type { ActionIn, ActionsOf, AuthOf } from "./scope.ts";

/** What all actions of a set share: defaults of their contracts, and the name of the path parameter. */
export interface ViewDefaults<L extends string, A, G> extends Omit<Defaults, "auth" | "guards"> {
  /** The path parameter of one object. Default `id`. */
  readonly lookup?: L;
  readonly auth?: A;
  readonly guards?: G;
}

/** Marks an action that a set does not have. */
interface Absent {
  readonly absent: never;
}

/** An action that may be a function alone. */
type Slot<P extends string, A, G, C extends ActionContract, R> =
  Action<C, R> | ((ctx: HandlerContext<P, AuthOf<A, G>, RootScope>) => R);

/** The routes of actions of one's own. */
type Further<X, L extends string, A, G> = {
  readonly [K in keyof X & string]: X[K] extends Action<infer C, infer R>
    ? ActionRoute<K, AuthOf<A, G> & C, L, R>
    : never;
};

/** Leaves out the actions that a set does not have. */
type Present<T> = {
  readonly [K in keyof T as T[K] extends { readonly answer?: Absent } ? never : K]: T[K];
};

interface AnyActions extends Partial<Readonly<Record<StandardName, Action | AnyHandler>>> {
  readonly actions?: Actions;
}

type Actions = ActionsOf<Readonly<Record<string, Action>>, any, any, string>;

/** The actions that a set was given, by name. */
export function actionsIn(given: Actions | undefined): readonly (readonly [name: string, action: Action])[] {
  return Object.entries(typeof given === "function" ? given(action as ActionIn<any, any, string>) : (given ?? {}));
}

/** The keys of options that are not defaults of contracts. */
const OWN: ReadonlySet<string> = new Set([...Object.keys(STANDARD), "actions", "lookup"]);

/**
 * Routes for one resource by the names of REST: `list`, `create` on the collection, `retrieve`, `update` (PUT), `partialUpdate`
 * (PATCH) and `destroy` on one object, and `actions` of one's own. Create answers 201, destroy 204, the others 200. What else is
 * given (`auth`, `guards`, `tags`, …) holds for all of them; an action's own contract goes first.
 *
 * @example
 * export const notes = api.viewset("/notes", viewset({
 *   list: () => notes.all(),
 *   retrieve: ({ params }) => notes.get(params.id) ?? new NotFound(),
 * })); // GET /notes, GET /notes/:id
 */
export function viewset<
  const L extends string = "id",
  const A extends Defaults["auth"] = never,
  const G extends Defaults["guards"] = never,
  LC extends ActionContract = {},
  LR = Absent,
  CC extends ActionContract = {},
  CR = Absent,
  RC extends ActionContract = {},
  RR = Absent,
  UC extends ActionContract = {},
  UR = Absent,
  PC extends ActionContract = {},
  PR = Absent,
  DC extends ActionContract = {},
  DR = Absent,
  const X extends Readonly<Record<string, Action>> = {},
>(
  options: ViewDefaults<L, A, G> & {
    readonly list?: Slot<"", A, G, LC, LR>;
    readonly create?: Slot<"", A, G, CC, CR>;
    readonly retrieve?: Slot<`/:${L}`, A, G, RC, RR>;
    readonly update?: Slot<`/:${L}`, A, G, UC, UR>;
    readonly partialUpdate?: Slot<`/:${L}`, A, G, PC, PR>;
    readonly destroy?: Slot<`/:${L}`, A, G, DC, DR>;
    /**
     * Further actions by name: `publish` is `POST /:id/publish` unless its contract says otherwise. As a function they are given an
     * `action` that knows the set's `ctx.user`: `actions: (action) => ({ publish: action({}, ({ user }) => …) })`.
     */
    readonly actions?: ActionsOf<X, A, G, L>;
  },
): RouteSet<
  Present<{
    readonly list: ActionRoute<"list", AuthOf<A, G> & LC, L, LR>;
    readonly create: ActionRoute<"create", AuthOf<A, G> & CC, L, CR>;
    readonly retrieve: ActionRoute<"retrieve", AuthOf<A, G> & RC, L, RR>;
    readonly update: ActionRoute<"update", AuthOf<A, G> & UC, L, UR>;
    readonly partialUpdate: ActionRoute<"partialUpdate", AuthOf<A, G> & PC, L, PR>;
    readonly destroy: ActionRoute<"destroy", AuthOf<A, G> & DC, L, DR>;
  }> &
    Further<X, L, A, G>
>;
export function viewset<X extends ViewSetClass>(views: X): RouteSet<ClassRoutes<X>>;
export function viewset(options: (ViewDefaults<string, unknown, unknown> & AnyActions) | ViewSetClass): RouteSet {
  if (typeof options === "function") return classRoutes(options);
  const all = options;
  const defaults = Object.fromEntries(Object.entries(all).filter(([key]) => !OWN.has(key))) as Defaults;
  const lookup = all.lookup ?? "id";
  const standard = STANDARD_NAMES.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const]));
  const further = actionsIn(all.actions);
  for (const [name] of further)
    if (name in STANDARD) throw new TypeError(`viewset: "${name}" is a standard action; it stands beside "actions"`);
  const routes = [...standard, ...further].map(([name, given]) => {
    const { contract, handler } = typeof given === "function" ? { contract: {}, handler: given } : given;
    return [name, setRoute(name, contract, handler, defaults, lookup)] as const;
  });
  return { routes: Object.freeze(Object.fromEntries(routes)) };
}
