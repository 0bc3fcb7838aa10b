import type { SQL } from "bun";
import type { Engine, Row, Statement, StatementTraits } from "../engine/index.ts";
import { Work } from "./connection.ts";
import type { Family } from "./family.ts";
import { Pool, type PoolSettings } from "./pool.ts";
import { SqlSession } from "./session.ts";
import { type SendFor, SqlStatement } from "./statement.ts";

/** Statements are kept by their text; a program that puts values into its SQL must not fill the memory. */
const MOST_STATEMENTS = 1000;

/** Would begin a transaction on whichever connection is free, for everybody who comes to it after. */
const TRANSACTION = /^\s*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint)\b/i;

/** Might do so further on: a text of several statements, or the body of a function. */
const DOUBTFUL = /\b(?:begin|start\s+transaction|autocommit)\b/i;

/** A database server. */
export class SqlEngine implements Engine {
  readonly dialect: "postgres" | "mysql";
  readonly cancellable = true;
  readonly #family: Family;
  readonly #pool: Pool;
  readonly #statements = new Map<string, Statement>();

  constructor(family: Family, options: SQL.Options, settings: PoolSettings) {
    this.dialect = family.dialect;
    this.#family = family;
    this.#pool = new Pool(family, options, settings);
  }

  prepare(sql: string, { reads }: StatementTraits): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (TRANSACTION.test(sql))
        throw new Error(`"${sql.trim()}" would reach any connection of the pool; use transaction(db, …)`);
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = this.#statement(sql, reads === true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  reserve(): Promise<SqlSession> {
    return SqlSession.reserve(this.#pool, this.#family);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** It shares connections with others, unless it might leave a transaction open: that ends with a connection of its own. */
  #statement(sql: string, reads: boolean): Statement {
    const work = new Work(sql, reads);
    const send: SendFor = DOUBTFUL.test(sql)
      ? (parameters, take) => this.#alone((session) => session.send(sql, parameters, take))
      : (parameters, take) => this.#pool.run(work, parameters, take);
    return new SqlStatement(send, (parameters, size) => this.#read(sql, parameters, size));
  }

  async #alone<T>(act: (session: SqlSession) => Promise<T>): Promise<T> {
    const session = await this.reserve();
    try {
      return await act(session);
    } finally {
      session.release();
    }
  }

  async *#read(sql: string, parameters: readonly unknown[], size: number): AsyncGenerator<Row[]> {
    const session = await this.reserve();
    try {
      yield* session.read(sql, parameters, size);
    } finally {
      session.release();
    }
  }
}
