export { postgresJson } from "./json.ts";
export type { ServerOptions } from "./options.ts";
export { mysql, type MysqlOptions } from "./mysql.ts";
export { postgres, type PostgresOptions } from "./postgres.ts";
