import { t, type TBoolean, type TInteger, type TObject } from "../../schema/index.ts";
import type { Envelope, Items } from "./envelope.ts";
import { OffsetPagination, type Style } from "./offset.ts";
import type { Window } from "./offset-source.ts";
import { type Pagination, type SizeOptions, sizesOf } from "./pagination.ts";

/** How pages by limit and offset are made. */
export interface LimitOffsetOptions extends SizeOptions {
  /** Default `limit`. */
  readonly limitParam?: string;
  /** Default `offset`. */
  readonly offsetParam?: string;
  /** Leaves out `count`, and what it costs. */
  readonly withoutCount?: boolean;
  /** Another form of the page, such as `links()`. */
  readonly envelope?: Envelope;
}

type Uncounted = {
  limit: TInteger;
  offset: TInteger;
  has_next: TBoolean;
  has_previous: TBoolean;
  items: Items;
};

type Counted = Uncounted & { count: TInteger };

type QueryOf<O> = {
  [
    K in
      | (O extends { readonly limitParam: infer N extends string } ? N : "limit")
      | (O extends { readonly offsetParam: infer N extends string } ? N : "offset")
  ]: TInteger;
};

/** The schema of a page by limit and offset. */
export type LimitOffsetSchema<O> = O extends { readonly envelope: Envelope<infer S> }
  ? S
  : O extends { readonly withoutCount: true }
    ? TObject<Uncounted>
    : TObject<Counted>;

/**
 * Pages by limit and offset: `?limit=50&offset=100`. Both are brought into their bounds; beyond the last row there are no items;
 * what is no integer is 422. The query that is divided needs an order.
 *
 * @example
 * const pages = limitOffset();
 * api.get("/articles", { query: pages.query, response: pages.of(Article.public) }, (ctx) =>
 *   pages.paginate(db.selectFrom("articles").selectAll().orderBy("id"), ctx));
 * // {"count":150,"limit":20,"offset":0,"has_next":true,"has_previous":false,"items":[…]}
 */
export function limitOffset<const O extends LimitOffsetOptions = LimitOffsetOptions>(
  options?: O,
): Pagination<QueryOf<O>, LimitOffsetSchema<O>> {
  const given: LimitOffsetOptions = options ?? {};
  const { limitParam = "limit", offsetParam = "offset", withoutCount = false, envelope } = given;
  const sizes = sizesOf("limitOffset", given);
  const style: Style<Window> = {
    name: "limitOffset",
    query: {
      [limitParam]: sizes.schema,
      [offsetParam]: t.Integer({ default: 0, description: "Items to leave out at the start" }),
    },
    window: (query) => ({
      limit: sizes.clamp(query[limitParam] as number | undefined),
      offset: Math.max((query[offsetParam] as number | undefined) ?? 0, 0),
    }),
    last: () => undefined,
    neighbours: ({ limit: size, offset }, hasNext) => ({
      next: hasNext ? { [limitParam]: size, [offsetParam]: offset + size } : undefined,
      previous: offset > 0 ? { [limitParam]: size, [offsetParam]: Math.max(offset - size, 0) } : undefined,
    }),
    schema: (items, counted) => {
      const window = { limit: t.Integer(), offset: t.Integer() };
      const rest = { has_next: t.Boolean(), has_previous: t.Boolean(), items };
      return counted ? t.Object({ count: t.Integer(), ...window, ...rest }) : t.Object({ ...window, ...rest });
    },
    write: (window, items, hasNext, count) => {
      const rest = {
        limit: window.limit,
        offset: window.offset,
        has_next: hasNext,
        has_previous: window.offset > 0,
        items,
      };
      return count === undefined ? rest : { count, ...rest };
    },
  };
  return new OffsetPagination(style, !withoutCount, envelope) as never;
}
