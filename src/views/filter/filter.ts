import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { AnyModel, Column, Columns, Relation } from "../../data/index.ts";
import {
  nonNull,
  t,
  type TArray,
  type TBoolean,
  type TOptional,
  type TSchema,
  type TString,
} from "../../schema/index.ts";

/** How a column may be asked for. `range` gives four parameters: `__gt __gte __lt __lte`. */
export type FilterOperator = "exact" | "in" | "range" | "null" | "contains";

/** The columns that may be asked for, and how; `"author.username"` asks by a relation. `true` is `exact`. */
export type Filters = Readonly<Record<string, true | FilterOperator | readonly FilterOperator[]>>;

type Operators<F> = F extends true ? "exact" : F extends readonly (infer O)[] ? O : F;
type Underscored<K extends string> = K extends `${infer Head}.${infer Tail}` ? `${Head}__${Underscored<Tail>}` : K;
type Names<K extends string, O> =
  | (O extends "exact" ? K : never)
  | (O extends "in" ? `${K}__in` : never)
  | (O extends "range" ? `${K}__${Bound}` : never)
  | (O extends "null" ? `${K}__null` : never)
  | (O extends "contains" ? `${K}__contains` : never);
type Bound = "gt" | "gte" | "lt" | "lte";
type AllNames<F> = { [K in keyof F & string]: Names<Underscored<K>, Operators<F[K]>> }[keyof F & string];
type Bare<S> = S extends { readonly anyOf: readonly [infer I extends TSchema, unknown] }
  ? I
  : S extends TSchema
    ? S
    : TString;
type ColumnAt<C, K> = K extends keyof C ? Bare<C[K]> : TString;
type SchemaOf<C, N extends string> = N extends `${infer K}__in`
  ? TArray<ColumnAt<C, K>>
  : N extends `${string}__null`
    ? TBoolean
    : N extends `${string}__contains`
      ? TString
      : N extends `${infer K}__${Bound}`
        ? ColumnAt<C, K>
        : ColumnAt<C, N>;

/** The query parameters that filters give. */
export type FilterShape<C extends Columns, F> = { [N in AllNames<F>]: TOptional<SchemaOf<C, N>> };

/** One query parameter, and the condition that it makes. */
export interface FilterParameter {
  /** As in the query string. */
  readonly name: string;
  /** Of the parameter's value. */
  readonly schema: TSchema;
  /** What the query string is checked by: `in` takes a comma-separated text. */
  readonly query: TSchema;
  /** What is asked of the database for a value of the query string. */
  readonly value: (value: unknown) => unknown;
  condition(eb: ExpressionBuilder<any, any>, value: Expression<any>): Expression<SqlBool>;
}

/**
 * The query parameters of filters over a model; throws a `TypeError` for a column or relation that it does not have.
 * `models` finds those that relations lead to.
 */
export function filterParameters(
  model: AnyModel,
  filters: Filters,
  models: ReadonlyMap<string, AnyModel>,
): readonly FilterParameter[] {
  return Object.entries(filters).flatMap(([path, given]) => {
    const operators = given === true ? ["exact" as const] : typeof given === "string" ? [given] : given;
    const steps = path.split(".");
    const target = follow(model, steps, models);
    return operators.flatMap((operator) => parametersOf(model, steps, target, operator, models));
  });
}

function parametersOf(
  model: AnyModel,
  steps: readonly string[],
  column: Column,
  operator: FilterOperator,
  models: ReadonlyMap<string, AnyModel>,
): FilterParameter[] {
  const name = steps.join("__");
  const bare = bareSchema(column);
  const make = (suffix: string, schema: TSchema, query: TSchema, test: Test): FilterParameter => ({
    name: `${name}${suffix}`,
    schema,
    query: t.Optional(told(suffix, query)),
    value: suffix === "__contains" ? (value) => likePattern(String(value)) : (value) => value,
    condition: (eb, value) => within(eb, model, steps, models, (reference) => test(eb, reference, value)),
  });
  const compare = (suffix: string, operation: "=" | ">" | ">=" | "<" | "<="): FilterParameter =>
    make(suffix, bare, bare, (eb, reference, value) => eb(reference, operation, value));
  const parameters: Readonly<Record<FilterOperator, () => FilterParameter[]>> = {
    exact: () => [compare("", "=")],
    in: () => [make("__in", t.Array(bare), t.Csv(bare, { maxItems: 1000 }), (eb, ref, value) => eb(ref, "in", value))],
    range: () => [compare("__gt", ">"), compare("__gte", ">="), compare("__lt", "<"), compare("__lte", "<=")],
    null: () => [make("__null", t.Boolean(), t.Boolean(), (eb, ref, value) => eb(eb(ref, "is", null), "=", value))],
    contains: () => [make("__contains", t.String(), t.String({ minLength: 1 }), contains)],
  };
  return parameters[operator]();
}

/** What the documentation says of a parameter, by what its name ends with; the plain name says it all. */
const MEANINGS: Readonly<Record<string, string>> = {
  __in: "Any of these",
  __gt: "More than this",
  __gte: "This or more",
  __lt: "Less than this",
  __lte: "This or less",
  __null: "Whether there is none",
  __contains: "A part of the text, in either case",
};

function told(suffix: string, schema: TSchema): TSchema {
  const description = MEANINGS[suffix];
  return description === undefined ? schema : { ...schema, description };
}

type Test = (eb: ExpressionBuilder<any, any>, reference: string, value: Expression<any>) => Expression<SqlBool>;

/** Whether a text has another in it, letters of either case alike. The text asked for comes from {@link likePattern}. */
export function contains(
  eb: ExpressionBuilder<any, any>,
  reference: string,
  value: Expression<any>,
): Expression<SqlBool> {
  return sql<SqlBool>`lower(${eb.ref(reference)}) like lower(${value}) escape '!'`;
}

/** The pattern of `like` that finds a text anywhere. */
export const likePattern = (text: string): string => `%${text.replaceAll(/[!%_]/g, "!$&")}%`;

const key = (of: AnyModel): string => of.primaryKey[0]!;

/** Makes a condition on a column at the end of relations: a row of theirs exists. */
function within(
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

function follow(model: AnyModel, steps: readonly string[], models: ReadonlyMap<string, AnyModel>): Column {
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

/** What a value of a column is asked for by: its type, without the bounds that hold for what is stored. */
function bareSchema(column: Column): TSchema {
  switch (column.kind) {
    case "text":
    case "decimal":
      return t.String();
    case "integer":
    case "int32":
      return t.Integer();
    case "number":
      return t.Number();
    case "boolean":
      return t.Boolean();
    case "bigint":
      return t.BigInt();
    case "timestamp":
      return t.Date();
    case "json":
    case "bytes":
      throw new TypeError(`filter: the column "${column.name}" holds ${column.kind}, which cannot be asked for`);
    default: {
      const { default: _, ...rest } = nonNull(column.schema) ?? column.schema;
      return rest as TSchema;
    }
  }
}
