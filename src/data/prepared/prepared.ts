import { type CompiledQuery, type Kysely, NoResultError } from "kysely";
import { ServiceUnavailable } from "../../http/index.ts";
import type { Static, TSchema } from "../../schema/index.ts";
import { Placeholder } from "../codec/index.ts";
import { dialectOf } from "../dialect.ts";
import type { DialectName, Eventual, Row } from "../engine/index.ts";
import { coreOf, executorOf } from "../executor.ts";
import type { Instance } from "../transaction/instance.ts";
import { type Builders, type Declared, Parameters } from "./builders.ts";
import { literalLimits } from "./literal-limits.ts";
import { binderOf, type Wire } from "./parameters.ts";
import { type Bind, foreign, own, type ParameterValues, type Runner } from "./runner.ts";

/** What can be prepared: any query that Kysely has built. */
export interface Preparable<R> {
  compile(): CompiledQuery<R>;
}

/** The values of parameters that were declared. */
export type ValuesOf<P extends Readonly<Record<string, TSchema>>> = { readonly [K in keyof P]: Static<P[K]> };

/** The arguments of a call: none where there are no parameters, or may be none because they are named in place. */
export type Values<V> = [keyof V] extends [never] ? [values?: V] : string extends keyof V ? [values?: V] : [values: V];

/** What a call takes beside its values. */
export interface PreparedOptions {
  /** Ends the statement where it runs, as when the client goes away: `ctx.signal`. */
  readonly signal?: AbortSignal | undefined;
}

/** The values of a call, and what else it takes. */
export type Call<V> = [...Values<V>, options?: PreparedOptions];

/** A query whose SQL was made once. On SQLite reads return their rows at once, elsewhere promises; `await` is right for both. */
export interface Prepared<R, V> {
  readonly sql: string;
  /** The first row, or undefined. */
  first(...call: Call<V>): Eventual<R | undefined>;
  /** The first row; without one a `NoResultError`, which is answered as 404. */
  one(...call: Call<V>): Eventual<R>;
  all(...call: Call<V>): Eventual<R[]>;
  /** Rows one by one, read through a cursor. Leaving the loop closes it. */
  iterate(...call: Call<V>): AsyncIterableIterator<R>;
  /** For a query without rows. `insertId` where the database tells it (SQLite, MySQL). */
  run(...call: Call<V>): Eventual<{ readonly affected: number; readonly insertId: number | bigint | undefined }>;
  /** The same query inside a transaction, or on any other instance of the same dialect. */
  with(db: Instance<any>): Prepared<R, V>;
  /**
   * Reads that are there at once, for handlers without a promise. SQLite alone has them: a `TypeError` for any other database,
   * and for a query that writes, which may have to wait for its turn.
   */
  readonly sync: SyncPrepared<R, V>;
}

/** What a read of SQLite is without a promise. */
export interface SyncPrepared<R, V> {
  first(...values: Values<V>): R | undefined;
  one(...values: Values<V>): R;
  all(...values: Values<V>): R[];
}

/**
 * Builds and compiles a query once; each call binds its parameters and runs the statement that the database has kept.
 * Parameters are declared by schemas, which types the calls, or named in place, `p.integer("id")`. A list is one parameter,
 * so `in` needs no statement per length. Throws a `TypeError` for a value that is not of its parameter's kind, or missing.
 *
 * @example
 * const userById = prepared(db, { id: t.Integer() }, (q, p) => q.selectFrom("users").selectAll().where("id", "=", p.id));
 * await userById.first({ id: 7 });
 * userById.sync.first({ id: 7 }); // on SQLite
 */
export function prepared<DB, P extends Readonly<Record<string, TSchema>>, R>(
  db: Instance<DB>,
  parameters: P,
  build: (q: Kysely<DB>, p: Declared<P>) => Preparable<R>,
): Prepared<R, ValuesOf<P>>;
export function prepared<DB, R>(
  db: Instance<DB>,
  build: (q: Kysely<DB>, p: Builders) => Preparable<R>,
): Prepared<R, ParameterValues>;
export function prepared(
  db: Kysely<any>,
  second: Readonly<Record<string, TSchema>> | ((q: Kysely<any>, p: Builders) => Preparable<Row>),
  third?: (q: Kysely<any>, p: Declared<any>) => Preparable<Row>,
): unknown {
  const wire = wireOf(db);
  const gathered = new Parameters(wire.dialect);
  const q = db.withPlugin(literalLimits);
  const query = typeof second === "function" ? second(q, gathered.builders()) : third?.(q, gathered.declared(second));
  if (query === undefined) throw new TypeError("prepared: a function that builds the query comes last");
  const compiled = query.compile();
  return new Query(db, compiled, bindOf(compiled, gathered, wire), wire.dialect);
}

