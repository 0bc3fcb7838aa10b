import type { Database, SQLQueryBindings, Statement as Native } from "bun:sqlite";
import type { Changes, Row } from "../engine/index.ts";

/** Statements that a connection keeps; Bun's own cache ends at 20. */
const MOST_STATEMENTS = 500;

/** One statement of one connection, prepared when it first runs and again after it was dropped to make room. */
export class KeptStatement {
  readonly sql: string;
  /** Integers come as bigints. */
  readonly wide: boolean;
  readonly #connection: Connection;
  #native: Native<Row, SQLQueryBindings[]> | undefined;

  constructor(connection: Connection, sql: string, wide: boolean) {
    this.#connection = connection;
    this.sql = sql;
    this.wide = wide;
  }

  get native(): Native<Row, SQLQueryBindings[]> {
    return (this.#native ??= this.#prepare());
  }

  all(parameters: readonly unknown[]): Row[] {
    return this.native.all(...(parameters as SQLQueryBindings[]));
  }

  first(parameters: readonly unknown[]): Row | undefined {
    return this.native.get(...(parameters as SQLQueryBindings[])) ?? undefined;
  }

  run(parameters: readonly unknown[]): Changes {
    const { changes, lastInsertRowid } = this.native.run(...(parameters as SQLQueryBindings[]));
    return { affected: changes, insertId: lastInsertRowid };
  }

  drop(): void {
    this.#native?.finalize();
    this.#native = undefined;
  }

  #prepare(): Native<Row, SQLQueryBindings[]> {
    const native = this.#connection.db.prepare<Row, SQLQueryBindings[]>(this.sql);
    if (this.wide) native.safeIntegers(true);
    this.#connection.keep(this.sql, this);
    return native;
  }
}

/** One connection to the file, with the statements that it has prepared. */
export class Connection {
  readonly db: Database;
  readonly #kept = new Map<string, KeptStatement>();

  constructor(db: Database) {
    this.db = db;
  }

  statement(sql: string, wide = false): KeptStatement {
    return this.#kept.get(sql) ?? new KeptStatement(this, sql, wide);
  }

  /** Runs a command without parameters, prepared for this one time. */
  command(sql: string): void {
    this.db.run(sql);
  }

  keep(sql: string, statement: KeptStatement): void {
    if (this.#kept.size >= MOST_STATEMENTS) {
      const [oldest, dropped] = this.#kept.entries().next().value!;
      this.#kept.delete(oldest);
      dropped.drop();
    }
    this.#kept.set(sql, statement);
  }

  close(): void {
    for (const statement of this.#kept.values()) statement.drop();
    this.#kept.clear();
    this.db.close();
  }
}
