import type { ReservedSQL } from "bun";
import type { Row, Session, Statement, TransactionSettings } from "../engine/index.ts";
import { type Connection, Work } from "./connection.ts";
import type { Family, Result } from "./family.ts";
import { isLost } from "./fault.ts";
import type { Pool } from "./pool.ts";
import { same } from "./result.ts";
import { SqlStatement } from "./statement.ts";

/** What a cursor can stand for; the result of any other statement with rows is short. */
const SELECTION = /^(?:\s+|--[^\n]*\n|\/\*[^]*?\*\/|\()*(?:select|with|values|table)\b/i;

/** A connection for as long as it is held. */
export class SqlSession implements Session {
  readonly #pool: Pool;
  readonly #family: Family;
  readonly #connection: Connection;
  readonly #client: ReservedSQL;
  readonly #statements = new Map<string, Statement>();
  #transaction: TransactionSettings | undefined;
  #released = false;
  #named = 0;
  #cancelling: Promise<void> | undefined;

  constructor(pool: Pool, family: Family, connection: Connection, client: ReservedSQL) {
    this.#pool = pool;
    this.#family = family;
    this.#connection = connection;
    this.#client = client;
  }

  static async reserve(pool: Pool, family: Family): Promise<SqlSession> {
    const connection = await pool.hold();
    try {
      const client = await connection.reserve();
      if (!connection.ready) await connection.greet(client);
      return new SqlSession(pool, family, connection, client);
    } catch (error) {
      pool.release(connection);
      throw error;
    }
  }

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = new SqlStatement(
        (parameters, take) => this.send(sql, parameters, take),
        (parameters, size) => this.read(sql, parameters, size),
      );
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  send<T>(text: string, parameters: readonly unknown[], take: (result: Result) => T): Promise<T> {
    if (this.#released) return Promise.reject(new Error("The session was released"));
    return this.#connection.send(new Work(text, false), parameters, take, this.#client);
  }

  read(text: string, parameters: readonly unknown[], size: number): AsyncGenerator<Row[]> {
    const send = (text: string, parameters: readonly unknown[] = []): Promise<Result> =>
      this.send(text, parameters, same);
    if (!SELECTION.test(text)) return inChunks(send(text, parameters), size);
    const name = `bolide_${++this.#named}`;
    return this.#family.read(send, { text, parameters, size, name, transaction: this.#transaction });
  }

  unhurried(): void {
    this.#connection.unhurried = true;
  }

  async begin(settings: TransactionSettings): Promise<void> {
    if (this.#transaction !== undefined)
      throw new Error("The session is in a transaction; nest with transaction(trx, …)");
    for (const text of this.#family.begin(settings)) await this.send(text, [], same);
    this.#transaction = settings;
  }

  /** PostgreSQL answers the commit of a transaction with a failed statement by rolling it back, without an error. */
  async commit(): Promise<void> {
    const { command } = await this.send("commit", [], same);
    this.#transaction = undefined;
    if (command === "ROLLBACK")
      throw new Error("A statement of the transaction had failed: it was rolled back, not committed");
  }

  /** With its connection, a transaction is gone by itself. */
  async rollback(): Promise<void> {
    try {
      await this.send("rollback", [], same);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    this.#transaction = undefined;
  }

  async cancel(): Promise<void> {
    if (this.#released || this.#connection.sent === 0) return;
    this.#cancelling = this.#pool.cancel(this.#connection);
    await this.#cancelling;
  }

  /**
   * A transaction that is open ends by it: Bun closes its connection instead of giving it to anybody else. A cancel that is still on
   * its way is waited for: it must not meet somebody else's statement.
   */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#cancelling === undefined) return this.#giveBack();
    const giveBack = (): void => this.#giveBack();
    this.#cancelling.then(giveBack, giveBack);
  }

  #giveBack(): void {
    const released = (): void => this.#pool.release(this.#connection);
    this.#client.release().then(released, released);
  }
}

async function* inChunks(result: Promise<Row[]>, size: number): AsyncGenerator<Row[]> {
  const rows = await result;
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
