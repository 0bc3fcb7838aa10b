import type { DebugQuery } from "./query.ts";

/** From so many runs of one statement in one request on, there is a better way. */
const REPEATS = 5;

/** A statement that one request ran again and again. */
export interface RepeatedQuery {
  readonly sql: string;
  readonly count: number;
  /** Of all its runs, in milliseconds. */
  readonly millis: number;
  /** Where it was asked for at first. */
  readonly at: string | undefined;
  /** What would do it in one. */
  readonly fix: string;
}

/** The statements that ran five times or more, those that took longest first: N+1, most often. */
export function repeatedQueries(queries: readonly DebugQuery[]): readonly RepeatedQuery[] {
  return [...Map.groupBy(queries, ({ sql }) => sql)]
    .filter(([, runs]) => runs.length >= REPEATS)
    .map(([sql, runs]) => ({
      sql,
      count: runs.length,
      millis: runs.reduce((sum, { millis }) => sum + millis, 0),
      at: runs[0]!.at,
      fix: fixOf(sql, runs),
    }))
    .sort((one, other) => other.millis - one.millis);
}

const FIXES: readonly (readonly [statement: RegExp, fix: string])[] = [
  [/^\s*insert\b/i, "bulkInsert inserts all rows in one"],
  [/^\s*update\b/i, "bulkUpdate, or a where with `in`, changes all rows in one"],
  [/^\s*delete\b/i, "a where with `in` deletes all rows in one"],
];

function fixOf(sql: string, runs: readonly DebugQuery[]): string {
  const fix = FIXES.find(([statement]) => statement.test(sql))?.[1];
  if (fix !== undefined) return fix;
  const alike = new Set(runs.map(({ parameters = [] }) => Bun.inspect(parameters))).size === 1;
  return alike
    ? "it had the same parameters each time: ask once and keep the answer"
    : "related in the select, prefetch for the rows, or a where with `in` asks for all in one";
}
