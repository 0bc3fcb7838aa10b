import type { Session, Statement, StatementTraits } from "../../data/index.ts";
import { command } from "./command.ts";
import type { Line } from "./line.ts";

/** As much of the database in a test's transaction as a savepoint in it needs. */
export interface Enclosure {
  readonly session: Session;
  readonly line: Line;
  prepare(sql: string, traits: StatementTraits): Statement;
  /** A name for the next savepoint. */
  name(): string;
}

/** What a transaction of the program gets while a test's own is around it: a savepoint. */
export class EnclosedSession implements Session {
  readonly #engine: Enclosure;
  #savepoint: string | undefined;

  constructor(engine: Enclosure) {
    this.#engine = engine;
  }

  prepare(sql: string, traits: StatementTraits): Statement {
    const { session } = this.#engine;
    return this.#savepoint === undefined ? this.#engine.prepare(sql, traits) : session.prepare(sql, traits);
  }

  /** The isolation is that of the test's transaction, and so is the right to write. */
  async begin(): Promise<void> {
    if (this.#savepoint !== undefined)
      throw new Error("The session is in a transaction; nest with transaction(trx, …)");
    await this.#engine.line.enter();
    const name = this.#engine.name();
    try {
      await this.#send(`savepoint ${name}`);
      this.#savepoint = name;
    } catch (error) {
      this.#engine.line.leave();
      throw error;
    }
  }

  async commit(): Promise<void> {
    const name = this.#current();
    try {
      await this.#send(`release savepoint ${name}`);
    } catch (error) {
      await this.rollback();
      throw error;
    }
    this.#end();
  }

  async rollback(): Promise<void> {
    const name = this.#current();
    try {
      await this.#send(`rollback to savepoint ${name}`);
      await this.#send(`release savepoint ${name}`);
    } finally {
      this.#end();
    }
  }

  cancel(): Promise<void> {
    return this.#engine.session.cancel();
  }

  release(): void {
    if (this.#savepoint !== undefined) void this.rollback().catch(() => undefined);
  }

  #current(): string {
    if (this.#savepoint === undefined) throw new Error("The session is in no transaction");
    return this.#savepoint;
  }

  #end(): void {
    this.#savepoint = undefined;
    this.#engine.line.leave();
  }

  #send(text: string): Promise<void> {
    return command(this.#engine.session, text);
  }
}
