import type { Engine, Eventual, Session, Statement, StatementTraits } from "../engine/index.ts";
import { ServiceUnavailable } from "../../http/index.ts";
import { isBusy } from "../../store/index.ts";
import type { Connection } from "./connection.ts";
import { fault } from "./fault.ts";
import { SqliteSession } from "./session.ts";
import { Read, Write } from "./statement.ts";
import { Turn } from "./turn.ts";

/** Milliseconds between two tries at a lock that another process has, at first and at most. */
const RETRY_FIRST = 2;
const RETRY_MOST = 50;
/** Reading connections that are kept for the next stream. */
const KEPT_READERS = 2;

/** How the engine opens its connections, and how long it waits. */
export interface SqliteEngineOptions {
  /** A connection that may write, or one that only reads; in memory both are the same. */
  connect(mode: "write" | "read"): Connection;
  /** Reads share the connection that writes. */
  readonly single: boolean;
  /** Milliseconds to wait for a lock. */
  readonly patience: number;
}

/**
 * SQLite in this process: one connection writes, in turns; one reads beside it, and sees what is committed (WAL). What can run at
 * once runs at once and returns its value; a promise comes only from a write that has to wait for its turn, or for a lock of
 * another process, which is tried again and again so that the event loop goes on.
 */
export class SqliteEngine implements Engine {
  readonly dialect = "sqlite";
  readonly cancellable = false;
  readonly turn = new Turn();
  readonly #options: SqliteEngineOptions;
  readonly #idle: Connection[] = [];
  #writer: Connection | undefined;
  #reader: Connection | undefined;
  #closed = false;

  constructor(options: SqliteEngineOptions) {
    this.#options = options;
  }

  get patience(): number {
    return this.#options.patience;
  }

  get single(): boolean {
    return this.#options.single;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get writer(): Connection {
    if (this.#closed) throw new ServiceUnavailable("The database was closed");
    return (this.#writer ??= this.#options.connect("write"));
  }

  get reader(): Connection {
    const { writer } = this;
    // The file, its WAL mode and its schema come from the connection that writes.
    return this.single ? writer : (this.#reader ??= this.#options.connect("read"));
  }

  prepare(sql: string, { reads, wide }: StatementTraits): Statement {
    if (reads ?? isPlainRead(this.writer, sql)) return new Read(this, this.reader.statement(sql, wide));
    return new Write(this, this.writer.statement(sql, wide));
  }

  reserve(): Session {
    return new SqliteSession(this);
  }

  /** Does something with the connection that writes, at once if nobody else has the turn. */
  write<T>(act: () => T): Eventual<T> {
    if (!this.turn.take()) return this.#later(act);
    let result: Eventual<T>;
    try {
      result = this.#alone(act);
    } catch (error) {
      if (isBusy(error)) return this.#again(() => this.#alone(act)).finally(() => this.turn.pass());
      this.turn.pass();
      throw fault(error);
    }
    this.turn.pass();
    return result;
  }

  /** Goes on after an error: by trying again if another process has the lock. The turn is the caller's. */
  recover<T>(error: unknown, act: () => T): Promise<T> {
    if (isBusy(error)) return this.#again(act);
    throw fault(error);
  }

  /** A transaction that a statement on its own has begun would take in what others write after it. */
  #alone<T>(act: () => T): T {
    const { writer } = this;
    const result = act();
    if (!writer.db.inTransaction) return result;
    writer.command("rollback");
    throw new Error("A statement on its own began a transaction, which was rolled back; use transaction(db, …)");
  }

  async #later<T>(act: () => T): Promise<T> {
    await this.turn.wait(this.patience);
    try {
      return this.#alone(act);
    } catch (error) {
      return await this.recover(error, () => this.#alone(act));
    } finally {
      this.turn.pass();
    }
  }

  async #again<T>(act: () => T): Promise<T> {
    const deadline = performance.now() + this.patience;
    for (let pause = RETRY_FIRST; ; pause = Math.min(pause * 2, RETRY_MOST)) {
      await Bun.sleep(pause);
      try {
        return act();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw fault(error);
      }
    }
  }

  /** A reading connection of one's own, whose view of the data stays as it was at its first read. */
  borrow(): Connection {
    void this.writer;
    return this.#idle.pop() ?? this.#options.connect("read");
  }

  giveBack(connection: Connection): void {
    if (!this.#closed && this.#idle.length < KEPT_READERS) this.#idle.push(connection);
    else connection.close();
  }

  /** Waits for its turn, so for whatever was asked before; whoever holds a transaction for longer loses it. */
  async close(): Promise<void> {
    const free = await this.turn.wait(this.patience).then(
      () => true,
      () => false,
    );
    if (free) this.#optimize();
    this.#closed = true;
    for (const connection of [...this.#idle.splice(0), this.#reader, this.#writer]) connection?.close();
    if (free) this.turn.pass();
  }

  /** Keeps what the planner would like to know (sqlite.org/pragma, optimize), unless the file is only read or the disk is full. */
  #optimize(): void {
    try {
      this.#writer?.command("pragma optimize");
    } catch {
      // It is asked for again the next time.
    }
  }
}

/** Raw SQL that SQLite itself says only reads. `begin` and most pragmas count as reading there, so the first word decides too. */
const isPlainRead = (connection: Connection, sql: string): boolean =>
  /^\s*(?:select|with|values|explain)\b/i.test(sql) && connection.statement(sql).readonly;
