import { t, type TArray, type TOptional, type TStringEnum } from "../../schema/index.ts";

/** An order as the query string writes it: a column, with a minus in front the other way round. */
export type Order = `-${string}` | string;

/** The query parameter of an ordering over these columns. */
export interface OrderingShape<K extends string> {
  ordering: TOptional<TArray<TStringEnum<K | `-${K}`>>>;
}

/** One column of an order. */
export interface OrderBy {
  readonly column: string;
  readonly direction: "asc" | "desc";
}

/** The schema of `?ordering=-createdAt,title`: a name that is not listed is refused. */
export function orderingSchema(columns: readonly string[]): OrderingShape<string>["ordering"] {
  const names = columns.flatMap((column) => [column, `-${column}`]);
  return t.Optional(
    t.Csv(t.StringEnum(names), { maxItems: columns.length, description: "Columns to order by; `-` turns one round" }),
  );
}

/** What an order means. */
export const orderOf = (order: readonly Order[]): readonly OrderBy[] =>
  order.map((text) =>
    text.startsWith("-") ? { column: text.slice(1), direction: "desc" } : { column: text, direction: "asc" },
  );

/** An order that leaves no two rows equal: the key decides what the rest does not. */
export function total(order: readonly OrderBy[], primaryKey: readonly string[]): readonly OrderBy[] {
  const missing = primaryKey.filter((column) => !order.some((by) => by.column === column));
  const direction = order.at(-1)?.direction ?? "asc";
  return [...order, ...missing.map((column) => ({ column, direction }))];
}
