import { exported, type ExportInit, type RowSource } from "./export.ts";
import { toJson } from "./wire.ts";

/**
 * Answers with the rows of a query, one JSON text per line (`application/x-ndjson`), while they are read: through a cursor, as fast
 * as the client takes them, few in memory at a time. When the client goes away the reading ends.
 *
 * Takes anything else that gives rows too, as a generator that makes others of them. An error in the middle breaks the connection off,
 * so that no client takes a part for the whole.
 *
 * @example
 * api.get("/users.ndjson", () => ndjson(db.selectFrom("users").select(["id", "name"])));
 */
export function ndjson<R>(source: RowSource<R>, init: ExportInit = {}): Response {
  return exported(source, init, { "content-type": "application/x-ndjson" }, (rows) => {
    let lines = "";
    for (const row of rows) lines += `${toJson(row)}\n`;
    return lines;
  });
}
