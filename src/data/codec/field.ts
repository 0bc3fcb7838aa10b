import type { ColumnKind } from "../model/index.ts";

/** What a result column holds: a column's kind, or JSON whose own fields are known. Undefined: whatever the driver gives. */
export type Field = ColumnKind | Nested | undefined;

/** JSON that a query put together from rows, so its dates and numbers went through text. */
export interface Nested {
  readonly fields: Fields;
  readonly many: boolean;
}

/** Result columns by name. */
export type Fields = ReadonlyMap<string, Field>;
