import type { Changes, Row, Session, Statement } from "../../data/index.ts";
import { command } from "./command.ts";

/** Puts a savepoint around each statement, so that one that fails undoes itself alone, as it does without a transaction. */
export class Guard {
  readonly #session: Session;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Statements wait for each other: a savepoint that is undone takes with it whatever came after. */
  run<T>(act: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#alone(act));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #alone<T>(act: () => T | Promise<T>): Promise<T> {
    const name = `guard_${++this.#count}`;
    await this.#send(`savepoint ${name}`);
    try {
      const result = await act();
      await this.#send(`release savepoint ${name}`);
      return result;
    } catch (error) {
      await this.#send(`rollback to savepoint ${name}`);
      throw error;
    }
  }

  #send(text: string): Promise<void> {
    return command(this.#session, text);
  }
}

/** A statement with a guard around it. A cursor has none: it lives as long as its reader likes. */
export class GuardedStatement implements Statement {
  readonly #guard: Guard;
  readonly #statement: Statement;

  constructor(guard: Guard, statement: Statement) {
    this.#guard = guard;
    this.#statement = statement;
  }

  all(parameters: readonly unknown[]): Promise<Row[]> {
    return this.#guard.run(() => this.#statement.all(parameters));
  }

  first(parameters: readonly unknown[]): Promise<Row | undefined> {
    return this.#guard.run(() => this.#statement.first(parameters));
  }

  run(parameters: readonly unknown[]): Promise<Changes> {
    return this.#guard.run(() => this.#statement.run(parameters));
  }

  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    return this.#statement.iterate(parameters, size);
  }
}
