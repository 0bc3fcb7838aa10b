import type { Eventual, Session, Statement, StatementTraits, TransactionSettings } from "../engine/index.ts";
import type { Connection } from "./connection.ts";
import { fault } from "./fault.ts";
import { type Host, Inside, Write } from "./statement.ts";
import type { Turn } from "./turn.ts";

/** As much of the engine as a session needs. */
export interface SessionHost extends Host {
  readonly turn: Turn;
  /** Milliseconds to wait for a lock. */
  readonly patience: number;
  readonly closed: boolean;
  readonly writer: Connection;
  /** Goes on after an error, by trying again if another process has the lock. */
  recover<T>(error: unknown, act: () => T): Promise<T>;
}

/**
 * What holds a connection for a while. Outside of a transaction each statement takes its turn at the connection that writes; a
 * transaction has the turn from its beginning to its end, one that only reads has a connection of its own instead.
 */
export class SqliteSession implements Session {
  readonly #engine: SessionHost;
  #transaction: Connection | undefined;
  #readOnly = false;
  /** Why SQLite rolled the transaction back by itself. */
  #lost: unknown;
  #released = false;
  /** How often `cancel` was called. */
  #cancelled = 0;

  constructor(engine: SessionHost) {
    this.#engine = engine;
  }

  prepare(sql: string, { wide, reads }: StatementTraits): Statement {
    this.#assertHeld();
    const transaction = this.#transaction;
    return transaction === undefined
      ? new Write(this.#outside(), this.#engine.writer.statement(sql, wide), reads)
      : new Inside(transaction, transaction.statement(sql, wide), (act) => this.#inside(transaction, act));
  }

  /**
   * `begin immediate`: the lock is taken at once, since a transaction that reads first and then writes could neither go on nor wait.
   * Every isolation level is granted by SQLite's only one, serializable.
   */
  async begin({ readOnly = false }: TransactionSettings): Promise<void> {
    this.#assertHeld();
    if (this.#transaction !== undefined)
      throw new Error("The session is in a transaction; nest with transaction(trx, …)");
    this.#lost = undefined;
    this.#readOnly = readOnly;
    this.#transaction = readOnly && !this.#engine.single ? this.#beginReading() : await this.#beginWriting();
    if (readOnly && this.#engine.single) this.#transaction.command("pragma query_only = on");
  }

  async commit(): Promise<void> {
    const connection = this.#current();
    try {
      if (this.#lost !== undefined) throw this.#lost;
      connection.closeCursors();
      await this.#tried(() => connection.command("commit"));
    } catch (error) {
      this.#abandon(connection);
      throw error;
    }
    this.#end(connection);
  }

  /** Of a transaction that a failed commit has ended there is nothing left to roll back. */
  rollback(): void {
    if (this.#transaction !== undefined) this.#abandon(this.#transaction);
  }

  /** A statement that runs comes to its end before anything else can be done; one that waits for its turn does nothing with it. */
  async cancel(): Promise<void> {
    this.#cancelled++;
  }

  release(): void {
    this.rollback();
    this.#released = true;
  }

  /** The engine, as statements outside of a transaction need it. */
  #outside(): Host {
    const engine = this.#engine;
    const write = <T>(act: () => T): Eventual<T> => {
      const before = this.#cancelled;
      return engine.write(() => {
        if (this.#cancelled !== before) throw new Error("The statement was cancelled before its turn");
        return act();
      });
    };
    const giveBack = (connection: Connection): void => engine.giveBack(connection);
    return { single: engine.single, write, borrow: () => engine.borrow(), giveBack };
  }

  #assertHeld(): void {
    if (this.#released) throw new Error("The session was released");
  }

  #current(): Connection {
    if (this.#transaction === undefined) throw new Error("The session is in no transaction");
    return this.#transaction;
  }

  #beginReading(): Connection {
    const connection = this.#engine.borrow();
    try {
      connection.command("begin");
      return connection;
    } catch (error) {
      this.#engine.giveBack(connection);
      throw fault(error);
    }
  }

  async #beginWriting(): Promise<Connection> {
    const { turn, patience } = this.#engine;
    await turn.wait(patience);
    try {
      const connection = this.#engine.writer;
      await this.#tried(() => connection.command("begin immediate"));
      return connection;
    } catch (error) {
      turn.pass();
      throw error;
    }
  }

  #tried<T>(act: () => T): Eventual<T> {
    try {
      return act();
    } catch (error) {
      return this.#engine.recover(error, act);
    }
  }

  /**
   * A full disk, among others, makes SQLite roll back by itself (sqlite.org/lang_transaction): what comes after must not be
   * committed statement by statement. A lock cannot be waited for here: whoever began the transaction starts it anew.
   */
  #inside<T>(connection: Connection, act: () => T): T {
    if (connection !== this.#transaction) throw new Error("The transaction has ended");
    if (!connection.db.inTransaction)
      throw this.#lost ?? new Error("The transaction was ended by a statement of its own; use transaction(db, …)");
    try {
      return act();
    } catch (error) {
      const told = fault(error);
      if (!connection.db.inTransaction) this.#lost = told;
      throw told;
    }
  }

  #abandon(connection: Connection): void {
    try {
      connection.closeCursors();
      if (!this.#engine.closed && connection.db.inTransaction) connection.command("rollback");
    } finally {
      this.#end(connection);
    }
  }

  #end(connection: Connection): void {
    this.#transaction = undefined;
    if (this.#readOnly && !this.#engine.single) return this.#engine.giveBack(connection);
    if (this.#readOnly && !this.#engine.closed) connection.command("pragma query_only = off");
    this.#engine.turn.pass();
  }
}
