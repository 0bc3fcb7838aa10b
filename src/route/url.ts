import type { Shape, StaticOf } from "../schema/index.ts";
import type { ParamsOf } from "./sources.ts";
import type { Route } from "./route.ts";

/** What `url` needs of a route: its parameters where it has any, its query where it declares one. */
export type UrlInput<P extends string, C> = (keyof ParamsOf<P, C> extends never
  ? { readonly params?: ParamsOf<P, C> }
  : { readonly params: ParamsOf<P, C> }) &
  (C extends { readonly query: infer Q extends Shape }
    ? { readonly query?: Partial<StaticOf<Q>> }
    : { readonly query?: Readonly<Record<string, QueryValue>> });

type QueryValue =
  string | number | boolean | bigint | Date | null | undefined | readonly (string | number | boolean | bigint)[];

/**
 * The path and query that reach a route: `url(getUser, { params: { id: 7 } })` is `/users/7`.
 *
 * Each value is percent-encoded; a wildcard keeps its slashes; arrays repeat their key; absent and null query values are left out.
 * Errors: `TypeError` for a path parameter that is missing, empty or a dot segment.
 *
 * @example
 * ```ts
 * url(search, { params: { category: "books" }, query: { limit: 5 } });    // "/search/books?limit=5"
 * ```
 */
export function url<M extends string, P extends string, C>(
  route: Pick<Route<M, P>, "path" | "pattern"> & { readonly contract: C },
  ...[input]: keyof ParamsOf<P, C> extends never ? [input?: UrlInput<P, C>] : [input: UrlInput<P, C>]
): string {
  const given = input as { params?: Record<string, unknown>; query?: Record<string, unknown> } | undefined;
  const parts = route.pattern.segments.map((segment) => {
    if (segment.kind === "static") return segment.text;
    const value = given?.params?.[segment.name];
    const text = value === undefined || value === null ? "" : written(value);
    if (text === "" && segment.kind === "param")
      throw new TypeError(`url of ${route.path} needs params.${segment.name}`);
    // However a dot segment is escaped, clients remove it (WHATWG URL 4.4).
    if (segment.kind === "param" ? DOTS.test(text) : text.split("/").some((part) => DOTS.test(part)))
      throw new TypeError(`url of ${route.path} cannot carry "." or ".." as params.${segment.name}`);
    return segment.kind === "param" ? encodeURIComponent(text) : text.split("/").map(encodeURIComponent).join("/");
  });
  const query = queryString(given?.query ?? {});
  return `/${parts.join("/")}${query === "" ? "" : `?${query}`}`;
}

const DOTS = /^\.\.?$/;

function queryString(values: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(key, written(one));
    }
  }
  return search.toString();
}

function written(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
