import { sql } from "kysely";
import type { ReferentialAction } from "../../../schema/index.ts";
import type { ColumnKind } from "../../model/index.ts";
import type { AnyDatabase } from "../any-database.ts";
import {
  type ColumnType,
  type ForeignKeyShape,
  type FoundColumn,
  type FoundDatabase,
  type IndexShape,
  isInternal,
  shapeFrom,
} from "../shape/shape.ts";
import { allowedValues } from "./check.ts";
import { initialValue } from "./default.ts";

/** What is in the current schema of a PostgreSQL database. */
export async function introspectPostgres(db: AnyDatabase): Promise<FoundDatabase> {
  const columns = await columnsOf(db);
  const constraints = await constraintsOf(db);
  const indexes = await indexesOf(db);
  const tables = [...Map.groupBy(columns, ({ table }) => table)].filter(([name]) => !isInternal(name));
  return shapeFrom(
    tables.map(([name, rows]) => {
      const own = constraints.filter(({ table }) => table === name);
      const checks = own.filter(({ type }) => type === "c");
      return {
        name,
        columns: rows.map((row) => column(row, checks)),
        primaryKey: own.find(({ type }) => type === "p")?.columns ?? [],
        foreignKeys: own.filter(({ type }) => type === "f").map(foreignKey),
        indexes: indexes
          .filter(({ table }) => table === name)
          .map(({ name: index, columns: over, unique }) => ({ name: index, columns: over, unique })),
      };
    }),
  ) as FoundDatabase;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly identity: string;
  readonly initial: string | null;
}

async function columnsOf(db: AnyDatabase): Promise<readonly ColumnRow[]> {
  const { rows } = await sql<ColumnRow>`
    select t.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as required, a.attidentity::text as identity, pg_get_expr(d.adbin, d.adrelid) as initial
    from pg_attribute a
    join pg_class t on t.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by t.relname, a.attnum`.execute(db);
  return rows;
}

interface ConstraintRow {
  readonly table: string;
  readonly name: string;
  readonly type: "p" | "f" | "c";
  readonly columns: readonly string[];
  readonly target: string | null;
  readonly references: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly text: string;
}

/** The names of a table's columns by their numbers, as JSON: drivers differ in what they make of arrays. */
const namesOf = (table: string, numbers: string) => sql`
  (select coalesce(json_agg(a.attname order by n.position), '[]')::text
   from unnest(${sql.ref(numbers)}) with ordinality as n(number, position)
   join pg_attribute a on a.attrelid = ${sql.ref(table)} and a.attnum = n.number)`;

async function constraintsOf(db: AnyDatabase): Promise<readonly ConstraintRow[]> {
  const { rows } = await sql<Omit<ConstraintRow, "columns" | "references"> & { columns: string; references: string }>`
    select t.relname as "table", c.conname as name, c.contype::text as type, f.relname as target,
      ${namesOf("c.conrelid", "c.conkey")} as columns, ${namesOf("c.confrelid", "c.confkey")} as "references",
      c.confdeltype::text as "onDelete", c.confupdtype::text as "onUpdate", pg_get_constraintdef(c.oid) as text
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    left join pg_class f on f.oid = c.confrelid
    where t.relnamespace = current_schema()::regnamespace and c.contype in ('p', 'f', 'c')
    order by c.oid`.execute(db);
  return rows.map((row) => ({ ...row, columns: namesIn(row.columns), references: namesIn(row.references) }));
}

async function indexesOf(db: AnyDatabase): Promise<readonly (IndexShape & { readonly table: string })[]> {
  const { rows } = await sql<{ table: string; name: string; unique: boolean; columns: string }>`
    select t.relname as "table", i.relname as name, x.indisunique as "unique",
      (select json_agg(a.attname order by n.position)::text
       from unnest(x.indkey::int2[]) with ordinality as n(number, position)
       join pg_attribute a on a.attrelid = x.indrelid and a.attnum = n.number) as columns
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid
    where t.relnamespace = current_schema()::regnamespace
      and not x.indisprimary and x.indexprs is null and x.indpred is null
    order by i.oid`.execute(db);
  return rows.map((row) => ({ ...row, columns: namesIn(row.columns) }));
}

const namesIn = (json: string): readonly string[] => JSON.parse(json) as string[];

function foreignKey({ name, columns, target, references, onDelete, onUpdate }: ConstraintRow): ForeignKeyShape {
  return {
    name,
    columns,
    table: target ?? "",
    references,
    onDelete: ACTIONS[onDelete] ?? "no action",
    onUpdate: ACTIONS[onUpdate] ?? "no action",
  };
}

/** pg_constraint.confdeltype. */
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

function column(row: ColumnRow, checks: readonly ConstraintRow[]): FoundColumn {
  const { name, type, required, identity, initial } = row;
  const storage = type
    .replace("character varying", "varchar")
    .replace(/^timestamp(\(\d\))? with time zone$/, "timestamptz$1")
    .replace(/,(?=\d)/, ", ");
  const declared = typeOf(storage);
  const allowed = checks.flatMap((check) => {
    const found = check.columns.length === 1 && check.columns[0] === name ? allowedValues(check.text) : undefined;
    return found === undefined ? [] : [{ values: found.values, check: check.name }];
  })[0];
  const shape: ColumnType = allowed !== undefined && declared.kind === "text" ? { kind: "enum", ...allowed } : declared;
  const counted = identity !== "" || initial?.startsWith("nextval(") === true;
  return {
    name,
    ...shape,
    nullable: !required,
    ...(counted ? { generated: "identity" as const } : initialValue(initial, shape.kind, MADE)),
    storage,
  };
}

const MADE = { now: /^(?:now\(\)|CURRENT_TIMESTAMP(?:\(\d\))?)$/i, uuid: /^gen_random_uuid\(\)$/i };

const KINDS: Readonly<Record<string, ColumnKind>> = {
  bigint: "integer",
  integer: "int32",
  smallint: "int32",
  real: "number",
  "double precision": "number",
  boolean: "boolean",
  date: "date",
  json: "json",
  jsonb: "json",
  bytea: "bytes",
  uuid: "uuid",
};

function typeOf(storage: string): ColumnType {
  const sizes = [...storage.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (storage.startsWith("numeric"))
    return { kind: "decimal", precision: sizes[0] ?? 38, scale: sizes[1] ?? (sizes.length === 0 ? 2 : 0) };
  if (storage.startsWith("varchar") && sizes[0] !== undefined) return { kind: "text", maxLength: sizes[0] };
  if (storage.startsWith("timestamp")) return { kind: "timestamp" };
  return { kind: KINDS[storage] ?? (storage.endsWith("[]") ? "json" : "text") };
}
