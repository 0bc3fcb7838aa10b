import type { Expression, Kysely } from "kysely";
import { type Builders, type ParameterValues, type Prepared, prepared } from "../../data/index.ts";
import { t, type TSchema } from "../../schema/index.ts";
import type { AnyQuery } from "./count.ts";
import type { Whole } from "./whole.ts";

/** A row, whatever its columns. */
export type Row = Record<string, unknown>;

/** What a caller of `prepare` gave: the query, and its parameters where they are declared. */
export interface Given {
  readonly db: Kysely<any>;
  readonly parameters: Readonly<Record<string, TSchema>> | undefined;
  readonly build: (q: Kysely<any>, p: any) => AnyQuery;
  readonly whole: Whole | undefined;
}

/** Sorts the arguments of `prepare`. */
export function givenOf(db: Kysely<any>, second: unknown, third: unknown, whole?: Whole): Given {
  return typeof second === "function"
    ? { db, parameters: undefined, build: second as Given["build"], whole }
    : { db, parameters: second as Given["parameters"], build: third as Given["build"], whole };
}

/** The kinds of the parameters that paginations add to a query's own. */
const KINDS = {
  integer: () => t.Integer(),
  number: () => t.Number(),
  bigint: () => t.BigInt(),
  text: () => t.String(),
  boolean: () => t.Boolean(),
  timestamp: () => t.Date(),
  bytes: () => t.Bytes(),
} as const satisfies Partial<Record<keyof Builders, () => TSchema>>;

/** One of them. */
export type Kind = keyof typeof KINDS;

/** The given query, changed, as a prepared one; `added` are the parameters that the change puts in, by name. */
export function statementOf(
  { db, parameters, build }: Given,
  added: Readonly<Record<string, Kind>>,
  change: (query: AnyQuery, p: Readonly<Record<string, Expression<any>>>, q: Kysely<any>) => AnyQuery,
): Prepared<Row, ParameterValues> {
  const names = Object.entries(added);
  if (parameters === undefined) {
    return prepared(db, (q: Kysely<any>, p: Builders) => {
      const own = Object.fromEntries(names.map(([name, kind]) => [name, p[kind](name)]));
      return change(build(q, p), own, q);
    }) as unknown as Prepared<Row, ParameterValues>;
  }
  const all = { ...parameters, ...Object.fromEntries(names.map(([name, kind]) => [name, KINDS[kind]()])) };
  return prepared(db, all, (q: Kysely<any>, p: any) => change(build(q, p), p, q)) as unknown as Prepared<
    Row,
    ParameterValues
  >;
}
