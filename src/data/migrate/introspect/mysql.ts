import { sql } from "kysely";
import type { ReferentialAction } from "../../../schema/index.ts";
import type { ColumnKind } from "../../model/index.ts";
import type { AnyDatabase } from "../any-database.ts";
import {
  type ColumnType,
  type ForeignKeyShape,
  type FoundColumn,
  type FoundDatabase,
  isInternal,
  shapeFrom,
} from "../shape/shape.ts";
import { allowedValues } from "./check.ts";
import { initialValue } from "./default.ts";

/** What is in the current database of a MySQL or MariaDB server. */
export async function introspectMysql(db: AnyDatabase): Promise<FoundDatabase> {
  const isMariadb = /mariadb/i.test((await sql<{ v: string }>`select version() as v`.execute(db)).rows[0]?.v ?? "");
  const columns = await columnsOf(db);
  const checks = await checksOf(db);
  const keys = await keysOf(db);
  const indexes = await indexesOf(db);
  const tables = [...Map.groupBy(columns, ({ table }) => table)].filter(([name]) => !isInternal(name));
  return shapeFrom(
    tables.map(([name, rows]) => {
      const foreignKeys = keys.filter(({ table }) => table === name).map(({ key }) => key);
      const own = indexes.filter(({ table }) => table === name);
      const isKeys = (index: string) => foreignKeys.some((key) => key.name === index);
      return {
        name,
        columns: rows.map((row) => column(row, checks.get(name) ?? [], isMariadb)),
        primaryKey: own.find(({ index }) => index.name === "PRIMARY")?.index.columns ?? [],
        foreignKeys,
        // An index of a foreign key's name was made for it, where no other could serve.
        indexes: own.map(({ index }) => index).filter((index) => index.name !== "PRIMARY" && !isKeys(index.name)),
      };
    }),
  ) as FoundDatabase;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly initial: string | null;
  readonly extra: string;
}

async function columnsOf(db: AnyDatabase): Promise<readonly ColumnRow[]> {
  const { rows } = await sql<ColumnRow>`
    select c.table_name as \`table\`, c.column_name as name, c.column_type as type, c.is_nullable as nullable,
      c.column_default as initial, c.extra as extra
    from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = database() and t.table_type = 'BASE TABLE'
      and (c.generation_expression is null or c.generation_expression = '')
    order by c.table_name, c.ordinal_position`.execute(db);
  return rows.map((row) => ({ ...row, type: asText(row.type), initial: row.initial && asText(row.initial) }));
}

interface Check {
  readonly name: string;
  readonly text: string;
}

/** By table. */
async function checksOf(db: AnyDatabase): Promise<ReadonlyMap<string, readonly Check[]>> {
  const { rows } = await sql<{ table: string } & Check>`
    select t.table_name as \`table\`, t.constraint_name as name, c.check_clause as text
    from information_schema.table_constraints t
    join information_schema.check_constraints c
      on c.constraint_schema = t.constraint_schema and c.constraint_name = t.constraint_name
    where t.table_schema = database() and t.constraint_type = 'CHECK'`.execute(db);
  return Map.groupBy(
    rows.map((row) => ({ ...row, text: standardSql(asText(row.text)) })),
    ({ table }) => table,
  );
}

async function keysOf(db: AnyDatabase): Promise<readonly { readonly table: string; readonly key: ForeignKeyShape }[]> {
  const { rows } = await sql<{
    table: string;
    name: string;
    column: string;
    target: string;
    reference: string;
    onDelete: string;
    onUpdate: string;
  }>`
    select k.table_name as \`table\`, k.constraint_name as name, k.column_name as \`column\`,
      k.referenced_table_name as target, k.referenced_column_name as reference,
      r.delete_rule as onDelete, r.update_rule as onUpdate
    from information_schema.key_column_usage k
    join information_schema.referential_constraints r
      on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
    where k.table_schema = database()
    order by k.table_name, k.constraint_name, k.ordinal_position`.execute(db);
  return [...Map.groupBy(rows, ({ table, name }) => `${table} ${name}`).values()].map((parts) => {
    const { table, name, target, onDelete, onUpdate } = parts[0]!;
    const columns = parts.map(({ column: each }) => each);
    const references = parts.map(({ reference }) => reference);
    return {
      table,
      key: { name, columns, table: target, references, onDelete: action(onDelete), onUpdate: action(onUpdate) },
    };
  });
}

/** InnoDB treats both alike, and MariaDB shows one as the other. */
function action(rule: string): ReferentialAction {
  const lower = rule.toLowerCase();
  return lower === "restrict" ? "no action" : (lower as ReferentialAction);
}

