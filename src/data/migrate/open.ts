import { database } from "../database.ts";
import type { DatabaseSource } from "../engine/index.ts";
import { mysql, postgres } from "../sql/index.ts";
import { sqlite, type SqliteOptions } from "../sqlite/index.ts";
import type { AnyDatabase } from "./any-database.ts";

/** Opens what a person names: a URL of PostgreSQL or MySQL, else the path of a SQLite file. */
export function openAddress(address: string, options: Pick<SqliteOptions, "readOnly"> = {}): AnyDatabase {
  return database(sourceOf(address, options)) as AnyDatabase;
}

function sourceOf(address: string, options: SqliteOptions): DatabaseSource {
  if (/^postgres(?:ql)?:/.test(address)) return postgres(address);
  if (/^(?:mysql|mariadb):/.test(address)) return mysql(address);
  return sqlite(address, options);
}
