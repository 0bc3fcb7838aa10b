import { stdoutLines } from "../../http/index.ts";

/** A query that ran, or failed. */
export interface QueryEntry {
  readonly sql: string;
  /** As the driver got them. They are the users' data: log them with care. */
  readonly parameters: readonly unknown[];
  /** How long it took, in milliseconds. */
  readonly millis: number;
  /** How many came back or were changed; undefined where it failed. */
  readonly rows: number | undefined;
  /** The application's own line that asked for it, as in `src/users.ts:12`, where it is known. */
  readonly at: string | undefined;
  /** What it failed with. */
  readonly error?: unknown;
}

/** Who is told of a database's queries, in development and in production. */
export interface WatchOptions {
  /** Milliseconds from which on a query is told. Default: all with `log`; without, 200 in debug mode and none in production. */
  readonly slow?: number;
  /** Takes the entries; default one JSON line each on stdout, without the parameters. */
  readonly log?: (entry: QueryEntry) => void;
}

/** `{"time":…,"level":"warn","message":"slow query","sql":…,"duration":…,"rows":…,"at":…}`: the form of `logging()`. */
export function slowLine({ sql, millis, rows, at, error }: QueryEntry): void {
  const line = {
    time: new Date().toISOString(),
    level: "warn",
    message: "slow query",
    sql,
    duration: Math.round(millis * 1000) / 1000,
    rows,
    at,
    ...(error === undefined ? {} : { error: error instanceof Error ? error.message : Bun.inspect(error) }),
  };
  stdoutLines()(JSON.stringify(line));
}
