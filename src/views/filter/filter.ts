import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { AnyModel, Columns, DialectName } from "../../data/index.ts";
import { t, type TArray, type TBoolean, type TOptional, type TSchema, type TString } from "../../schema/index.ts";
import { type Asked, askedOf, hasParts } from "./asked.ts";
import { follow, within } from "./relation.ts";

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
  condition(eb: Builder, value: Expression<any>): Expression<SqlBool>;
}

/**
 * The query parameters of filters over a model; throws a `TypeError` for a column or relation that it does not have.
 * `models` finds those that relations lead to; how values are compared is the database's.
 */
export function filterParameters(
  model: AnyModel,
  filters: Filters,
  models: ReadonlyMap<string, AnyModel>,
  dialect: DialectName,
): readonly FilterParameter[] {
  return Object.entries(filters).flatMap(([path, given]) => {
    const operators = given === true ? ["exact" as const] : typeof given === "string" ? [given] : given;
    const steps = path.split(".");
    const column = follow(model, steps, models);
    if (operators.includes("contains") && !hasParts(column))
      throw new TypeError(`filter: the column "${column.name}" holds no text that could contain another`);
    const asked = askedOf(column, dialect);
    const place: Place = (eb, test) => within(eb, model, steps, models, test);
    return operators.flatMap((operator) => OPERATORS[operator](steps.join("__"), asked, place));
  });
}

/** Makes a condition of one on the column, wherever that is. */
type Place = (eb: Builder, test: (reference: string) => Expression<SqlBool>) => Expression<SqlBool>;
type Builder = ExpressionBuilder<any, any>;

/** The parameters of each operator, for a column by the name that clients know. */
const OPERATORS: Readonly<Record<FilterOperator, (name: string, asked: Asked, place: Place) => FilterParameter[]>> = {
  exact: (name, asked, place) => [compared(name, "", "=", asked, place)],
  range: (name, asked, place) => [
    compared(name, "__gt", ">", asked, place),
    compared(name, "__gte", ">=", asked, place),
    compared(name, "__lt", "<", asked, place),
    compared(name, "__lte", "<=", asked, place),
  ],
  in: (name, { query, stored, toStored, column }, place) => [
    {
      name: `${name}__in`,
      schema: t.Array(stored),
      query: told("__in", t.Csv(query, { maxItems: 1000 })),
      value: (values) => (values as readonly unknown[]).map(toStored),
      condition: (eb, values) => place(eb, (reference) => eb(column(reference), "in", values)),
    },
  ],
  null: (name, _, place) => [
    {
      name: `${name}__null`,
      schema: t.Boolean(),
      query: told("__null", t.Boolean()),
      value: (value) => value,
      condition: (eb, value) => place(eb, (reference) => eb(eb(reference, "is", null), "=", value)),
    },
  ],
  contains: (name, _, place) => [
    {
      name: `${name}__contains`,
      schema: t.String(),
      query: told("__contains", t.String({ minLength: 1 })),
      value: (value) => likePattern(String(value)),
      condition: (eb, value) => place(eb, (reference) => contains(eb, reference, value)),
    },
  ],
};

function compared(
  name: string,
  suffix: string,
  operation: "=" | ">" | ">=" | "<" | "<=",
  { query, stored, toStored, column }: Asked,
  place: Place,
): FilterParameter {
  return {
    name: `${name}${suffix}`,
    schema: stored,
    query: told(suffix, query),
    value: toStored,
    condition: (eb, value) => place(eb, (reference) => eb(column(reference), operation, value)),
  };
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
  return t.Optional(description === undefined ? schema : { ...schema, description });
}

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
