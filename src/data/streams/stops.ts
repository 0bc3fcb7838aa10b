import type { QueryId } from "kysely";

/** What ends the reading of a query that runs. */
const stops = new WeakMap<QueryId, AbortSignal>();

/**
 * Lets a signal end the reading of a query, where Kysely's own way would not do: with a signal its `stream` waits for each chunk beside one
 * promise that stays, and so keeps every row until the end (1,000,000 rows: 235 MB more instead of 30).
 */
export const stopBy = (query: QueryId, signal: AbortSignal): void => void stops.set(query, signal);

/** The signal that ends the reading of a query, where there is one. */
export const stopOf = (query: QueryId): AbortSignal | undefined => stops.get(query);
