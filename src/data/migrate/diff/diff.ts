import type { RenameHints } from "../shape/models.ts";
import {
  type ColumnShape,
  type DatabaseShape,
  type ForeignKeyShape,
  type IndexShape,
  keyedColumns,
  shapeFrom,
  type TableShape,
} from "../shape/shape.ts";
import type { Change, Step } from "./change.ts";
import { inCreationOrder, nextKeys } from "./order.ts";
import { inverted, placeOf, renamed, usableHints } from "./rename.ts";

/** How to get from one shape to another, and back. */
export interface Difference {
  readonly up: readonly Change[];
  readonly down: readonly Change[];
  /** What the database is then: as asked for, with the names that its constraints already had. */
  readonly result: DatabaseShape;
  /** The shape to begin with, under the names to come. */
  readonly before: DatabaseShape;
}

const NO_HINTS: RenameHints = { tables: {}, columns: {} };

/**
 * The changes that make one shape of another. Foreign keys, checks and indexes are told apart by what they say, not by their names,
 * so that renaming a table or a column costs nothing more.
 *
 * @example
 * difference(EMPTY, shapeOf([User])).up; // [{ kind: "createTable", … }]
 */
export function difference(before: DatabaseShape, after: DatabaseShape, hints: RenameHints = NO_HINTS): Difference {
  const renames = usableHints(before, after, hints);
  const start = renamed(before, renames);
  const result = carriedNames(start, after);
  return {
    up: [...renameChanges(renames), ...changes(start, result)],
    down: [...changes(result, start), ...renameChanges(inverted(renames), true)],
    result,
    before: start,
  };
}

/** Tables first: their columns are then said under their new names. On the way back columns come first. */
function renameChanges({ tables, columns }: RenameHints, back = false): Change[] {
  const newName = new Map(Object.entries(tables).map(([to, from]) => [from, to]));
  const renamedTables = Object.entries(tables).map(([to, from]): Change => ({ kind: "renameTable", from, to }));
  const byTable = Map.groupBy(Object.entries(columns), ([place]) => placeOf(place).table);
  const renamedColumns = [...byTable].map(([table, entries]): Change => ({
    kind: "alterTable",
    table: back ? (tableBefore(table, newName) ?? table) : table,
    steps: entries.map(([place, from]) => ({ kind: "renameColumn", from, to: placeOf(place).column })),
  }));
  return back ? [...renamedColumns, ...renamedTables] : [...renamedTables, ...renamedColumns];
}

/** On the way back, a table that is about to get its old name still has its new one. */
function tableBefore(table: string, newName: ReadonlyMap<string, string>): string | undefined {
  return [...newName].find(([, to]) => to === table)?.[0];
}

/** Names of constraints that are the same but for their names are those that the database has. */
function carriedNames(start: DatabaseShape, after: DatabaseShape): DatabaseShape {
  return shapeFrom(
    Object.values(after.tables).map((table) => {
      const old = start.tables[table.name];
      if (old === undefined) return table;
      return {
        ...table,
        columns: table.columns.map((column) => {
          const check = columnIn(old, column.name)?.check;
          return column.check === undefined || check === undefined || !sameValues(columnIn(old, column.name)!, column)
            ? column
            : { ...column, check };
        }),
        foreignKeys: table.foreignKeys.map((key) => ({ ...key, name: keyLike(old, key)?.name ?? key.name })),
        indexes: table.indexes.map((index) => ({ ...index, name: indexLike(old, index)?.name ?? index.name })),
      };
    }),
  );
}

const columnIn = (table: TableShape, name: string): ColumnShape | undefined =>
  table.columns.find((column) => column.name === name);

const keyLike = (table: TableShape, key: ForeignKeyShape): ForeignKeyShape | undefined =>
  table.foreignKeys.find((other) => same({ ...other, name: "" }, { ...key, name: "" }));

const indexLike = (table: TableShape, index: IndexShape): IndexShape | undefined =>
  table.indexes.find((other) => same({ ...other, name: "" }, { ...index, name: "" }));

const sameValues = (a: ColumnShape, b: ColumnShape): boolean => same(a.values, b.values);

const same = (a: unknown, b: unknown): boolean => Bun.deepEquals(a, b);

