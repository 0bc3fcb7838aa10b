import { RouteError } from "../route/index.ts";
import {
  BigIntBounds,
  CsvHint,
  fileRulesOf,
  isOptional,
  kindName,
  refinementsOf,
  refusedOf,
  type TSchema,
} from "../schema/index.ts";
import { base64Pattern } from "./base64.ts";
import { ANNOTATIONS, type Components, type Direction } from "./components.ts";
import type { JsonSchema } from "./model.ts";
import { givenName, schemaName } from "./names.ts";
import { toJson } from "./to-json.ts";

/** Where a schema stands. */
export interface Spot {
  readonly direction: Direction;
  /** Names the place in errors: `GET /users/:id (200)`. */
  readonly place: string;
  /** Takes note of every example and where it stands. */
  readonly example: (schema: TSchema, examples: readonly unknown[], place: string) => void;
}

/** What a `$ref` may name: a schema around it, or a definition of its module, which is written when it is first named. */
type Ids = ReadonlyMap<string, { readonly name: string; readonly definition?: TSchema }>;
type Visit = (schema: TSchema, ids: Ids) => JsonSchema;

const NO_IDS: Ids = new Map();

/**
 * Writes a schema as JSON Schema 2020-12: what the validators accept in a request, or what leaves in an answer. Named schemas
 * become references into `components`.
 */
export function writeSchema(schema: TSchema, components: Components, spot: Spot): JsonSchema {
  const { direction, place } = spot;

  const visit: Visit = (schema, ids) => {
    const { example, examples = [] } = schema as { readonly example?: unknown; readonly examples?: unknown };
    if (!Array.isArray(examples)) throw new RouteError(place, "has examples that are no list");
    const all: readonly unknown[] = example === undefined ? examples : [...(examples as unknown[]), example];
    if (all.length > 0) spot.example(schema, all, place);
    const own = givenName(schema) ?? (schema.$id === undefined ? undefined : components.unnamed(schema, place));
    if (own === undefined) return written(schema, ids);
    const within = typeof schema.$id === "string" ? new Map(ids).set(schema.$id, { name: own }) : ids;
    const usage = { source: schema, direction, place, said: keywords(schema, ANNOTATIONS) };
    return components.refer(own, usage, () => written(schema, within));
  };

  const written: Visit = (schema, ids) => {
    const kind = kindName(schema);
    const write = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    const said =
      write === undefined ? keywords(schema) : write(schema, (inner) => visit(inner, ids), direction, ids, pointer);
    return direction === "request" ? demanding(schema, said) : said;
  };

  const pointer: Visit = (schema, ids) => {
    const { name, definition } = ids.get(schema["$ref"] as string)!;
    const said = keywords(schema, ANNOTATIONS);
    if (definition === undefined) return components.again(name, direction, said);
    return components.refer(name, { source: definition, direction, place, said }, () => written(definition, ids));
  };

  return visit(schema, NO_IDS);
}

