import type { Kysely } from "kysely";
import type { AnyModel, ParameterValues } from "../../data/index.ts";
import { t, type TProperties, type TSchema } from "../../schema/index.ts";
import {
  contains,
  type FilterParameter,
  likePattern,
  orderable,
  type OrderBy,
  orderingSchema,
  orderOf,
  total,
} from "../filter/index.ts";
import { type AnyPagination, PAGE, type PageContext, type Whole } from "../pagination/index.ts";
import type { Shown } from "./forms.ts";
import { type AnySelect, isFlat } from "./selection.ts";
import type { Table } from "./table.ts";

/** What a list may be asked for beside its page. */
export interface Asking {
  readonly filters: readonly FilterParameter[];
  readonly search: readonly string[];
  readonly ordering: readonly string[];
  readonly orderBy: readonly OrderBy[];
}

/** What a request asks for, as its query was read. */
interface Asked {
  /** Of filters, by the parameters' names. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
  readonly order: readonly OrderBy[];
}

/** Words of a search that count. */
const MOST_WORDS = 8;
/** Combinations of filters and orders whose SQL is kept. */
const MOST_PLANS = 100;

/** The query parameters of a list, its page's first. Throws a `TypeError` where two of them have one name. */
export function listQuery(model: AnyModel, page: TProperties, { filters, search, ordering }: Asking): TProperties {
  const all: (readonly [name: string, schema: TSchema])[] = [
    ...Object.entries(page),
    ...filters.map(({ name, query }) => [name, query] as const),
  ];
  if (search.length > 0)
    all.push([
      "search",
      t.Optional(t.String({ maxLength: 200, description: `Words to find in ${search.join(", ")}` })),
    ]);
  if (ordering.length > 0) all.push(["ordering", orderingSchema(ordering)]);
  const names = new Set<string>();
  for (const [name] of all) {
    if (names.has(name)) throw new TypeError(`modelViewSet: the list of "${model.table}" has two parameters "${name}"`);
    names.add(name);
  }
  return Object.fromEntries(all);
}

/** What a list looks at of a request. */
interface ListContext {
  readonly query: Readonly<Record<string, unknown>>;
  readonly url: URL;
}

/** A list that is read by the same few statements again and again: one for each combination of filters that clients use. */
export class Listing {
  readonly #table: Table;
  readonly #shown: Shown;
  readonly #asking: Asking;
  readonly #pagination: AnyPagination | undefined;
  /** Pages are read by their keys, see {@link Whole}. */
  readonly #byKeys: boolean;
  readonly #plans = new Map<string, (ctx: any, values: ParameterValues) => unknown>();

  constructor(table: Table, shown: Shown, asking: Asking, pagination: AnyPagination | undefined) {
    this.#table = table;
    this.#shown = shown;
    this.#asking = asking;
    this.#pagination = pagination;
    this.#byKeys =
      table.dialect === "postgres" && !isFlat(shown.needs) && pagination !== undefined && !pagination.orders;
  }

  /** The page that a request asks for; `narrow` makes a query of its own of it. */
  page(ctx: ListContext, narrow?: (query: AnySelect) => AnySelect): unknown {
    const asked = this.#asked(ctx.query);
    if (narrow !== undefined) return this.#once(ctx, asked, narrow);
    const key = `${Object.keys(asked.values).join()}|${asked.words.length}|${asked.order.map(({ column, direction }) => `${column} ${direction}`).join()}`;
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#plans.size >= MOST_PLANS) this.#plans.delete(this.#plans.keys().next().value!);
      this.#plans.set(key, (plan = this.#plan(asked)));
    }
    const words = Object.fromEntries(asked.words.map((word, index) => [`word ${index}`, likePattern(word)]));
    return plan(this.#context(ctx), { ...asked.values, ...words });
  }

