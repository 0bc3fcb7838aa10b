import { Kind } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";

/** TypeBox's name of a schema's kind: `"String"`, `"Object"`, `"Date"`. */
export const kindName = (schema: TSchema): string => schema[Kind];

/** What `t.Nullable` was given; undefined for a schema that does not allow null. */
export function nonNull(schema: TSchema): TSchema | undefined {
  if (schema[Kind] !== "Union") return undefined;
  const members = schema["anyOf"] as readonly TSchema[];
  const rest = members.filter((member) => member[Kind] !== "Null");
  if (rest.length === members.length) return undefined;
  return rest.length === 1 ? rest[0] : { ...schema, anyOf: rest };
}

/** The texts that a `t.StringEnum`, a string `t.Literal` or a union of those allows; undefined for any other schema. */
export function textsOf(schema: TSchema): readonly string[] | undefined {
  if (schema[Kind] === "StringEnum") return schema["enum"] as readonly string[];
  if (schema[Kind] === "Literal") return typeof schema["const"] === "string" ? [schema["const"]] : undefined;
  if (schema[Kind] !== "Union") return undefined;
  const members = (schema["anyOf"] as readonly TSchema[]).map(textsOf);
  return members.every((member) => member !== undefined) ? members.flat() : undefined;
}
