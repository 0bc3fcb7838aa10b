import type { AnyRoute } from "../route/index.ts";

/** Ready-made routes by name, and in a row for `api.add(...routes)`. */
export type Routes<R extends Readonly<Record<string, AnyRoute>>> = R & Iterable<R[keyof R]>;

export function routesOf<R extends Readonly<Record<string, AnyRoute>>>(routes: R): Routes<R> {
  const values = Object.values(routes) as R[keyof R][];
  return Object.freeze({ ...routes, [Symbol.iterator]: () => values[Symbol.iterator]() });
}
