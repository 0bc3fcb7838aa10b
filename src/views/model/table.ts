import type { Kysely, Transaction } from "kysely";
import { dialectOf, type AnyModel, type DialectName, type Prepared, prepared, related } from "../../data/index.ts";
import { nonNull, type TSchema } from "../../schema/index.ts";
import type { OrderBy } from "../filter/index.ts";
import { type AnySelect, columnsOf, isFlat, type Selection } from "./selection.ts";

/** A row, by its columns and relations. */
export type Row = Record<string, unknown>;

type Db = Kysely<any> | Transaction<any>;
type Narrow = (query: AnySelect) => AnySelect;
type Schemas = Readonly<Record<string, TSchema>>;
type Build = (q: Kysely<any>, p: Readonly<Record<string, any>>) => { compile(): any };

/** Statements that a table keeps; which columns a change names is up to the client. */
const MOST_STATEMENTS = 200;

/**
 * The reads and writes of one table by one unique column, each prepared when it first runs and kept by what it reads and writes.
 * A narrowed read depends on the request, so it is built and compiled each time.
 */
export class Table {
  readonly model: AnyModel;
  readonly db: Kysely<any>;
  readonly lookup: string;
  readonly dialect: DialectName;
  readonly #kept = new Map<string, Prepared<Row, Row>>();
  /** The reads of one row, found without a text for a key: 3.0 us for one in this process, 3.4 by the text. */
  readonly #ones = new WeakMap<Selection, Prepared<Row, Row>>();
  /** MySQL returns nothing from writes. */
  readonly #returning: boolean;

  constructor(db: Kysely<any>, model: AnyModel, lookup: string, returning: boolean) {
    this.db = db;
    this.model = model;
    this.lookup = lookup;
    this.dialect = dialectOf(db);
    this.#returning = returning;
  }

  /** The start of every read: the columns and relations of a selection. */
  select(db: Db, selection: Selection): AnySelect {
    const base = db.selectFrom(this.model.table).select(columnsOf(this.model, selection));
    return Object.entries(selection.relations).reduce(
      (query: AnySelect, [name, inner]) =>
        query.select(related(db, this.model.table as never, name as never, relationOptions(inner)).as(name)),
      base,
    );
  }

  /** The keys of rows, and the columns that they are ordered by. */
  keys(db: Db, order: readonly OrderBy[]): AnySelect {
    const columns = [...new Set([...this.model.primaryKey, ...order.map(({ column }) => column)])];
    return db.selectFrom(this.model.table).select(columnsOf(this.model, { columns, relations: {} }));
  }

