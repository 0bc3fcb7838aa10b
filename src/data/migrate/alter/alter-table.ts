import type { Expression } from "kysely";
import type { DialectName } from "../../engine/index.ts";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";
import { alterMysql } from "./mysql.ts";
import { alterPostgres } from "./postgres.ts";
import { alterSqlite } from "./sqlite.ts";
import type { Alter, AlterStep, BuildColumn, BuildForeignKey, DataType } from "./step.ts";

/**
 * Changes a table, with the same words on every database: what PostgreSQL says with `alter column`, MySQL with `modify column`, and
 * SQLite only by a new table that the rows are copied into (see `rebuildTable`). Steps run in the order of their calls.
 *
 * @example
 * await alterTable(db, "users")
 *   .renameColumn("name", "fullName")
 *   .addColumn("age", type.int32, (column) => column.notNull().defaultTo(0))
 *   .changeColumn("email", type.text(100), (column) => column.notNull())
 *   .dropColumn("bio")
 *   .execute();
 */
export function alterTable(db: AnyDatabase, table: string): TableAlteration {
  return new TableAlteration(db, table, []);
}

const ALTER: Readonly<Record<DialectName, Alter>> = {
  sqlite: alterSqlite,
  postgres: alterPostgres,
  mysql: alterMysql,
};

/** The changes of one table; each call adds one, `execute` makes them. */
export class TableAlteration {
  readonly #db: AnyDatabase;
  readonly #table: string;
  readonly #steps: readonly AlterStep[];

  constructor(db: AnyDatabase, table: string, steps: readonly AlterStep[]) {
    this.#db = db;
    this.#table = table;
    this.#steps = steps;
  }

  #with(step: AlterStep): TableAlteration {
    return new TableAlteration(this.#db, this.#table, [...this.#steps, step]);
  }

  renameColumn(from: string, to: string): TableAlteration {
    return this.#with({ kind: "renameColumn", from, to });
  }

  /** A column as Kysely's `addColumn` takes it. */
  addColumn(name: string, type: DataType, build: BuildColumn = same): TableAlteration {
    return this.#with({ kind: "addColumn", name, type, build });
  }

  /** Defines a column anew, as a whole: without `notNull()` it may be null, without `defaultTo()` it has no default. Values are cast. */
  changeColumn(name: string, type: DataType, build: BuildColumn = same): TableAlteration {
    return this.#with({ kind: "changeColumn", name, type, build });
  }

  dropColumn(name: string): TableAlteration {
    return this.#with({ kind: "dropColumn", name });
  }

  addForeignKeyConstraint(
    name: string,
    columns: readonly string[],
    table: string,
    references: readonly string[],
    build: BuildForeignKey = same,
  ): TableAlteration {
    return this.#with({ kind: "addForeignKey", name, columns, table, references, build });
  }

  addCheckConstraint(name: string, expression: Expression<unknown>): TableAlteration {
    return this.#with({ kind: "addCheck", name, expression });
  }

  dropConstraint(name: string): TableAlteration {
    return this.#with({ kind: "dropConstraint", name });
  }

  dropIndex(name: string): TableAlteration {
    return this.#with({ kind: "dropIndex", name });
  }

  changePrimaryKey(columns: readonly string[]): TableAlteration {
    return this.#with({ kind: "changePrimaryKey", columns });
  }

  execute(): Promise<void> {
    return ALTER[dialectOf(this.#db)](this.#db, this.#table, this.#steps);
  }
}

const same = <T>(builder: T): T => builder;
