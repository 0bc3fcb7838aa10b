import type { RenameHints } from "../shape/models.ts";
import { type DatabaseShape, shapeFrom, type TableShape } from "../shape/shape.ts";

/** A table or column that is new, and those that went and may be what it was. */
export interface RenameQuestion {
  /** Undefined: it is a table. */
  readonly table: string | undefined;
  readonly name: string;
  readonly candidates: readonly string[];
}

/** The hints that say something of these shapes: their old name is there no more, and their new one was not there. */
export function usableHints(before: DatabaseShape, after: DatabaseShape, hints: RenameHints): RenameHints {
  const tables = Object.fromEntries(
    Object.entries(hints.tables).filter(
      ([to, from]) => to in after.tables && !(to in before.tables) && from in before.tables && !(from in after.tables),
    ),
  );
  const columns = Object.fromEntries(
    Object.entries(hints.columns).filter(([place, from]) => {
      const { table, column: to } = placeOf(place);
      const [old, next] = [before.tables[tables[table] ?? table], after.tables[table]];
      if (old === undefined || next === undefined) return false;
      return has(next, to) && !has(old, to) && has(old, from) && !has(next, from);
    }),
  );
  return { tables, columns };
}

/** What might be a rename, and no hint says so: first the tables; columns are asked for once these are known. */
export function renameQuestions(before: DatabaseShape, after: DatabaseShape, hints: RenameHints): RenameQuestion[] {
  const known = usableHints(before, after, hints);
  const gone = Object.keys(before.tables).filter(
    (name) => !(name in after.tables) && !Object.values(known.tables).includes(name),
  );
  const tables = Object.keys(after.tables)
    .filter((name) => !(name in before.tables) && !(name in known.tables))
    .map((name) => ({ table: undefined, name, candidates: gone.filter((old) => alike(before, old, after, name)) }));
  const columns = Object.values(after.tables).flatMap((next) => {
    const old = before.tables[known.tables[next.name] ?? next.name];
    if (old === undefined) return [];
    const renamed = next.columns.flatMap(({ name }) => known.columns[`${next.name}.${name}`] ?? []);
    const lost = old.columns.filter(({ name }) => !has(next, name) && !renamed.includes(name));
    return next.columns
      .filter(({ name }) => !has(old, name) && !(`${next.name}.${name}` in known.columns))
      .map(({ name, kind }) => ({
        table: next.name,
        name,
        candidates: lost.filter((column) => column.kind === kind).map((column) => column.name),
      }));
  });
  return [...tables, ...columns].filter(({ candidates }) => candidates.length > 0);
}

/** At least half of the columns of either table are in the other. */
function alike(before: DatabaseShape, old: string, after: DatabaseShape, next: string): boolean {
  const [from, to] = [before.tables[old]!, after.tables[next]!];
  const shared = to.columns.filter(({ name }) => has(from, name)).length;
  return shared * 2 >= Math.max(from.columns.length, to.columns.length);
}

/** A shape with other names for its tables and columns; constraints and indexes keep theirs. */
export function renamed(shape: DatabaseShape, hints: RenameHints): DatabaseShape {
  const newTable = new Map(Object.entries(hints.tables).map(([to, from]) => [from, to]));
  const tableOf = (name: string): string => newTable.get(name) ?? name;
  const newColumn = new Map(
    Object.entries(hints.columns).map(([place, from]) => {
      const { table, column } = placeOf(place);
      return [`${table}.${from}`, column];
    }),
  );
  const columnOf = (table: string) => (name: string) => newColumn.get(`${table}.${name}`) ?? name;
  return shapeFrom(
    Object.values(shape.tables).map((table) => {
      const name = tableOf(table.name);
      const own = columnOf(name);
      return {
        name,
        columns: table.columns.map((column) => ({ ...column, name: own(column.name) })),
        primaryKey: table.primaryKey.map(own),
        foreignKeys: table.foreignKeys.map((key) => ({
          ...key,
          columns: key.columns.map(own),
          table: tableOf(key.table),
          references: key.references.map(columnOf(tableOf(key.table))),
        })),
        indexes: table.indexes.map((index) => ({ ...index, columns: index.columns.map(own) })),
      };
    }),
  );
}

/** The way back. */
export function inverted({ tables, columns }: RenameHints): RenameHints {
  return {
    tables: Object.fromEntries(Object.entries(tables).map(([to, from]) => [from, to])),
    columns: Object.fromEntries(
      Object.entries(columns).map(([place, from]) => {
        const { table, column } = placeOf(place);
        return [`${tables[table] ?? table}.${from}`, column];
      }),
    ),
  };
}

/** `users.name`, taken apart at its last dot: a table's name may have others. */
export function placeOf(place: string): { readonly table: string; readonly column: string } {
  const dot = place.lastIndexOf(".");
  return { table: place.slice(0, dot), column: place.slice(dot + 1) };
}

const has = ({ columns }: TableShape, name: string): boolean => columns.some((column) => column.name === name);
