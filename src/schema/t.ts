import { Type } from "@sinclair/typebox";
import type { SchemaOptions, StringOptions, TInteger, TSchema, TString, TUnsafe } from "@sinclair/typebox";
import {
  column,
  type ColumnHints,
  type ColumnOptions,
  type ColumnReference,
  type Flagged,
  type ReferentialAction,
  withHints,
} from "./column.ts";
import { ConstrainedTypes } from "./constrained.ts";
import { type FileOptions, fileSchema, type FilesOptions, filesSchema, type TFile, type TFiles } from "./file.ts";
import type { ScalarTypes } from "./types.ts";

/** What `t.PrimaryKey()` adds to a type's own: the database makes the value, and no client sets it. */
export interface Generated {
  readonly readOnly: true;
  readonly default: "generated";
}

/** MySQL's bounds of a decimal; PostgreSQL has more. */
const MOST_DIGITS = 65;
const MOST_SCALE = 30;

const isCount = (count: number, most: number): boolean => Number.isInteger(count) && count >= 0 && count <= most;

type NowOptions = SchemaOptions & ColumnOptions & { default?: "now"; onUpdate?: "now" };

/** What follows when the row that a foreign key refers to goes away. */
export interface ReferenceOptions {
  onDelete?: ReferentialAction;
  onUpdate?: ReferentialAction;
}

/**
 * The builders of `ConstrainedTypes`, and those of columns that `model` knows: keys, timestamps, decimals, JSON.
 *
 * @example
 * const User = model("users", { id: t.PrimaryKey(), email: t.String({ format: "email", unique: true }) });
 */
class Types extends ConstrainedTypes {
  /**
   * The primary key: an integer that the database counts up, or with `"uuid"` a random UUID that it makes.
   * `readOnly`; for a key that callers choose, name any other column in `model`'s `primaryKey`.
   *
   * @example
   * t.PrimaryKey(); // number, bigint identity in PostgreSQL, INTEGER PRIMARY KEY in SQLite
   */
  PrimaryKey(): TInteger & Generated;
  PrimaryKey(kind: "uuid"): TString & Generated;
  PrimaryKey(kind: "identity" | "uuid" = "identity"): (TInteger | TString) & Generated {
    const schema = kind === "uuid" ? Type.String({ format: "uuid", readOnly: true }) : Type.Integer({ readOnly: true });
    return withHints(schema, { primaryKey: true, generated: kind }) as (TInteger | TString) & Generated;
  }

  /**
   * A moment, a `Date` to the millisecond. `default: "now"`: the database sets it when an insert leaves it out;
   * `onUpdate: "now"`: views and `updateOrCreate` set it with each update.
   *
   * @example
   * t.Timestamp({ default: "now", readOnly: true });
   */
  Timestamp<const O extends NowOptions = {}>(options?: O): Flagged<ReturnType<ScalarTypes["Date"]>, NoInfer<O>> {
    const { default: initial, onUpdate, ...rest } = (options ?? {}) as NowOptions;
    const hints: ColumnHints = {
      ...(initial === "now" ? { generated: "now" } : {}),
      ...(onUpdate === "now" ? { touched: true } : {}),
    };
    return withHints(this.Date(rest), hints) as Flagged<ReturnType<ScalarTypes["Date"]>, NoInfer<O>>;
  }

