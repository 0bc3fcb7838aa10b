import { calls, callSite, type RecordedQueries, recordedQueries } from "../../http/index.ts";
import type { Eventual } from "../engine/index.ts";
import type { Models } from "../model/index.ts";
import { type QueryEntry, slowLine, type WatchOptions } from "./options.ts";

/** As much of a database as decides who is told of its queries. */
export interface Watched {
  readonly models: Models;
  /** Undefined where nobody asked to be told: debug mode may still record. */
  readonly watch: Required<WatchOptions> | undefined;
}

/** The options of `database` with their defaults. Errors: a `RangeError` for a time below 0. */
export function watchOf({ slow, log }: WatchOptions): Watched["watch"] {
  if (slow === undefined && log === undefined) return undefined;
  if (slow !== undefined && !(slow >= 0)) throw new RangeError(`database takes slow in milliseconds, not ${slow}`);
  return { slow: slow ?? 0, log: log ?? slowLine };
}

/** What is told in debug mode without being asked for. */
const IN_DEBUG: Required<WatchOptions> = { slow: 200, log: slowLine };

/** Runs a query; whoever watches is told of it. When nobody does it costs nothing that can be measured beside a prepared read of 310 ns. */
export function watching<T>(
  database: Watched,
  sql: string,
  parameters: readonly unknown[],
  run: () => Eventual<T>,
): Eventual<T> {
  const recorded = recordedQueries();
  return recorded === undefined && database.watch === undefined
    ? run()
    : watched(new Run(database, sql, parameters, recorded), run);
}

/** The same for a result that is read in chunks; its time is that of reading, not of what is done with the rows. */
export function watchingEach<T>(
  database: Watched,
  sql: string,
  parameters: readonly unknown[],
  open: () => AsyncIterable<T[]>,
): AsyncIterable<T[]> {
  const recorded = recordedQueries();
  return recorded === undefined && database.watch === undefined
    ? open()
    : watchedEach(new Run(database, sql, parameters, recorded), open);
}

function watched<T>(query: Run, run: () => Eventual<T>): Eventual<T> {
  const start = performance.now();
  let value: Eventual<T>;
  try {
    value = run();
  } catch (error) {
    query.failed(performance.now() - start, error);
    throw error;
  }
  if (!(value instanceof Promise)) {
    query.done(performance.now() - start, rowsOf(value));
    return value;
  }
  // The caller is on the stack now and not later.
  query.locate();
  return value.then(
    (settled) => {
      query.done(performance.now() - start, rowsOf(settled));
      return settled;
    },
    (error: unknown) => {
      query.failed(performance.now() - start, error);
      throw error;
    },
  );
}

async function* watchedEach<T>(query: Run, open: () => AsyncIterable<T[]>): AsyncGenerator<T[]> {
  query.locate();
  let rows = 0;
  let millis = 0;
  let since = performance.now();
  try {
    for await (const chunk of open()) {
      millis += performance.now() - since;
      rows += chunk.length;
      yield chunk;
      since = performance.now();
    }
  } catch (error) {
    query.failed(millis, error);
    throw error;
  } finally {
    query.done(millis, rows);
  }
}

/** One run of one statement, told of once. */
class Run {
  readonly #database: Watched;
  readonly #sql: string;
  readonly #parameters: readonly unknown[];
  readonly #recorded: RecordedQueries | undefined;
  #calls: Error | undefined;
  #told = false;

  constructor(database: Watched, sql: string, parameters: readonly unknown[], recorded: RecordedQueries | undefined) {
    this.#database = database;
    this.#sql = sql;
    this.#parameters = parameters;
    this.#recorded = recorded;
  }

  locate(): void {
    this.#calls = calls();
  }

  done(millis: number, rows: number): void {
    this.#tell({ millis, rows });
  }

  failed(millis: number, error: unknown): void {
    this.#tell({ millis, rows: undefined, error });
  }

  #tell(outcome: Pick<QueryEntry, "millis" | "rows" | "error">): void {
    if (this.#told) return;
    this.#told = true;
    const { slow, log } = this.#database.watch ?? IN_DEBUG;
    const isSlow = outcome.millis >= slow;
    if (!isSlow && this.#recorded === undefined) return;
    const at = callSite(this.#calls);
    const query = { sql: this.#sql, parameters: this.#parameters, ...outcome, at };
    const { error: _, ...ran } = query;
    this.#recorded?.add({ ...ran, secrets: writeOnly(this.#database.models) });
    if (isSlow) log(query);
  }
}

/** How many rows a result stands for: of Kysely's, of a prepared query's, or of a statement that only changes. */
function rowsOf(result: unknown): number {
  if (result === undefined || result === null) return 0;
  if (Array.isArray(result)) return result.length;
  const { rows, numAffectedRows, affected } = result as Record<string, unknown>;
  if (Array.isArray(rows)) return rows.length || Number(numAffectedRows ?? 0);
  return typeof affected === "number" && "insertId" in (result as object) ? affected : 1;
}

const secrets = new WeakMap<Models, readonly string[]>();

/** Columns whose values never leave. */
function writeOnly(models: Models): readonly string[] {
  let names = secrets.get(models);
  if (names === undefined) {
    const columns = Object.values(models).flatMap((model) => [...model.columns.values()]);
    names = [...new Set(columns.filter((column) => column.writeOnly).map(({ name }) => name))];
    secrets.set(models, names);
  }
  return names;
}
