/** A change that a client of the older document would notice. */
export interface BreakingChange {
  /** `GET /users/{id}`, `WS /rooms/{room}`, `webhook dishServed`. */
  readonly operation: string;
  /** What is different, as a sentence's end: `no longer answers 200`. */
  readonly change: string;
}
