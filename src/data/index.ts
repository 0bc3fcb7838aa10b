export { type Database, database, type DatabaseOptions } from "./database.ts";
export type { DatabaseSource, DialectName } from "./engine/index.ts";
export * from "./model/index.ts";
export * from "./prepared/index.ts";
export { sqlite, type SqliteOptions } from "./sqlite/index.ts";
