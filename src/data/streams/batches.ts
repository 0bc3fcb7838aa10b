import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  StreamOptions,
  UnknownRow,
} from "kysely";
import { stopBy } from "./stops.ts";

/** A query of Kysely's whose rows can be read by and by. */
export interface StreamableQuery<R> {
  withPlugin(plugin: KyselyPlugin): Streaming;
  stream(options?: StreamOptions): AsyncIterableIterator<R>;
}

interface Streaming {
  stream(options: StreamOptions): AsyncIterableIterator<unknown>;
}

/** How rows are read. */
export interface BatchOptions {
  /** Rows that are in memory together. Default 200. */
  readonly size?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * The rows of a query in lists of at most `size`, read through a cursor: the next ones when they are asked for. Leaving the loop closes
 * the cursor. Kysely's own `stream()` gives the same rows one by one.
 *
 * Errors: the database's own; the signal's reason; a `RangeError` for a size that is none.
 *
 * @example
 * for await (const users of batches(db.selectFrom("users").selectAll(), { size: 500 })) await send(users);
 */
export function batches<R>(query: StreamableQuery<R>, { size = 200, signal }: BatchOptions = {}): AsyncGenerator<R[]> {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`size is a number of rows from 1, not ${size}`);
  return read(query, size, signal);
}

async function* read<R>(query: StreamableQuery<R>, chunkSize: number, signal?: AbortSignal): AsyncGenerator<R[]> {
  try {
    for await (const batch of query.withPlugin(new Whole(signal)).stream({ chunkSize })) {
      signal?.throwIfAborted();
      const { rows } = batch as { readonly rows: R[] };
      if (rows.length > 0) yield rows;
      // SQLite's rows are there at once: without a pause nobody else would be served until the last one.
      await new Promise(setImmediate);
    }
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}

/** Kysely hands rows on one by one; of a result with one row, which has all of them, it hands on that. */
class Whole implements KyselyPlugin {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    if (this.#signal !== undefined) stopBy(queryId, this.#signal);
    return node;
  }

  async transformResult({ result: { rows } }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return { rows: [{ rows }] };
  }
}
