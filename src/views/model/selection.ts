import type { SelectQueryBuilder } from "kysely";
import type { AnyModel } from "../../data/index.ts";

/** What of a row is read: columns, and rows that relations lead to, with what is read of them. */
export interface Selection {
  readonly columns: readonly string[];
  readonly relations: Readonly<Record<string, Selection>>;
}

/** Some columns more. */
export function withColumns(selection: Selection, columns: readonly string[]): Selection {
  return { ...selection, columns: [...new Set([...selection.columns, ...columns])] };
}

/** Whether it is read from the table alone, as `returning` can. */
export const isFlat = ({ relations }: Selection): boolean => Object.keys(relations).length === 0;

/** Any select over the table of a model. */
export type AnySelect = SelectQueryBuilder<any, any, any>;

/** The columns of a selection with their table, as Kysely's `select` takes them. */
export const columnsOf = (model: AnyModel, { columns }: Selection): string[] =>
  columns.map((column) => `${model.table}.${column}`);
