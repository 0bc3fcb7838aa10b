import type { DialectName } from "../../engine/index.ts";
import { type AnyDatabase, dialectOf } from "../dialect.ts";
import type { FoundDatabase } from "../shape/shape.ts";
import { introspectMysql } from "./mysql.ts";
import { introspectPostgres } from "./postgres.ts";
import { introspectSqlite } from "./sqlite.ts";

const INTROSPECT: Readonly<Record<DialectName, (db: AnyDatabase) => Promise<FoundDatabase>>> = {
  sqlite: introspectSqlite,
  postgres: introspectPostgres,
  mysql: introspectMysql,
};

/** What is in a database: its tables, columns, keys and indexes, described as models are. */
export const introspect = (db: AnyDatabase): Promise<FoundDatabase> => INTROSPECT[dialectOf(db)](db);
