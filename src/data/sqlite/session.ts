import type { Eventual, Session, Statement, StatementTraits, TransactionSettings } from "../engine/index.ts";
import type { Connection } from "./connection.ts";
import type { SqliteEngine } from "./engine.ts";
import { fault, isBusy } from "./fault.ts";
import { Inside, Read, Write } from "./statement.ts";

/**
 * What holds a connection for a while. Outside of a transaction each statement takes its turn at the connection that writes; a
 * transaction has the turn from its beginning to its end, one that only reads has a connection of its own instead.
 */
export class SqliteSession implements Session {
  readonly #engine: SqliteEngine;
  #transaction: Connection | undefined;

  constructor(engine: SqliteEngine) {
    this.#engine = engine;
  }

  prepare(sql: string, { wide, reads }: StatementTraits): Statement {
    const transaction = this.#transaction;
    if (transaction !== undefined) return new Inside(transaction, transaction.statement(sql, wide), outright);
    const kept = this.#engine.writer.statement(sql, wide);
    return reads === true ? new Read(this.#engine, kept) : new Write(this.#engine, kept);
  }

  /**
   * `begin immediate`: the lock is taken at once, since a transaction that reads first and then writes could neither go on nor wait.
   * Every isolation level is granted by SQLite's only one, serializable.
   */
  async begin({ readOnly }: TransactionSettings): Promise<void> {
    if (this.#transaction !== undefined)
      throw new Error("The session is in a transaction; nest with transaction(trx, …)");
    if (readOnly === true) {
      const connection = this.#engine.borrow();
      connection.command("begin");
      this.#transaction = connection;
      return;
    }
    const { turn, patience } = this.#engine;
    await turn.wait(patience);
    try {
      await this.#tried(() => this.#engine.writer.command("begin immediate"));
      this.#transaction = this.#engine.writer;
    } catch (error) {
      turn.pass();
      throw error;
    }
  }

  async commit(): Promise<void> {
    const connection = this.#current();
    try {
      await this.#tried(() => connection.command("commit"));
    } catch (error) {
      this.#abandon(connection);
      throw error;
    }
    this.#end(connection);
  }

  rollback(): void {
    this.#abandon(this.#current());
  }

  /** Statements run to their end before anything else can be done. */
  async cancel(): Promise<void> {}

  release(): void {
    if (this.#transaction !== undefined) this.#abandon(this.#transaction);
  }

  #current(): Connection {
    if (this.#transaction === undefined) throw new Error("The session is in no transaction");
    return this.#transaction;
  }

  #tried<T>(act: () => T): Eventual<T> {
    try {
      return act();
    } catch (error) {
      return this.#engine.recover(error, act);
    }
  }

  /** A full disk has rolled back already. */
  #abandon(connection: Connection): void {
    try {
      if (connection.db.inTransaction) connection.command("rollback");
    } finally {
      this.#end(connection);
    }
  }

  #end(connection: Connection): void {
    this.#transaction = undefined;
    if (connection === this.#engine.writer) this.#engine.turn.pass();
    else this.#engine.giveBack(connection);
  }
}

/** Inside a transaction a lock cannot be waited for: whoever began it starts anew. */
function outright<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw isBusy(error) ? error : fault(error);
  }
}
