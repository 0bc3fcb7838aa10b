import type { AsyncLocalStorage } from "node:async_hooks";
import type { DebugQuery } from "./debug/index.ts";

/** A request that is answered for hours, an event stream, must not fill the memory. */
const MOST_RECORDED = 1000;

/** What one request asked its databases, in the order of the answers; of more than a thousand queries only the first. */
export class RecordedQueries {
  readonly all: DebugQuery[] = [];

  add(query: DebugQuery): void {
    if (this.all.length < MOST_RECORDED) this.all.push(query);
  }
}

/** One per request that is being answered. There is none until an api in debug mode has had its first request. */
let requests: AsyncLocalStorage<RecordedQueries> | undefined;

/** Answers a request; every query that is made on the way, also after a suspension, is found in `queries`. Development only. */
export function recordQueries<T>(queries: RecordedQueries, answer: () => T): T {
  requests ??= new (process.getBuiltinModule("node:async_hooks").AsyncLocalStorage)<RecordedQueries>();
  return requests.run(queries, answer);
}

/** The queries so far of the request that is being answered; `undefined` where nobody records them, as in production. */
export function recordedQueries(): RecordedQueries | undefined {
  return requests?.getStore();
}
