import type { AnyModel, Column } from "../../model/index.ts";
import { ModelError } from "../../model/index.ts";
import { type ColumnShape, type DatabaseShape, type ForeignKeyShape, shapeFrom, type TableShape } from "./shape.ts";

/** Earlier names that models give: of tables by their names of now, of columns by `table.column`. */
export interface RenameHints {
  readonly tables: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, string>>;
}

/** What a database of these models looks like. Errors: a `ModelError` for a reference to a table or column that no model has. */
export function shapeOf(models: readonly AnyModel[]): DatabaseShape {
  const tables = new Map(models.map((model) => [model.table, model]));
  if (tables.size < models.length) {
    const twice = models.find(({ table }, index) => models.findIndex((other) => other.table === table) < index)!;
    throw new ModelError(twice.table, undefined, "two models declare this table");
  }
  return shapeFrom(models.map((model) => tableShape(model, tables)));
}

/** The earlier names that models give. */
export function renameHints(models: readonly AnyModel[]): RenameHints {
  return {
    tables: Object.fromEntries(
      models.flatMap(({ table, renamedFrom }) => (renamedFrom === undefined ? [] : [[table, renamedFrom]])),
    ),
    columns: Object.fromEntries(
      models.flatMap(({ table, columns }) =>
        [...columns.values()].flatMap(({ name, renamedFrom }) =>
          renamedFrom === undefined ? [] : [[`${table}.${name}`, renamedFrom]],
        ),
      ),
    ),
  };
}

function tableShape(model: AnyModel, models: ReadonlyMap<string, AnyModel>): TableShape {
  const { table, columns, primaryKey, indexes } = model;
  return {
    name: table,
    columns: [...columns.values()].map((column) => columnShape(table, column)),
    primaryKey,
    foreignKeys: [...columns.values()].flatMap((column) => foreignKey(table, column, models)),
    indexes: indexes.map(({ name, columns: over, unique }) => ({ name: bounded(name), columns: over, unique })),
  };
}

function columnShape(table: string, column: Column): ColumnShape {
  const { name, kind, nullable, generated, maxLength, decimal, values } = column;
  const initial = plain(column.default);
  return {
    name,
    kind,
    ...(kind === "text" && maxLength !== undefined ? { maxLength } : {}),
    ...(kind === "decimal" && decimal !== undefined ? { precision: decimal.precision, scale: decimal.scale } : {}),
    ...(kind === "enum" ? { values: values ?? [], check: bounded(`${table}_${name}_check`) } : {}),
    nullable,
    ...(generated === undefined ? {} : { generated }),
    ...(initial === undefined || initial === null ? {} : { default: initial }),
  };
}

/** PostgreSQL cuts names to 63 bytes, of which two may then be the same; MySQL refuses more than 64 characters. */
const LONGEST_NAME = 63;

function bounded(name: string): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= LONGEST_NAME) return name;
  const digest = Bun.hash.crc32(bytes).toString(16).padStart(8, "0");
  return `${new TextDecoder().decode(bytes.subarray(0, LONGEST_NAME - 9), { stream: true })}_${digest}`;
}

/** A value in its JSON form. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return value.toBase64();
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function foreignKey(
  table: string,
  { name, references }: Column,
  models: ReadonlyMap<string, AnyModel>,
): ForeignKeyShape[] {
  if (references === undefined) return [];
  const target = models.get(references.table);
  if (target === undefined) {
    throw new ModelError(table, name, `it refers to the table "${references.table}", of which there is no model`);
  }
  if (!target.columns.has(references.column)) {
    throw new ModelError(table, name, `"${references.table}" has no column "${references.column}" to refer to`);
  }
  const { onDelete = "no action", onUpdate = "no action" } = references;
  return [
    {
      name: bounded(`${table}_${name}_foreign`),
      columns: [name],
      table: references.table,
      references: [references.column],
      onDelete,
      onUpdate,
    },
  ];
}
