import type { JsonSchema } from "../model.ts";
import type { Lookup } from "./lookup.ts";

/**
 * A schema with its reference followed; an object that is put together of others, as one object: whether it is one or several,
 * clients do not notice.
 */
export function whole(schema: JsonSchema, lookup: Lookup): JsonSchema {
  const { allOf, ...rest } = lookup.schema(schema);
  if (!Array.isArray(allOf)) return allOf === undefined ? rest : { ...rest, allOf };
  const parts = [
    ...(allOf as JsonSchema[]).map((part) => whole(part, lookup)),
    ...("properties" in rest ? [rest] : []),
  ];
  if (!parts.every(({ type, anyOf }) => type === "object" && anyOf === undefined)) return { ...rest, allOf };
  const properties: Record<string, JsonSchema> = {};
  for (const part of parts)
    for (const [key, one] of Object.entries((part["properties"] ?? {}) as Record<string, JsonSchema>))
      properties[key] = Object.hasOwn(properties, key) ? { allOf: [properties[key], one] } : one;
  const required = [...new Set(parts.flatMap((part) => (part["required"] as string[] | undefined) ?? []))];
  const { unevaluatedProperties, ...said } = rest;
  return {
    ...Object.assign({}, ...parts),
    ...said,
    type: "object",
    properties,
    required,
    ...(unevaluatedProperties === undefined ? {} : { additionalProperties: unevaluatedProperties }),
  } as JsonSchema;
}
