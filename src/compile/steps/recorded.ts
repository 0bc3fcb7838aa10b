import { RecordedQueries, recordedQueries, recordQueries, repeatedQueries } from "../../http/index.ts";
import type { Context } from "../context.ts";
import type { Kit } from "../kit.ts";
import type { Run } from "./run.ts";

/** Longer statements are cut in a warning. */
const LONGEST_SQL = 300;

/**
 * In debug mode, records what queries a whole request makes: for the debug page, for a `Server-Timing` of them all together, and for
 * a warning where one statement ran again and again. Otherwise the run stays as it is.
 */
export function foldRecorded(run: Run, { debug, log }: Kit): Run {
  if (!debug) return run;
  const leave = (ctx: Context, { all: queries }: RecordedQueries, response: Response): Response => {
    if (queries.length === 0) return response;
    for (const { sql, count, millis, at, fix } of repeatedQueries(queries)) {
      const statement = sql.length > LONGEST_SQL ? `${sql.slice(0, LONGEST_SQL)} …` : sql;
      const where = at === undefined ? "" : ` at ${at}`;
      const message = `the same statement ran ${count} times (${millis.toFixed(1)} ms)${where}: ${statement}; ${fix}`;
      log({ level: "warn", message, route: ctx.route, requestId: ctx.id });
    }
    const millis = queries.reduce((sum, query) => sum + query.millis, 0);
    const told = queries.length === 1 ? "1 query" : `${queries.length} queries`;
    response.headers.append("server-timing", `db;dur=${Math.round(millis * 1000) / 1000};desc="${told}"`);
    return response;
  };
  return (ctx) => {
    // An api that is called from within another one's handler tells its queries there.
    if (recordedQueries() !== undefined) return run(ctx);
    const queries = new RecordedQueries();
    const response = recordQueries(queries, () => run(ctx));
    return response instanceof Promise
      ? response.then((settled) => leave(ctx, queries, settled))
      : leave(ctx, queries, response);
  };
}
