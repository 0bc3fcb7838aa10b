import type { SchemaOptions, TNull, TSchema, TUnion } from "@sinclair/typebox";

/** Where a schema says what only a database needs to know; no JSON Schema shows it. */
export const ColumnHint = Symbol.for("bolide.Column");

/** The properties of an object that no client may send, by name; a schema lists them so that they are refused, not dropped. */
const RefusedHint = Symbol.for("bolide.Refused");

/** The same object, in whose input the named properties are faults of type `extra_forbidden`. No JSON Schema shows it. */
export function refusing<T extends TSchema>(schema: T, names: readonly string[]): T {
  return names.length === 0 ? schema : { ...schema, [RefusedHint]: names };
}

/** The names that an object refuses and does not declare; none for any other schema. */
export function refusedOf(schema: TSchema): readonly string[] {
  const names = (schema as { readonly [RefusedHint]?: readonly string[] })[RefusedHint] ?? [];
  const declared: object = schema["properties"] ?? {};
  return names.filter((name) => !Object.hasOwn(declared, name));
}

/** What happens to a row when the row it refers to is deleted or its key changes. */
export type ReferentialAction = "cascade" | "restrict" | "set null" | "set default" | "no action";

/** A reference to a column of another table, or of the same. */
export interface ColumnReference {
  readonly table: string;
  readonly column: string;
  readonly onDelete?: ReferentialAction | undefined;
  readonly onUpdate?: ReferentialAction | undefined;
}

/** What a column is beyond its type. */
export interface ColumnHints {
  readonly primaryKey?: boolean;
  /** The database makes the value when an insert leaves it out. */
  readonly generated?: "identity" | "uuid" | "now";
  /** `updatedAt`: written anew by every update that views and helpers make. */
  readonly touched?: boolean;
  readonly unique?: boolean;
  readonly index?: boolean;
  readonly references?: ColumnReference;
  readonly renamedFrom?: string;
  readonly decimal?: { readonly precision: number; readonly scale: number };
  readonly json?: boolean;
}

/** Options that every column type takes beside those of its schema. */
export interface ColumnOptions {
  /** No two rows share the value. */
  unique?: boolean;
  /** An index of its own. */
  index?: boolean;
  /** Refused in what a client sends. */
  readOnly?: boolean;
  /** Never in what a client is shown. */
  writeOnly?: boolean;
  /** The column's earlier name: `bolide migrate make` renames it, and asks nothing. */
  renamedFrom?: string;
}

/** The options that change what a model's schemas look like, so their types keep them. */
type Flag = "readOnly" | "writeOnly" | "default";

/** A schema whose type remembers those of its options that `model` looks at. */
export type Flagged<T extends TSchema, O> = [keyof O & Flag] extends [never] ? T : T & Pick<O, keyof O & Flag>;

/** Whether a schema, or what it makes nullable, has a property of its options. */
export type HasOption<S, F> = S extends F
  ? true
  : S extends TUnion<[infer I extends TSchema, TNull]>
    ? I extends F
      ? true
      : false
    : false;

/** A schema with hints added to those that it has. */
export function withHints<T extends TSchema>(schema: T, hints: ColumnHints): T {
  return { ...schema, [ColumnHint]: { ...hintsOf(schema), ...hints } };
}

/** The hints of a schema, none for one that is no column. */
export function hintsOf(schema: TSchema): ColumnHints {
  return (schema as { readonly [ColumnHint]?: ColumnHints })[ColumnHint] ?? {};
}

/** Takes the hints out of options, and gives what is left to the schema's own builder. */
export function column<T extends TSchema, O extends SchemaOptions & ColumnOptions>(
  build: (options: SchemaOptions) => T,
  options: O | undefined,
): Flagged<T, O> {
  if (options === undefined) return build({}) as Flagged<T, O>;
  const { unique, index, renamedFrom, ...rest } = options;
  if (unique === undefined && index === undefined && renamedFrom === undefined) return build(rest) as Flagged<T, O>;
  const hints: ColumnHints = {
    ...(unique === undefined ? {} : { unique }),
    ...(index === undefined ? {} : { index }),
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
  };
  return withHints(build(rest), hints) as Flagged<T, O>;
}
