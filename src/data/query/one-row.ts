import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import { dialectOf } from "../dialect.ts";
import { executorOf } from "../executor.ts";
import { type Instance, transaction } from "../transaction/index.ts";

/** A row, and whether this call made it. */
export interface Gotten<R> {
  readonly row: R;
  readonly created: boolean;
}

/** Columns and the values that find a row; null finds SQL's null. */
type Where<DB, T extends keyof DB, W> = W & { readonly [K in Exclude<keyof W, keyof Selectable<DB[T]>>]: never };

/** What an insert needs beside the columns that the row is looked for by. */
type Rest<DB, T extends keyof DB, W> = Omit<Insertable<DB[T]>, keyof W>;

/**
 * The row with these values, or a new one with them and the defaults. Two that ask at once get the same row, provided that a unique
 * constraint covers the columns that it is looked for by.
 *
 * Errors: a `TypeError` for a value that is undefined, or none at all; a violation of another constraint as the database gives it.
 *
 * @example
 * const { row, created } = await getOrCreate(db, "tags", { name: "bun" }, { color: "black" });
 */
export async function getOrCreate<DB, T extends keyof DB & string, const W extends Partial<Selectable<DB[T]>>>(
  db: Instance<DB>,
  table: T,
  where: Where<DB, T, W>,
  defaults: Rest<DB, T, W>,
): Promise<Gotten<Selectable<DB[T]>>> {
  const rows = new Rows(db as Kysely<any>, table, where);
  const found = await rows.find();
  if (found !== undefined) return { row: found as Selectable<DB[T]>, created: false };
  return (await rows.create(defaults, () => rows.find(true))) as Gotten<Selectable<DB[T]>>;
}

/**
 * Changes the row with these values; where there is none, makes one with them and the changes, or with `create` instead of the
 * changes. As race-free as {@link getOrCreate}. `onUpdate: "now"` columns of the model are set.
 *
 * Errors: as of {@link getOrCreate}.
 *
 * @example
 * await updateOrCreate(db, "settings", { userId: 7, key: "theme" }, { value: "dark" });
 */
export async function updateOrCreate<DB, T extends keyof DB & string, const W extends Partial<Selectable<DB[T]>>>(
  db: Instance<DB>,
  table: T,
  where: Where<DB, T, W>,
  values: Rest<DB, T, W>,
): Promise<Gotten<Selectable<DB[T]>>>;
export async function updateOrCreate<DB, T extends keyof DB & string, const W extends Partial<Selectable<DB[T]>>>(
  db: Instance<DB>,
  table: T,
  where: Where<DB, T, W>,
  values: Updateable<DB[T]>,
  create: Rest<DB, T, W>,
): Promise<Gotten<Selectable<DB[T]>>>;
export async function updateOrCreate(
  db: Instance<any>,
  table: string,
  where: Values,
  values: Values,
  create: Values = values,
): Promise<Gotten<Values>> {
  const run = async (on: Kysely<any>): Promise<Gotten<Values>> => {
    const rows = new Rows(on, table, where);
    const updated = await rows.update(values);
    if (updated !== undefined) return { row: updated, created: false };
    return rows.create(create, () => rows.update(values));
  };
  // MySQL's update gives no row: nobody may change it before it is read.
  return dialectOf(db) === "mysql" ? transaction(db, run) : run(db);
}

type Values = Readonly<Record<string, unknown>>;

/** The rows of one table that have certain values. */
class Rows {
  readonly #db: Kysely<any>;
  readonly #table: string;
  readonly #where: Values;
  readonly #mysql: boolean;

  constructor(db: Kysely<any>, table: string, where: Values) {
    const columns = Object.entries(where);
    if (columns.length === 0) throw new TypeError(`A row of "${table}" is looked for by no column`);
    for (const [column, value] of columns) {
      if (value === undefined)
        throw new TypeError(`A row of "${table}" is looked for by "${column}", which is undefined`);
    }
    this.#db = db;
    this.#table = table;
    this.#where = where;
    this.#mysql = dialectOf(db) === "mysql";
  }

  /** `latest`: what is committed by now, where a transaction of MySQL would see the data as they were at its start. */
  find(latest = false): Promise<Values | undefined> {
    const query = matching(this.#db.selectFrom(this.#table).selectAll(), this.#where);
    return (latest && this.#mysql ? query.forUpdate() : query).executeTakeFirst();
  }

  async update(values: Values): Promise<Values | undefined> {
    if (Object.keys(values).length === 0) return this.find(true);
    const changes = { ...touched(this.#db, this.#table), ...values };
    const query = matching(this.#db.updateTable(this.#table).set(changes), this.#where);
    if (!this.#mysql) return query.returningAll().executeTakeFirst();
    const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
    return numUpdatedRows === 0n ? undefined : new Rows(this.#db, this.#table, changed(this.#where, values)).find();
  }

  /** Inserts a row; if another got ahead, `instead`; if that finds none, the conflict is about other columns, and is thrown. */
  async create(values: Values, instead: () => Promise<Values | undefined>): Promise<Gotten<Values>> {
    const row = { ...this.#where, ...values };
    const created = await this.#insertUnlessThere(row);
    if (created !== undefined) return { row: created, created: true };
    const found = await instead();
    return found === undefined ? { row: await this.#insert(row), created: true } : { row: found, created: false };
  }

  async #insertUnlessThere(row: Values): Promise<Values | undefined> {
    if (!this.#mysql) {
      const insert = this.#db.insertInto(this.#table).values(row);
      return insert
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
    }
    // `insert ignore` would swallow every other error too, and cut values that are too long.
    try {
      return await this.#insert(row);
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async #insert(row: Values): Promise<Values> {
    const insert = this.#db.insertInto(this.#table).values(row);
    if (!this.#mysql) return insert.returningAll().executeTakeFirstOrThrow();
    await insert.execute();
    return (await this.find()) ?? row;
  }
}

/** A query whose rows can be chosen. */
interface Filtered<Q> {
  where(column: any, operator: any, value: any): Q;
}

const matching = <Q extends Filtered<Q>>(query: Q, where: Values): Q =>
  Object.entries(where).reduce(
    (narrowed, [column, value]) => narrowed.where(column, value === null ? "is" : "=", value),
    query,
  );

/** Where the row is, once it has been changed. */
const changed = (where: Values, values: Values): Values =>
  Object.fromEntries(Object.keys(where).map((column) => [column, column in values ? values[column] : where[column]]));

/** The moments that the model sets with every update. */
export function touched(db: Kysely<any>, table: string): Values {
  const columns = [...(executorOf(db)?.core.models[table]?.columns.values() ?? [])];
  return Object.fromEntries(columns.filter((column) => column.touched).map(({ name }) => [name, new Date()]));
}

/** MySQL's error for a value that a unique index has already; of Bun.SQL and of mysql2. */
const isDuplicate = (error: unknown): boolean => Number((error as { readonly errno?: unknown } | null)?.errno) === 1062;
