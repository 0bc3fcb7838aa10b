import type { CompiledQuery, QueryCompiler, QueryResult } from "kysely";
import { Codec, type Reading } from "./codec/index.ts";
import type { Changes, DatabaseSource, DialectName, Engine, Eventual, Link } from "./engine/index.ts";
import type { Models } from "./model/index.ts";
import { watching } from "./watch/index.ts";

/** Readings are kept by their SQL; a program that puts values into its SQL must not fill the memory. */
const MOST_READINGS = 1000;

/** What one `database(…)` is, behind the Kysely instances that stand for it: transactions and plugins share it. */
export class Core {
  readonly dialect: DialectName;
  readonly models: Models;
  readonly codec: Codec;
  readonly compiler: QueryCompiler;
  readonly #source: DatabaseSource;
  readonly #readings = new Map<string, Reading>();
  #engine: Engine | undefined;

  constructor(source: DatabaseSource, models: Models, compiler: QueryCompiler) {
    this.#source = source;
    this.dialect = source.dialect;
    this.models = models;
    this.codec = new Codec(source.dialect, models);
    this.compiler = compiler;
  }

  /** Opened when it is first asked for, and again after `close`. */
  get engine(): Engine {
    return (this.#engine ??= this.#source.open());
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  reading(query: CompiledQuery): Reading {
    const known = this.#readings.get(query.sql);
    if (known !== undefined) return known;
    if (this.#readings.size >= MOST_READINGS) this.#readings.clear();
    const reading = this.codec.read(query.query);
    this.#readings.set(query.sql, reading);
    return reading;
  }

  /** Runs a query through a link, and makes Kysely's result of it: at once where the database is in this process. */
  run<R>(link: Link, query: CompiledQuery<R>): Eventual<QueryResult<R>> {
    const parameters = query.parameters.map(this.codec.encode);
    return watching(this, query.sql, parameters, () => this.#run<R>(link, query, parameters));
  }

  #run<R>(link: Link, query: CompiledQuery<R>, parameters: readonly unknown[]): Eventual<QueryResult<R>> {
    const { traits, decode } = this.reading(query);
    const statement = link.prepare(query.sql, traits);
    if (traits.returns === false) return then(statement.run(parameters), resultOf<R>);
    return then(statement.all(parameters), (rows) => {
      if (decode !== undefined) rows.forEach(decode);
      return { rows: rows as R[], ...(traits.reads === true ? {} : { numAffectedRows: BigInt(rows.length) }) };
    });
  }
}

function resultOf<R>({ affected, insertId }: Changes): QueryResult<R> {
  const numAffectedRows = BigInt(affected);
  return insertId === undefined
    ? { rows: [], numAffectedRows }
    : { rows: [], numAffectedRows, insertId: BigInt(insertId) };
}

/** Goes on at once with a value that is there. */
export function then<T, U>(value: Eventual<T>, next: (value: T) => U): Eventual<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
