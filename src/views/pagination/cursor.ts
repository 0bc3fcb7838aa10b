import type { Kysely } from "kysely";
import type { AnyModel, ParameterValues } from "../../data/index.ts";
import { BadRequest } from "../../http/index.ts";
import {
  t,
  type TBoolean,
  type TInteger,
  type TNull,
  type TObject,
  type TOptional,
  type TSchema,
  type TString,
  type TUnion,
} from "../../schema/index.ts";
import { type CursorOrder, cursorOrder, fits, type OrderBy, valuesOf, withoutHidden } from "./cursor-order.ts";
import { BuilderSource, type Source, StatementSource } from "./cursor-source.ts";
import { type AnyQuery, checkUnlimited, isOrdered } from "./count.ts";
import type { Envelope, Items } from "./envelope.ts";
import { andThen, type Eventual } from "./eventual.ts";
import { type PageContext, pageSchema, type Pagination, type SizeOptions, sizesOf } from "./pagination.ts";
import { givenOf, type Row } from "./statement.ts";
import { checkedSecrets, type Cursor, CursorTokens, kindOf } from "./token.ts";

/** How pages by cursor are made. */
export interface CursorOptions extends SizeOptions {
  /** Columns and directions, the first deciding first; the key goes behind them by itself. `"articles.createdAt"` names a table too. */
  readonly orderBy: readonly OrderBy[];
  /** The columns that tell any two rows apart. Default: the model's primary key, or `id`. */
  readonly key?: string | readonly string[];
  /** The model of the rows, which knows their key and types. `prepare` and views find it by themselves. */
  readonly model?: AnyModel;
  /** Default `cursor`. */
  readonly cursorParam?: string;
  /** Default `page_size`; null lets no client choose. */
  readonly pageSizeParam?: string | null;
  /** 32 bytes or more to sign cursors with; of several the first signs and all verify. Default: `BOLIDE_SECRET` of the environment. */
  readonly secret?: string | readonly string[];
  /** Another form of the page, such as `links()`. */
  readonly envelope?: Envelope;
}

type Token = TUnion<[TString, TNull]>;

type CursorPage = {
  items: Items;
  next_cursor: Token;
  previous_cursor: Token;
  has_next: TBoolean;
  has_previous: TBoolean;
  page_size: TInteger;
};

type CursorName<O> = O extends { readonly cursorParam: infer N extends string } ? N : "cursor";
type SizeName<O> = O extends { readonly pageSizeParam: infer N } ? (N extends string ? N : never) : "page_size";
type QueryOf<O> = { [K in CursorName<O>]: TOptional<TString> } & { [K in SizeName<O>]: TInteger };

/** The schema of a page by cursor. */
export type CursorSchema<O> = O extends { readonly envelope: Envelope<infer S> } ? S : TObject<CursorPage>;

/**
 * Pages that begin behind a row, not at a number: every page costs what the first does, and rows that come and go meanwhile make
 * none repeat and none missing. `next_cursor` and `previous_cursor` are opaque, signed texts; one that was not written here is 400.
 * They say where the page begins, nothing else: filters stay in the query string. Nulls stand where the database puts them.
 *
 * @example
 * const pages = cursor({ orderBy: [["createdAt", "desc"]] });
 * api.get("/articles", { query: pages.query, response: pages.of(Article.public) }, (ctx) =>
 *   pages.paginate(db.selectFrom("articles").selectAll(), ctx));
 * // {"items":[…],"next_cursor":"WzAs…","previous_cursor":null,"has_next":true,"has_previous":false,"page_size":20}
 */
export function cursor<const O extends CursorOptions>(options: O): Pagination<QueryOf<O>, CursorSchema<O>> {
  return new CursorPagination(options) as never;
}

class CursorPagination {
  readonly query: Readonly<Record<string, TSchema>>;
  readonly orders = true;
  readonly #options: CursorOptions;
  readonly #sizes: ReturnType<typeof sizesOf>;
  readonly #cursorParam: string;
  readonly #sizeParam: string | null;
  readonly #secrets: readonly string[] | undefined;
  readonly #write: ReturnType<Envelope>["write"] | undefined;
  readonly #tokens = new Map<string, CursorTokens>();

