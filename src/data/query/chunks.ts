import type { DialectName } from "../engine/index.ts";

/** Most parameters of one statement: SQLite's default, and the two bytes that the others count in. */
export const MOST_PARAMETERS: Readonly<Record<DialectName, number>> = {
  sqlite: 32_766,
  postgres: 65_535,
  mysql: 65_535,
};

/**
 * Rows of one statement unless the caller says otherwise. Inserts of 5 columns cost the same from 128 rows to 1,024 of them (microseconds
 * per row: SQLite 2.9, PostgreSQL 6.3, MariaDB 5.2), twice to four times as much one by one, and more again at 4,096.
 */
export const CHUNK = 256;

/** Up to so many rows the end of a list is one statement. Longer ones are taken apart, so that the database keeps few texts. */
const SHORT = 32;

/** Anything that gives rows, at once or by and by. */
export type Rows<R> = Iterable<R> | AsyncIterable<R>;

/** How many rows go together. */
export interface ChunkOptions {
  /** Rows of one statement at most; default 256, and never more than the database has parameters for. */
  readonly chunk?: number;
}

/**
 * Rows in pieces that one statement can take. `most` are all of a statement's parameters; `of` is how many a row has, given the columns
 * that the rows of the piece have. What is left at the end comes in powers of two, as 128 + 32 + 7: a statement's text is kept
 * prepared by the database, and a text for every length would fill its memory.
 */
export async function* pieces<R extends object>(rows: Rows<R>, most: number, chunk = CHUNK): AsyncGenerator<R[]> {
  if (!Number.isInteger(chunk) || chunk < 1) throw new RangeError(`chunk is a number of rows from 1, not ${chunk}`);
  let piece: R[] = [];
  let columns = new Set<string>();
  for await (const row of rows) {
    const wider = columns.union(new Set(named(row)));
    if (piece.length > 0 && piece.length >= room(most, wider.size, chunk)) {
      yield piece;
      piece = [];
      columns = new Set(named(row));
    } else columns = wider;
    piece.push(row);
  }
  for (let start = 0; start < piece.length;) {
    const left = piece.length - start;
    const size = left <= SHORT ? left : 2 ** Math.floor(Math.log2(left));
    yield piece.slice(start, start + size);
    start += size;
  }
}

const room = (most: number, columns: number, chunk: number): number =>
  Math.max(1, Math.min(chunk, Math.floor(most / Math.max(1, columns))));

/** The columns that a row has a value for. */
export const named = (row: object): string[] =>
  Object.entries(row).flatMap(([name, value]) => (value === undefined ? [] : [name]));