  /** The row that a value of the lookup column names. */
  one(selection: Selection, value: unknown, narrow: Narrow | undefined, db: Db = this.db) {
    const query = (q: Db, asked: any) =>
      this.select(q, selection).where(`${this.model.table}.${this.lookup}`, "=", asked);
    if (narrow !== undefined) return narrow(query(db, value)).executeTakeFirst();
    const known = db === this.db ? this.#ones.get(selection) : undefined;
    if (known !== undefined) return known.first({ value });
    const make = () => [this.#value(), (q: Kysely<any>, p: Row) => query(q, p["value"])] as const;
    const statement = this.prepare(`one ${keyOf(selection)}`, db, make);
    if (db === this.db) this.#ones.set(selection, statement);
    return statement.first({ value });
  }

  /** The row that is to be changed, locked until the transaction ends. */
  locked(selection: Selection, value: unknown, narrow: Narrow | undefined, trx: Transaction<any>) {
    const base = (q: Db) => q.selectFrom(this.model.table).select(columnsOf(this.model, selection));
    const locking = (query: AnySelect, asked: any) =>
      query.where(`${this.model.table}.${this.lookup}`, "=", asked).forUpdate();
    if (narrow !== undefined) return locking(narrow(base(trx)), value).executeTakeFirst();
    return this.prepare(`locked ${keyOf(selection)}`, trx, () => [
      this.#value(),
      (q, p) => locking(base(q), p["value"]),
    ]).first({ value });
  }

  async insert(selection: Selection, values: Row, db: Db = this.db): Promise<Row> {
    const names = namesOf(values);
    const { table, primaryKey } = this.model;
    const [key] = primaryKey;
    const insert = (q: Kysely<any>, p: Row) => q.insertInto(table).values(pick(p, names));
    if (!this.#returning) {
      const statement = this.prepare(`insert ${names.join()}`, db, () => [this.#schemas(names), insert]);
      const { insertId } = await statement.run(values);
      return this.again(selection, insertId === undefined ? values : { ...values, [key!]: Number(insertId) }, db);
    }
    const returned = isFlat(selection) ? selection.columns : primaryKey;
    const statement = this.prepare(`insert ${names.join()} ${returned.join()}`, db, () => [
      this.#schemas(names),
      (q, p) => insert(q, p).returning([...returned]),
    ]);
    const row = await statement.one(values);
    return isFlat(selection) ? row : this.again(selection, row, db);
  }

  /** Changes the row that a value of the lookup column names; undefined where there is none. */
  async update(selection: Selection, value: unknown, changes: Row, db: Db = this.db): Promise<Row | undefined> {
    const names = namesOf(changes);
    if (names.length === 0) return this.one(selection, value, undefined, db);
    const values = { value, ...Object.fromEntries(names.map((name) => [`set ${name}`, changes[name]])) };
    const schemas = () => ({ ...this.#value(), ...prefixed(this.#schemas(names)) });
    const update = (q: Kysely<any>, p: Row) =>
      q
        .updateTable(this.model.table)
        .set(Object.fromEntries(names.map((name) => [name, p[`set ${name}`]])))
        .where(this.lookup, "=", p["value"] as never);
    if (this.#returning && isFlat(selection)) {
      const statement = this.prepare(`update ${names.join()} ${keyOf(selection)}`, db, () => [
        schemas(),
        (q, p) => update(q, p).returning([...selection.columns]),
      ]);
      return statement.first(values);
    }
    const { affected } = await this.prepare(`update ${names.join()}`, db, () => [schemas(), update]).run(values);
    return affected === 0 ? undefined : this.one(selection, changes[this.lookup] ?? value, undefined, db);
  }

  /** Whether there was such a row. */
  async delete(value: unknown, db: Db = this.db): Promise<boolean> {
    const statement = this.prepare("delete", db, () => [
      this.#value(),
      (q, p) => q.deleteFrom(this.model.table).where(this.lookup, "=", p["value"]),
    ]);
    const { affected } = await statement.run({ value });
    return affected > 0;
  }

  /** A statement by its key, made at its first use. */
  prepare(key: string, db: Db, make: () => readonly [schemas: Schemas, build: Build]): Prepared<Row, Row> {
    let statement = this.#kept.get(key);
    if (statement === undefined) {
      if (this.#kept.size >= MOST_STATEMENTS) this.#kept.delete(this.#kept.keys().next().value!);
      const [schemas, build] = make();
      statement = prepared(this.db, schemas, build as never) as unknown as Prepared<Row, Row>;
      this.#kept.set(key, statement);
    }
    return db === this.db ? statement : statement.with(db);
  }

  /** Reads what was just written, with what relations lead to. */
  async again(selection: Selection, key: Row, db: Db): Promise<Row> {
    const query = this.model.primaryKey.reduce(
      (query, column) => query.where(`${this.model.table}.${column}`, "=", key[column]),
      this.select(db, selection),
    );
    return (await query.executeTakeFirstOrThrow()) as Row;
  }

  #value(): Schemas {
    return { value: this.#schema(this.lookup) };
  }

  #schema(column: string): TSchema {
    const { schema } = this.model.columns.get(column)!;
    return nonNull(schema) ?? schema;
  }

  #schemas(names: readonly string[]): Schemas {
    return Object.fromEntries(names.map((name) => [name, this.#schema(name)]));
  }
}

const KEYS = new WeakMap<Selection, string>();

/** A selection as a text: made once, as the views of a model have few of them. */
function keyOf(selection: Selection): string {
  let key = KEYS.get(selection);
  if (key === undefined) KEYS.set(selection, (key = JSON.stringify(selection)));
  return key;
}

/** In one order, so that clients cannot fill the statements with permutations; what is undefined is absent. */
const namesOf = (values: Row): string[] =>
  Object.keys(values)
    .filter((name) => values[name] !== undefined)
    .sort();

const pick = (values: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

const prefixed = (schemas: Readonly<Record<string, TSchema>>): Readonly<Record<string, TSchema>> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`set ${name}`, schema]));

const relationOptions = ({ columns, relations }: Selection): any => ({
  columns,
  with: Object.fromEntries(Object.entries(relations).map(([name, inner]) => [name, relationOptions(inner)])),
});
