import type { IsolationLevel } from "kysely";

/** The three families of SQL that are spoken here. MariaDB and MySQL are one. */
export type DialectName = "sqlite" | "postgres" | "mysql";

/** A value that is there at once where the database is in this process (SQLite), and a promise of it where it is not. */
export type Eventual<T> = T | Promise<T>;

/** A row as the driver returns it. */
export type Row = Record<string, unknown>;

/** What a statement that returns no rows did. */
export interface Changes {
  readonly affected: number;
  /** The key that the database counted up for the first inserted row, where it says so (SQLite, MySQL). */
  readonly insertId: number | bigint | undefined;
}

/** What a statement did of which nobody knows beforehand whether it returns rows. */
export interface Outcome extends Partial<Changes> {
  readonly rows: Row[];
}

/** Finished SQL with its text kept by the database: parameters go in as the driver takes them, rows come out as it gives them. */
export interface Statement {
  all(parameters: readonly unknown[]): Eventual<Row[]>;
  first(parameters: readonly unknown[]): Eventual<Row | undefined>;
  /** For a statement without rows. */
  run(parameters: readonly unknown[]): Eventual<Changes>;
  /** For raw SQL: its rows, or what it changed. Without it, raw SQL is run by `all`. */
  outcome?(parameters: readonly unknown[]): Eventual<Outcome>;
  /** Rows in chunks of at most `size`, by a cursor; leaving the loop closes it. */
  iterate(parameters: readonly unknown[], size: number): AsyncIterable<Row[]>;
}

/** What a statement does, as far as whoever runs it must know. */
export interface StatementTraits {
  /** It changes nothing, and may run beside a transaction. Undefined: unknown, raw SQL. */
  readonly reads: boolean | undefined;
  /** It has result rows. Undefined: unknown, raw SQL. */
  readonly returns: boolean | undefined;
  /** Values of a BIGINT column come out, so integers must not lose digits. */
  readonly wide?: boolean;
}

/** What statements are sent through: the database as a whole, or one session of it. */
export interface Link {
  /** Kept by its text: the same text gives the same statement again. */
  prepare(sql: string, traits: StatementTraits): Statement;
}

/** How a transaction begins. */
export interface TransactionSettings {
  readonly isolation?: IsolationLevel | undefined;
  readonly readOnly?: boolean | undefined;
}

/** One connection for as long as it is held: for a transaction, a session variable, a lock. */
export interface Session extends Link {
  begin(settings: TransactionSettings): Eventual<void>;
  commit(): Eventual<void>;
  rollback(): Eventual<void>;
  /** Lets statements of this session take any time, until it is released: a migration is no request. */
  unhurried?(): void;
  /** Ends the statement that is running, from another connection; it fails then. */
  cancel(): Promise<void>;
  release(): void;
}

/** A database: everything above it is the same for all of them. */
export interface Engine extends Link {
  readonly dialect: DialectName;
  /** Waits for a free connection, as long as the pool's patience lasts; then a 503. */
  reserve(): Eventual<Session>;
  /** A statement on its own that ends when `signal` aborts. Missing where a statement blocks this process anyway. */
  readonly cancellable: boolean;
  /** Lets running statements end, then closes every connection. */
  close(): Promise<void>;
}

/** What `sqlite(…)`, `postgres(…)` and `mysql(…)` return: an address, until `database` opens it. */
export interface DatabaseSource {
  readonly dialect: DialectName;
  /** Opened at the first use. */
  open(): Engine;
  /** Whether there is anything yet that could be asked; opening would make it. Without it, there always is. */
  exists?(): boolean;
}
