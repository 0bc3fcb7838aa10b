import type { CompiledQuery, QueryCompiler, QueryResult } from "kysely";
import { Codec, type Reading } from "./codec/index.ts";
import type { Changes, DatabaseSource, DialectName, Engine, Eventual, Link, Outcome } from "./engine/index.ts";
import type { Models } from "./model/index.ts";
import { type Watched, watching } from "./watch/index.ts";

/** Readings are kept by their SQL; a program that puts values into its SQL must not fill the memory. */
const MOST_READINGS = 1000;

const RAW: Reading = { traits: { reads: undefined, returns: undefined }, decode: undefined };

/** What one `database(…)` is, behind the Kysely instances that stand for it: transactions and plugins share it. */
export class Core {
  readonly dialect: DialectName;
  readonly models: Models;
  readonly codec: Codec;
  readonly compiler: QueryCompiler;
  readonly watch: Watched["watch"];
  readonly #source: DatabaseSource;
  readonly #readings = new Map<string, Reading>();
  #engine: Engine | undefined;

  constructor(source: DatabaseSource, models: Models, compiler: QueryCompiler, watch?: Watched["watch"]) {
    this.#source = source;
    this.dialect = source.dialect;
    this.models = models;
    this.codec = new Codec(source.dialect, models);
    this.compiler = compiler;
    this.watch = watch;
  }

  /** Opened when it is first asked for, and again after `close`. A test puts one in its place that undoes everything. */
  get engine(): Engine {
    return (this.#engine ??= this.#source.open());
  }
  set engine(engine: Engine) {
    this.#engine = engine;
  }

  /** False where opening it would only make it, empty. */
  get exists(): boolean {
    return this.#engine !== undefined || this.#source.exists?.() !== false;
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  /** Raw SQL is read by itself: its text may be that of a query whose structure is known. */
  reading(query: CompiledQuery): Reading {
    if (query.query.kind === "RawNode") return RAW;
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
    if (traits.returns === false) return after(statement.run(parameters), resultOf<R>);
    if (traits.returns === undefined && statement.outcome !== undefined)
      return after(statement.outcome(parameters), outcomeOf<R>);
    return after(statement.all(parameters), (rows) => {
      if (decode !== undefined) rows.forEach(decode);
      return { rows: rows as R[], ...(traits.reads === true ? {} : { numAffectedRows: BigInt(rows.length) }) };
    });
  }
}

function resultOf<R>({ affected, insertId }: Changes): QueryResult<R> {
  return outcomeOf({ rows: [], affected, insertId });
}

function outcomeOf<R>({ rows, affected, insertId }: Outcome): QueryResult<R> {
  return {
    rows: rows as R[],
    ...(affected === undefined ? {} : { numAffectedRows: BigInt(affected) }),
    ...(insertId === undefined ? {} : { insertId: BigInt(insertId) }),
  };
}

/** Goes on at once with a value that is there. */
export function after<T, U>(value: Eventual<T>, next: (value: T) => U): Eventual<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
