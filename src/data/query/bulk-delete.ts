import type { Kysely, Selectable } from "kysely";
import { dialectOf } from "../dialect.ts";
import { executorOf } from "../executor.ts";
import { type Instance, transaction } from "../transaction/index.ts";
import { type ChunkOptions, MOST_PARAMETERS, pieces, type Rows } from "./chunks.ts";

/** Which rows are meant by their keys. */
export interface BulkDeleteOptions<C extends string> extends ChunkOptions {
  /** The column that finds each row. Default: the model's primary key; without a model, `id`. */
  readonly key?: C;
}

/**
 * Deletes the rows with these keys, however many, in statements of many rows each and one transaction. Returns how many there were.
 *
 * Errors: a `TypeError` where the primary key has several columns and `key` names none; the database's own.
 *
 * @example
 * await bulkDelete(db, "articles", [3, 4, 5]);
 */
export async function bulkDelete<DB, T extends keyof DB & string, C extends keyof Selectable<DB[T]> & string>(
  db: Instance<DB>,
  table: T,
  keys: Rows<Selectable<DB[T]>[C] & {}>,
  options: BulkDeleteOptions<C> = {},
): Promise<number> {
  const on = db as Kysely<any>;
  const primary = executorOf(on)?.core.models[table]?.primaryKey ?? ["id"];
  const column = options.key ?? (primary.length === 1 ? primary[0] : undefined);
  if (column === undefined) throw new TypeError(`bulkDelete: "${table}" has a key of several columns; name one in key`);
  const deleteAll = async (trx: Kysely<any>): Promise<number> => {
    let deleted = 0;
    for await (const piece of pieces(wrapped(keys), MOST_PARAMETERS[dialectOf(on)], options.chunk)) {
      const values = piece.map(({ key }) => key);
      const { numDeletedRows } = await trx
        .deleteFrom(table as string)
        .where(column as string, "in", values)
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
    }
    return deleted;
  };
  return transaction(on, deleteAll, Array.isArray(keys) || on.isTransaction ? {} : { retries: 0 });
}

async function* wrapped(keys: Rows<unknown>): AsyncGenerator<{ key: unknown }> {
  for await (const key of keys) yield { key };
}
