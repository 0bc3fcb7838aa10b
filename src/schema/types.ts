import { JavaScriptTypeBuilder, Kind, Type } from "@sinclair/typebox";
import type {
  ArrayOptions,
  BigIntOptions,
  DateOptions,
  SchemaOptions,
  TArray,
  TBigInt,
  TDate,
  TNull,
  TSchema,
  TUint8Array,
  TUnion,
  Uint8ArrayOptions,
} from "@sinclair/typebox";

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
class Types extends JavaScriptTypeBuilder {
  /**
   * A `Date`; as JSON and as text an RFC 3339 date-time. Without an offset it is UTC; a date alone is its midnight.
   * Bounds are milliseconds since 1970, as TypeBox names them (`minimumTimestamp`, …).
   *
   * @example
   * t.Object({ since: t.Date() }); // "2026-11-22T08:00:00Z" in JSON, a Date in the handler
   */
  override Date(options?: DateOptions): TDate {
    // TypeBox's own `type` is "date", which no JSON Schema knows; its compiler goes by the kind alone.
    return { ...options, [Kind]: "Date", type: "string", format: "date-time" } as unknown as TDate;
  }

  /**
   * A `bigint`; in JSON a decimal string (a safe integer is read too), as text decimal digits with an optional sign.
   *
   * @example
   * t.Object({ balance: t.BigInt({ minimum: 0n }) });
   */
  override BigInt(options: BigIntOptions = {}): TBigInt {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, ...rest } = options;
    const bounds = { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf };
    const schema = { ...rest, [Kind]: "BigInt", [BigIntBounds]: bounds, type: "string", pattern: "^[+-]?[0-9]+$" };
    return schema as unknown as TBigInt;
  }

  /**
   * Bytes, a `Uint8Array`; base64 (RFC 4648 section 4) in JSON and as text. `minByteLength` and `maxByteLength` count bytes.
   *
   * @example
   * t.Object({ digest: t.Bytes({ minByteLength: 32, maxByteLength: 32 }) });
   */
  Bytes(options?: Uint8ArrayOptions): TUint8Array {
    return { ...options, [Kind]: "Uint8Array", type: "string", contentEncoding: "base64" } as unknown as TUint8Array;
  }

  /** The same as `Bytes`, under TypeBox's name. */
  override Uint8Array(options?: Uint8ArrayOptions): TUint8Array {
    return this.Bytes(options);
  }

  /**
   * One of the given strings.
   *
   * @example
   * t.StringEnum(["asc", "desc"], { default: "asc" }); // static type "asc" | "desc"
   */
  StringEnum<const V extends string>(values: readonly V[], options?: SchemaOptions): TStringEnum<V> {
    return { ...options, [Kind]: "StringEnum", type: "string", enum: [...values] } as unknown as TStringEnum<V>;
  }

  /**
   * The given type, or `null`.
   *
   * @example
   * t.Nullable(t.String()); // string | null
   */
  Nullable<T extends TSchema>(schema: T, options?: SchemaOptions): TUnion<[T, TNull]> {
    return Type.Union<[T, TNull]>([schema, Type.Null()], options);
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

/** The type builders: all of TypeBox's `Type`, and Bolide's own. */
export const t: Types = new Types();
