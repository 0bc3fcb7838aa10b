import { type Expression, sql } from "kysely";
import type { AnyModel, Column, DialectName } from "../../data/index.ts";
import { nonNull, t, type TSchema } from "../../schema/index.ts";

/** How values of a column are asked for. */
export interface Asked {
  /** What a client writes. */
  readonly query: TSchema;
  /** What the database is given for it. */
  readonly stored: TSchema;
  readonly toStored: (value: unknown) => unknown;
  /** The column, as it can be compared and ordered. */
  readonly column: (reference: string) => Expression<any>;
}

/** Throws a `TypeError` for a column that cannot be asked for. */
export function askedOf(column: Column, dialect: DialectName): Asked {
  const query = bareSchema(column);
  if (!isTextNumber(column, dialect)) return { query, stored: query, toStored: same, column: (name) => sql.ref(name) };
  return { query, stored: t.Number(), toStored: Number, column: asNumber };
}

/** Whether a column holds texts that can be looked into: other kinds have no `lower` in PostgreSQL. */
export const hasParts = ({ kind }: Column): boolean => kind === "text" || kind === "enum";

/** SQLite keeps a decimal as a text, where 10.00 is before 9.00; as a number it is good for 15 digits. */
const isTextNumber = ({ kind }: Column, dialect: DialectName): boolean => kind === "decimal" && dialect === "sqlite";
const asNumber = (reference: string) => sql`cast(${sql.ref(reference)} as numeric)`;
const same = (value: unknown): unknown => value;

/** A column of a model as rows are ordered by it. */
export const orderable = (model: AnyModel, name: string, dialect: DialectName): Expression<any> =>
  isTextNumber(model.columns.get(name)!, dialect)
    ? asNumber(`${model.table}.${name}`)
    : sql.ref(`${model.table}.${name}`);

/** The column's type without the bounds that hold for what is stored. */
function bareSchema(column: Column): TSchema {
  switch (column.kind) {
    case "text":
      return t.String();
    case "integer":
    case "int32":
      return t.Integer();
    case "number":
      return t.Number();
    case "boolean":
      return t.Boolean();
    case "bigint":
      return t.BigInt({ minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n });
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