function changes(from: DatabaseShape, to: DatabaseShape): Change[] {
  const created = Object.values(to.tables).filter(({ name }) => !(name in from.tables));
  const dropped = Object.values(from.tables).filter(({ name }) => !(name in to.tables));
  const kept = Object.values(to.tables).filter(({ name }) => name in from.tables);
  const makings = inCreationOrder(created, to);
  const removals = inCreationOrder(dropped, from).toReversed();
  const pairs = kept.map((table) => ({ from: from.tables[table.name]!, to: table }));
  const early = new Map(pairs.map((pair) => [pair.to.name, nextKeys(newKeys(pair.from, pair.to), from, to)]));
  return [
    ...pairs.flatMap((pair) => altered(pair.to.name, lostKeys(pair.from, pair.to))),
    ...removals.flatMap(({ table, late }) => altered(table.name, late.map(dropKey))),
    ...pairs.flatMap((pair) =>
      lostIndexes(pair.from, pair.to).map((index): Change => ({ kind: "dropIndex", table: pair.to.name, index })),
    ),
    ...makings.map(({ table, early: foreignKeys }): Change => ({ kind: "createTable", table, foreignKeys })),
    ...pairs.flatMap((pair) => tableChanges(pair.from, pair.to, early.get(pair.to.name)!.now)),
    ...makings.flatMap(({ table }) => indexOn(table)),
    ...pairs.flatMap((pair) =>
      lostIndexes(pair.to, pair.from).map((index): Change => ({ kind: "createIndex", table: pair.to.name, index })),
    ),
    ...makings.flatMap(({ table, late }) => altered(table.name, late.map(addKey))),
    ...pairs.flatMap((pair) => altered(pair.to.name, early.get(pair.to.name)!.late.map(addKey))),
    ...removals.map(({ table }): Change => ({ kind: "dropTable", table })),
  ];
}

const indexOn = (table: TableShape): Change[] =>
  table.indexes.map((index) => ({ kind: "createIndex", table: table.name, index }));

const altered = (table: string, steps: readonly Step[]): Change[] =>
  steps.length === 0 ? [] : [{ kind: "alterTable", table, steps }];

const addKey = (key: ForeignKeyShape): Step => ({ kind: "addForeignKey", key });
const dropKey = (key: ForeignKeyShape): Step => ({ kind: "dropForeignKey", key });

const lostKeys = (from: TableShape, to: TableShape): Step[] =>
  from.foreignKeys.filter((key) => keyLike(to, key) === undefined).map(dropKey);

const newKeys = (from: TableShape, to: TableShape): ForeignKeyShape[] =>
  to.foreignKeys.filter((key) => keyLike(from, key) === undefined);

const lostIndexes = (from: TableShape, to: TableShape): IndexShape[] =>
  from.indexes.filter((index) => indexLike(to, index) === undefined);

const enums = (columns: readonly ColumnShape[]): readonly ColumnShape[] =>
  columns.filter(({ check }) => check !== undefined);

function tableChanges(from: TableShape, to: TableShape, keys: readonly ForeignKeyShape[]): Change[] {
  const [keyedBefore, keyed] = [keyedColumns(from), keyedColumns(to)];
  const isKeyed = (column: ColumnShape) => keyed.has(column.name);
  const shared = to.columns.flatMap((column) => {
    const old = columnIn(from, column.name);
    return old === undefined ? [] : [{ old, column }];
  });
  const checked = shared.filter(({ old, column }) => !sameValues(old, column));
  const changed = shared.filter(
    ({ old, column }) => !same(stored(old, keyedBefore.has(old.name)), stored(column, isKeyed(column))),
  );
  const fills = changed.filter(
    ({ old, column }) => old.nullable && !column.nullable && ("default" in column || column.generated !== undefined),
  );
  const added = to.columns.filter(({ name }) => columnIn(from, name) === undefined);
  const dropped = from.columns.filter(({ name }) => columnIn(to, name) === undefined);
  const steps: Step[] = [
    ...enums([...checked.map(({ old }) => old), ...dropped]).map((column): Step => ({ kind: "dropCheck", column })),
    ...added.map((column): Step => ({ kind: "addColumn", column, keyed: isKeyed(column) })),
    ...changed.map(({ old, column }): Step => ({
      kind: "changeColumn",
      from: old,
      to: column,
      keyed: isKeyed(column),
    })),
    ...(same(from.primaryKey, to.primaryKey)
      ? []
      : [{ kind: "changePrimaryKey", from: from.primaryKey, to: to.primaryKey } as const]),
    ...dropped.map((column): Step => ({ kind: "dropColumn", column })),
    ...enums([...checked.map(({ column }) => column), ...added]).map((column): Step => ({ kind: "addCheck", column })),
    ...keys.map(addKey),
  ];
  return [...fills.map(({ column }): Change => ({ kind: "fill", table: to.name, column })), ...altered(to.name, steps)];
}

/** What a column's own definition says: of an enum's values only how long they are, as a check of its own keeps the rest out. */
function stored(column: ColumnShape, keyed: boolean): unknown {
  const { values, kind, maxLength } = column;
  const unbounded = kind === "text" && maxLength === undefined;
  return {
    ...column,
    values: undefined,
    check: undefined,
    longest: values && Math.max(...values.map((value) => value.length)),
    keyed: unbounded && keyed,
  };
}
