import { headerName, type Plan, stepsOf, type TextSource } from "../compile/index.ts";
import { asObject, isOptional, kindName, nonNull, type TSchema } from "../schema/index.ts";
import { isCsv } from "./json-schema.ts";
import { type JsonSchema, type ParameterObject, SAFE_INTEGER } from "./model.ts";

const PLACES = { params: "path", query: "query", headers: "header", cookies: "cookie" } as const;

/** Writes one schema of a text source. */
export type WriteText = (schema: TSchema, place: string) => JsonSchema;

/**
 * The parameters that a route and its dependencies read. `names` are those of the path's template, by position; another route
 * may have given them.
 */
export function parametersOf(plan: Plan, names: readonly string[], write: WriteText): readonly ParameterObject[] {
  const found = new Map<string, ParameterObject>();
  for (const { source, shape } of stepsOf(plan, "read")) {
    for (const [key, schema] of Object.entries<TSchema>(asObject(shape).properties)) {
      const one = parameter(source, nameIn(source, key, plan, names), schema, write, plan);
      const id = `${one.in} ${one.name}`;
      const other = found.get(id);
      found.set(id, other === undefined ? one : joined(other, one));
    }
  }
  return [...found.values()];
}

function nameIn(source: TextSource, key: string, { pattern }: Plan, names: readonly string[]): string {
  if (source === "headers") return headerName(key);
  return source === "params" ? (names[pattern.names.indexOf(key)] ?? key) : key;
}

function parameter(source: TextSource, name: string, schema: TSchema, write: WriteText, plan: Plan): ParameterObject {
  const place = PLACES[source];
  const { description, deprecated, examples, ...written } = write(schema, `${plan.name} (${place} ${name})`);
  const isTail = source === "params" && plan.pattern.wildcard !== undefined && name === plan.pattern.wildcard;
  const told = [description, ...(isTail ? ["Takes the rest of the path, slashes included."] : [])].filter(
    (text) => typeof text === "string",
  );
  return {
    name,
    in: place,
    ...(told.length === 0 ? {} : { description: told.join("\n\n") }),
    ...(place === "path" || (!isOptional(schema) && schema.default === undefined) ? { required: true } : {}),
    ...(deprecated === true ? { deprecated } : {}),
    ...styleOf(place, schema),
    schema: neverEmpty(withinSafeRange(written), place, schema),
    ...(Array.isArray(examples)
      ? { examples: Object.fromEntries(examples.map((value: unknown, at) => [String(at + 1), { value }])) }
      : {}),
  };
}

/** How a list is spelled: one comma-separated text, or a key for each item. */
function styleOf(
  place: ParameterObject["in"],
  schema: TSchema,
): { readonly style?: string; readonly explode?: boolean } {
  const list = nonNull(schema) ?? schema;
  if (kindName(list) !== "Array" && kindName(list) !== "Tuple") return {};
  if (place === "path" || place === "header") return { style: "simple", explode: false };
  return { style: "form", explode: !isCsv(list) };
}

/** A list of which every item is a key of its own is absent where it is empty: one that is required is not. */
function neverEmpty(written: JsonSchema, place: ParameterObject["in"], schema: TSchema): JsonSchema {
  if (styleOf(place, schema).style === undefined || isCsv(nonNull(schema) ?? schema)) return written;
  const isRequired = !isOptional(schema) && schema.default === undefined;
  return isRequired && written["minItems"] === undefined ? { ...written, minItems: 1 } : written;
}

/** Integers that JavaScript cannot tell apart are refused in texts: readers see the format's name, not two bounds of 16 digits. */
export function withinSafeRange(schema: JsonSchema): JsonSchema {
  if (schema["type"] === "array" && typeof schema["items"] === "object")
    return { ...schema, items: withinSafeRange(schema["items"] as JsonSchema) };
  if (schema["type"] !== "integer" || "format" in schema) return schema;
  const isBelow = "minimum" in schema || "exclusiveMinimum" in schema;
  const isAbove = "maximum" in schema || "exclusiveMaximum" in schema;
  return isBelow && isAbove ? schema : { ...schema, format: SAFE_INTEGER };
}

/** A parameter that two declarations read must suit both; one that a path has and a declaration does not name is any string to it. */
function joined(one: ParameterObject, other: ParameterObject): ParameterObject {
  return {
    ...other,
    ...one,
    ...(one.required === true || other.required === true ? { required: true } : {}),
    schema: joinedSchema(one.schema, other.schema),
  };
}

/** What both of two schemas take of a text: one that is any string takes what the other does, and no number is a string. */
function joinedSchema(one: JsonSchema, other: JsonSchema): JsonSchema {
  if (Bun.deepEquals(one, other)) return one;
  const [isText, isOtherText] = [one, other].map(({ type }) => type === "string");
  if (isText === isOtherText) return { allOf: [one, other] };
  return isText ? other : one;
}
