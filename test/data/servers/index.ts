export type { DatabaseServer } from "./keeper.ts";
export { mariadbServer, noMariadb, startMariadb } from "./mariadb.ts";
export { noPostgres, postgresServer, startPostgres } from "./postgres.ts";
