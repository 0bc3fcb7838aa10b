import type { DialectName } from "../../engine/index.ts";
import { coreOf } from "../../executor.ts";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";
import type { FoundDatabase } from "../shape/shape.ts";
import { introspectMysql } from "./mysql.ts";
import { introspectPostgres } from "./postgres.ts";
import { introspectSqlite } from "./sqlite.ts";

const INTROSPECT: Readonly<Record<DialectName, (db: AnyDatabase) => Promise<FoundDatabase>>> = {
  sqlite: introspectSqlite,
  postgres: introspectPostgres,
  mysql: introspectMysql,
};

/** What is in a database: its tables, columns, keys and indexes, described as models are. One that is not there yet is not made. */
export const introspect = async (db: AnyDatabase): Promise<FoundDatabase> =>
  coreOf(db)?.exists === false ? { tables: {} } : INTROSPECT[dialectOf(db)](db);
