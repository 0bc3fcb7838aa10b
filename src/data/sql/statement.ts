import type { Changes, Outcome, Row, Statement } from "../engine/index.ts";
import type { Result } from "./family.ts";
import { changesOf, firstOf, outcomeOf, same } from "./result.ts";

/** Sends a statement with these parameters, and takes what is asked for of its result. */
export type SendFor = <T>(parameters: readonly unknown[], take: (result: Result) => T) => Promise<T>;

/** One statement, wherever it is sent: to the pool, or to a connection that is held. */
export class SqlStatement implements Statement {
  readonly #send: SendFor;
  readonly iterate: Statement["iterate"];

  constructor(send: SendFor, iterate: Statement["iterate"]) {
    this.#send = send;
    this.iterate = iterate;
  }

  all(parameters: readonly unknown[]): Promise<Row[]> {
    return this.#send(parameters, same);
  }

  first(parameters: readonly unknown[]): Promise<Row | undefined> {
    return this.#send(parameters, firstOf);
  }

  run(parameters: readonly unknown[]): Promise<Changes> {
    return this.#send(parameters, changesOf);
  }

  outcome(parameters: readonly unknown[]): Promise<Outcome> {
    return this.#send(parameters, outcomeOf);
  }
}
