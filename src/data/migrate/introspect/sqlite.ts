import { sql } from "kysely";
import type { ReferentialAction } from "../../../schema/index.ts";
import type { ColumnKind } from "../../model/index.ts";
import { RANDOM_UUID } from "../column-types.ts";
import type { AnyDatabase } from "../any-database.ts";
import {
  type ColumnType,
  type ForeignKeyShape,
  type FoundColumn,
  type FoundDatabase,
  type FoundTable,
  type IndexShape,
  isInternal,
  shapeFrom,
} from "../shape/shape.ts";
import { type ColumnDefinition, parseTable, type TableDefinition } from "../sqlite/definition.ts";
import { allowedValues } from "./check.ts";
import { initialValue } from "./default.ts";

/** What is in a SQLite database; virtual tables and their shadows, views and temporary tables are left out. */
export async function introspectSqlite(db: AnyDatabase): Promise<FoundDatabase> {
  const { rows } = await sql<{ name: string; text: string }>`
    select list.name, schema.sql as text from pragma_table_list as list join sqlite_schema as schema on schema.name = list.name
    where list.schema = 'main' and list.type = 'table' and schema.type = 'table' and list.name not like 'sqlite\\_%' escape '\\'`.execute(
    db,
  );
  const tables: FoundTable[] = [];
  for (const { name, text } of rows) if (!isInternal(name)) tables.push(await tableOf(db, name, parseTable(text)));
  return shapeFrom(tables) as FoundDatabase;
}

async function tableOf(db: AnyDatabase, name: string, definition: TableDefinition): Promise<FoundTable> {
  const { rows } = await sql<{ name: string; pk: number; notnull: number }>`
    select name, pk, "notnull" from pragma_table_info(${name}) order by pk, cid`.execute(db);
  const primaryKey = rows.filter(({ pk }) => Number(pk) > 0).map((row) => row.name);
  const required = new Set(rows.filter((row) => Number(row.notnull) === 1).map((row) => row.name));
  const checks = new Map(
    [...definition.constraints, ...definition.columns.flatMap(({ clauses }) => clauses)].flatMap((part) => {
      const allowed = part.kind === "check" ? allowedValues(part.inner) : undefined;
      return allowed === undefined ? [] : [[allowed.column, { values: allowed.values, check: part.name ?? "" }]];
    }),
  );
  return {
    name,
    columns: definition.columns
      .filter(({ clauses }) => !clauses.some(({ kind }) => kind === "generated"))
      .map((column) => columnOf(column, required, primaryKey, checks.get(column.name))),
    primaryKey,
    foreignKeys: await foreignKeysOf(db, name, definition),
    indexes: await indexesOf(db, name),
  };
}

function columnOf(
  { name, type, clauses }: ColumnDefinition,
  required: ReadonlySet<string>,
  primaryKey: readonly string[],
  allowed: Pick<ColumnType, "values" | "check"> | undefined,
): FoundColumn {
  const declared = typeOf(type);
  const written = clauses.find(({ kind }) => kind === "default")?.inner;
  const { kind, ...size }: ColumnType =
    allowed !== undefined && declared.kind === "text" ? { kind: "enum", ...allowed } : declared;
  const isKey = primaryKey.length === 1 && primaryKey[0] === name;
  const identity = isKey && type.toLowerCase() === "integer";
  const initial = identity ? ({ generated: "identity" } as const) : initialValue(written, kind, MADE);
  return {
    name,
    kind: initial.generated === "uuid" && kind === "text" ? "uuid" : kind,
    ...size,
    nullable: !required.has(name) && !primaryKey.includes(name),
    ...initial,
    storage: type.toLowerCase(),
  };
}

const MADE = {
  now: /^strftime\('%Y-%m-%dT%H:%M:%fZ', ?'now'\)$/i,
  uuid: new RegExp(`^${RegExp.escape(RANDOM_UUID.sqlite.slice(1, -1))}$`, "i"),
};

/** Declared types that say more than SQLite's affinities (sqlite.org/datatype3.html), which come last. */
const TYPES: readonly (readonly [type: RegExp, kind: ColumnKind])[] = [
  [/^timestamp text$/, "timestamp"],
  [/^date(?: text)?$/, "date"],
  [/^jsonb?(?: text)?$/, "json"],
  [/^bool(?:ean)?$|^tinyint\(1\)$/, "boolean"],
  [/^bigint$/, "bigint"],
  [/^uuid$/, "uuid"],
  [/int/, "integer"],
  [/char|clob|text/, "text"],
  [/blob|^$/, "bytes"],
  [/real|floa|doub|numeric|decimal/, "number"],
];

function typeOf(written: string): ColumnType {
  const type = written.toLowerCase();
  const kind = TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "text";
  const length = kind === "text" ? /char\w*\s*\((\d+)\)/.exec(type)?.[1] : undefined;
  return length === undefined ? { kind } : { kind, maxLength: Number(length) };
}

/** The pragma knows no names: they are those of the constraints over the same columns. */
async function foreignKeysOf(
  db: AnyDatabase,
  table: string,
  { constraints }: TableDefinition,
): Promise<readonly ForeignKeyShape[]> {
  const { rows } = await sql<{
    id: number;
    from: string;
    table: string;
    to: string | null;
    on_delete: string;
    on_update: string;
  }>`select id, "from", "table", "to", on_delete, on_update from pragma_foreign_key_list(${table}) order by id desc, seq`.execute(
    db,
  );
  const keys = [...Map.groupBy(rows, ({ id }) => id).values()];
  return Promise.all(
    keys.map(async (parts) => {
      const first = parts[0]!;
      const columns = parts.map(({ from }) => from);
      const named = constraints.find(
        ({ kind, columns: over }) => kind === "foreign key" && Bun.deepEquals(over, columns),
      );
      const references = parts.flatMap(({ to }) => to ?? []);
      return {
        name: named?.name ?? "",
        columns,
        table: first.table,
        references: references.length > 0 ? references : await primaryKeyOf(db, first.table),
        onDelete: first.on_delete.toLowerCase() as ReferentialAction,
        onUpdate: first.on_update.toLowerCase() as ReferentialAction,
      };
    }),
  );
}

async function primaryKeyOf(db: AnyDatabase, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pragma_table_info(${table}) where pk > 0 order by pk`.execute(db);
  return rows.map(({ name }) => name);
}

/** Indexes of whole columns over all rows, and the columns of unique constraints; those of expressions are left alone. */
async function indexesOf(db: AnyDatabase, table: string): Promise<readonly IndexShape[]> {
  const { rows } = await sql<{ name: string; unique: number; columns: string }>`
    select name, "unique",
      (select json_group_array(info.name) from pragma_index_info(list.name) as info) as columns
    from pragma_index_list(${table}) as list where origin <> 'pk' and partial = 0 order by seq desc`.execute(db);
  return rows
    .map(({ name, unique, columns }) => ({
      name,
      columns: JSON.parse(columns) as (string | null)[],
      unique: Number(unique) === 1,
    }))
    .filter((index): index is IndexShape & { columns: string[] } => !index.columns.includes(null));
}
