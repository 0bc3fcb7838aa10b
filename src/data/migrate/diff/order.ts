import type { DatabaseShape, ForeignKeyShape, TableShape } from "../shape/shape.ts";

/** A table to make, with the foreign keys that can be made with it and those that have to wait. */
export interface Making {
  readonly table: TableShape;
  readonly early: readonly ForeignKeyShape[];
  readonly late: readonly ForeignKeyShape[];
}

/**
 * Tables so that each comes after those that it refers to. In a circle the reference that closes it comes late, and so does one
 * to columns that are not the other's primary key: their unique index is made after the tables.
 */
export function inCreationOrder(tables: readonly TableShape[], all: DatabaseShape): Making[] {
  const names = new Set(tables.map(({ name }) => name));
  const done = new Set<string>();
  const open = new Set<string>();
  const order: Making[] = [];
  const visit = (table: TableShape): void => {
    if (done.has(table.name) || open.has(table.name)) return;
    open.add(table.name);
    for (const key of table.foreignKeys) {
      const target = all.tables[key.table];
      if (target !== undefined && names.has(key.table)) visit(target);
    }
    open.delete(table.name);
    done.add(table.name);
    const isEarly = (key: ForeignKeyShape) =>
      toPrimaryKey(key, all) && (key.table === table.name || !names.has(key.table) || placed.has(key.table));
    placed.add(table.name);
    order.push({
      table,
      early: table.foreignKeys.filter(isEarly),
      late: table.foreignKeys.filter((key) => !isEarly(key)),
    });
  };
  const placed = new Set<string>();
  for (const table of tables) visit(table);
  return order;
}

/** New keys of a table that is there: now, unless what they refer to is yet to become a key. */
export function nextKeys(
  keys: readonly ForeignKeyShape[],
  from: DatabaseShape,
  to: DatabaseShape,
): { readonly now: readonly ForeignKeyShape[]; readonly late: readonly ForeignKeyShape[] } {
  const isNow = (key: ForeignKeyShape) => {
    const before = from.tables[key.table];
    return toPrimaryKey(key, to) && (before === undefined || Bun.deepEquals(before.primaryKey, key.references));
  };
  return { now: keys.filter(isNow), late: keys.filter((key) => !isNow(key)) };
}

function toPrimaryKey({ table, references }: ForeignKeyShape, { tables }: DatabaseShape): boolean {
  return Bun.deepEquals(tables[table]?.primaryKey, references);
}