  /**
   * A day without a time, the string `YYYY-MM-DD`.
   *
   * @example
   * t.Day(); // "2026-11-22"
   */
  Day<const O extends StringOptions & ColumnOptions = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return column((rest) => Type.String({ ...rest, format: "date" }), options);
  }

  /**
   * An exact decimal as a string, of `precision` digits in all (38) with `scale` of them behind the point (2). A `RangeError` for
   * more digits than every database has, 65 and 30.
   *
   * @example
   * t.Decimal({ precision: 12, scale: 2 }); // "1999.90"
   */
  Decimal<const O extends SchemaOptions & ColumnOptions & { precision?: number; scale?: number } = {}>(
    options?: O,
  ): Flagged<TString, NoInfer<O>> {
    const { precision = 38, scale = 2, ...rest } = (options ?? {}) as { precision?: number; scale?: number };
    if (precision < 1 || !isCount(precision, MOST_DIGITS) || !isCount(scale, Math.min(precision, MOST_SCALE)))
      throw new RangeError(
        `t.Decimal takes a precision of 1 to ${MOST_DIGITS} digits, and a scale of 0 to that or ${MOST_SCALE}, not ${precision} and ${scale}`,
      );
    const fraction = scale === 0 ? "" : `(\\.[0-9]{1,${scale}})?`;
    const pattern = `^-?[0-9]{1,${Math.max(precision - scale, 1)}}${fraction}$`;
    const schema = column((own) => Type.String({ ...own, pattern }), rest as O);
    return withHints(schema, { decimal: { precision, scale } });
  }

  /**
   * Any JSON that the given schema describes, kept in one column.
   *
   * @example
   * t.Json(t.Object({ theme: t.String() }));
   */
  Json<T extends TSchema>(schema: T): T;
  Json(): TUnsafe<unknown>;
  Json(schema: TSchema = Type.Unknown()): TSchema {
    return withHints(schema, { json: true });
  }

  /**
   * A UUID as a string in lower case.
   *
   * @example
   * t.Uuid({ unique: true });
   */
  Uuid<const O extends StringOptions & ColumnOptions = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return column((rest) => Type.String({ ...rest, format: "uuid" }), options);
  }

  /**
   * A reference to another table's column, written `"users.id"`; an integer, or of the type that `type` gives.
   * Deleting what is referred to is refused unless `onDelete` says otherwise. Indexed, unless `index: false`.
   *
   * @example
   * t.ForeignKey("users.id", { onDelete: "cascade" });
   * t.ForeignKey("files.id", { type: t.Uuid() });
   */
  ForeignKey<const O extends SchemaOptions & ColumnOptions & ReferenceOptions = {}>(
    to: `${string}.${string}`,
    options?: O & { type?: undefined },
  ): Flagged<TInteger, NoInfer<O>>;
  ForeignKey<T extends TSchema, const O extends SchemaOptions & ColumnOptions & ReferenceOptions = {}>(
    to: `${string}.${string}`,
    options: O & { type: T },
  ): Flagged<T, NoInfer<O>>;
  ForeignKey(
    to: `${string}.${string}`,
    options: SchemaOptions & ColumnOptions & ReferenceOptions & { type?: TSchema | undefined } = {},
  ): TSchema {
    const { type = Type.Integer(), onDelete, onUpdate, ...rest } = options;
    const dot = to.lastIndexOf(".");
    const references: ColumnReference = { table: to.slice(0, dot), column: to.slice(dot + 1), onDelete, onUpdate };
    const schema = column((own) => ({ ...type, ...own }), { index: true, ...rest });
    return withHints(schema, { references });
  }

  /**
   * One uploaded file, an `UploadFile`: a property of a route's `form` or `files`, and of nothing else. A `RangeError` for sizes
   * and types that no file can meet.
   *
   * @example
   * t.File({ maxSize: FileSize.MB_5, types: ["image/*", "application/pdf"], sniff: true });
   */
  File(options?: FileOptions): TFile {
    return fileSchema(options);
  }

  /**
   * Files that share one name, a list of `UploadFile`, at least one unless `minFiles` is 0. A property of a route's `form` or
   * `files`, and of nothing else.
   *
   * @example
   * t.Files({ maxFiles: 5, maxSize: FileSize.MB_5 });
   */
  Files(options?: FilesOptions): TFiles {
    return filesSchema(options);
  }
}

/** The type builders: all of TypeBox's `Type`, and Bolide's own. */
export const t: Types = new Types();
