import type { LogEvent } from "kysely";
import { callSite, recordedQueries } from "../../http/index.ts";

/**
 * The `log` of a Kysely instance that `database` did not make: in debug mode its queries are on the debug page, in `Server-Timing` and
 * in the warnings as well. Otherwise it does nothing.
 *
 * @example
 * const db = new Kysely<DB>({ dialect, log: kyselyLog });
 */
export function kyselyLog({ query, queryDurationMillis: millis }: LogEvent): void {
  recordedQueries()?.add({ sql: query.sql, parameters: query.parameters, millis, at: callSite() });
}
