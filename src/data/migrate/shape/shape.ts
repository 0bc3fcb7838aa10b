import type { ReferentialAction } from "../../../schema/index.ts";
import type { ColumnKind } from "../../model/index.ts";

/** The tables of a database, as models, snapshots and databases all describe them: plain data, the same as JSON. */
export interface DatabaseShape {
  /** By name, in the order of their names. */
  readonly tables: Readonly<Record<string, TableShape>>;
}

/** One table. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly indexes: readonly IndexShape[];
}

/** What a column's values are. */
export interface ColumnType {
  readonly kind: ColumnKind;
  /** Of a text, in characters. */
  readonly maxLength?: number;
  /** Of a decimal. */
  readonly precision?: number;
  readonly scale?: number;
  /** Of an enum; a check constraint named `check` keeps others out. */
  readonly values?: readonly string[];
  readonly check?: string;
}

/** One column. */
export interface ColumnShape extends ColumnType {
  readonly name: string;
  readonly nullable: boolean;
  /** The database makes a value when an insert has none. */
  readonly generated?: "identity" | "uuid" | "now";
  /** The value that an insert without one gets, as JSON. */
  readonly default?: unknown;
  /** A default of a database that is no plain value: its SQL. */
  readonly expression?: string;
}

/** A foreign key; `no action` is what a database does when nothing is said. */
export interface ForeignKeyShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** An index over columns. */
export interface IndexShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** A database without tables. */
export const EMPTY: DatabaseShape = { tables: {} };

/** A shape of these tables. */
export function shapeFrom(tables: readonly TableShape[]): DatabaseShape {
  const sorted = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { tables: Object.fromEntries(sorted.map((table) => [table.name, table])) };
}

/** The columns that a key or an index begins with or consists of: those whose texts must be short in MySQL. */
export function keyedColumns(table: TableShape): ReadonlySet<string> {
  return new Set([
    ...table.primaryKey,
    ...table.foreignKeys.flatMap(({ columns }) => columns),
    ...table.indexes.flatMap(({ columns }) => columns),
  ]);
}

/** A table as a database describes it. */
export interface FoundTable extends TableShape {
  readonly columns: readonly FoundColumn[];
}

/** A column as a database describes it: `kind` is what its declaration means, as well as it can be told. */
export interface FoundColumn extends ColumnShape {
  /** How it is declared, in the words of `declaredType`. */
  readonly storage: string;
}

/** What is in a database. */
export interface FoundDatabase extends DatabaseShape {
  readonly tables: Readonly<Record<string, FoundTable>>;
}

/** Tables of Kysely's migrator and of Bolide itself, which no model has. */
export const isInternal = (table: string): boolean => /^(?:kysely_migration|bolide_)/.test(table);
