// How Elysia's programs reach a database: Kysely over kysely-bun-sqlite, or over pg.
import { Database } from "bun:sqlite";
import { Kysely, PostgresDialect } from "kysely";
import { BunSqliteDialect } from "kysely-bun-sqlite";
import { Pool, types } from "pg";
import { address, POOL, PRAGMAS } from "./blog.ts";

export const onPostgres = address.startsWith("postgres:");

function dialect(): PostgresDialect | BunSqliteDialect {
  if (onPostgres) {
    // 64-bit integers are text otherwise.
    types.setTypeParser(types.builtins.INT8, Number);
    return new PostgresDialect({ pool: new Pool({ connectionString: address, max: POOL }) });
  }
  const database = new Database(address, { readwrite: true });
  for (const pragma of PRAGMAS) database.run(pragma);
  return new BunSqliteDialect({ database });
}

/** The database of the harness, with these tables. */
export const connect = <T>(): Kysely<T> => new Kysely<T>({ dialect: dialect() });