/** With what a request must keep beside what JSON Schema has keywords for: properties that it may not name, checks that are functions. */
function demanding(schema: TSchema, said: JsonSchema): JsonSchema {
  const refused = refusedOf(schema);
  const checks = refinementsOf(schema).flatMap(({ name }) => (name === "" ? [] : [name]));
  if (refused.length === 0 && checks.length === 0) return said;
  return {
    ...said,
    // Its type, as null of a nullable object would have all of them.
    ...(refused.length === 0 ? {} : { not: { type: "object", anyOf: refused.map((name) => ({ required: [name] })) } }),
    ...(refused.length === 0 || "description" in said
      ? {}
      : { description: `Refused here: ${refused.map((name) => `\`${name}\``).join(", ")}.` }),
    ...(checks.length === 0 ? {} : { "x-checks": checks }),
  };
}

type Definitions = Readonly<Record<string, TSchema>>;
type Write = (
  schema: TSchema,
  visit: (schema: TSchema) => JsonSchema,
  direction: Direction,
  ids: Ids,
  pointer: Visit,
) => JsonSchema;

/** Every keyword that holds no schema, or only some. */
function keywords(schema: TSchema, only?: ReadonlySet<string>): JsonSchema {
  const said: JsonSchema = {};
  for (const key of Object.keys(schema)) {
    if (only === undefined ? STRUCTURE.has(key) && typeof schema[key] === "object" : !only.has(key)) continue;
    const value = toJson(schema[key]);
    if (value !== undefined) said[key] = value;
  }
  delete said["$id"];
  return said;
}

/** Keywords whose values are written on their own. */
const STRUCTURE: ReadonlySet<string> = new Set(
  "properties patternProperties additionalProperties unevaluatedProperties items contains anyOf allOf not $defs".split(
    " ",
  ),
);

/** The same without these. */
function without(schema: TSchema, ...keys: readonly string[]): JsonSchema {
  const said = keywords(schema);
  for (const key of keys) delete said[key];
  return said;
}

const KINDS: Readonly<Record<string, Write>> = {
  Any: keywordsOf,
  Unknown: keywordsOf,
  Never: keywordsOf,
  Undefined: nothing,
  Void: nothing,
  RegExp: (schema) => {
    const { source, flags } = schema as unknown as { readonly source: string; readonly flags: string };
    // JSON Schema has no flags: what `i` lets in, a pattern without it would refuse.
    const pattern = /[ims]/.test(flags) ? { "x-pattern": `/${source}/${flags}` } : { pattern: source };
    return { ...without(schema, "source", "flags"), type: "string", ...pattern };
  },
  Literal: (schema) => ({ type: typeof schema["const"], ...keywords(schema) }),
  Date: (schema) => {
    const said = without(schema, ...Object.keys(TIMESTAMPS));
    for (const [key, name] of Object.entries(TIMESTAMPS)) {
      if (typeof schema[key] === "number") said[name] = instantOf(key, schema[key]);
    }
    return said;
  },
  BigInt: (schema, _, direction) => {
    const said = keywords(schema);
    const bounds = (schema as { readonly [BigIntBounds]?: Readonly<Record<string, bigint | undefined>> })[BigIntBounds];
    for (const [key, bound] of Object.entries(bounds ?? {})) if (bound !== undefined) said[`x-${key}`] = String(bound);
    if (direction === "response") return { ...said, type: "string", pattern: "^-?[0-9]+$" };
    return { ...said, type: ["string", "integer"], pattern: "^[+-]?[0-9]{1,999}$" };
  },
  Uint8Array: (schema) => {
    const said = without(schema, "minByteLength", "maxByteLength");
    return { ...said, pattern: base64Pattern(schema["minByteLength"] ?? 0, schema["maxByteLength"]) };
  },
  File: (schema) => ({ ...keywords(schema), ...fileSizes(schema) }),
  Files: (schema) => ({ ...keywords(schema), items: { ...FILE, ...fileSizes(schema) } }),
  Array: (schema, visit) => ({
    ...keywords(schema),
    items: visit(schema["items"]),
    ...(schema["contains"] === undefined ? {} : { contains: visit(schema["contains"]) }),
  }),
  Tuple: (schema, visit) => {
    const items: readonly TSchema[] = schema["items"] ?? [];
    const length = { minItems: items.length, maxItems: items.length };
    const said = without(schema, "additionalItems");
    return items.length === 0
      ? { ...said, ...length }
      : { ...said, prefixItems: items.map(visit), items: false, ...length };
  },
  Object: (schema, visit, direction) => {
    const { required: named = [], ...said } = keywords(schema);
    const properties = Object.entries<TSchema>(schema["properties"] ?? {});
    const required = properties
      .filter(([key, property]) => (named as readonly string[]).includes(key) && isRequired(property, direction))
      .map(([key]) => key);
    return {
      ...said,
      properties: Object.fromEntries(
        properties.filter(([, one]) => !NOTHING.has(kindName(one))).map(([key, one]) => [key, visit(one)]),
      ),
      ...(required.length === 0 ? {} : { required }),
      ...extra(schema, "additionalProperties", visit),
    };
  },
  Record: (schema, visit) => {
    const [[pattern, value] = ["", undefined]] = Object.entries<TSchema>(schema["patternProperties"] ?? {});
    const said = keywords(schema);
    if (value === undefined) return said;
    if (pattern === ANY_KEY) return { ...said, additionalProperties: visit(value) };
    return { ...said, patternProperties: { [pattern]: visit(value) }, ...extra(schema, "additionalProperties", visit) };
  },
  Union: (schema, visit) => union(schema, visit),
  Intersect: (schema, visit) => ({
    ...keywords(schema),
    allOf: (schema["allOf"] as readonly TSchema[]).map(visit),
    ...extra(schema, "unevaluatedProperties", visit),
  }),
  Not: (schema, visit) => ({ ...keywords(schema), not: visit(schema["not"]) }),
  This: (schema, _visit, _direction, ids, pointer) => pointer(schema, ids),
  Ref: (schema, _visit, _direction, ids, pointer) => pointer(schema, ids),
  Import: (schema, _visit, _direction, ids, pointer) => {
    const all = new Map(ids);
    for (const [id, definition] of Object.entries(schema["$defs"] as Definitions))
      all.set(id, { name: schemaName(id), definition });
    return pointer(schema, all);
  },
};

const FILE: JsonSchema = { type: "string", format: "binary" };

/** JSON Schema counts characters, not bytes. */
function fileSizes(schema: TSchema): JsonSchema {
  const { maxSize, minSize } = fileRulesOf(schema);
  return {
    ...(minSize === 0 ? {} : { "x-min-bytes": minSize }),
    ...(maxSize === undefined ? {} : { "x-max-bytes": maxSize }),
  };
}

/** TypeBox's key pattern of a record whose keys are any strings. */
const ANY_KEY = "^(.*)$";

const NOTHING: ReadonlySet<string> = new Set(["Undefined", "Void"]);

function keywordsOf(schema: TSchema): JsonSchema {
  return keywords(schema);
}

function nothing(): JsonSchema {
  return { not: {} };
}

/** A default makes up for what a request leaves out; an answer has it. */
function isRequired(property: TSchema, direction: Direction): boolean {
  if (isOptional(property) || NOTHING.has(kindName(property)) || mayBeUndefined(property)) return false;
  if (direction === "response") return true;
  // Of a list of files that may be empty nothing is sent.
  const isEmptied = kindName(property) === "Files" && fileRulesOf(property).minFiles === 0;
  return property.default === undefined && !isEmptied;
}

function mayBeUndefined(schema: TSchema): boolean {
  return (
    kindName(schema) === "Union" && (schema["anyOf"] as readonly TSchema[]).some((one) => NOTHING.has(kindName(one)))
  );
}

function extra(schema: TSchema, key: string, visit: (schema: TSchema) => JsonSchema): JsonSchema {
  const value: unknown = schema[key];
  return typeof value === "object" && value !== null ? { [key]: visit(value as TSchema) } : {};
}

function union(schema: TSchema, visit: (schema: TSchema) => JsonSchema): JsonSchema {
  const said = keywords(schema);
  const members = (schema["anyOf"] as readonly TSchema[]).filter((one) => !NOTHING.has(kindName(one)));
  if (members.every((one) => kindName(one) === "Literal")) {
    const values = members.map((one) => one["const"] as unknown);
    const types = [...new Set(values.map((value) => typeof value))];
    return { ...said, type: types.length === 1 ? types[0] : types, enum: values };
  }
  const written = members.map(visit);
  const [first, second] = written;
  if (second === undefined) return { ...first, ...said };
  const rest = written.filter((_, at) => kindName(members[at]!) !== "Null");
  const [only] = rest;
  // `type: ["string", "null"]` is what generators read best; `enum` and `const` would have to list null too.
  if (
    written.length === 2 &&
    rest.length === 1 &&
    typeof only?.["type"] === "string" &&
    !("enum" in only) &&
    !("const" in only)
  ) {
    return { ...only, ...said, type: [only["type"], "null"] };
  }
  const discriminator = discriminatorOf(members, written);
  return { ...said, anyOf: written, ...(discriminator === undefined ? {} : { discriminator }) };
}

/** The property that tells named members apart (OpenAPI 3.1, 4.8.25): each requires it with a constant of its own. */
function discriminatorOf(members: readonly TSchema[], written: readonly JsonSchema[]): JsonSchema | undefined {
  if (members.length < 2 || !written.every((one) => typeof one["$ref"] === "string")) return undefined;
  const constants = (one: TSchema, key: string): unknown =>
    (one["properties"] as Definitions | undefined)?.[key]?.["const"];
  const keys = Object.keys((members[0]!["properties"] as Definitions | undefined) ?? {});
  const propertyName = keys.find((key) => {
    const values = members.map(
      (one) => (one["required"] as readonly string[] | undefined)?.includes(key) && constants(one, key),
    );
    return values.every((value) => typeof value === "string") && new Set(values).size === values.length;
  });
  if (propertyName === undefined) return undefined;
  const mapping = new Map(members.map((one, at) => [constants(one, propertyName) as string, written[at]!["$ref"]]));
  return { propertyName, mapping: Object.fromEntries(mapping) };
}

/** Bounds of dates, which JSON Schema has not, as dates. */
const TIMESTAMPS: Readonly<Record<string, string>> = {
  minimumTimestamp: "x-minimum",
  maximumTimestamp: "x-maximum",
  exclusiveMinimumTimestamp: "x-exclusiveMinimum",
  exclusiveMaximumTimestamp: "x-exclusiveMaximum",
  multipleOfTimestamp: "x-multipleOf",
};

function instantOf(key: string, value: number): string | number {
  return key === "multipleOfTimestamp" ? value : new Date(value).toISOString();
}

/** Whether an array is read from one comma-separated text. */
export function isCsv(schema: TSchema): boolean {
  return CsvHint in schema;
}
