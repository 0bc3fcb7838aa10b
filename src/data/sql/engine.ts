import type { SQL } from "bun";
import type { Changes, Engine, Outcome, Row, Statement, StatementTraits } from "../engine/index.ts";
import { Work } from "./connection.ts";
import type { Family, Result } from "./family.ts";
import { Pool, type PoolSettings } from "./pool.ts";
import { changesOf, firstOf, outcomeOf, same } from "./result.ts";
import { type HeldStatement, SqlSession } from "./session.ts";

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
      statement = DOUBTFUL.test(sql)
        ? new GuardedStatement(this, sql)
        : new PooledStatement(this, this.#pool, sql, reads === true);
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
}

/** A statement on its own: it shares connections with others. */
class PooledStatement implements Statement {
  readonly #engine: SqlEngine;
  readonly #pool: Pool;
  readonly #work: Work;

  constructor(engine: SqlEngine, pool: Pool, text: string, reads: boolean) {
    this.#engine = engine;
    this.#pool = pool;
    this.#work = new Work(text, reads);
  }

  all(parameters: readonly unknown[]): Promise<Result> {
    return this.#pool.run(this.#work, parameters, same);
  }

  first(parameters: readonly unknown[]): Promise<Row | undefined> {
    return this.#pool.run(this.#work, parameters, firstOf);
  }

  run(parameters: readonly unknown[]): Promise<Changes> {
    return this.#pool.run(this.#work, parameters, changesOf);
  }

  outcome(parameters: readonly unknown[]): Promise<Outcome> {
    return this.#pool.run(this.#work, parameters, outcomeOf);
  }

  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    return iterate(this.#engine, this.#work.text, parameters, size);
  }
}

/** A statement with a connection to itself: if it leaves a transaction open, that ends with it. */
class GuardedStatement implements Statement {
  readonly #engine: SqlEngine;
  readonly #text: string;

  constructor(engine: SqlEngine, text: string) {
    this.#engine = engine;
    this.#text = text;
  }

  all(parameters: readonly unknown[]): Promise<Row[]> {
    return this.#alone(async (statement) => statement.all(parameters));
  }

  first(parameters: readonly unknown[]): Promise<Row | undefined> {
    return this.#alone(async (statement) => statement.first(parameters));
  }

  run(parameters: readonly unknown[]): Promise<Changes> {
    return this.#alone(async (statement) => statement.run(parameters));
  }

  outcome(parameters: readonly unknown[]): Promise<Outcome> {
    return this.#alone(async (statement) => statement.outcome(parameters));
  }

  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    return iterate(this.#engine, this.#text, parameters, size);
  }

  async #alone<T>(act: (statement: HeldStatement) => Promise<T>): Promise<T> {
    const session = await this.#engine.reserve();
    try {
      return await act(session.prepare(this.#text));
    } finally {
      session.release();
    }
  }
}

async function* iterate(
  engine: SqlEngine,
  text: string,
  parameters: readonly unknown[],
  size: number,
): AsyncGenerator<Row[]> {
  const session = await engine.reserve();
  try {
    yield* session.read(text, parameters, size);
  } finally {
    session.release();
  }
}
