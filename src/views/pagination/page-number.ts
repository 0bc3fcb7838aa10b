import { t, type TBoolean, type TInteger, type TNull, type TObject, type TUnion } from "../../schema/index.ts";
import type { Envelope, Items } from "./envelope.ts";
import { OffsetPagination, type Style } from "./offset.ts";
import type { Window } from "./offset-source.ts";
import { type Pagination, type SizeOptions, sizesOf } from "./pagination.ts";
import type { Row } from "./statement.ts";

/** How pages by number are made. */
export interface PageNumberOptions extends SizeOptions {
  /** Default `page`. */
  readonly pageParam?: string;
  /** Default `page_size`; null lets no client choose. */
  readonly pageSizeParam?: string | null;
  /** Leaves out `count` and `total_pages`, and what they cost. */
  readonly withoutCount?: boolean;
  /** Another form of the page, such as `links()`. */
  readonly envelope?: Envelope;
}

type Neighbour = TUnion<[TInteger, TNull]>;

type Uncounted = {
  page: TInteger;
  page_size: TInteger;
  has_next: TBoolean;
  has_previous: TBoolean;
  next_page: Neighbour;
  previous_page: Neighbour;
  items: Items;
};

type Counted = Uncounted & {
  count: TInteger;
  total_pages: TInteger;
};

type Named<N, Default extends string> = N extends string ? N : N extends null ? never : Default;
type QueryOf<O> = {
  [
    K in
      | Named<O extends { readonly pageParam: infer N } ? N : undefined, "page">
      | Named<O extends { readonly pageSizeParam: infer N } ? N : undefined, "page_size">
  ]: TInteger;
};

/** The schema of a page by number. */
export type PageNumberSchema<O> = O extends { readonly envelope: Envelope<infer S> }
  ? S
  : O extends { readonly withoutCount: true }
    ? TObject<Uncounted>
    : TObject<Counted>;

interface NumberedWindow extends Window {
  readonly page: number;
}

/**
 * Pages by their number: `?page=2&page_size=50`. A size beyond the bounds is the nearest one in them, a page before the first
 * the first, one beyond the last the last (without a count: an empty one); what is no integer is 422. The query that is divided
 * needs an order.
 *
 * @example
 * const pages = pageNumber({ pageSize: 20 });
 * api.get("/articles", { query: pages.query, response: pages.of(Article.public) }, (ctx) =>
 *   pages.paginate(db.selectFrom("articles").selectAll().orderBy("id"), ctx));
 * // {"count":150,"page":1,"page_size":20,"total_pages":8,"has_next":true,"has_previous":false,"next_page":2,"previous_page":null,"items":[…]}
 */
export function pageNumber<const O extends PageNumberOptions = PageNumberOptions>(
  options?: O,
): Pagination<QueryOf<O>, PageNumberSchema<O>> {
  const given: PageNumberOptions = options ?? {};
  const { pageParam = "page", pageSizeParam = "page_size", withoutCount = false, envelope } = given;
  const sizes = sizesOf("pageNumber", given);
  const style: Style<NumberedWindow> = {
    name: "pageNumber",
    query: {
      [pageParam]: t.Integer({ default: 1, description: "The page, from 1; one beyond the last is the last" }),
      ...(pageSizeParam === null ? {} : { [pageSizeParam]: sizes.schema }),
    },
    window: (query) =>
      windowOf(
        Math.max((query[pageParam] as number | undefined) ?? 1, 1),
        sizes.clamp(pageSizeParam === null ? undefined : (query[pageSizeParam] as number | undefined)),
      ),
    last: ({ limit }, count) => windowOf(pagesOf(count, limit), limit),
    neighbours: ({ page }, hasNext) => ({
      next: hasNext ? { [pageParam]: page + 1 } : undefined,
      previous: page > 1 ? { [pageParam]: page - 1 } : undefined,
    }),
    schema: (items, counted) => {
      const neighbour = t.Nullable(t.Integer());
      const rest = {
        has_next: t.Boolean(),
        has_previous: t.Boolean(),
        next_page: neighbour,
        previous_page: neighbour,
        items,
      };
      const size = { page: t.Integer(), page_size: t.Integer() };
      return counted
        ? t.Object({ count: t.Integer(), ...size, total_pages: t.Integer(), ...rest })
        : t.Object({ ...size, ...rest });
    },
    write: ({ page, limit }: NumberedWindow, items: Row[], hasNext: boolean, count: number | undefined) => {
      const next = hasNext ? page + 1 : null;
      const previous = page > 1 ? page - 1 : null;
      const rest = { has_next: hasNext, has_previous: page > 1, next_page: next, previous_page: previous, items };
      return count === undefined
        ? { page, page_size: limit, ...rest }
        : { count, page, page_size: limit, total_pages: pagesOf(count, limit), ...rest };
    },
  };
  return new OffsetPagination(style, !withoutCount, envelope) as never;
}

const windowOf = (page: number, limit: number): NumberedWindow => ({
  page,
  limit,
  // No database counts further than its integers go.
  offset: Math.min((page - 1) * limit, Number.MAX_SAFE_INTEGER),
});

const pagesOf = (count: number, size: number): number => Math.max(1, Math.ceil(count / size));
