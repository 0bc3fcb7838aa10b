import {
  type Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
} from "kysely";
import type { DialectName } from "./engine/index.ts";
import { coreOf } from "./executor.ts";
import { SqliteCompiler } from "./sqlite/index.ts";

/** Kysely's parts of each dialect. */
export const DIALECTS = {
  sqlite: { Adapter: SqliteAdapter, Compiler: SqliteCompiler, Introspector: SqliteIntrospector },
  postgres: { Adapter: PostgresAdapter, Compiler: PostgresQueryCompiler, Introspector: PostgresIntrospector },
  mysql: { Adapter: MysqlAdapter, Compiler: MysqlQueryCompiler, Introspector: MysqlIntrospector },
} as const satisfies Record<DialectName, unknown>;

/** How each of them writes a column and a parameter. The adapter of another copy of Kysely has no class to go by. */
const WRITTEN: Readonly<Record<string, DialectName>> = {
  '"a" = ?': "sqlite",
  '"a" = $1': "postgres",
  "`a` = ?": "mysql",
};

/**
 * Which SQL a database speaks, of any Kysely. Errors: an `Error` for one that is none of the three.
 *
 * @example
 * dialectOf(database(sqlite("app.db"))); // "sqlite"
 */
export function dialectOf(db: Kysely<any>): DialectName {
  const own = coreOf(db)?.dialect;
  if (own !== undefined) return own;
  const written = sql`${sql.ref("a")} = ${1}`.compile(db).sql;
  const dialect = WRITTEN[written];
  if (dialect === undefined)
    throw new Error(`This needs SQLite, PostgreSQL or MySQL, not a dialect that writes ${written}`);
  return dialect;
}
