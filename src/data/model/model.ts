import { type Column, columnOf } from "./column.ts";
import { ModelError } from "./error.ts";
import type { Relation } from "./relation.ts";
import { type Columns, type Schemas, schemasOf } from "./schemas.ts";

/** An index over several columns, in their order. */
export interface Index {
  readonly columns: readonly string[];
  readonly unique?: boolean;
  /** Default: `<table>_<columns>_index`, or `_unique`. */
  readonly name?: string;
}

/** The relations of a model by their names. */
export type Relations = Readonly<Record<string, Relation>>;

/** What a table has beyond its columns; columns are named as the model names them. */
export interface ModelOptions<K extends string, R extends Relations> {
  /** Default: the `t.PrimaryKey()` column. */
  readonly primaryKey?: readonly K[];
  /** Sets of columns that no two rows share. */
  readonly unique?: readonly (readonly K[])[];
  readonly indexes?: readonly (readonly K[] | (Index & { readonly columns: readonly K[] }))[];
  readonly relations?: R;
  /** What the document calls the row; default: the table's name in PascalCase. */
  readonly name?: string;
  /** The table's earlier name: `bolide migrate make` renames it, and asks nothing. */
  readonly renamedFrom?: string;
}

/**
 * A table: its columns and what follows from them. `public`, `create`, `update` and `row` are TypeBox schemas: what a client
 * is shown, sends to make a row, sends to change one, and what the database returns.
 */
export interface Model<
  T extends string = string,
  C extends Columns = Columns,
  R extends Relations = Relations,
> extends Schemas<C> {
  readonly table: T;
  readonly name: string;
  readonly declared: C;
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: readonly string[];
  /** Every index and unique set, those of single columns included, named. */
  readonly indexes: readonly Required<Index>[];
  readonly relations: R;
  readonly renamedFrom: string | undefined;
}

/** A model of which only what runs is looked at, not its types. */
export type AnyModel = Omit<Model, "row" | "public" | "create" | "update"> & {
  readonly [S in "row" | "public" | "create" | "update"]: import("../../schema/index.ts").TObject;
};

/**
 * Declares a table once: its Kysely type (`TablesOf`), its schemas, its migrations, its relations. Column types are those of
 * `t`; `unique`, `index`, `readOnly`, `writeOnly` and `default` are options of theirs. Throws a `ModelError` for what no
 * database can do, or a column that is named and missing.
 *
 * @example
 * const User = model("users", {
 *   id: t.PrimaryKey(),
 *   email: t.String({ format: "email", unique: true }),
 *   password: t.String({ writeOnly: true }),
 *   createdAt: t.Timestamp({ default: "now", readOnly: true }),
 * });
 */
export function model<const T extends string, C extends Columns, const R extends Relations = {}>(
  table: T,
  declared: C,
  options: ModelOptions<keyof C & string, R> = {},
): Model<T, C, R> {
  const columns = new Map(Object.entries(declared).map(([name, schema]) => [name, columnOf(table, name, schema)]));
  const fail = (problem: string, column?: string): never => {
    throw new ModelError(table, column, problem);
  };
  if (columns.size === 0) fail("it has no columns");
  const primaryKey =
    options.primaryKey ?? [...columns.values()].filter((column) => column.primaryKey).map(({ name }) => name);
  if (primaryKey.length === 0)
    fail("it has no primary key; give a column t.PrimaryKey(), or name columns in primaryKey");
  const indexes = indexesOf(table, [...columns.values()], options);
  const { relations = {} as R } = options;
  for (const name of [...primaryKey, ...indexes.flatMap((index) => index.columns)])
    if (!columns.has(name)) fail("a key or an index names it, but there is no such column", name);
  for (const name of primaryKey) if (columns.get(name)?.nullable === true) fail("a primary key is never null", name);
  for (const [name, relation] of Object.entries<Relation>(relations)) {
    if (columns.has(name)) fail("a relation has the name of a column", name);
    if (relation.kind === "belongsTo" && !columns.has(relation.column))
      fail(`the relation "${name}" names it, but there is no such column`, relation.column);
  }
  const name = options.name ?? pascalCase(table);
  return Object.freeze({
    table,
    name,
    declared,
    columns,
    primaryKey,
    indexes,
    relations,
    renamedFrom: options.renamedFrom,
    ...schemasOf<C>(name, [...columns.values()]),
  });
}

function indexesOf(
  table: string,
  columns: readonly Column[],
  options: ModelOptions<string, Relations>,
): readonly Required<Index>[] {
  const named = (index: Index): Required<Index> => {
    const unique = index.unique ?? false;
    const name = index.name ?? `${table}_${index.columns.join("_")}_${unique ? "unique" : "index"}`;
    return { columns: index.columns, unique, name };
  };
  return [
    ...columns.filter((column) => column.unique).map(({ name }) => named({ columns: [name], unique: true })),
    ...(options.unique ?? []).map((set) => named({ columns: set, unique: true })),
    ...columns.filter((column) => column.index && !column.unique).map(({ name }) => named({ columns: [name] })),
    ...(options.indexes ?? []).map((index) => named("columns" in index ? index : { columns: index })),
  ];
}

const pascalCase = (table: string): string =>
  table.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
