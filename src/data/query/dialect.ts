import { type Kysely, MysqlAdapter, PostgresAdapter, SqliteAdapter } from "kysely";
import type { DialectName } from "../engine/index.ts";

/** Which SQL a Kysely instance speaks, told by its dialect's adapter. Errors: an `Error` for one that is none of the three. */
export function dialectOf(db: Kysely<any>): DialectName {
  const { adapter } = db.getExecutor();
  if (adapter instanceof SqliteAdapter) return "sqlite";
  if (adapter instanceof PostgresAdapter) return "postgres";
  if (adapter instanceof MysqlAdapter) return "mysql";
  throw new Error(`This needs SQLite, PostgreSQL or MySQL, not a dialect with ${adapter.constructor.name}`);
}
