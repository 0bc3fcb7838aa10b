import { type OperationNode, type RawBuilder, sql } from "kysely";
import type { DialectName } from "../engine/index.ts";
import type { Column, ColumnKind } from "../model/index.ts";

/** One property of a JSON object that the database makes. */
export interface Property {
  readonly name: string;
  readonly value: RawBuilder<unknown>;
}

type Convert = (value: RawBuilder<unknown>) => RawBuilder<unknown>;

const text: Convert = (value) => sql`cast(${value} as text)`;
const characters: Convert = (value) => sql`cast(${value} as char)`;

/** How a kind gets into JSON whole: numbers past 2^53 and decimals as texts, bytes in hexadecimal, JSON as what it is. */
const CONVERSIONS: Readonly<Record<DialectName, Partial<Readonly<Record<ColumnKind, Convert>>>>> = {
  sqlite: {
    bigint: text,
    bytes: (value) => sql`case when ${value} is null then null else hex(${value}) end`,
    json: (value) => sql`json(${value})`,
  },
  postgres: { bigint: text, decimal: text, bytes: (value) => sql`encode(${value}, 'hex')` },
  mysql: {
    bigint: characters,
    decimal: characters,
    bytes: (value) => sql`hex(${value})`,
    json: (value) => sql`json_extract(${value}, '$')`,
    date: characters,
    // As the session is in UTC, so are its moments.
    timestamp: (value) => sql`date_format(${value}, '%Y-%m-%dT%H:%i:%s.%fZ')`,
  },
};

/** A column of a table as a property. */
export function columnProperty(dialect: DialectName, table: string, { name, kind }: Column): Property {
  const value = sql`${sql.id(table, name)}`;
  return { name, value: CONVERSIONS[dialect][kind]?.(value) ?? value };
}

/** JSON that a subquery makes, as a property. SQLite forgets at the subquery's end that its text is JSON. */
export function nestedProperty(dialect: DialectName, name: string, node: OperationNode): Property {
  const value = sql`${{ toOperationNode: () => node } as RawBuilder<unknown>}`;
  return { name, value: dialect === "sqlite" ? sql`json(${value})` : value };
}

/** PostgreSQL's functions take 100 arguments. */
const MOST_PROPERTIES = 50;

/** A JSON object of these properties. */
export function objectOf(dialect: DialectName, properties: readonly Property[]): RawBuilder<unknown> {
  const pairs = sql.join(properties.map(({ name, value }) => sql`${sql.lit(name)}, ${value}`));
  if (dialect !== "postgres") return sql`json_object(${pairs})`;
  if (properties.length <= MOST_PROPERTIES) return sql`json_build_object(${pairs})`;
  const named = sql.join(properties.map(({ name, value }) => sql`${value} as ${sql.id(name)}`));
  return sql`(select row_to_json(object) from (select ${named}) as object)`;
}

/** What makes a list of many objects, and what it is of none. */
export const LISTS: Readonly<Record<DialectName, readonly [list: string, empty: string]>> = {
  sqlite: ["json_group_array", "'[]'"],
  postgres: ["json_agg", "'[]'"],
  mysql: ["json_arrayagg", "json_array()"],
};
