import { database } from "../database.ts";
import type { DatabaseSource } from "../engine/index.ts";
import { mysql, postgres } from "../sql/index.ts";
import { sqlite } from "../sqlite/index.ts";
import type { AnyDatabase } from "./dialect.ts";

/** Opens what a person names: a URL of PostgreSQL or MySQL, else the path of a SQLite file. */
export function openAddress(address: string): AnyDatabase {
  return database(sourceOf(address)) as AnyDatabase;
}

function sourceOf(address: string): DatabaseSource {
  if (/^postgres(?:ql)?:/.test(address)) return postgres(address);
  if (/^(?:mysql|mariadb):/.test(address)) return mysql(address);
  return sqlite(address.replace(/^(?:sqlite|file):(?:\/\/)?/, ""));
}
