import { database } from "../../../src/data/database.ts";
import type { AnyModel } from "../../../src/data/model/index.ts";
import type { AnyDatabase } from "../../../src/data/migrate/index.ts";
import { mysql, postgres } from "../../../src/data/sql/index.ts";
import { sqlite } from "../../../src/data/sqlite/index.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../servers/index.ts";

/** A kind of database to try migrations on. */
export interface Kind {
  readonly name: "SQLite" | "PostgreSQL" | "MariaDB";
  readonly missing: boolean;
  /** A new, empty one; with models, values come out as they say. */
  open(models?: readonly AnyModel[]): Promise<AnyDatabase & AsyncDisposable>;
}

const recordOf = (models: readonly AnyModel[]) => Object.fromEntries(models.map((model) => [model.table, model]));

/** All three; those that are not installed are missing. */
export const KINDS: readonly Kind[] = [
  {
    name: "SQLite",
    missing: false,
    open: async (models = []) => database(sqlite(":memory:"), recordOf(models)),
  },
  {
    name: "PostgreSQL",
    missing: noPostgres,
    open: async (models = []) => database(postgres(await (await postgresServer()).database()), recordOf(models)),
  },
  {
    name: "MariaDB",
    missing: noMariadb,
    open: async (models = []) => database(mysql(await (await mariadbServer()).database()), recordOf(models)),
  },
];
