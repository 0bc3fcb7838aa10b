import type { SQLQueryBindings, Statement as Native } from "bun:sqlite";
import type { Row } from "../engine/index.ts";

/** Steps through a result with a statement that nobody else resets. */
export class Cursor {
  readonly #native: Native<Row, SQLQueryBindings[]>;
  readonly #rows: IterableIterator<Row>;

  constructor(native: Native<Row, SQLQueryBindings[]>, parameters: readonly unknown[]) {
    this.#native = native;
    this.#rows = native.iterate(...(parameters as SQLQueryBindings[]));
  }

  /** The next rows; fewer than `size` at the end. Throws when the cursor was closed. */
  take(size: number): Row[] {
    const rows: Row[] = [];
    while (rows.length < size) {
      const { done, value } = this.#rows.next();
      if (done === true) break;
      rows.push(value as Row);
    }
    return rows;
  }

  close(): void {
    this.#native.finalize();
  }
}

/** All rows of a cursor in chunks. */
export function* chunks(take: () => Row[], size: number): Generator<Row[]> {
  for (;;) {
    const rows = take();
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
  }
}
