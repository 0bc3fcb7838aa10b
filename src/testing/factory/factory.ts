import type { AnyModel, Column, Columns, Kysely, Model, Schemas } from "../../data/index.ts";
import type { Static } from "../../schema/index.ts";
import { ColumnValues, isRequired } from "./column.ts";
import { insertRow } from "./insert.ts";

/** Values of a row, or functions of its number, which counts from 1: `email: (n) => \`user${n}@example.com\``. */
export type Given<V> = { readonly [K in keyof V]?: V[K] | ((row: number) => V[K]) };

/** A row as the database returns it. */
type RowOf<C extends Columns> = Static<Schemas<C>["row"]>;
/** What a client sends to make a row. */
type CreateOf<C extends Columns> = Static<Schemas<C>["create"]>;

/** Makes rows of one model; see {@link factory}. */
export interface Factory<C extends Columns = Columns> {
  /** What a client would send to make a row, `Model.create`: what must be there, and what was given. Nothing is written. */
  build(given?: Given<CreateOf<C>>): CreateOf<C>;
  /** Inserts a row, and before it the rows that it refers to by `with`; gives it as the database has it. */
  create(db: Kysely<any>, given?: Given<RowOf<C>>): Promise<RowOf<C>>;
  /** So many rows, one after the other, each with referred rows of its own. */
  createMany(db: Kysely<any>, count: number, given?: Given<RowOf<C>>): Promise<RowOf<C>[]>;
  /** The same with other rows for its foreign keys: each is made by the factory that stands under the column's name. */
  with(parents: { readonly [K in keyof C]?: Factory<any> }): Factory<C>;
  /** The same with further defaults. Both count rows together. */
  extend(defaults: Given<RowOf<C>>): Factory<C>;
}

/** How values are made up. */
export interface FactoryOptions {
  /** Another seed gives other values; the same one the same, on every machine. Default 0. */
  readonly seed?: number;
}

/**
 * Makes rows for tests: every column that needs a value and was given none gets one that its schema allows (format, length, range,
 * pattern, enum), and, where it is unique, one that this factory has not used. Columns with a default, or that may be null, are left to
 * the database. Values look random and are the same in every run.
 *
 * Errors: an `Error` naming the column for which none can be made up, as for a foreign key without `with`.
 *
 * @example
 * const users = factory(User, { name: (n) => `User ${n}` });
 * const articles = factory(Article).with({ authorId: users });
 * const body = users.build({ email: "ada@example.com" }); // { name: "User 1", email: "ada@example.com" }
 * const [first] = await articles.createMany(db, 3, { title: "Alike" }); // three articles by three users
 */
export function factory<T extends string, C extends Columns>(
  model: Model<T, C, any>,
  defaults: Given<RowOf<C>> = {},
  { seed = 0 }: FactoryOptions = {},
): Factory<C> {
  const plain: AnyModel = model;
  return new ModelFactory(plain, new ColumnValues(plain, seed), { row: 0 }, defaults, {}) as unknown as Factory<C>;
}

type Values = Readonly<Record<string, unknown>>;
type Parents = Readonly<Record<string, ModelFactory>>;

class ModelFactory {
  readonly #model: AnyModel;
  readonly #values: ColumnValues;
  /** Shared with every factory that was made of this one. */
  readonly #count: { row: number };
  readonly #defaults: Values;
  readonly #parents: Parents;

  constructor(model: AnyModel, values: ColumnValues, count: { row: number }, defaults: Values, parents: Parents) {
    for (const name of Object.keys({ ...defaults, ...parents })) known(model, name);
    this.#model = model;
    this.#values = values;
    this.#count = count;
    this.#defaults = defaults;
    this.#parents = parents;
  }

  build(given: Values = {}): Values {
    const row = this.#next(given);
    for (const column of this.#model.columns.values()) {
      if (column.readOnly) delete row.values[column.name];
      else if (!(column.name in row.values) && isRequired(column))
        row.values[column.name] = this.#made(column, row.number);
    }
    return row.values;
  }

  async create(db: Kysely<any>, given: Values = {}): Promise<Values> {
    const row = this.#next(given);
    for (const column of this.#model.columns.values()) {
      const { name, generated } = column;
      if (name in row.values) continue;
      const parent = this.#parents[name];
      if (parent !== undefined) row.values[name] = (await parent.create(db))[column.references!.column];
      else if (isRequired(column) || generated === "uuid") row.values[name] = this.#made(column, row.number);
    }
    return insertRow(db, this.#model, row.values);
  }

  async createMany(db: Kysely<any>, count: number, given?: Values): Promise<Values[]> {
    const rows: Values[] = [];
    while (rows.length < count) rows.push(await this.create(db, given));
    return rows;
  }

  with(parents: Parents): ModelFactory {
    for (const name of Object.keys(parents)) {
      if (known(this.#model, name).references === undefined)
        throw new TypeError(
          `factory of "${this.#model.table}": "${name}" is no foreign key, so with(…) has no row to make`,
        );
    }
    return this.#like(this.#defaults, { ...this.#parents, ...parents });
  }

  extend(defaults: Values): ModelFactory {
    return this.#like({ ...this.#defaults, ...defaults }, this.#parents);
  }

  #like(defaults: Values, parents: Parents): ModelFactory {
    return new ModelFactory(this.#model, this.#values, this.#count, defaults, parents);
  }

  /** The next row's number, and what is given for it. */
  #next(given: Values): { readonly number: number; readonly values: Record<string, unknown> } {
    const number = ++this.#count.row;
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries({ ...this.#defaults, ...given })) {
      known(this.#model, name);
      const settled: unknown = typeof value === "function" ? value(number) : value;
      if (settled === undefined) continue;
      values[name] = settled;
      this.#values.take(name, settled);
    }
    return { number, values };
  }

  #made(column: Column, row: number): unknown {
    if (column.references !== undefined) throw this.#values.missing(column);
    return this.#values.of(column, row);
  }
}

function known(model: AnyModel, name: string): Column {
  const column = model.columns.get(name);
  if (column === undefined) throw new TypeError(`factory of "${model.table}": there is no column "${name}"`);
  return column;
}
