import { type CompiledQuery, type Kysely, NoResultError, type Transaction } from "kysely";
import type { Static, TSchema } from "../../schema/index.ts";
import { Placeholder } from "../codec/index.ts";
import type { DialectName, Eventual, Row } from "../engine/index.ts";
import type { SyncIn } from "../database.ts";
import { executorOf } from "../executor.ts";
import { type Builders, type Declared, Parameters } from "./builders.ts";
import { binderOf } from "./parameters.ts";
import { type Bind, foreign, own, type ParameterValues, type Runner } from "./runner.ts";

/** What can be prepared: any query that Kysely has built. */
export interface Preparable<R> {
  compile(): CompiledQuery<R>;
}

/** The values of parameters that were declared. */
export type ValuesOf<P extends Readonly<Record<string, TSchema>>> = { readonly [K in keyof P]: Static<P[K]> };

/** A value at once (`true`), a promise (`false`), or either (`boolean`): as the database of the query has it. */
export type Result<T, Sync extends boolean> = [Sync] extends [true]
  ? T
  : [Sync] extends [false]
    ? Promise<T>
    : Eventual<T>;

/** The arguments of a call: none where there are no parameters. */
export type Values<V> = [keyof V] extends [never] ? [values?: V] : [values: V];

/** A query whose SQL was made once. On SQLite reads return their rows at once, elsewhere promises; `await` is right for both. */
export interface Prepared<R, V, Sync extends boolean = boolean> {
  readonly sql: string;
  /** The first row, or undefined. */
  first(...values: Values<V>): Result<R | undefined, Sync>;
  /** The first row; without one a `NoResultError`, which is answered as 404. */
  one(...values: Values<V>): Result<R, Sync>;
  all(...values: Values<V>): Result<R[], Sync>;
  /** Rows one by one, read through a cursor. Leaving the loop closes it. */
  iterate(...values: Values<V>): AsyncIterableIterator<R>;
  /** For a query without rows. `insertId` where the database tells it (SQLite, MySQL). */
  run(...values: Values<V>): Eventual<{ readonly affected: number; readonly insertId: number | bigint | undefined }>;
  /** The same query inside a transaction, or on any other instance of the same dialect. */
  with(db: Kysely<any>): Prepared<R, V, boolean>;
}

/** A write may have to wait for its turn, whatever the database. */
type SyncOf<Sync extends boolean, Q> = Q extends { readonly isSelectQueryBuilder: true } ? Sync : boolean;

/**
 * Builds and compiles a query once; each call binds its parameters and runs the statement that the database has kept.
 * Parameters are declared by schemas, which types the calls, or named in place, `p.integer("id")`. A list is one parameter,
 * so `in` needs no statement per length. Throws a `TypeError` for a value that is not of its parameter's kind, or missing.
 *
 * @example
 * const userById = prepared(db, { id: t.Integer() }, (q, p) => q.selectFrom("users").selectAll().where("id", "=", p.id));
 * userById.first({ id: 7 });
 */
export function prepared<DB, P extends Readonly<Record<string, TSchema>>, R, Q extends Preparable<R>>(
  db: Kysely<DB> | Transaction<DB>,
  parameters: P,
  build: (q: Kysely<DB>, p: Declared<P>) => Q & Preparable<R>,
): Prepared<R, ValuesOf<P>, SyncOf<SyncIn<DB>, Q>>;
export function prepared<DB, R, Q extends Preparable<R>>(
  db: Kysely<DB> | Transaction<DB>,
  build: (q: Kysely<DB>, p: Builders) => Q & Preparable<R>,
): Prepared<R, ParameterValues, SyncOf<SyncIn<DB>, Q>>;
export function prepared(
  db: Kysely<any>,
  second: Readonly<Record<string, TSchema>> | ((q: Kysely<any>, p: Builders) => Preparable<Row>),
  third?: (q: Kysely<any>, p: Declared<any>) => Preparable<Row>,
): unknown {
  const gathered = new Parameters(dialectOf(db));
  const query = typeof second === "function" ? second(db, gathered.builders()) : third?.(db, gathered.declared(second));
  if (query === undefined) throw new TypeError("prepared: a function that builds the query comes last");
  const compiled = query.compile();
  const executor = executorOf(db);
  const bind = bindOf(compiled, gathered, db);
  return new Query(compiled, bind, executor === undefined ? foreign(db, compiled) : own(executor, compiled));
}

class Query implements Prepared<Row, ParameterValues> {
  readonly #compiled: CompiledQuery;
  readonly #bind: Bind;
  readonly #runner: Runner;

  constructor(compiled: CompiledQuery, bind: Bind, runner: Runner) {
    this.#compiled = compiled;
    this.#bind = bind;
    this.#runner = runner;
  }

  get sql(): string {
    return this.#compiled.sql;
  }

  first(values?: ParameterValues): Eventual<Row | undefined> {
    return this.#runner.first(this.#bind(values));
  }

  one(values?: ParameterValues): Eventual<Row> {
    const row = this.#runner.first(this.#bind(values));
    return row instanceof Promise ? row.then(found) : found(row);
  }

  all(values?: ParameterValues): Eventual<Row[]> {
    return this.#runner.all(this.#bind(values));
  }

  iterate(values?: ParameterValues): AsyncIterableIterator<Row> {
    return this.#runner.iterate(this.#bind(values));
  }

  run(values?: ParameterValues): Eventual<{ affected: number; insertId: number | bigint | undefined }> {
    return this.#runner.run(this.#bind(values));
  }

  with(db: Kysely<any>): Query {
    const executor = executorOf(db);
    const runner = executor === undefined ? foreign(db, this.#compiled) : own(executor, this.#compiled);
    return new Query(this.#compiled, this.#bind, runner);
  }
}

function found(row: Row | undefined): Row {
  if (row === undefined) throw new NoResultError(undefined as never);
  return row;
}

/** Puts the values of a call where the query has its placeholders; literals stay what they are. */
function bindOf(compiled: CompiledQuery, gathered: Parameters, db: Kysely<any>): Bind {
  const codec = executorOf(db)?.core.codec;
  const encode = codec?.encode ?? ((value: unknown) => value);
  const toJson = codec?.toJson ?? ((value: unknown) => JSON.stringify(value));
  const places = compiled.parameters.map((parameter): Place => {
    if (!(parameter instanceof Placeholder)) return { name: undefined, literal: encode(parameter) };
    const { name, json } = parameter;
    return { name, bind: binderOf(gathered.all.get(name)!, json, encode, toJson) };
  });
  const names = new Set(gathered.all.keys());
  return (values = NONE) => {
    for (const name in values) if (!names.has(name)) throw new TypeError(`prepared: there is no parameter "${name}"`);
    const bound: unknown[] = [];
    for (const place of places) bound.push(place.name === undefined ? place.literal : place.bind(values[place.name]));
    return bound;
  };
}

const NONE: ParameterValues = {};

type Place =
  | { readonly name: undefined; readonly literal: unknown }
  | { readonly name: string; readonly bind: (value: unknown) => unknown };

function dialectOf(db: Kysely<any>): DialectName {
  const known = executorOf(db)?.core.dialect;
  if (known !== undefined) return known;
  const adapter = db.getExecutor().adapter.constructor.name;
  if (/postgres/i.test(adapter)) return "postgres";
  return /mysql/i.test(adapter) ? "mysql" : "sqlite";
}
