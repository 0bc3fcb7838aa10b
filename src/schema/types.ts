import { JavaScriptTypeBuilder, Kind, Type } from "@sinclair/typebox";
import type {
  ArrayOptions,
  BigIntOptions,
  DateOptions,
  IntegerOptions,
  NumberOptions,
  SchemaOptions,
  StringOptions,
  TArray,
  TBigInt,
  TBoolean,
  TDate,
  TInteger,
  TNull,
  TNumber,
  TSchema,
  TString,
  TUint8Array,
  TUnion,
  Uint8ArrayOptions,
} from "@sinclair/typebox";
import { column, ColumnHint, type ColumnOptions, type Flagged, hintsOf } from "./column.ts";

/** Holds the bounds of a bigint: a bigint under a plain key would make `JSON.stringify` of the schema throw. */
export const BigIntBounds = Symbol.for("bolide.BigIntBounds");

/** Marks an array that is read from one comma-separated text. */
export const CsvHint = Symbol.for("bolide.Csv");

/** A string out of a closed list; its JSON Schema is `{ type: "string", enum: [...] }`. */
export interface TStringEnum<V extends string = string> extends TSchema {
  [Kind]: "StringEnum";
  static: V;
  type: "string";
  enum: V[];
}

/**
 * TypeBox's builders, and those whose JSON form differs from their value: `Date`, `BigInt`, `Bytes`.
 *
 * @example
 * const Place = t.Object({ id: t.Integer(), name: t.String({ minLength: 1 }), founded: t.Optional(t.Date()) });
 */
export class ScalarTypes extends JavaScriptTypeBuilder {
  /**
   * A `Date`; as JSON and as text an RFC 3339 date-time. Without an offset it is UTC; a date alone is its midnight.
   * Bounds are milliseconds since 1970, as TypeBox names them (`minimumTimestamp`, …).
   *
   * @example
   * t.Object({ since: t.Date() }); // "2026-11-22T08:00:00Z" in JSON, a Date in the handler
   */
  override Date<const O extends DateOptions & ColumnOptions = {}>(options?: O): Flagged<TDate, NoInfer<O>> {
    return column(buildDate, options);
  }

  /**
   * A `bigint`; in JSON a decimal string (a safe integer is read too), as text decimal digits with an optional sign.
   *
   * @example
   * t.Object({ balance: t.BigInt({ minimum: 0n }) });
   */
  override BigInt<const O extends BigIntOptions & ColumnOptions = {}>(options?: O): Flagged<TBigInt, NoInfer<O>> {
    return column(buildBigInt, options);
  }

  /**
   * Bytes, a `Uint8Array`; base64 (RFC 4648 section 4) in JSON and as text. `minByteLength` and `maxByteLength` count bytes.
   *
   * @example
   * t.Object({ digest: t.Bytes({ minByteLength: 32, maxByteLength: 32 }) });
   */
  Bytes<const O extends Uint8ArrayOptions & ColumnOptions = {}>(options?: O): Flagged<TUint8Array, NoInfer<O>> {
    return column(buildBytes, options);
  }

  /** The same as `Bytes`, under TypeBox's name. */
  override Uint8Array<const O extends Uint8ArrayOptions & ColumnOptions = {}>(
    options?: O,
  ): Flagged<TUint8Array, NoInfer<O>> {
    return this.Bytes(options);
  }

  /** TypeBox's `String`; as a column a text, at most `maxLength` long. */
  override String<const O extends StringOptions & ColumnOptions = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return column((rest) => Type.String(rest), options);
  }

  /** TypeBox's `Integer`; as a column 64 bits wide, with `format: "int32"` 32 bits. */
  override Integer<const O extends IntegerOptions & ColumnOptions = {}>(options?: O): Flagged<TInteger, NoInfer<O>> {
    return column((rest) => Type.Integer(rest), options);
  }

  /** TypeBox's `Number`; as a column double precision. */
  override Number<const O extends NumberOptions & ColumnOptions = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return column((rest) => Type.Number(rest), options);
  }

  /** TypeBox's `Boolean`. */
  override Boolean<const O extends SchemaOptions & ColumnOptions = {}>(options?: O): Flagged<TBoolean, NoInfer<O>> {
    return column((rest) => Type.Boolean(rest), options);
  }

  /**
   * One of the given strings.
   *
   * @example
   * t.StringEnum(["asc", "desc"], { default: "asc" }); // static type "asc" | "desc"
   */
  StringEnum<const V extends string, const O extends SchemaOptions & ColumnOptions = {}>(
    values: readonly V[],
    options?: O,
  ): Flagged<TStringEnum<V>, NoInfer<O>> {
    const build = (rest: SchemaOptions) =>
      ({ ...rest, [Kind]: "StringEnum", type: "string", enum: [...values] }) as unknown as TStringEnum<V>;
    return column(build, options);
  }

  /**
   * The given type, or `null`.
   *
   * @example
   * t.Nullable(t.String()); // string | null
   */
  Nullable<T extends TSchema, const O extends SchemaOptions & ColumnOptions = {}>(
    schema: T,
    options?: O,
  ): Flagged<TUnion<[T, TNull]>, NoInfer<O>> {
    const union = column((rest) => Type.Union<[T, TNull]>([schema, Type.Null()], rest), options);
    return ColumnHint in schema ? { ...union, [ColumnHint]: { ...hintsOf(schema), ...hintsOf(union) } } : union;
  }

  /**
   * An array that is read from one comma-separated text, `?near=47.4,8.5`; in JSON it is an array like any other.
   * An empty text is an empty array.
   *
   * @example
   * t.Csv(t.Number(), { minItems: 2, maxItems: 2 });
   */
  Csv<T extends TSchema>(item: T, options?: ArrayOptions): TArray<T> {
    return { ...Type.Array(item, options), [CsvHint]: true };
  }
}

/** TypeBox's own `type` is "date", which no JSON Schema knows; its compiler goes by the kind alone. */
const buildDate = (options: DateOptions): TDate =>
  ({ ...options, [Kind]: "Date", type: "string", format: "date-time" }) as unknown as TDate;

const buildBytes = (options: Uint8ArrayOptions): TUint8Array =>
  ({ ...options, [Kind]: "Uint8Array", type: "string", contentEncoding: "base64" }) as unknown as TUint8Array;

function buildBigInt(options: BigIntOptions): TBigInt {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, ...rest } = options;
  const bounds = { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf };
  const schema = { ...rest, [Kind]: "BigInt", [BigIntBounds]: bounds, type: "string", pattern: "^[+-]?[0-9]+$" };
  return schema as unknown as TBigInt;
}