/** Plugins may take their time over results, so with them it is Kysely that runs the query. */
function runnerOf(db: Kysely<any>, compiled: CompiledQuery): Runner {
  const executor = executorOf(db);
  return executor === undefined || executor.plugins.length > 0 ? foreign(db, compiled) : own(executor, compiled);
}

class Query implements Prepared<Row, ParameterValues> {
  readonly #db: Kysely<any>;
  readonly #compiled: CompiledQuery;
  readonly #bind: Bind;
  readonly #dialect: DialectName;
  readonly #runner: Runner;

  constructor(db: Kysely<any>, compiled: CompiledQuery, bind: Bind, dialect: DialectName) {
    this.#db = db;
    this.#compiled = compiled;
    this.#bind = bind;
    this.#dialect = dialect;
    this.#runner = runnerOf(db, compiled);
  }

  get sql(): string {
    return this.#compiled.sql;
  }

  get sync(): SyncPrepared<Row, ParameterValues> {
    if (this.#dialect !== "sqlite" || !this.#runner.atOnce)
      throw new TypeError(
        `prepared: only a read of a SQLite database that Bolide opened is there at once, not "${this.sql}"`,
      );
    return new AtOnce(this);
  }

  first(values?: ParameterValues, options?: PreparedOptions): Eventual<Row | undefined> {
    return this.#by(options).first(this.#bind(values));
  }

  one(values?: ParameterValues, options?: PreparedOptions): Eventual<Row> {
    const row = this.#by(options).first(this.#bind(values));
    return row instanceof Promise ? row.then(found) : found(row);
  }

  all(values?: ParameterValues, options?: PreparedOptions): Eventual<Row[]> {
    return this.#by(options).all(this.#bind(values));
  }

  iterate(values?: ParameterValues, options?: PreparedOptions): AsyncIterableIterator<Row> {
    return this.#by(options).iterate(this.#bind(values));
  }

  run(
    values?: ParameterValues,
    options?: PreparedOptions,
  ): Eventual<{ affected: number; insertId: number | bigint | undefined }> {
    return this.#by(options).run(this.#bind(values));
  }

  with(db: Kysely<any>): Query {
    const { dialect } = wireOf(db);
    if (dialect !== this.#dialect)
      throw new TypeError(`prepared: the query was made for ${this.#dialect}, and this database is ${dialect}`);
    return new Query(db, this.#compiled, this.#bind, dialect);
  }

  /** What a signal may end needs a connection of its own, and more than a statement: Kysely runs it. */
  #by(options: PreparedOptions | undefined): Runner {
    const signal = options?.signal;
    return signal === undefined ? this.#runner : foreign(this.#db, this.#compiled, signal);
  }
}

/** The reads of a query, known to be there. */
class AtOnce implements SyncPrepared<Row, ParameterValues> {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  first(values?: ParameterValues): Row | undefined {
    return there(this.#query.first(values));
  }

  one(values?: ParameterValues): Row {
    return there(this.#query.one(values));
  }

  all(values?: ParameterValues): Row[] {
    return there(this.#query.all(values));
  }
}

/** A lock of another process may turn even a read into a promise, while a log is recovered; then it is a 503 that a client may try again. */
function there<T>(value: Eventual<T>): T {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new ServiceUnavailable("The database is busy");
}

function found(row: Row | undefined): Row {
  if (row === undefined) throw new NoResultError(undefined as never);
  return row;
}

/** Puts the values of a call where the query has its placeholders; literals stay what they are. */
function bindOf(compiled: CompiledQuery, gathered: Parameters, wire: Wire): Bind {
  const places = compiled.parameters.map((parameter): Place => {
    if (!(parameter instanceof Placeholder)) return { name: undefined, literal: wire.encode(parameter) };
    const { name, write } = parameter;
    return { name, bind: binderOf(gathered.all.get(name)!, write, wire) };
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

/** How values go into a database: as its codec says, or into a Kysely instance that is the user's own as they are. */
function wireOf(db: Kysely<any>): Wire {
  const core = coreOf(db);
  if (core !== undefined) return { dialect: core.dialect, encode: core.codec.encode, toJson: core.codec.toJson };
  return { dialect: dialectOf(db), encode: (value) => value, toJson: (value) => JSON.stringify(value) };
}