  constructor(options: CursorOptions) {
    const { orderBy, secret, cursorParam = "cursor", pageSizeParam = "page_size", envelope } = options;
    for (const [column, direction] of orderBy)
      if (direction !== "asc" && direction !== "desc")
        throw new TypeError(`cursor: "${column}" is ordered "asc" or "desc", not ${JSON.stringify(direction)}`);
    this.#options = options;
    this.#sizes = sizesOf("cursor", options);
    this.#cursorParam = cursorParam;
    this.#sizeParam = pageSizeParam;
    this.#secrets = secret === undefined ? undefined : checkedSecrets(typeof secret === "string" ? [secret] : secret);
    this.#write = envelope?.(undefined as never, false).write;
    this.query = {
      [cursorParam]: t.Optional(t.String({ description: "Where the page begins: a cursor of an earlier page" })),
      ...(pageSizeParam === null ? {} : { [pageSizeParam]: this.#sizes.schema }),
    };
  }

  of(item: TSchema): TSchema {
    return pageSchema(this.#options.envelope ?? ownEnvelope, item, false);
  }

  async paginate(query: AnyQuery, ctx: PageContext<any>, model?: AnyModel): Promise<unknown> {
    return this.#page(new BuilderSource(this.checked(query), model, this), ctx);
  }

  prepare(
    db: Kysely<any>,
    second: unknown,
    third?: unknown,
  ): (ctx: PageContext<any>, values?: ParameterValues) => unknown {
    const source = new StatementSource(givenOf(db, second, third), this);
    return (ctx, values) => this.#page(source.with(values), ctx);
  }

  /** The order, by the model that was given or else the one that was found. */
  orderFor(found: AnyModel | undefined): CursorOrder {
    const { orderBy, key, model = found } = this.#options;
    return cursorOrder(orderBy, typeof key === "string" ? [key] : key, model);
  }

  tokensOf({ columns }: CursorOrder): CursorTokens {
    const names = columns.map(({ name, descending }) => `${name} ${descending ? "desc" : "asc"}`);
    const key = names.join();
    const tokens = this.#tokens.get(key) ?? new CursorTokens(names, this.#secrets);
    this.#tokens.set(key, tokens);
    return tokens;
  }

  /** The query as it is; throws a `TypeError` for one that cannot be divided. */
  checked(query: AnyQuery): AnyQuery {
    checkUnlimited("cursor", query);
    if (isOrdered(query)) throw new TypeError("cursor: the query has an order of its own; name its columns in orderBy");
    return query;
  }

  #page(source: Source, ctx: PageContext<any>): Eventual<unknown> {
    const query = ctx.query as Readonly<Record<string, string | number | undefined>>;
    const size = this.#sizes.clamp(
      this.#sizeParam === null ? undefined : (query[this.#sizeParam] as number | undefined),
    );
    const token = query[this.#cursorParam] as string | undefined;
    // A form sends an empty text for "none".
    const at = token === undefined || token === "" ? undefined : this.#read(source, token);
    return andThen(source.rows(at, size + 1), (rows) => {
      if (rows.length > 0 || at?.backward !== true) return this.#enveloped(source, ctx, at, size, rows);
      // Everything before the position is gone: what is left begins the list.
      return andThen(source.rows(undefined, size + 1), (first) => this.#enveloped(source, ctx, undefined, size, first));
    });
  }

  #read(source: Source, token: string): Cursor {
    const at = source.tokens.read(token);
    if (!fits(source.order, at, kindOf)) throw new BadRequest("Invalid cursor");
    return at;
  }

  #enveloped(source: Source, ctx: PageContext<any>, at: Cursor | undefined, size: number, rows: Row[]): unknown {
    const { order, hidden, tokens } = source;
    const more = rows.length > size;
    if (more) rows.pop();
    const backward = at?.backward === true;
    if (backward) rows.reverse();
    const towards = (row: Row, back: boolean): string =>
      tokens.write({ backward: back, inclusive: false, values: valuesOf(order, row, hidden) });
    const last = rows.at(-1);
    const next = (backward || more) && last !== undefined ? towards(last, false) : null;
    const previous = (backward ? !more : at === undefined)
      ? null
      : rows[0] === undefined
        ? tokens.write({ backward: true, inclusive: true, values: at!.values })
        : towards(rows[0], true);
    const read = [...withoutHidden(rows, hidden)];
    const items = ctx.shown === undefined ? read : read.map(ctx.shown);
    if (this.#write !== undefined) {
      const neighbour = (to: string | null) => (to === null ? undefined : { [this.#cursorParam]: to });
      const { url } = ctx;
      return this.#write({ items, count: undefined, size, next: neighbour(next), previous: neighbour(previous), url });
    }
    return {
      items,
      next_cursor: next,
      previous_cursor: previous,
      has_next: next !== null,
      has_previous: previous !== null,
      page_size: size,
    };
  }
}

const ownEnvelope: Envelope = (items) => {
  const token = t.Nullable(t.String());
  const rest = { has_next: t.Boolean(), has_previous: t.Boolean(), page_size: t.Integer() };
  return {
    schema: t.Object({ items, next_cursor: token, previous_cursor: token, ...rest }),
    write: ({ items: all }) => all,
  };
};
