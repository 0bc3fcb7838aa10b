import { FormatRegistry, Kind, OptionalKind, PatternStringExact, TransformKind, TypeRegistry } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { SchemaError } from "./entry.ts";
import { formats } from "./formats.ts";
import { Judges } from "./judge.ts";
import { refinementsOf } from "./refine.ts";
import { Settles } from "./settle.ts";
import type { Bounds, Contains, Extent, Extra, Format, Node, Property, RefNode, StringNode } from "./node.ts";
import { refusedOf } from "./column.ts";
import { BigIntBounds, CsvHint } from "./types.ts";

/** The schemas that a `Ref` or `This` may name, each lowered when it is first named. */
type Scope = ReadonlyMap<string, { readonly ref: RefNode; readonly lower: () => Node }>;

interface Place {
  readonly scope: Scope;
  /** The step that led here from `parent`; a path is put together only for an error. */
  readonly key: string;
  readonly parent: Place | undefined;
  /** Defaults found on the way; they are judged when every reference has its target. */
  readonly defaults: { readonly node: Node; readonly value: unknown; readonly place: Place }[];
  /** Whether the schemas' own checks count: in what comes in, not in an answer. */
  readonly refined: boolean;
}

/**
 * Lowers a TypeBox schema to a node, and fails closed: a kind, format, pattern, reference or keyword that cannot be
 * checked as declared throws a `SchemaError` with its path. Costs about a microsecond per property.
 */
export function lower(schema: TSchema, refined = true): Node {
  const root: Place = { scope: new Map(), key: "", parent: undefined, defaults: [], refined };
  const lowered = visit(schema, root);
  for (const { node, value, place } of root.defaults) {
    // A default may be written in its JSON form, as a document shows it, or as the value itself.
    if (typeof value === "function" || new Judges("wire").of(node)(value) || new Judges("value").of(node)(value))
      continue;
    throw new SchemaError("The default does not match its own schema", pathOf(place));
  }
  return lowered;
}

function visit(schema: TSchema, place: Place): Node {
  if (typeof schema !== "object" || schema === null || typeof schema[Kind] !== "string") {
    throw new SchemaError("Expected a TypeBox schema (a JSON round trip loses its kind)", pathOf(place));
  }
  if (TransformKind in schema) {
    throw new SchemaError("Transform types are not supported; use t.Date, t.BigInt or t.Bytes", pathOf(place));
  }
  return refined(schema, visitNamed(schema, place), place);
}

/** The node of a schema with the checks that it has beside those of its type. */
function refined(schema: TSchema, node: Node, place: Place): Node {
  const checks = place.refined ? refinementsOf(schema) : [];
  if (checks.length === 0) return node;
  let settle: ((value: unknown) => unknown) | undefined;
  const decode = (value: unknown): unknown => {
    settle ??= new Settles("wire", new Judges("wire"), true).of(node) ?? ((same) => same);
    return settle(value);
  };
  return { kind: "refined", node, checks, decode };
}

function visitNamed(schema: TSchema, place: Place): Node {
  const id = schema.$id;
  if (typeof id !== "string" || !containers.has(schema[Kind])) return visitKind(schema, place);
  const ref: RefNode = { kind: "ref", target: undefined };
  const scope = new Map(place.scope).set(id, { ref, lower: () => ref });
  ref.target = visitKind(schema, { ...place, scope });
  return ref.target;
}

const anyKey = /(?:)/;
const containers = new Set(["Object", "Array", "Tuple", "Union", "Intersect", "Record", "Not"]);

function visitKind(schema: TSchema, place: Place): Node {
  const visitor = visitors[schema[Kind]];
  if (visitor !== undefined) return visitor(schema, place);
  const check = TypeRegistry.Get(schema[Kind]);
  if (check !== undefined) return { kind: "custom", name: schema[Kind], accepts: (value) => check(schema, value) };
  throw new SchemaError(`Unknown kind ${schema[Kind]}; register it in TypeBox's TypeRegistry`, pathOf(place));
}

