import type { JsonSchema } from "../model.ts";
import type { Lookup } from "./lookup.ts";

/** The types and the constants that a schema allows, those of its alternatives included. */
export class Kinds {
  /** `undefined` where any is allowed. */
  readonly types: readonly string[] | undefined;
  readonly values: readonly unknown[] | undefined;

  constructor(schema: JsonSchema, lookup: Lookup) {
    this.types = typesOf(schema, lookup);
    this.values = valuesOf(schema, lookup);
  }

  /** Types that the other has not. */
  typesBeside(other: Kinds): readonly string[] {
    const { types } = other;
    if (types === undefined) return [];
    if (this.types === undefined) return ["anything"];
    return this.types.filter((type) => !types.includes(type) && !(type === "integer" && types.includes("number")));
  }

  /** Constants that the other has not: `only` tells those of the other where there were all, `each` tells one. */
  valuesBeside(other: Kinds, only: (values: string) => string, each: (value: string) => string): readonly string[] {
    const { values } = other;
    if (values === undefined) return [];
    if (this.values === undefined) return [only(values.map((value) => JSON.stringify(value)).join(", "))];
    const more = this.values.filter((value) => !values.includes(value));
    return more.map((value) => each(JSON.stringify(value)));
  }
}

function typesOf(schema: JsonSchema, lookup: Lookup): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type as string[];
  return ofAlternatives(schema, lookup, typesOf);
}

function valuesOf(schema: JsonSchema, lookup: Lookup): readonly unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  if (Array.isArray(schema["enum"])) return schema["enum"] as unknown[];
  if (schema["type"] === "null") return [null];
  return ofAlternatives(schema, lookup, valuesOf);
}

/** What all alternatives allow together; `undefined` where one of them allows any. */
function ofAlternatives<T>(
  { anyOf, oneOf }: JsonSchema,
  lookup: Lookup,
  of: (schema: JsonSchema, lookup: Lookup) => readonly T[] | undefined,
): readonly T[] | undefined {
  const alternatives = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  const found = alternatives?.map((one) => of(lookup.schema(one), lookup));
  return found?.every((one) => one !== undefined) ? [...new Set(found.flat())] : undefined;
}
