import type { SelectQueryBuilder } from "kysely";
import type { AnyModel } from "../../data/index.ts";
import { kindName, nonNull, type TSchema } from "../../schema/index.ts";

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

/**
 * What a row has to have for a schema to be answered: the columns and relations among its properties, to any depth. Other
 * properties are computed from those.
 */
export function selectionOf(model: AnyModel, schema: TSchema, models: ReadonlyMap<string, AnyModel>): Selection {
  const columns: string[] = [];
  const relations: Record<string, Selection> = {};
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    if (model.columns.has(name)) columns.push(name);
    const relation = model.relations[name];
    const target = relation === undefined ? undefined : models.get(relation.to);
    if (target !== undefined) relations[name] = selectionOf(target, property, models);
  }
  return { columns, relations };
}

/** The properties of an object, of what may be null instead, or of a list's items. */
function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> {
  const inner = nonNull(schema) ?? schema;
  if (kindName(inner) === "Array") return propertiesOf(inner["items"] as TSchema);
  return kindName(inner) === "Object" ? (inner["properties"] as Record<string, TSchema>) : {};
}
