import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DialectName } from "../engine/index.ts";
import { executorOf } from "../executor.ts";

/** Changes of many rows, as one statement makes them. */
export interface Changes {
  readonly table: string;
  readonly key: readonly string[];
  /** The columns that differ from row to row. */
  readonly columns: readonly string[];
  /** What all rows get. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

type Change = (db: Kysely<any>, changes: Changes) => Promise<number>;

/** The name of the list of changes beside the table. */
const LIST = "changes";

/** The server knows the types of its own columns: it reads the rows from JSON, so the text of the statement is always the same. */
const postgres: Change = (db, changes) => {
  const names = [...changes.key, ...changes.columns];
  const rows = changes.rows.map((row) => Object.fromEntries(names.map((name) => [name, inJson(row[name])])));
  // As a text: for a JSON parameter some drivers write their own JSON.
  const text = sql<string>`cast(${JSON.stringify(rows)} as text)`;
  const list = sql`json_populate_recordset(null::${sql.table(changes.table)}, cast(${text} as json))`;
  return joined(db, changes, list, (name) => `${LIST}.${name}`);
};

/** What PostgreSQL reads as a value of the column's type. */
function inJson(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return `\\x${value.toHex()}`;
  // JSON would make null of a date that is none.
  return value instanceof Date ? value.toISOString() : value;
}

/** SQLite names the columns of a list of values by their numbers; their types do not matter to it. */
const sqlite: Change = (db, changes) => {
  const names = [...changes.key, ...changes.columns];
  const encode = encoder(db, changes.table);
  const rows = changes.rows.map((row) => sql`(${sql.join(names.map((name) => encode(name, row[name])))})`);
  const list = sql`(values ${sql.join(rows)})`;
  return joined(db, changes, list, (name) => `${LIST}.column${names.indexOf(name) + 1}`);
};

async function joined(
  db: Kysely<any>,
  { table, key, columns, set }: Changes,
  list: RawBuilder<unknown>,
  nameOf: (column: string) => string,
): Promise<number> {
  const values = Object.fromEntries(columns.map((column) => [column, sql.ref(nameOf(column))]));
  let query = db
    .updateTable(table)
    .from(list.as(sql.id(LIST)) as never)
    .set({ ...values, ...set });
  for (const name of key) query = query.whereRef(`${table}.${name}`, "=", nameOf(name));
  return affected(await query.execute());
}

/** Neither MySQL nor MariaDB joins a list of values without being told its types, so each column chooses by the key. */
const mysql: Change = async (db, { table, key, columns, set, rows }) => {
  const encode = encoder(db, table);
  const [only, second] = key;
  const keyOf = (row: Changes["rows"][number]): RawBuilder<unknown> =>
    second === undefined ? sql`${row[only!]}` : sql`(${sql.join(key.map((name) => row[name]))})`;
  const found = second === undefined ? sql.ref(only!) : sql`(${sql.join(key.map((name) => sql.ref(name)))})`;
  const chosen = (column: string): RawBuilder<unknown> => {
    const cases = rows.map((row) => sql`when ${found} = ${keyOf(row)} then ${encode(column, row[column])}`);
    return sql`case ${sql.join(cases, sql` `)} end`;
  };
  const values = Object.fromEntries(columns.map((column) => [column, chosen(column)]));
  const query = db.updateTable(table).set({ ...values, ...set });
  return affected(await query.where(sql<boolean>`${found} in (${sql.join(rows.map(keyOf))})`).execute());
};

export const CHANGES: Readonly<Record<DialectName, Change>> = { sqlite, postgres, mysql };

/** Values for JSON columns are written as JSON, as in any other update, where nothing tells that this is one. */
function encoder(db: Kysely<any>, table: string): (column: string, value: unknown) => unknown {
  const core = executorOf(db)?.core;
  const columns = core?.models[table]?.columns;
  return (name, value) => {
    const column = columns?.get(name);
    if (core === undefined || column?.kind !== "json" || (value === null && column.nullable)) return value;
    return core.codec.toJson(value);
  };
}

const affected = (results: readonly { numUpdatedRows: bigint }[]): number => Number(results[0]?.numUpdatedRows ?? 0);
