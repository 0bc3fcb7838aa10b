import type { Changes, Eventual, Outcome, Row, Statement } from "../engine/index.ts";
import type { Connection, KeptStatement } from "./connection.ts";
import { chunks } from "./cursor.ts";
import { fault } from "./fault.ts";

/** As much of the engine as a statement needs. */
export interface Host {
  /** Reading goes through the connection that writes. */
  readonly single: boolean;
  write<T>(act: () => T): Eventual<T>;
  borrow(): Connection;
  giveBack(connection: Connection): void;
}

/** A statement that reads what is committed: in WAL mode it waits for nobody. */
export class Read implements Statement {
  readonly #host: Host;
  readonly #kept: KeptStatement;

  constructor(host: Host, kept: KeptStatement) {
    this.#host = host;
    this.#kept = kept;
  }

  all(parameters: readonly unknown[]): Row[] {
    try {
      return this.#kept.all(parameters);
    } catch (error) {
      throw fault(error);
    }
  }

  first(parameters: readonly unknown[]): Row | undefined {
    try {
      return this.#kept.first(parameters);
    } catch (error) {
      throw fault(error);
    }
  }

  run(parameters: readonly unknown[]): Changes {
    this.all(parameters);
    return { affected: 0, insertId: undefined };
  }

  outcome(parameters: readonly unknown[]): Outcome {
    return { rows: this.all(parameters) };
  }

  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    return aside(this.#host, this.#kept, parameters, size);
  }
}

/** A statement that may change something: it takes its turn. */
export class Write implements Statement {
  readonly #host: Host;
  readonly #kept: KeptStatement;
  /** It only reads, and takes its turn all the same: it is part of a session, and sees that session's temporary tables. */
  readonly #reads: boolean;

  constructor(host: Host, kept: KeptStatement, reads = false) {
    this.#host = host;
    this.#kept = kept;
    this.#reads = reads;
  }

  all(parameters: readonly unknown[]): Eventual<Row[]> {
    return this.#host.write(() => this.#kept.all(parameters));
  }

  /**
   * A write is run to its end. Left after its first row it is committed all the same, but SQLite looks only at a statement's end
   * whether its log is due to be written back (`wal_autocheckpoint`): 50,000 rows inserted so left a log of 202 MiB, and leave 4.
   */
  first(parameters: readonly unknown[]): Eventual<Row | undefined> {
    const kept = this.#kept;
    return this.#host.write(() => (this.#reads ? kept.first(parameters) : kept.all(parameters)[0]));
  }

  run(parameters: readonly unknown[]): Eventual<Changes> {
    return this.#host.write(() => this.#kept.run(parameters));
  }

  outcome(parameters: readonly unknown[]): Eventual<Outcome> {
    return this.#host.write(() => this.#kept.outcome(parameters));
  }

  async *iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    if (this.#reads) yield* aside(this.#host, this.#kept, parameters, size);
    else yield* slices(await this.all(parameters), size);
  }
}

/** A statement inside a transaction that has the turn. */
export class Inside implements Statement {
  readonly #connection: Connection;
  readonly #kept: KeptStatement;
  readonly #act: <T>(act: () => T) => T;

  /** `act` runs what it is given, and turns SQLite's errors into those that callers know. */
  constructor(connection: Connection, kept: KeptStatement, act: <T>(act: () => T) => T) {
    this.#connection = connection;
    this.#kept = kept;
    this.#act = act;
  }

  all(parameters: readonly unknown[]): Row[] {
    return this.#act(() => this.#kept.all(parameters));
  }

  first(parameters: readonly unknown[]): Row | undefined {
    return this.#act(() => this.#kept.first(parameters));
  }

  run(parameters: readonly unknown[]): Changes {
    return this.#act(() => this.#kept.run(parameters));
  }

  outcome(parameters: readonly unknown[]): Outcome {
    return this.#act(() => this.#kept.outcome(parameters));
  }

  /** What the loop itself writes may be seen by it or not (sqlite.org/isolation); it ends with the transaction. */
  async *iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    const cursor = this.#act(() => this.#connection.cursor(this.#kept, parameters));
    try {
      yield* chunks(() => this.#act(() => cursor.take(size)), size);
    } finally {
      this.#connection.release(cursor);
    }
  }
}

/**
 * Reads from a connection of its own: while it is open, that connection sees the data as they were at its start. In memory there
 * is no other connection, so all rows are read at once.
 */
async function* aside(
  host: Host,
  kept: KeptStatement,
  parameters: readonly unknown[],
  size: number,
): AsyncGenerator<Row[]> {
  if (host.single) return yield* slices(kept.all(parameters), size);
  const connection = host.borrow();
  try {
    const cursor = connection.cursor(kept, parameters);
    try {
      yield* chunks(() => cursor.take(size), size);
    } finally {
      connection.release(cursor);
    }
  } catch (error) {
    throw fault(error);
  } finally {
    host.giveBack(connection);
  }
}

function* slices(rows: Row[], size: number): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
