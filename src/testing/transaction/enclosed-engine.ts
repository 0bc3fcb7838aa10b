import type { DialectName, Engine, Session, Statement, StatementTraits } from "../../data/index.ts";
import { EnclosedSession, type Enclosure } from "./enclosed-session.ts";
import { Guard, GuardedStatement } from "./guard.ts";
import { Line } from "./line.ts";

/** Milliseconds that a transaction waits for another one, which a test may have left open. */
const PATIENCE = 5000;

/**
 * A database inside one transaction that is never committed. Statements go to its session, transactions become savepoints: one after
 * the other, since savepoints cannot stand side by side.
 */
export class EnclosedEngine implements Engine, Enclosure {
  readonly dialect: DialectName;
  readonly cancellable: boolean;
  readonly session: Session;
  readonly line = new Line(PATIENCE);
  readonly #own: Engine;
  readonly #guard: Guard | undefined;
  #savepoints = 0;
  #ended = false;

  constructor(own: Engine, session: Session) {
    this.dialect = own.dialect;
    this.cancellable = own.cancellable;
    this.session = session;
    this.#own = own;
    // Only PostgreSQL gives up the whole transaction when a statement fails.
    this.#guard = own.dialect === "postgres" ? new Guard(session) : undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  prepare(sql: string, traits: StatementTraits): Statement {
    const statement = this.session.prepare(sql, traits);
    return this.#guard === undefined ? statement : new GuardedStatement(this.#guard, statement);
  }

  reserve(): Session {
    return new EnclosedSession(this);
  }

  name(): string {
    return `test_${++this.#savepoints}`;
  }

  /** Undoes everything. */
  async rollback(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    try {
      await this.session.rollback();
    } finally {
      this.session.release();
    }
  }

  async close(): Promise<void> {
    await this.rollback();
    await this.#own.close();
  }
}
