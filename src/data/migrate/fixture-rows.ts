/** One row, its values in their JSON form or as they are: a moment as text or `Date`, bytes as base64 or `Uint8Array`. */
export type Fixture = Readonly<Record<string, unknown>>;

/** Rows that come by and by, and which part of them has come. */
export interface Source {
  readonly rows: Iterable<Fixture> | AsyncIterable<Fixture>;
  readonly part: (count: number) => number | undefined;
}

/** What fixtures are given as: rows, or the path of a file of them. */
export function sourceOf(rows: string | Iterable<Fixture> | AsyncIterable<Fixture>): Source {
  if (typeof rows === "string") return rowsOfFile(rows);
  return { rows, part: Array.isArray(rows) ? (count) => count / rows.length : () => undefined };
}

function rowsOfFile(path: string): Source {
  const file = Bun.file(path);
  if (!/\.(?:ndjson|jsonl)$/i.test(path)) {
    let total = 0;
    const rows = async function* (): AsyncGenerator<Fixture> {
      const list: unknown = await file.json();
      if (!Array.isArray(list)) throw new Error(`${path} holds no array of rows`);
      total = list.length;
      yield* list as Fixture[];
    };
    return { rows: rows(), part: (count) => count / total };
  }
  let read = 0;
  const rows = async function* (): AsyncGenerator<Fixture> {
    const decoder = new TextDecoder();
    let line = 0;
    let rest = "";
    const parse = (text: string): Fixture[] => {
      line++;
      if (text.trim() === "") return [];
      try {
        return [JSON.parse(text) as Fixture];
      } catch (error) {
        throw new Error(`${path}:${line}: ${(error as Error).message}`, { cause: error });
      }
    };
    for await (const bytes of file.stream()) {
      read += bytes.length;
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const text of lines) yield* parse(text);
    }
    yield* parse(rest);
  };
  return { rows: rows(), part: () => Math.min(1, read / Math.max(1, file.size)) };
}
