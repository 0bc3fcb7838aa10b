import type { Kysely, SelectQueryBuilder } from "kysely";
import type { AnyModel, Builders, Declared, ParameterValues, ValuesOf } from "../../data/index.ts";
import { type StaticOf, t, type TArray, type TProperties, type TSchema } from "../../schema/index.ts";
import type { Envelope, Enveloped, Filled, Items } from "./envelope.ts";
import type { Eventual } from "./eventual.ts";
import type { Whole } from "./whole.ts";

/** What a pagination reads of a request: a context whose contract has `query: pages.query`. */
export interface PageContext<Q extends TProperties> {
  readonly query: StaticOf<Q>;
  readonly url: URL;
  /** Makes of a row what is shown of it, once the page has been put together. */
  readonly shown?: (row: any) => unknown;
}

/** The values of a query's parameters: none need be given where none are declared. */
type Values<V> = string extends keyof V ? [values?: V] : [keyof V] extends [never] ? [values?: V] : [values: V];

/** A query in pages whose SQL was made once: the page that a request asks for, at once on SQLite. */
export type Paged<Q extends TProperties, S, R, V> = (
  ctx: PageContext<Q>,
  ...values: Values<V>
) => Eventual<Enveloped<S, R>>;

/**
 * One way to divide a list into pages: what it reads of the query string, what it answers, and how it gets there.
 */
export interface Pagination<Q extends TProperties, S extends TSchema> {
  /** The query parameters, for a contract: `query: pages.query`, or `query: { ...pages.query, q: t.String() }`. */
  readonly query: Q;
  /** It orders the query by itself; one that does not needs an ordered query. */
  readonly orders: boolean;
  /** The schema of a page whose items have the given one: `response: pages.of(Article.public)`. */
  of<T extends TSchema>(item: T): Filled<S, T>;
  /**
   * The page of a select that the request asks for. Any select of any Kysely; it is built and compiled at each call. `model`, of
   * the rows, spares a cursor what it must find out or assume without.
   */
  paginate<R>(query: SelectQueryBuilder<any, any, R>, ctx: PageContext<Q>, model?: AnyModel): Promise<Enveloped<S, R>>;
  /**
   * The same with its SQL made once, as `prepared` does: parameters are declared, or named in place.
   *
   * @example
   * const page = pages.prepare(db, { author: t.Integer() }, (q, p) =>
   *   q.selectFrom("articles").selectAll().where("authorId", "=", p.author).orderBy("id"));
   * api.get("/articles", { query: pages.query }, (ctx) => page(ctx, { author: 7 }));
   */
  prepare<DB, P extends Readonly<Record<string, TSchema>>, R>(
    db: Kysely<DB>,
    parameters: P,
    build: (q: Kysely<DB>, p: Declared<P>) => SelectQueryBuilder<any, any, R>,
  ): Paged<Q, S, R, ValuesOf<P>>;
  prepare<DB, R>(
    db: Kysely<DB>,
    build: (q: Kysely<DB>, p: Builders) => SelectQueryBuilder<any, any, R>,
  ): Paged<Q, S, R, ParameterValues>;
}

/** Any of the paginations, for whoever applies one without looking at what it answers. */
export interface AnyPagination {
  readonly query: TProperties;
  readonly orders: boolean;
  of(item: TSchema): TSchema;
  /** `whole` reads the rows of a query that selects their keys alone; nobody gives it to a cursor, which skips none. */
  paginate(
    query: SelectQueryBuilder<any, any, any>,
    ctx: PageContext<any>,
    model?: AnyModel,
    whole?: Whole,
  ): Promise<unknown>;
  prepare(
    db: Kysely<any>,
    parameters: any,
    build: (q: Kysely<any>, p: any) => SelectQueryBuilder<any, any, any>,
    whole?: Whole,
  ): (ctx: any, ...values: any[]) => unknown;
}

/** The schema of a page whose items have the given one. */
export const pageSchema = (envelope: Envelope, item: TSchema, counted: boolean): TSchema =>
  envelope(t.Array(item) as TArray<any> as Items, counted).schema;

/** Sizes of pages, and what clients call them. */
export interface SizeOptions {
  /** Items of a page where the client asks for none. Default 20. */
  readonly pageSize?: number;
  /** Default 100; who asks for more gets that many. */
  readonly maxPageSize?: number;
}

/** Checked sizes; throws a `TypeError` for what is no size. */
export function sizesOf(name: string, { pageSize = 20, maxPageSize = 100 }: SizeOptions) {
  for (const size of [pageSize, maxPageSize])
    if (!Number.isSafeInteger(size) || size < 1) throw new TypeError(`${name}: ${size} is no size of a page`);
  if (pageSize > maxPageSize)
    throw new TypeError(`${name}: pageSize (${pageSize}) is more than maxPageSize (${maxPageSize})`);
  return {
    pageSize,
    maxPageSize,
    /** The size that a client gets. */
    clamp: (asked: number | undefined): number => Math.min(Math.max(asked ?? pageSize, 1), maxPageSize),
    schema: t.Integer({ default: pageSize, description: `Items of a page, at most ${maxPageSize}` }),
  };
}
