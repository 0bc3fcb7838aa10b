import type { ColumnNode, OperationNode, ReferenceNode, SelectQueryNode, TableNode } from "kysely";
import type { AnyModel, ColumnKind, DialectName } from "../../data/index.ts";
import type { AnyQuery } from "./count.ts";
import type { Order } from "./seek.ts";
import type { Row } from "./statement.ts";
import type { Cursor, CursorValue, kindOf } from "./token.ts";

/** A column and a direction. */
export type OrderBy = readonly [column: string, direction: "asc" | "desc"];

/** The columns by which a cursor finds its place, and what is known of them. */
export interface CursorOrder {
  readonly columns: readonly CursorColumn[];
  /** A model tells the types, so that a value read from a row is the very value that the database has. */
  readonly exact: boolean;
}

/** One of them. */
export interface CursorColumn extends Order {
  /** In a row. */
  readonly name: string;
  /** What values a cursor may have for it; undefined where no model tells. */
  readonly kind: ReturnType<typeof kindOf>;
}

/** The order with the key behind it: no two rows are equal in it. A column without a table is the model's own. */
export function cursorOrder(
  orderBy: readonly OrderBy[],
  key: readonly string[] | undefined,
  model: AnyModel | undefined,
): CursorOrder {
  const keys = key ?? model?.primaryKey ?? ["id"];
  const direction = orderBy.at(-1)?.[1] ?? "asc";
  const missing = keys.filter((column) => !orderBy.some(([named]) => nameOf(named) === nameOf(column)));
  const all: readonly OrderBy[] = [...orderBy, ...missing.map((column) => [column, direction] as const)];
  const columns = all.map(([reference, towards]): CursorColumn => {
    const name = nameOf(reference);
    const own = model !== undefined && isOf(model, reference) ? model.columns.get(name) : undefined;
    if (model !== undefined && own === undefined && !reference.includes("."))
      throw new TypeError(`cursor: "${model.table}" has no column "${reference}"`);
    return {
      name,
      reference: own === undefined || reference.includes(".") ? reference : `${model!.table}.${reference}`,
      descending: towards === "desc",
      nullable: own?.nullable ?? !keys.includes(reference),
      kind: own === undefined ? undefined : (KINDS[own.kind] ?? "text"),
    };
  });
  return { columns, exact: columns.every(({ kind }) => kind !== undefined) };
}

const KINDS: Partial<Readonly<Record<ColumnKind, NonNullable<CursorColumn["kind"]>>>> = {
  integer: "number",
  int32: "number",
  number: "number",
  bigint: "bigint",
  boolean: "boolean",
  timestamp: "timestamp",
  bytes: "bytes",
};

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf(".") + 1);
const isOf = ({ table }: AnyModel, reference: string): boolean =>
  !reference.includes(".") || reference.startsWith(`${table}.`);

/** The same order as it is read: towards the beginning everything is turned round. */
export const reading = ({ columns }: CursorOrder, backward: boolean): readonly CursorColumn[] =>
  backward ? columns.map((column) => ({ ...column, descending: !column.descending })) : columns;

/** The result column that holds a value for the cursor alone. */
const hidden = (at: number): string => `bolide_cursor_${at}`;

/**
 * The columns that a query must select for the cursor beside its own. In PostgreSQL a value of a type that no model tells is
 * taken as text: its moments have microseconds, of which a `Date` keeps none, and rows within one millisecond would be lost.
 */
export function hiddenColumns(
  { columns, exact }: CursorOrder,
  query: AnyQuery,
  dialect: DialectName,
): ReadonlySet<number> {
  const asText = dialect === "postgres" && !exact;
  return new Set(columns.flatMap(({ name }, at) => (asText || !isSelected(query, name) ? [at] : [])));
}

/** The query with its hidden columns, in the order of the cursor. */
export function ordered(
  order: CursorOrder,
  query: AnyQuery,
  hiddenAt: ReadonlySet<number>,
  { dialect, backward, fixed }: { readonly dialect: DialectName; readonly backward: boolean; readonly fixed: number },
): AnyQuery {
  const asText = dialect === "postgres" && !order.exact;
  let result = query;
  reading(order, backward).forEach(({ reference, descending }, at) => {
    if (hiddenAt.has(at)) {
      result = asText
        ? result.select((eb) => eb.cast(eb.ref(reference), "text").as(hidden(at)))
        : result.select(`${reference} as ${hidden(at)}`);
    }
    if (at >= fixed) result = result.orderBy(reference, descending ? "desc" : "asc");
  });
  return result;
}

/** The values of a row by which a cursor finds it again. */
export function valuesOf({ columns }: CursorOrder, row: Row, hiddenAt: ReadonlySet<number>): readonly CursorValue[] {
  return columns.map(({ name }, at) => row[hiddenAt.has(at) ? hidden(at) : name] as CursorValue);
}

/** Takes the hidden columns out of rows. */
export function withoutHidden(rows: readonly Row[], hiddenAt: ReadonlySet<number>): readonly Row[] {
  if (hiddenAt.size === 0) return rows;
  const names = new Set(Array.from(hiddenAt, hidden));
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name))));
}

/** Whether a cursor's values are of the order's types. */
export const fits = ({ columns }: CursorOrder, { values }: Cursor, kind: typeof kindOf): boolean =>
  columns.every((column, at) => {
    const given = kind(values[at]!);
    return given === undefined ? column.nullable : column.kind === undefined || column.kind === given;
  });

/** Whether a query's rows have a column of the table under its own name. */
function isSelected(query: AnyQuery, name: string): boolean {
  const { selections = [] } = query.toOperationNode() as SelectQueryNode;
  return selections.some(({ selection }) => {
    const node = selection as OperationNode;
    if (node.kind === "SelectAllNode") return true;
    const column = node.kind === "ReferenceNode" ? (node as ReferenceNode).column : node;
    return (
      column.kind === "SelectAllNode" || (column.kind === "ColumnNode" && isNamed((column as ColumnNode).column, name))
    );
  });
}

const isNamed = (node: OperationNode, name: string): boolean =>
  node.kind === "IdentifierNode" && (node as OperationNode & { readonly name: string }).name === name;

/** The table that a query begins with. */
export function tableOf(query: AnyQuery): string | undefined {
  const [first] = (query.toOperationNode() as SelectQueryNode).from?.froms ?? [];
  return first?.kind === "TableNode" ? (first as TableNode).table.identifier.name : undefined;
}
