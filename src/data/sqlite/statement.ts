import type { SQLQueryBindings } from "bun:sqlite";
import type { Changes, Eventual, Row, Statement } from "../engine/index.ts";
import type { Connection, KeptStatement } from "./connection.ts";

/** As much of the engine as a statement needs. */
export interface Host {
  write<T>(act: () => T): Eventual<T>;
  recover<T>(error: unknown, act: () => T): Promise<T>;
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

  all(parameters: readonly unknown[]): Eventual<Row[]> {
    try {
      return this.#kept.all(parameters);
    } catch (error) {
      return this.#host.recover(error, () => this.#kept.all(parameters));
    }
  }

  first(parameters: readonly unknown[]): Eventual<Row | undefined> {
    try {
      return this.#kept.first(parameters);
    } catch (error) {
      return this.#host.recover(error, () => this.#kept.first(parameters));
    }
  }

  run(parameters: readonly unknown[]): Eventual<Changes> {
    return this.#host.write(() => this.#kept.run(parameters));
  }

  /** Reads from a connection of its own: while it is open, that connection sees the data as they were at its start. */
  async *iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    const connection = this.#host.borrow();
    try {
      yield* chunks(connection, this.#kept, parameters, size);
    } finally {
      this.#host.giveBack(connection);
    }
  }
}

/** A statement that may change something: it takes its turn. */
export class Write implements Statement {
  readonly #host: Host;
  readonly #kept: KeptStatement;

  constructor(host: Host, kept: KeptStatement) {
    this.#host = host;
    this.#kept = kept;
  }

  all(parameters: readonly unknown[]): Eventual<Row[]> {
    return this.#host.write(() => this.#kept.all(parameters));
  }

  first(parameters: readonly unknown[]): Eventual<Row | undefined> {
    return this.#host.write(() => this.#kept.first(parameters));
  }

  run(parameters: readonly unknown[]): Eventual<Changes> {
    return this.#host.write(() => this.#kept.run(parameters));
  }

  async *iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    yield* inChunks(await this.all(parameters), size);
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

  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]> {
    return chunks(this.#connection, this.#kept, parameters, size);
  }
}

/** Steps through a result with a statement that nobody else resets. */
async function* chunks(
  connection: Connection,
  kept: KeptStatement,
  parameters: readonly unknown[],
  size: number,
): AsyncGenerator<Row[]> {
  const native = connection.db.prepare<Row, SQLQueryBindings[]>(kept.sql);
  if (kept.wide) native.safeIntegers(true);
  try {
    let chunk: Row[] = [];
    for (const row of native.iterate(...(parameters as SQLQueryBindings[]))) {
      chunk.push(row);
      if (chunk.length < size) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    native.finalize();
  }
}

function* inChunks(rows: Row[], size: number): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
