import {
  BigIntBounds,
  type ColumnReference,
  hintsOf,
  isOptional,
  kindName,
  nonNull,
  textsOf,
  type TSchema,
} from "../../schema/index.ts";
import { ModelError } from "./error.ts";

/** How a column's values are kept, and what they are in TypeScript. */
export type ColumnKind =
  /** A number without a fraction: 64 bits. */
  | "integer"
  /** The same in 32 bits. */
  | "int32"
  /** A number: double precision. */
  | "number"
  /** A string of digits, exact. */
  | "decimal"
  | "bigint"
  | "text"
  | "boolean"
  /** A `Date`. */
  | "timestamp"
  /** A string `YYYY-MM-DD`. */
  | "date"
  /** Whatever JSON holds. */
  | "json"
  /** A `Uint8Array`. */
  | "bytes"
  /** A string. */
  | "uuid"
  /** One of `values`. */
  | "enum";

/** One column as migrations, codecs and views see it. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly schema: TSchema;
  readonly nullable: boolean;
  /** The database makes a value when an insert has none. */
  readonly generated: "identity" | "uuid" | "now" | undefined;
  /** The value that an insert without one gets; in its JSON form where that differs. */
  readonly default: unknown;
  readonly touched: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  readonly references: ColumnReference | undefined;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly maxLength: number | undefined;
  readonly decimal: { readonly precision: number; readonly scale: number } | undefined;
  /** Of an enum. */
  readonly values: readonly string[] | undefined;
  readonly renamedFrom: string | undefined;
}

/** What a schema means as a column of a table; throws a `ModelError` for one that no column can hold. */
export function columnOf(table: string, name: string, schema: TSchema): Column {
  if (isOptional(schema)) {
    throw new ModelError(table, name, "t.Optional has no meaning for a column; use t.Nullable");
  }
  const inner = nonNull(schema);
  const base = inner ?? schema;
  const hints = hintsOf(schema);
  const kind = kindOf(base, hints.json === true, hints.decimal !== undefined);
  if (kind === undefined) throw new ModelError(table, name, `no column holds a ${kindName(base)}`);
  return {
    name,
    kind,
    schema: fitting(schema, kind),
    nullable: inner !== undefined,
    generated: hints.generated,
    default: hints.generated === undefined ? (schema.default ?? base.default) : undefined,
    touched: hints.touched === true,
    primaryKey: hints.primaryKey === true,
    unique: hints.unique === true,
    index: hints.index === true,
    references: hints.references,
    readOnly: schema.readOnly === true || base.readOnly === true,
    writeOnly: schema.writeOnly === true || base.writeOnly === true,
    maxLength: base["maxLength"] as number | undefined,
    decimal: hints.decimal,
    values: kind === "enum" ? textsOf(base) : undefined,
    renamedFrom: hints.renamedFrom,
  };
}

/** What 32 bits hold; other integers are checked to be safe ones. */
const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const INT64 = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };

/** A schema in the bounds of its column, where it has none of its own: what a client sends beyond them is 422. */
function fitting(schema: TSchema, kind: ColumnKind): TSchema {
  if (kind !== "int32" && kind !== "bigint") return schema;
  const members = schema["anyOf"] as readonly TSchema[] | undefined;
  if (members !== undefined) return { ...schema, anyOf: members.map((member) => fitting(member, kind)) };
  if (kindName(schema) === "Integer") return { ...INT32, ...schema };
  return kindName(schema) === "BigInt" ? withinBits(schema) : schema;
}

/** A bigint's bounds are not among its schema's keys, which JSON could not hold. */
function withinBits(schema: TSchema): TSchema {
  const own =
    (schema as { readonly [BigIntBounds]?: Readonly<Record<string, bigint | undefined>> })[BigIntBounds] ?? {};
  const { minimum = INT64.minimum, maximum = INT64.maximum } = own;
  return { ...schema, [BigIntBounds]: { ...own, minimum, maximum } };
}

/** Whether an insert may leave the column out. */
export const mayBeAbsent = (column: Column): boolean =>
  column.nullable || column.generated !== undefined || column.default !== undefined;

/** The kind of column that a schema's values go into; undefined where none does. */
export function columnKind(schema: TSchema): ColumnKind | undefined {
  const hints = hintsOf(schema);
  return kindOf(nonNull(schema) ?? schema, hints.json === true, hints.decimal !== undefined);
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  Number: "number",
  Boolean: "boolean",
  Date: "timestamp",
  BigInt: "bigint",
  Uint8Array: "bytes",
  TemplateLiteral: "text",
  RegExp: "text",
  Object: "json",
  Array: "json",
  Tuple: "json",
  Record: "json",
  Union: "json",
  Intersect: "json",
  Any: "json",
  Unknown: "json",
  Unsafe: "json",
};

function kindOf(schema: TSchema, json: boolean, decimal: boolean): ColumnKind | undefined {
  if (json) return "json";
  if (decimal) return "decimal";
  if (textsOf(schema) !== undefined) return "enum";
  const kind = kindName(schema);
  if (kind === "Integer") return schema["format"] === "int32" ? "int32" : "integer";
  if (kind === "String") return TEXTS[schema["format"] as string] ?? "text";
  return KINDS[kind];
}

const TEXTS: Readonly<Record<string, ColumnKind>> = { date: "date", uuid: "uuid" };
