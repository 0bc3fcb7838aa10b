export { type Database, database, type DatabaseOptions } from "./database.ts";
export { dialectOf } from "./dialect.ts";
export type {
  Changes,
  DatabaseSource,
  DialectName,
  Engine,
  Row,
  Session,
  Statement,
  StatementTraits,
} from "./engine/index.ts";
export { executorOf } from "./executor.ts";
export * from "./migrate/index.ts";
export * from "./model/index.ts";
export * from "./prepared/index.ts";
export * from "./query/index.ts";
export * from "./relations/index.ts";
export * from "./streams/index.ts";
export { mysql, type MysqlOptions, postgres, type PostgresOptions, type ServerOptions } from "./sql/index.ts";
export { sqlite, type SqliteOptions } from "./sqlite/index.ts";
export { afterCommit, transaction, type TransactionOptions } from "./transaction/index.ts";
export { kyselyLog, type QueryEntry, type WatchOptions } from "./watch/index.ts";
export type { Kysely } from "kysely";
