import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { AnyModel, Column, Relation } from "../../data/index.ts";

const key = (of: AnyModel): string => of.primaryKey[0]!;

/** Makes a condition on a column at the end of relations: a row of theirs exists. */
export function within(
  eb: ExpressionBuilder<any, any>,
  model: AnyModel,
  steps: readonly string[],
  models: ReadonlyMap<string, AnyModel>,
  test: (reference: string) => Expression<SqlBool>,
  table: string = model.table,
): Expression<SqlBool> {
  const [first, ...rest] = steps;
  if (rest.length === 0) return test(`${table}.${first!}`);
  const relation = model.relations[first!]!;
  const other = models.get(relation.to)!;
  const alias = `${table}_${first!}`;
  const inner = within(eb, other, rest, models, test, alias);
  const joined = eb.selectFrom(`${other.table} as ${alias}`).select(sql.lit(1).as("one")).where(inner);
  if (relation.kind === "belongsTo")
    return eb.exists(joined.whereRef(`${alias}.${key(other)}`, "=", `${table}.${relation.column}`));
  if (relation.kind !== "manyToMany")
    return eb.exists(joined.whereRef(`${alias}.${relation.column}`, "=", `${table}.${key(model)}`));
  const link = `${alias}_link`;
  return eb.exists(
    joined
      .innerJoin(`${relation.through} as ${link}`, `${link}.${relation.other}`, `${alias}.${key(other)}`)
      .whereRef(`${link}.${relation.column}`, "=", `${table}.${key(model)}`),
  );
}

/** The column at the end of relations; throws a `TypeError` for a step that leads nowhere. */
export function follow(model: AnyModel, steps: readonly string[], models: ReadonlyMap<string, AnyModel>): Column {
  const [first, ...rest] = steps;
  if (rest.length === 0) {
    const column = model.columns.get(first!);
    if (column === undefined) throw new TypeError(`filter: "${model.table}" has no column "${first}"`);
    return column;
  }
  const relation: Relation | undefined = model.relations[first!];
  if (relation === undefined) throw new TypeError(`filter: "${model.table}" has no relation "${first}"`);
  const other = models.get(relation.to);
  if (other === undefined) throw new TypeError(`filter: the database has no model of the table "${relation.to}"`);
  return follow(other, rest, models);
}
