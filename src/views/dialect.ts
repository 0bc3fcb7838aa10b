import type { SelectQueryBuilder } from "kysely";
import type { DialectName } from "../data/index.ts";

/** A builder does not tell its database, but how its SQL is written does. */
export function dialectOfQuery(query: SelectQueryBuilder<any, any, any>): DialectName {
  const { sql } = query.limit(1).compile();
  return /\$\d/.test(sql) ? "postgres" : sql.includes("`") ? "mysql" : "sqlite";
}
