import type { AnyHandler } from "./context.ts";
import type { Contract } from "./contract.ts";
import type { Method, Route, RouteTypes } from "./route.ts";

/** One route of a set, as it is before the set has a place: its path follows the set's. */
export interface SetRoute<M extends Method = Method, P extends string = string, C = Contract, R = unknown> {
  readonly methods: readonly M[];
  /** Empty for the place itself, else with a slash at its start. */
  readonly path: P;
  readonly contract: Contract;
  readonly handler: AnyHandler;
  /** Never there at run time. */
  readonly types?: RouteTypes<P, C, R>;
  readonly answer?: R;
}

/** Routes that belong together, by their names; `api.viewset(path, set)` registers them. */
export interface RouteSet<R = Readonly<Record<string, SetRoute>>> {
  readonly routes: R;
}

/** The routes of a set under a path. */
export type Placed<Path extends string, R> = {
  readonly [K in keyof R]: R[K] extends SetRoute<infer M, infer P, infer C, infer A>
    ? Route<M, `${Path}${P}`, C extends Contract ? C : Contract, A>
    : never;
};
