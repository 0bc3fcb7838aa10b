export { batches, type BatchOptions, type StreamableQuery } from "./batches.ts";
export { csv, type CsvInit } from "./csv.ts";
export type { ExportInit, RowSource } from "./export.ts";
export { ndjson } from "./ndjson.ts";