  #plan(asked: Asked): (ctx: any, values: ParameterValues) => unknown {
    const used = this.#asking.filters.filter(({ name }) => name in asked.values);
    const schemas: Record<string, TSchema> = Object.fromEntries(used.map(({ name, schema }) => [name, schema]));
    asked.words.forEach((_, index) => (schemas[`word ${index}`] = t.String()));
    const build = (q: Kysely<any>, p: Readonly<Record<string, any>>) => this.#query(q, asked, (name) => p[name]);
    if (this.#pagination !== undefined)
      return this.#pagination.prepare(this.#table.db, schemas, build, this.#whole(asked));
    const key = `list ${Object.keys(schemas).join()} ${JSON.stringify(asked.order)}`;
    const statement = this.#table.prepare(key, this.#table.db, () => [schemas, build]);
    const { write } = this.#shown;
    if (write === undefined) return (_, values) => statement.all(values);
    return async (_, values) => (await statement.all(values)).map(write);
  }

  #once(ctx: ListContext, asked: Asked, narrow: (query: AnySelect) => AnySelect): Promise<unknown> {
    const words = asked.words.map(likePattern);
    const value = (name: string): unknown =>
      name.startsWith("word ") ? words[Number(name.slice(5))] : asked.values[name];
    const query = narrow(this.#query(this.#table.db, asked, value));
    if (this.#pagination !== undefined)
      return this.#pagination.paginate(query, this.#context(ctx), this.#table.model, this.#whole(asked));
    const { write } = this.#shown;
    return write === undefined ? query.execute() : query.execute().then((rows) => rows.map(write));
  }

  #query(q: Kysely<any>, asked: Asked, value: (name: string) => any): AnySelect {
    let query = this.#byKeys ? this.#table.keys(q, asked.order) : this.#table.select(q, this.#shown.needs);
    for (const { name, condition } of this.#asking.filters)
      if (name in asked.values) query = query.where((eb) => condition(eb, value(name)));
    asked.words.forEach((_, index) => {
      query = query.where((eb) =>
        eb.or(this.#asking.search.map((column) => contains(eb, this.#qualified(column), value(`word ${index}`)))),
      );
    });
    return this.#inOrder(query, asked);
  }

  #inOrder(query: AnySelect, { order }: Asked): AnySelect {
    const { model, dialect } = this.#table;
    return order.reduce(
      (ordered, { column, direction }) => ordered.orderBy(orderable(model, column, dialect), direction),
      query,
    );
  }

  #whole(asked: Asked): Whole | undefined {
    if (!this.#byKeys) return undefined;
    const { model } = this.#table;
    return (page, db = this.#table.db) => {
      const rows = this.#table
        .select(db, this.#shown.needs)
        .innerJoin(page, (join) =>
          model.primaryKey.reduce((on, key) => on.onRef(`${PAGE}.${key}`, "=", `${model.table}.${key}`), join),
        );
      return this.#inOrder(rows, asked);
    };
  }

  /** What a page is told of the request, and of how its rows are shown. */
  #context(ctx: ListContext): PageContext<any> {
    const { write } = this.#shown;
    if (write === undefined) return ctx as PageContext<any>;
    return {
      query: ctx.query as never,
      get url() {
        return ctx.url;
      },
      shown: write,
    };
  }

  #qualified(column: string): string {
    return `${this.#table.model.table}.${column}`;
  }

  #asked(query: Readonly<Record<string, unknown>>): Asked {
    const values: Record<string, unknown> = {};
    for (const { name, value } of this.#asking.filters)
      if (query[name] !== undefined) values[name] = value(query[name]);
    const words = this.#asking.search.length === 0 ? [] : wordsOf(query["search"]);
    const wanted = query["ordering"] as readonly string[] | undefined;
    const order = wanted === undefined || wanted.length === 0 ? this.#asking.orderBy : orderOf(wanted);
    return { values, words, order: this.#ordered(order) };
  }

  #ordered(order: readonly OrderBy[]): readonly OrderBy[] {
    return this.#pagination?.orders === true ? [] : total(order, this.#table.model.primaryKey);
  }
}

const wordsOf = (text: unknown): readonly string[] =>
  typeof text !== "string" ? [] : [...new Set(text.split(/\s+/).filter((word) => word !== ""))].slice(0, MOST_WORDS);

/** The schema of one page, or of the whole list. */
export function listSchema(pagination: AnyPagination | undefined, item: TSchema): TSchema {
  return pagination === undefined ? t.Array(item) : pagination.of(item);
}