const visitors: Readonly<Record<string, (schema: TSchema, place: Place) => Node>> = {
  Any: () => ({ kind: "any" }),
  Unknown: () => ({ kind: "any" }),
  Never: () => ({ kind: "never" }),
  Null: () => ({ kind: "null" }),
  Undefined: () => ({ kind: "undefined" }),
  Void: () => ({ kind: "undefined" }),
  Boolean: () => ({ kind: "boolean" }),
  Integer: (schema, place) => ({ kind: "number", integer: true, bounds: bounds(schema, ofValue, "number", place) }),
  Number: (schema, place) => ({ kind: "number", integer: false, bounds: bounds(schema, ofValue, "number", place) }),
  BigInt: (schema, place) => {
    const source: TSchema = schema[BigIntBounds as unknown as string] ?? schema;
    return { kind: "bigint", bounds: bounds(source, ofValue, "bigint", place) };
  },
  Date: (schema, place) => ({ kind: "date", bounds: bounds(schema, ofTimestamp, "number", place) }),
  Uint8Array: (schema, place) => ({ kind: "bytes", length: extent(schema, ofBytes, place) }),
  String: (schema, place) => text(schema, place, schema["pattern"], ""),
  RegExp: (schema, place) => text(schema, place, schema["source"], schema["flags"]),
  TemplateLiteral: (schema, place) => text(schema, place, schema["pattern"], ""),
  Literal: (schema, place) => {
    const value: unknown = schema["const"];
    if (typeof value === "string" || Number.isFinite(value) || typeof value === "boolean") {
      return { kind: "enum", values: [value as string | number | boolean] };
    }
    throw new SchemaError("A literal is a string, a number or a boolean", pathOf(place));
  },
  StringEnum: (schema, place) => {
    const values: unknown = schema["enum"];
    if (Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === "string")) {
      return { kind: "enum", values };
    }
    throw new SchemaError("A string enum needs at least one string", pathOf(place));
  },
  Array: (schema, place) => ({
    kind: "array",
    items: visit(schema["items"], below(place, "[]")),
    length: extent(schema, ofItems, place),
    unique: schema["uniqueItems"] === true,
    contains: contains(schema, place),
    csv: CsvHint in schema,
  }),
  Tuple: (schema, place) => {
    const items: readonly TSchema[] = schema["items"] ?? [];
    return { kind: "tuple", items: items.map((item, index) => visit(item, below(place, String(index)))) };
  },
  Object: (schema, place) => ({
    kind: "object",
    properties: properties(schema, place),
    extra: extra(schema["additionalProperties"], place),
    size: extent(schema, ofProperties, place),
  }),
  Record: (schema, place) => {
    const entries = Object.entries<TSchema>(schema["patternProperties"] ?? {});
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new SchemaError("A record has one key pattern", pathOf(place));
    return {
      kind: "record",
      // TypeBox's "any string" is `^(.*)$`, which a line break in a key does not match.
      key: entry[0] === PatternStringExact ? anyKey : regExp(entry[0], "", place),
      value: visit(entry[1], below(place, "*")),
      extra: extra(schema["additionalProperties"], place),
      size: extent(schema, ofProperties, place),
    };
  },
  Union: (schema, place) => union(members(schema["anyOf"], place)),
  Intersect: (schema, place) => ({
    kind: "intersect",
    members: members(schema["allOf"], place),
    extra: extra(schema["unevaluatedProperties"], place),
  }),
  Not: (schema, place) => ({ kind: "not", node: visit(schema["not"], place) }),
  File: (_, place) => misplaced("t.File()", place),
  Files: (_, place) => misplaced("t.Files()", place),
  This: (schema, place) => reference(schema, place),
  Ref: (schema, place) => reference(schema, place),
  Import: (schema, place) => {
    const scope = new Map(place.scope);
    for (const [id, definition] of Object.entries<TSchema>(schema["$defs"] ?? {})) {
      const ref: RefNode = { kind: "ref", target: undefined };
      let started = false;
      scope.set(id, {
        ref,
        lower: () => {
          if (started) return ref;
          started = true;
          ref.target = refined(definition, visitKind(definition, { ...below(place, id), scope }), place);
          return ref;
        },
      });
    }
    return reference(schema, { ...place, scope });
  },
};

/** A file is no JSON and no text: the readers of `form` and `files` take theirs out before they come here. */
function misplaced(type: string, place: Place): never {
  throw new SchemaError(`${type} is a property of a route's form or files, and of nothing else`, pathOf(place));
}

function below(place: Place, key: string): Place {
  return { ...place, key, parent: place };
}

function pathOf(place: Place): string[] {
  return place.parent === undefined ? [] : [...pathOf(place.parent), place.key];
}

function reference(schema: TSchema, place: Place): Node {
  const name: unknown = schema["$ref"];
  const found = typeof name === "string" ? place.scope.get(name) : undefined;
  if (found === undefined) throw new SchemaError(`Unresolvable reference ${String(name)}`, pathOf(place));
  return found.lower();
}

function members(schemas: readonly TSchema[], place: Place): Node[] {
  return schemas.map((schema, index) => visit(schema, below(place, `(${index + 1})`)));
}

/** A union of constants is one enum: it is checked faster and its message names what was expected. */
function union(nodes: readonly Node[]): Node {
  const values: (string | number | boolean)[] = [];
  for (const node of nodes) {
    if (node.kind !== "enum") return { kind: "union", members: nodes };
    values.push(...node.values);
  }
  return values.length === 0 ? { kind: "never" } : { kind: "enum", values };
}

