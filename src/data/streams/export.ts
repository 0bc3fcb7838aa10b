import { stream, type StreamInit } from "../../http/index.ts";
import { batches, type StreamableQuery } from "./batches.ts";

/** What can be sent row by row: a query, or whatever gives rows. */
export type RowSource<R> = StreamableQuery<R> | AsyncIterable<R> | Iterable<R>;

/** What an export takes beside its rows. */
export interface ExportInit extends StreamInit {
  /** Rows that are in memory together. Default 200. */
  readonly size?: number;
}

/** Answers with texts that are made of rows, some of them at a time. `write` is asked with no rows at the end, and may say something yet. */
export function exported<R>(
  source: RowSource<R>,
  { size = 200, ...init }: ExportInit,
  headers: Readonly<Record<string, string>>,
  write: (rows: readonly R[]) => string,
): Response {
  const lists = isQuery(source)
    ? ending((signal) => batches(source, { size, signal }))
    : { [Symbol.asyncIterator]: () => gathered(source, size) };
  const given = new Headers(init.headers);
  const missing = Object.entries(headers).filter(([name]) => !given.has(name));
  return stream(texts(lists, write), { ...init, headers: { ...init.headers, ...Object.fromEntries(missing) } });
}

const isQuery = <R>(source: RowSource<R>): source is StreamableQuery<R> => "withPlugin" in source;

async function* gathered<R>(rows: AsyncIterable<R> | Iterable<R>, size: number): AsyncGenerator<R[]> {
  let list: R[] = [];
  for await (const row of rows) {
    list.push(row);
    if (list.length < size) continue;
    yield list;
    list = [];
  }
  if (list.length > 0) yield list;
}

/** Whoever stops reading ends what is being read, too: a generator alone would first wait for its next rows. */
function ending<T>(open: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const reading = new AbortController();
      const rows = open(reading.signal);
      return {
        next: () => rows.next(),
        async return() {
          reading.abort();
          await rows.return(undefined).catch(() => {});
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** Not a generator, for the same reason. */
function texts<R>(lists: AsyncIterable<R[]>, write: (rows: readonly R[]) => string): AsyncIterable<string> {
  return {
    [Symbol.asyncIterator]() {
      const from = lists[Symbol.asyncIterator]();
      let ended = false;
      return {
        async next() {
          if (ended) return { done: true, value: undefined };
          const { done, value } = await from.next();
          ended = done === true;
          const text = write(ended ? [] : (value as R[]));
          return ended && text === "" ? { done: true, value: undefined } : { done: false, value: text };
        },
        async return() {
          await from.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
