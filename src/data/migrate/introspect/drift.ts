import type { DialectName } from "../../engine/index.ts";
import {
  type ColumnShape,
  type DatabaseShape,
  type ForeignKeyShape,
  type FoundColumn,
  type FoundDatabase,
  type FoundTable,
  type IndexShape,
  keyedColumns,
  type TableShape,
} from "../shape/shape.ts";
import { declaredType } from "../shape/storage.ts";

/**
 * Where a database is not as it should be, one sentence each. Tables and indexes that nobody expects are left alone: they may be
 * somebody else's.
 */
export function driftOf(dialect: DialectName, expected: DatabaseShape, found: FoundDatabase): string[] {
  return Object.values(expected.tables).flatMap((table) => {
    const actual = found.tables[table.name];
    return actual === undefined ? [`there is no table ${table.name}`] : tableDrift(dialect, table, actual);
  });
}

function tableDrift(dialect: DialectName, expected: TableShape, found: FoundTable): string[] {
  const { name } = expected;
  const keyed = keyedColumns(expected);
  const said = (sentence: string) => `${name}${sentence}`;
  const hasKey = (keys: readonly ForeignKeyShape[], key: ForeignKeyShape) =>
    keys.some((other) => Bun.deepEquals(nameless(other, dialect), nameless(key, dialect)));
  return [
    ...expected.columns.flatMap((column) => {
      const actual = found.columns.find((other) => other.name === column.name);
      return actual === undefined
        ? [`${name}.${column.name} is missing`]
        : columnDrift(dialect, column, actual, keyed.has(column.name)).map((sentence) =>
            said(`.${column.name} ${sentence}`),
          );
    }),
    ...found.columns
      .filter((column) => !expected.columns.some((other) => other.name === column.name))
      .map((column) => said(`.${column.name} is in no migration`)),
    ...(Bun.deepEquals(expected.primaryKey, found.primaryKey)
      ? []
      : [said(`: its primary key is ${listed(found.primaryKey)}, not ${listed(expected.primaryKey)}`)]),
    ...expected.foreignKeys
      .filter((key) => !hasKey(found.foreignKeys, key))
      .map((key) => said(`: the foreign key of ${listed(key.columns)} to ${key.table} is missing or another`)),
    ...found.foreignKeys
      .filter((key) => !hasKey(expected.foreignKeys, key))
      .map((key) => said(`: a foreign key of ${listed(key.columns)} to ${key.table} is in no migration`)),
    ...expected.indexes
      .filter((index) => !hasIndex(found, index))
      .map(({ columns, unique }) =>
        said(`: the ${unique ? "unique index" : "index"} on ${listed(columns)} is missing`),
      ),
  ];
}

const hasIndex = ({ indexes }: TableShape, { columns, unique }: IndexShape): boolean =>
  indexes.some((other) => other.unique === unique && Bun.deepEquals(other.columns, columns));

const listed = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

function nameless(key: ForeignKeyShape, dialect: DialectName): ForeignKeyShape {
  const action = (rule: ForeignKeyShape["onDelete"]) =>
    dialect === "mysql" && rule === "restrict" ? "no action" : rule;
  return { ...key, name: "", onDelete: action(key.onDelete), onUpdate: action(key.onUpdate) };
}

function columnDrift(dialect: DialectName, expected: ColumnShape, found: FoundColumn, keyed: boolean): string[] {
  const storage = declaredType(dialect, expected, keyed).replace(/ character set .*$/, "");
  const [wanted, actual] = [initial(dialect, expected), initial(dialect, found)];
  return [
    ...(storage === found.storage ? [] : [`is ${found.storage}, not ${storage}`]),
    ...(expected.nullable === found.nullable ? [] : [found.nullable ? "may be null" : "may not be null"]),
    ...(wanted === actual ? [] : [`has ${actual === NONE ? "no default" : `the default ${actual}`}, not ${wanted}`]),
    ...(expected.kind === "enum" && !Bun.deepEquals(expected.values, found.values)
      ? [
          `allows ${found.values === undefined ? "any text" : found.values.join(", ")}, not ${(expected.values ?? []).join(", ")}`,
        ]
      : []),
  ];
}

const NONE = "none";

function initial(dialect: DialectName, { kind, generated, expression, ...column }: ColumnShape): string {
  // Every INTEGER PRIMARY KEY of SQLite counts by itself.
  if (generated !== undefined) return dialect === "sqlite" && generated === "identity" ? NONE : generated;
  if (expression !== undefined) return expression;
  if (!("default" in column)) return NONE;
  // JSON in a database may have its keys in another order; a number in a text column is written as it likes.
  const { default: value } = column;
  if (dialect === "sqlite" && typeof value !== "object")
    return JSON.stringify(`${typeof value === "boolean" ? Number(value) : (value as string | number)}`);
  return kind === "json"
    ? JSON.stringify(sorted(value))
    : JSON.stringify(typeof value === "boolean" ? value : String(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
