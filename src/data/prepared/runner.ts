import { type CompiledQuery, createQueryId, type Kysely } from "kysely";
import { after } from "../core.ts";
import type { Changes, Engine, Eventual, Row, Statement } from "../engine/index.ts";
import type { BolideExecutor } from "../executor.ts";
import { watching, watchingEach } from "../watch/index.ts";

/** The values of a query's parameters, by name. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Makes a statement's parameters of a call's values. */
export type Bind = (values?: ParameterValues) => readonly unknown[];

/** Runs one prepared query in one place. */
export interface Runner {
  /** It only reads, and what it reads from is in this process. */
  readonly atOnce: boolean;
  first(parameters: readonly unknown[]): Eventual<Row | undefined>;
  all(parameters: readonly unknown[]): Eventual<Row[]>;
  run(parameters: readonly unknown[]): Eventual<Changes>;
  iterate(parameters: readonly unknown[]): AsyncIterableIterator<Row>;
}

/** Rows that a cursor fetches together. */
const CHUNK = 200;

/** A query of one of Bolide's own databases: its statement is asked for once, and again when the database was opened anew. */
export function own(executor: BolideExecutor, compiled: CompiledQuery): Runner {
  const { core } = executor;
  const { traits, decode } = core.reading(compiled);
  const { sql } = compiled;
  let engine: Engine | undefined;
  let kept: Statement;
  /** At once for the database as a whole; a session's statements are the session's own. */
  const statement = (): Statement | undefined => {
    if (executor.bound) return undefined;
    const current = core.engine;
    if (current !== engine) {
      engine = current;
      kept = current.prepare(sql, traits);
    }
    return kept;
  };
  const on = <T>(parameters: readonly unknown[], act: (statement: Statement) => Eventual<T>): Eventual<T> =>
    watching(core, sql, parameters, () => {
      const at = statement();
      return at === undefined ? executor.use((link) => act(link.prepare(sql, traits))) : act(at);
    });
  const decodeOne = (row: Row | undefined): Row | undefined => {
    if (row !== undefined) decode?.(row);
    return row;
  };
  const decodeAll = (rows: Row[]): Row[] => {
    if (decode !== undefined) rows.forEach(decode);
    return rows;
  };
  return {
    atOnce: traits.reads === true && core.dialect === "sqlite",
    first: (parameters) =>
      after(
        on(parameters, (at) => at.first(parameters)),
        decodeOne,
      ),
    all: (parameters) =>
      after(
        on(parameters, (at) => at.all(parameters)),
        decodeAll,
      ),
    run: (parameters) => on(parameters, (at) => at.run(parameters)),
    async *iterate(parameters) {
      const at = statement() ?? (await executor.use((link) => link.prepare(sql, traits)));
      const open = () => at.iterate(parameters, CHUNK);
      for await (const rows of watchingEach(core, sql, parameters, open)) yield* decodeAll(rows);
    },
  };
}

/** A query that Kysely runs: of an instance that is the user's own, or until a signal ends it. It was compiled once all the same. */
export function foreign(db: Kysely<any>, compiled: CompiledQuery, signal?: AbortSignal): Runner {
  const options = signal === undefined ? {} : { signal };
  // What ends one reading does not end another of the same query.
  const bound = (parameters: readonly unknown[]) => ({ ...compiled, parameters, queryId: createQueryId() });
  const execute = (parameters: readonly unknown[]) => db.executeQuery<Row>(bound(parameters), options);
  return {
    atOnce: false,
    first: async (parameters) => (await execute(parameters)).rows[0],
    all: async (parameters) => (await execute(parameters)).rows,
    run: async (parameters) => {
      const { numAffectedRows, insertId } = await execute(parameters);
      return { affected: Number(numAffectedRows ?? 0), insertId: narrow(insertId) };
    },
    async *iterate(parameters) {
      const results = db.getExecutor().stream<Row>(bound(parameters), CHUNK, options);
      for await (const { rows } of results) yield* rows;
    },
  };
}

/** Kysely makes a bigint of every key; as anywhere else it is one only where a number would lose digits. */
const narrow = (key: bigint | undefined): number | bigint | undefined =>
  key === undefined || key > BigInt(Number.MAX_SAFE_INTEGER) ? key : Number(key);
