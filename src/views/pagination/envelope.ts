import type { Static, TArray, TObject, TSchema, TUnknown, TUnsafe } from "../../schema/index.ts";

declare const ITEMS: unique symbol;

/** Where the rows stand in an envelope's schema. */
export interface Items extends TArray<TUnknown> {
  readonly [ITEMS]: true;
}

/** The schema of an envelope around rows of schema `T`. */
export type Filled<S, T extends TSchema> = S extends Items
  ? TArray<T>
  : S extends TObject<infer P>
    ? TObject<{ [K in keyof P]: Filled<P[K], T> }>
    : S;

/** The value of an envelope around rows `R`. */
export type Enveloped<S, R> = Filled<S, TUnsafe<R>> extends infer F extends TSchema ? Static<F> : never;

/** One page, for an envelope of one's own. */
export interface Page {
  readonly items: unknown[];
  /** Undefined where nobody counted: `withoutCount`, and cursors. */
  readonly count: number | undefined;
  /** How many items a page has at most. */
  readonly size: number;
  /** The query parameters that lead to the neighbours; undefined where there is none. */
  readonly next: Neighbour | undefined;
  readonly previous: Neighbour | undefined;
  /** The request's URL, which has all other parameters. */
  readonly url: URL;
}

/** Query parameters and their values. */
export type Neighbour = Readonly<Record<string, string | number>>;

/** Another form of a page: its schema, given that of the rows, and how it is made. `counted` says whether pages have a count. */
export type Envelope<S extends TSchema = TSchema> = (
  items: Items,
  counted: boolean,
) => { readonly schema: S; readonly write: (page: Page) => unknown };

/** The URL of a neighbouring page; every other parameter stays. */
export function neighbourUrl({ url }: Page, neighbour: Neighbour | undefined, absolute: boolean): string | null {
  if (neighbour === undefined) return null;
  const target = new URL(url);
  for (const [name, value] of Object.entries(neighbour)) target.searchParams.set(name, String(value));
  return absolute ? target.href : `${target.pathname}${target.search}`;
}