async function indexesOf(db: AnyDatabase) {
  const { rows } = await sql<{ table: string; name: string; column: string | null; part: unknown; repeats: unknown }>`
    select table_name as \`table\`, index_name as name, column_name as \`column\`, sub_part as part, non_unique as repeats
    from information_schema.statistics where table_schema = database()
    order by table_name, index_name, seq_in_index`.execute(db);
  return [...Map.groupBy(rows, ({ table, name }) => `${table} ${name}`).values()]
    .filter((parts) => parts.every(({ column: each, part }) => each !== null && part === null))
    .map((parts) => ({
      table: parts[0]!.table,
      index: {
        name: parts[0]!.name,
        columns: parts.flatMap(({ column: each }) => each ?? []),
        unique: Number(parts[0]!.repeats) === 0,
      },
    }));
}

function column(row: ColumnRow, checks: readonly Check[], isMariadb: boolean): FoundColumn {
  const { name, nullable, extra } = row;
  // MariaDB keeps JSON as a text that a check of the column's name holds to be valid.
  const isJson = checks.some(
    ({ text }) => text.replaceAll(/[()`\s]/g, "").toLowerCase() === `json_valid${name.toLowerCase()}`,
  );
  const storage = isJson
    ? "json"
    : row.type
        .toLowerCase()
        .replace(/^(bigint|int|smallint|mediumint)\(\d+\)/, "$1")
        .replace(/,(?=\d)/, ", ");
  const declared = typeOf(storage);
  const allowed = checks.flatMap((check) => {
    const found = allowedValues(check.text);
    return found?.column === name ? [{ values: found.values, check: check.name }] : [];
  })[0];
  const shape: ColumnType = allowed !== undefined && declared.kind === "text" ? { kind: "enum", ...allowed } : declared;
  const counted = /auto_increment/i.test(extra);
  return {
    name,
    ...shape,
    nullable: nullable === "YES",
    ...(counted ? { generated: "identity" as const } : initialValue(written(row, isMariadb), shape.kind, MADE)),
    storage,
  };
}

/** MariaDB gives a default as SQL; MySQL gives the bare value, unless it is an expression. */
function written({ initial, extra }: ColumnRow, isMariadb: boolean): string | null {
  if (initial === null) return null;
  if (isMariadb || /default_generated/i.test(extra)) return standardSql(initial);
  return `'${initial.replaceAll("'", "''")}'`;
}

const MADE = { now: /^current_timestamp(?:\(\d?\))?$/i, uuid: /^uuid\(\)$/i };

const KINDS: readonly (readonly [type: RegExp, kind: ColumnKind])[] = [
  [/^tinyint\(1\)/, "boolean"],
  [/^bigint/, "integer"],
  [/^(?:int|smallint|mediumint|tinyint|year)/, "int32"],
  [/^(?:double|float)/, "number"],
  [/^(?:datetime|timestamp)/, "timestamp"],
  [/^date$/, "date"],
  [/^json$/, "json"],
  [/blob$|binary/, "bytes"],
  [/^(?:char\(36\)|uuid)$/, "uuid"],
];

function typeOf(storage: string): ColumnType {
  const sizes = [...storage.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (storage.startsWith("decimal")) return { kind: "decimal", precision: sizes[0] ?? 10, scale: sizes[1] ?? 0 };
  const members = /^enum\((?<list>.*)\)$/.exec(storage)?.groups?.["list"];
  if (members !== undefined)
    return {
      kind: "enum",
      values: [...members.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'")),
    };
  const kind = KINDS.find(([pattern]) => pattern.test(storage))?.[1] ?? "text";
  return kind === "text" && /char\(/.test(storage) ? { kind, maxLength: sizes[0] ?? 255 } : { kind };
}

/** MySQL 8 gives some of these columns as blobs. */
const asText = (value: unknown): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);

/** Texts of standard SQL, of those that MySQL escapes with backslashes; MySQL 8 escapes the quotes around them too. */
function standardSql(text: string): string {
  return text
    .replaceAll(/(_\w+\s*)\\'(.*?)\\'/g, "$1'$2'")
    .replaceAll(/'((?:[^'\\]|\\[^]|'')*)'/g, (_, inner: string) => {
      const plain = inner
        .replaceAll("''", "'")
        .replaceAll(/\\([^])/g, (__, escaped: string) => ESCAPES[escaped] ?? escaped);
      return `'${plain.replaceAll("'", "''")}'`;
    });
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", "0": "\0", Z: "\x1A" };
