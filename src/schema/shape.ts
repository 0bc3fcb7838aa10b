import { Kind, OptionalKind } from "@sinclair/typebox";
import type { Static, TObject, TProperties, TSchema } from "@sinclair/typebox";
import { t } from "./t.ts";

/** A TypeBox schema, or a record of TypeBox types as shorthand for `t.Object`. */
export type Shape = TSchema | Readonly<Record<string, TSchema>>;

/**
 * The type of the value a shape describes, as a handler sees it.
 *
 * @example
 * type Params = StaticOf<{ id: TInteger }>; // { id: number }
 */
export type StaticOf<S extends Shape> = S extends TSchema
  ? Static<S>
  : S extends TProperties
    ? Static<TObject<S>>
    : never;

type Wire<T> = 0 extends 1 & T
  ? T
  : T extends Date | bigint | Uint8Array
    ? string
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

/**
 * The type of the JSON a client sends or receives: `Date`, `bigint` and `Uint8Array` are strings there.
 *
 * @example
 * type Sent = WireOf<TObject<{ at: TDate }>>; // { at: string }
 */
export type WireOf<S extends TSchema> = Wire<Static<S>>;

/** Tells a schema from a record of schemas: a schema carries TypeBox's kind. */
export function isSchema(shape: Shape): shape is TSchema {
  return Kind in shape;
}

/** Whether a schema is `t.Optional(…)`. */
export function isOptional(schema: TSchema): boolean {
  return OptionalKind in schema;
}

/**
 * The object schema of a shape: a record becomes `t.Object(record)`, an object schema is returned as it is.
 * Throws a `TypeError` for a schema of another kind.
 *
 * @example
 * asObject({ id: t.Integer() }).required; // ["id"]
 */
export function asObject(shape: Shape): TObject {
  if (!isSchema(shape)) return t.Object(shape);
  if (shape[Kind] !== "Object") {
    const hint = shape[Kind] === "Intersect" ? "; t.Composite joins objects into one" : "";
    throw new TypeError(`Expected an object schema or a record of schemas, not ${shape[Kind]}${hint}`);
  }
  return shape as TObject;
}
