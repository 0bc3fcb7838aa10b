import { sql } from "kysely";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";
import { parseTable, printTable, type TableDefinition } from "./definition.ts";
import { withoutForeignKeys } from "./foreign-keys.ts";
import { quote } from "./tokens.ts";

/** A table's new definition, made of the one that it has. */
export type EditTable = (definition: TableDefinition) => TableDefinition;

/**
 * Gives a table of SQLite another definition: a new table is made, the rows are copied, and it takes the old one's place with its
 * indexes, triggers, rowids and counter; views and the foreign keys of other tables go on as they were. What `alter table` of
 * SQLite cannot do is done so (sqlite.org/lang_altertable.html, section 7); `alterTable` calls it where it is needed.
 *
 * In a transaction of its own unless a migration has one. Errors: an `Error` on another database, for a broken foreign key, and
 * for an index, trigger or view that the new definition breaks; nothing has happened then.
 *
 * @example
 * await rebuildTable(db, "users", ({ options, ...rest }) => ({ ...rest, options: "strict" }));
 */
export async function rebuildTable(db: AnyDatabase, table: string, edit: EditTable): Promise<void> {
  if (dialectOf(db) !== "sqlite") throw new Error("rebuildTable is for SQLite; other databases alter their tables");
  await withoutForeignKeys(db, (transaction) => replace(transaction, table, edit));
}

async function replace(db: AnyDatabase, name: string, edit: EditTable): Promise<void> {
  const objects = await objectsOf(db, name);
  const table = objects.find(({ type }) => type === "table");
  if (table === undefined) throw new Error(`there is no table "${name}" to rebuild`);
  const old = parseTable(table.sql);
  const next = edit(old);
  const copy = `bolide_rebuild_${name}`;
  // A type that is another one elsewhere need not be another one here.
  if (printTable(copy, next) === printTable(copy, old)) return;
  const views = await brokenViews(db);
  const counter = await counterOf(db, table);

  await run(db, printTable(copy, next));
  const columns = await copied(db, name, old, copy, next);
  if (columns.length > 0) {
    const list = columns.join(", ");
    await run(db, `insert into ${quote(copy)} (${list}) select ${list} from ${quote(name)}`);
  }
  await run(db, `drop table ${quote(name)}`);
  await rename(db, copy, name);
  if (counter !== undefined) await sql`update sqlite_sequence set seq = ${counter} where name = ${name}`.execute(db);

  const dropped = old.columns.filter(({ name: column }) => !has(next, column)).map(({ name: column }) => column);
  for (const object of objects) {
    if (object.type === "table" || (object.type === "index" && object.columns.some((each) => dropped.includes(each))))
      continue;
    await run(db, object.sql).catch((error: unknown) => {
      throw new Error(
        `the ${object.type} "${object.name}" does not fit the changed table "${name}": ${messageOf(error)}`,
        { cause: error },
      );
    });
  }
  const broken = (await brokenViews(db)).find(({ name: view }) => !views.some((other) => other.name === view));
  if (broken !== undefined)
    throw new Error(`the view "${broken.name}" does not fit the changed table "${name}": ${broken.problem}`);
}

interface SchemaObject {
  readonly type: "table" | "index" | "trigger";
  readonly name: string;
  readonly sql: string;
  /** Of an index. */
  readonly columns: readonly string[];
}

/** The table itself, its indexes and triggers; those that SQLite made for constraints have no text and come by themselves. */
async function objectsOf(db: AnyDatabase, table: string): Promise<readonly SchemaObject[]> {
  const { rows } = await sql<{ type: SchemaObject["type"]; name: string; sql: string; columns: string }>`
    select type, name, sql,
      (select coalesce(json_group_array(info.name), '[]') from pragma_index_info(schema.name) as info) as columns
    from sqlite_schema as schema
    where tbl_name = ${table} collate nocase and sql is not null and type in ('table', 'index', 'trigger')
    order by type = 'table' desc, rowid`.execute(db);
  return rows.map((row) => ({ ...row, columns: JSON.parse(row.columns) as string[] }));
}

/** The columns that both tables have and that hold values of their own; before them the rowid, where no column stands for it. */
async function copied(
  db: AnyDatabase,
  from: string,
  old: TableDefinition,
  to: string,
  next: TableDefinition,
): Promise<readonly string[]> {
  const [before, after] = [await valuesOf(db, from), await valuesOf(db, to)];
  const columns = after.filter((column) => before.includes(column)).map(quote);
  const rowid = [old, next].every(
    (definition) => !/\bwithout\s+rowid\b/i.test(definition.options) && !has(definition, "rowid"),
  );
  return rowid && columns.length > 0 ? ["rowid", ...columns] : columns;
}

async function valuesOf(db: AnyDatabase, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from pragma_table_xinfo(${table}) where hidden = 0`.execute(db);
  return rows.map(({ name }) => name);
}

const has = ({ columns }: TableDefinition, name: string): boolean =>
  columns.some((column) => column.name.toLowerCase() === name.toLowerCase());

/** The old way of renaming touches no other object: they mean the name that the table gets, not the one that it had. */
async function rename(db: AnyDatabase, from: string, to: string): Promise<void> {
  const { rows } = await sql<{ legacy_alter_table: number }>`pragma legacy_alter_table`.execute(db);
  await sql`pragma legacy_alter_table = on`.execute(db);
  try {
    await run(db, `alter table ${quote(from)} rename to ${quote(to)}`);
  } finally {
    if (Number(rows[0]?.legacy_alter_table) !== 1) await sql`pragma legacy_alter_table = off`.execute(db);
  }
}

/** How far an AUTOINCREMENT has counted: further than the rows that are left. */
async function counterOf(db: AnyDatabase, { name, sql: text }: SchemaObject): Promise<unknown> {
  if (!/\bautoincrement\b/i.test(text)) return undefined;
  const { rows } = await sql<{ seq: unknown }>`select seq from sqlite_sequence where name = ${name}`.execute(db);
  return rows[0]?.seq;
}

/** Views that cannot be read; one may have been so before. */
async function brokenViews(db: AnyDatabase): Promise<readonly { readonly name: string; readonly problem: string }[]> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where type = 'view'`.execute(db);
  const broken: { name: string; problem: string }[] = [];
  for (const { name } of rows) {
    await run(db, `select 1 from ${quote(name)} limit 0`).catch((error: unknown) => {
      broken.push({ name, problem: messageOf(error) });
    });
  }
  return broken;
}

const run = (db: AnyDatabase, text: string): Promise<unknown> => sql.raw(text).execute(db);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