function properties(schema: TSchema, place: Place): Property[] {
  const required: readonly string[] = schema["required"] ?? [];
  const declared: Readonly<Record<string, TSchema>> = schema["properties"] ?? {};
  const known = Object.keys(declared).map((key): Property => {
    if (key === "__proto__") throw new SchemaError("A property cannot be named __proto__", pathOf(place));
    const property = declared[key] as TSchema;
    const node = visit(property, below(place, key));
    const optional = OptionalKind in property || !required.includes(key);
    if (property.default === undefined) return { key, node, optional, default: undefined };
    place.defaults.push({ node, value: property.default, place: below(place, key) });
    return { key, node, optional, default: { value: property.default } };
  });
  return [
    ...known,
    ...refusedOf(schema).map((key) => ({ key, node: { kind: "never" } as const, optional: true, default: undefined })),
  ];
}

function extra(keyword: unknown, place: Place): Extra {
  if (keyword === undefined) return "drop";
  if (keyword === true) return "keep";
  if (keyword === false) return "forbid";
  return visit(keyword as TSchema, below(place, "*"));
}

function text(schema: TSchema, place: Place, pattern: unknown, flags: string): StringNode {
  return {
    kind: "string",
    length: extent(schema, ofLength, place),
    pattern: pattern === undefined ? undefined : regExp(pattern, flags, place),
    format: schema["format"] === undefined ? undefined : format(schema["format"], place),
  };
}

function regExp(source: unknown, flags: string, place: Place): RegExp {
  try {
    // `g` and `y` make `test` remember where it stopped, so that the same text would match every other time.
    return new RegExp(source as string, flags.replaceAll(/[gy]/g, ""));
  } catch {
    throw new SchemaError(`Invalid pattern ${String(source)}`, pathOf(place));
  }
}

function format(name: unknown, place: Place): Format {
  const accepts = typeof name === "string" ? (FormatRegistry.Get(name) ?? formats.get(name)) : undefined;
  if (accepts === undefined) throw new SchemaError(`Unknown format ${String(name)}`, pathOf(place));
  return { name: name as string, accepts };
}

function contains(schema: TSchema, place: Place): Contains | undefined {
  const keyword: TSchema | undefined = schema["contains"];
  const { minimum, maximum } = extent(schema, ofContains, place);
  if (keyword === undefined && minimum === undefined && maximum === undefined) return undefined;
  const node: Node = keyword === undefined ? { kind: "never" } : visit(keyword, below(place, "[]"));
  return { node, minimum, maximum };
}

function extent(schema: TSchema, [least, most]: ExtentKeywords, place: Place): Extent {
  return { minimum: bound(schema, least, "number", place), maximum: bound(schema, most, "number", place) };
}

type ExtentKeywords = readonly [minimum: string, maximum: string];
const ofLength: ExtentKeywords = ["minLength", "maxLength"];
const ofBytes: ExtentKeywords = ["minByteLength", "maxByteLength"];
const ofItems: ExtentKeywords = ["minItems", "maxItems"];
const ofContains: ExtentKeywords = ["minContains", "maxContains"];
const ofProperties: ExtentKeywords = ["minProperties", "maxProperties"];

function bounds<K extends "number" | "bigint">(
  schema: TSchema,
  keywords: Keywords,
  type: K,
  place: Place,
): Bounds<K extends "number" ? number : bigint> {
  return {
    minimum: bound(schema, keywords.minimum, type, place),
    maximum: bound(schema, keywords.maximum, type, place),
    exclusiveMinimum: bound(schema, keywords.exclusiveMinimum, type, place),
    exclusiveMaximum: bound(schema, keywords.exclusiveMaximum, type, place),
    multipleOf: bound(schema, keywords.multipleOf, type, place),
  };
}

type Keywords = { readonly [K in keyof Bounds<string>]: string };
const ofValue: Keywords = {
  minimum: "minimum",
  maximum: "maximum",
  exclusiveMinimum: "exclusiveMinimum",
  exclusiveMaximum: "exclusiveMaximum",
  multipleOf: "multipleOf",
};
const ofTimestamp: Keywords = {
  minimum: "minimumTimestamp",
  maximum: "maximumTimestamp",
  exclusiveMinimum: "exclusiveMinimumTimestamp",
  exclusiveMaximum: "exclusiveMaximumTimestamp",
  multipleOf: "multipleOfTimestamp",
};

function bound<K extends "number" | "bigint">(schema: TSchema, key: string, type: K, place: Place) {
  const value: unknown = schema[key];
  // TypeBox ignores a bound of the wrong type; an ignored bound is a check that silently is not there.
  if (value !== undefined && (typeof value !== type || Number.isNaN(value))) {
    throw new SchemaError(`${key} must be a ${type}`, pathOf(place));
  }
  return value as (K extends "number" ? number : bigint) | undefined;
}
