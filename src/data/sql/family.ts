import type { SQL } from "bun";
import type { Row, TransactionSettings } from "../engine/index.ts";

/** What Bun resolves a statement to: its rows, with what it tells about them. */
export type Result = Row[] & SQL.ResultMetadata;

/** Sends a statement to one connection, and waits for its answer. */
export type Send = (text: string, parameters?: readonly unknown[]) => Promise<Result>;

/** A query whose result a connection is asked for piece by piece. */
export interface Reading {
  readonly text: string;
  readonly parameters: readonly unknown[];
  /** Rows in a chunk, at most. */
  readonly size: number;
  /** The transaction that the connection is in, if any. */
  readonly transaction: TransactionSettings | undefined;
  /** A name that this connection has not used yet. */
  readonly name: string;
}

/** What PostgreSQL needs otherwise than MySQL. */
export interface Family {
  readonly dialect: "postgres" | "mysql";
  /** Makes a new connection ready for statements, and asks the server's own number for it. */
  greet(send: Send, statementTimeout: number): Promise<number>;
  /** Ends what a connection runs, not the connection. */
  cancel(id: number): string;
  /** Begins a transaction, in as many statements as it takes. */
  begin(settings: TransactionSettings): readonly string[];
  /** Reads a result in chunks that never are in memory together. */
  read(send: Send, reading: Reading): AsyncGenerator<Row[]>;
}
