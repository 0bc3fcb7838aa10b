import type { Kysely } from "kysely";
import type { AnyModel, ParameterValues } from "../../data/index.ts";
import type { TProperties, TSchema } from "../../schema/index.ts";
import { type AnyQuery, checkUnlimited, isOrdered } from "./count.ts";
import type { Envelope, Page } from "./envelope.ts";
import { andThen, type Eventual } from "./eventual.ts";
import { type PageContext, pageSchema } from "./pagination.ts";
import { BuilderSource, type Source, StatementSource, type Window } from "./offset-source.ts";
import { givenOf, type Row } from "./statement.ts";
import type { Whole } from "./whole.ts";

/** How a pagination by offset speaks with clients. */
export interface Style<W extends Window> {
  /** As errors name it. */
  readonly name: string;
  readonly query: TProperties;
  /** The window that a client asks for, in bounds. */
  window(query: Readonly<Record<string, unknown>>): W;
  /** The window to take instead where it lies behind the last of `count` rows. */
  last(window: W, count: number): W | undefined;
  neighbours(window: W, hasNext: boolean): Pick<Page, "next" | "previous">;
  /** The pagination's own envelope. */
  schema(items: TSchema, counted: boolean): TSchema;
  write(window: W, items: Row[], hasNext: boolean, count: number | undefined): unknown;
}

/** Pages by limit and offset: the pages that a number or an offset names. */
export class OffsetPagination<W extends Window> {
  readonly query: TProperties;
  readonly orders = false;
  readonly #style: Style<W>;
  readonly #counts: boolean;
  readonly #envelope: Envelope | undefined;
  readonly #write: ((page: Page) => unknown) | undefined;

  constructor(style: Style<W>, counts: boolean, envelope: Envelope | undefined) {
    this.query = style.query;
    this.#style = style;
    this.#counts = counts;
    this.#envelope = envelope;
    this.#write = envelope?.(undefined as never, counts).write;
  }

  of(item: TSchema): TSchema {
    const envelope: Envelope =
      this.#envelope ?? ((items, counts) => ({ schema: this.#style.schema(items, counts), write: nothing }));
    return pageSchema(envelope, item, this.#counts);
  }

  async paginate(query: AnyQuery, ctx: PageContext<any>, _?: AnyModel, whole?: Whole): Promise<unknown> {
    this.#check(query);
    return this.#page(new BuilderSource(query, whole), ctx);
  }

  prepare(
    db: Kysely<any>,
    second: unknown,
    third?: unknown,
    whole?: Whole,
  ): (ctx: PageContext<any>, values?: ParameterValues) => unknown {
    const source = new StatementSource(givenOf(db, second, third, whole), (query) => this.#check(query));
    return (ctx, values) => this.#page(source.with(values), ctx);
  }

  #check(query: AnyQuery): void {
    const { name } = this.#style;
    checkUnlimited(name, query);
    if (!isOrdered(query))
      throw new TypeError(
        `${name}: the query has no order, so its pages could repeat rows and miss others; add orderBy`,
      );
  }

  #page(source: Source, ctx: PageContext<any>): Eventual<unknown> {
    const window = this.#style.window(ctx.query as Readonly<Record<string, unknown>>);
    return this.#counts ? this.#counted(source, ctx, window) : this.#uncounted(source, ctx, window);
  }

  #counted(source: Source, ctx: PageContext<any>, window: W): Eventual<unknown> {
    return andThen(source.both(window), ({ rows, count }) => {
      if (rows.length > 0) return this.#written(ctx, window, rows, count!);
      if (window.offset === 0) return this.#written(ctx, window, rows, 0);
      return andThen(count ?? source.count(), (all) => {
        const last = this.#style.last(window, all);
        if (last === undefined) return this.#written(ctx, window, rows, all);
        return andThen(source.rows(last.limit, last.offset), (found) => this.#written(ctx, last, found, all));
      });
    });
  }

  /** One row more than a page says whether there is another. */
  #uncounted(source: Source, ctx: PageContext<any>, window: W): Eventual<unknown> {
    return andThen(source.rows(window.limit + 1, window.offset), (rows) => {
      const hasNext = rows.length > window.limit;
      if (hasNext) rows.pop();
      return this.#enveloped(ctx, window, rows, hasNext, undefined);
    });
  }

  #written(ctx: PageContext<any>, window: W, rows: Row[], count: number): unknown {
    return this.#enveloped(ctx, window, rows, window.offset + rows.length < count, count);
  }

  #enveloped(ctx: PageContext<any>, window: W, items: Row[], hasNext: boolean, count: number | undefined): unknown {
    const shown = ctx.shown === undefined ? items : items.map(ctx.shown);
    if (this.#write === undefined) return this.#style.write(window, shown as Row[], hasNext, count);
    const { url } = ctx;
    return this.#write({ items: shown, count, size: window.limit, ...this.#style.neighbours(window, hasNext), url });
  }
}

const nothing = () => undefined;
