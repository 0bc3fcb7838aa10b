import fc, { type Arbitrary } from "fast-check";
import type { JsonSchema } from "../../src/openapi/index.ts";

/** Finds what a `$ref` names. */
export type Resolve = (ref: string) => JsonSchema;

/** Values that a schema of a document describes: what a stranger who has only the document would send. */
export function valuesOf(schema: JsonSchema, resolve: Resolve, depth = 0): Arbitrary<unknown> {
  const inner = (one: unknown) => valuesOf(one as JsonSchema, resolve, depth + 1);
  if (typeof schema["$ref"] === "string") return inner(besides(resolve(schema["$ref"]), schema));
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  if (Array.isArray(schema["anyOf"])) return fc.oneof(...schema["anyOf"].map(inner));
  if (Array.isArray(schema["allOf"])) {
    return fc.tuple(...schema["allOf"].map(inner)).map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  }
  const types = Array.isArray(schema["type"]) ? (schema["type"] as string[]) : [schema["type"] as string | undefined];
  return fc.oneof(...types.map((type) => ofType(type, schema, inner, depth)));
}

/** What a reference names, with what stands beside it of properties. */
export function besides(named: JsonSchema, { properties = {} }: JsonSchema): JsonSchema {
  const known = (named["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const more = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  if (more.length === 0) return named;
  return {
    ...named,
    properties: { ...known, ...Object.fromEntries(more.map(([key, one]) => [key, { ...known[key], ...one }])) },
  };
}

function ofType(
  type: string | undefined,
  schema: JsonSchema,
  inner: (one: unknown) => Arbitrary<unknown>,
  depth: number,
): Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return integers(schema);
    case "number":
      return numbers(schema);
    case "string":
      return strings(schema);
    case "array":
      return arrays(schema, inner, depth);
    case "object":
      return objects(schema, inner);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function integers(schema: JsonSchema): Arbitrary<number> {
  const step = (schema["multipleOf"] as number | undefined) ?? 1;
  const min = Math.max(bound(schema, "minimum", -2e9), bound(schema, "exclusiveMinimum", -2e9) + 1);
  const max = Math.min(bound(schema, "maximum", 2e9), bound(schema, "exclusiveMaximum", 2e9) - 1);
  return fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) }).map((value) => value * step);
}

function numbers(schema: JsonSchema): Arbitrary<number> {
  const options = { noNaN: true, noDefaultInfinity: true };
  return fc
    .double({
      ...options,
      min: "exclusiveMinimum" in schema ? bound(schema, "exclusiveMinimum", 0) : bound(schema, "minimum", -1e9),
      max: "exclusiveMaximum" in schema ? bound(schema, "exclusiveMaximum", 0) : bound(schema, "maximum", 1e9),
      minExcluded: "exclusiveMinimum" in schema,
      maxExcluded: "exclusiveMaximum" in schema,
    })
    .map((value) => (Object.is(value, -0) ? 0 : value));
}

const FORMATS: Readonly<Record<string, () => Arbitrary<string>>> = {
  date: () => instants().map((at) => at.slice(0, 10)),
  time: () => instants().map((at) => at.slice(11)),
  "date-time": instants,
  uuid: () => fc.uuid(),
  email: () => fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.(?:com|org)$/),
  ipv4: () => fc.ipV4(),
};

function instants(): Arbitrary<string> {
  const [min, max] = [new Date("1900-01-01T00:00:00Z"), new Date("2199-12-31T00:00:00Z")];
  return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
}

function strings(schema: JsonSchema): Arbitrary<string> {
  const [least, most] = [bound(schema, "minLength", 0), bound(schema, "maxLength", 20)];
  const fits = (text: string) => text.length >= least && text.length <= Math.max(most, least);
  if (schema["format"] === "binary") {
    const minLength = bound(schema, "x-min-bytes", 0);
    return fc.string({ minLength, maxLength: Math.min(bound(schema, "x-max-bytes", Infinity), minLength + 20) });
  }
  if (typeof schema["format"] === "string") return (FORMATS[schema["format"]] ?? (() => fc.string()))();
  if (typeof schema["pattern"] === "string") {
    const pattern = new RegExp(schema["pattern"]);
    // `\S` alone says that some character is one: it is not anchored.
    const found = pattern.source.startsWith("^") ? fc.stringMatching(pattern) : fc.string({ minLength: 1 });
    const limit = "maxLength" in schema ? most : 2000;
    return found.filter((text) => pattern.test(text) && text.length >= least && text.length <= limit);
  }
  // One UTF-16 unit is one character here: the document counts the one, the server the other.
  return fc.string({ minLength: least, maxLength: Math.min(Math.max(most, least), least + 20) }).filter(fits);
}

function arrays(schema: JsonSchema, inner: (one: unknown) => Arbitrary<unknown>, depth: number): Arbitrary<unknown> {
  if (Array.isArray(schema["prefixItems"])) return fc.tuple(...schema["prefixItems"].map(inner));
  const minLength = bound(schema, "minItems", 0);
  // A tree ends somewhere.
  if (depth > 4 && minLength === 0) return fc.constant([]);
  const maxLength = bound(schema, "maxItems", minLength + 4);
  const items = inner(schema["items"] ?? {});
  if (schema["uniqueItems"] !== true) return fc.array(items, { minLength, maxLength });
  return fc.uniqueArray(items, { minLength, maxLength, selector: (item) => JSON.stringify(item) });
}

function objects(schema: JsonSchema, inner: (one: unknown) => Arbitrary<unknown>): Arbitrary<unknown> {
  const properties = Object.entries((schema["properties"] as Record<string, JsonSchema> | undefined) ?? {});
  const required = (schema["required"] as string[] | undefined) ?? [];
  const known = fc.record(Object.fromEntries(properties.map(([key, one]) => [key, inner(one)])), {
    requiredKeys: required,
  });
  const extra = schema["additionalProperties"];
  if (extra === false) return known;
  const more = fc.dictionary(fc.stringMatching(/^extra[a-z]$/), extra === undefined ? fc.integer() : inner(extra), {
    maxKeys: 2,
  });
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

function bound(schema: JsonSchema, key: string, otherwise: number): number {
  return typeof schema[key] === "number" ? schema[key] : otherwise;
}
