import { setDefaultTimeout } from "bun:test";
export type { DatabaseServer } from "./keeper.ts";
export { mariadbServer, noMariadb, startMariadb } from "./mariadb.ts";
export { noPostgres, postgresServer, startPostgres } from "./postgres.ts";

// A server starts in half a second on an idle machine, and in ten on one that is busy with other things.
setDefaultTimeout(60_000);
