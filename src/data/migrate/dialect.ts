import { type Kysely, MysqlAdapter, PostgresAdapter, SqliteAdapter } from "kysely";
import type { DialectName } from "../engine/index.ts";

/** Any Kysely: a migration knows no types of tables. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own type for a database of unknown tables.
export type AnyDatabase = Kysely<any>;

/** Which SQL a database speaks, told by its dialect's adapter. Errors: an `Error` for one that is none of the three. */
export function dialectOf(db: AnyDatabase): DialectName {
  const { adapter } = db.getExecutor();
  if (adapter instanceof SqliteAdapter) return "sqlite";
  if (adapter instanceof PostgresAdapter) return "postgres";
  if (adapter instanceof MysqlAdapter) return "mysql";
  throw new Error(`Migrations know SQLite, PostgreSQL and MySQL, not a dialect with ${adapter.constructor.name}`);
}
