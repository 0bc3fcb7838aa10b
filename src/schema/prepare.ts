import { Kind } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { type Form, type Judge, Judges } from "./judge.ts";
import type { Bounds, Extra, Node } from "./node.ts";
import { answered, isInherited, resolve } from "./node.ts";

/** A schema as TypeBox's compiler takes it, and what its generated code calls by name. */
export interface Prepared {
  readonly schema: TSchema;
  /** Judges of the places that TypeBox has no sound code for, under the names `#0`, `#1`, … */
  readonly customs: ReadonlyMap<string, Judge>;
  readonly formats: ReadonlyMap<string, (text: string) => boolean>;
}

/**
 * Turns a node back into a TypeBox schema for one form: dates as strings or as `Date`s, properties with a default
 * optional where JSON comes in, names of recursive places counted from zero so that two processes write the same code.
 */
export function prepare(node: Node, form: Form): Prepared {
  const preparation = new Preparation(form, recursiveTargets(node));
  return { schema: preparation.visit(node), customs: preparation.customs, formats: preparation.formats };
}

class Preparation {
  readonly customs = new Map<string, Judge>();
  readonly formats = new Map<string, (text: string) => boolean>();
  readonly #form: Form;
  readonly #judges: Judges;
  readonly #targets: ReadonlySet<Node>;
  readonly #names = new Map<Node, string>();

  constructor(form: Form, targets: ReadonlySet<Node>) {
    this.#form = form;
    this.#judges = new Judges(form);
    this.#targets = targets;
  }

  visit(node: Node): TSchema {
    const target = resolve(node);
    if (!this.#targets.has(target)) return this.#visitKind(target);
    const known = this.#names.get(target);
    if (known !== undefined) return schema("This", { $ref: known });
    const $id = `N${this.#names.size}`;
    this.#names.set(target, $id);
    return { ...this.#visitKind(target), $id };
  }

  #visitKind(node: Node): TSchema {
    return (this.#visitors[node.kind] as (node: Node) => TSchema)(node);
  }

  /** Leaves a place to its judge, which the generated code calls. */
  readonly #custom = (node: Node): TSchema => {
    const name = `#${this.customs.size}`;
    this.customs.set(name, this.#judges.of(node));
    return schema(name, {});
  };

  readonly #visitors: { readonly [K in Node["kind"]]: (node: Extract<Node, { kind: K }>) => TSchema } = {
    any: () => schema("Any", {}),
    never: () => schema("Never", { not: {} }),
    null: () => schema("Null", {}),
    undefined: () => schema("Undefined", {}),
    boolean: () => schema("Boolean", {}),
    string: (node) => {
      const { length, pattern, format } = node;
      const lengths = { minLength: length.minimum, maxLength: length.maximum };
      if (format === undefined && pattern === undefined) return schema("String", lengths);
      if (format === undefined && pattern !== undefined) {
        return schema("RegExp", { ...lengths, source: pattern.source, flags: pattern.flags });
      }
      if (format === undefined || pattern !== undefined || !isPlain(format.name)) return this.#custom(node);
      this.formats.set(format.name, format.accepts);
      return schema("String", { ...lengths, format: format.name });
    },
    number: ({ integer, bounds }) => schema(integer ? "Integer" : "Number", { ...bounds }),
    // TypeBox writes a bigint bound as a number literal, which loses digits beyond 2^53.
    bigint: (node) => (this.#form === "value" && isUnbound(node.bounds) ? schema("BigInt", {}) : this.#custom(node)),
    date: (node) => (this.#form === "value" && isUnbound(node.bounds) ? schema("Date", {}) : this.#custom(node)),
    bytes: (node) => {
      const { minimum, maximum } = node.length;
      if (this.#form === "wire") return this.#custom(node);
      return schema("Uint8Array", { minByteLength: minimum, maxByteLength: maximum });
    },
    enum: (node) => {
      if (node.values.length > 8) return this.#custom(node);
      const literals = node.values.map((value) => schema("Literal", { const: value }));
      return schema("Union", { anyOf: literals });
    },
    array: (node) => {
      if (node.unique || node.contains !== undefined) return this.#custom(node);
      const { minimum, maximum } = node.length;
      return schema("Array", { minItems: minimum, maxItems: maximum, items: this.visit(node.items) });
    },
    tuple: ({ items }) => {
      const length = { minItems: items.length, maxItems: items.length };
      if (items.length === 0) return schema("Tuple", length);
      return schema("Tuple", { ...length, items: items.map((item) => this.visit(item)) });
    },
    object: (node) => {
      const properties = this.#form === "wire" ? node.properties : answered(node.properties);
      // TypeBox reads a property wherever on the prototype chain it finds it, and takes an absent one for present
      // where its type lets `undefined` through.
      const isUnsound = properties.some(
        ({ key, node: property, optional }) =>
          isInherited(key) || !isPlain(key) || (!optional && mayAcceptUndefined(property)),
      );
      if (isUnsound) return this.#custom(node);
      const isRequired = (property: { optional: boolean; default: unknown }) =>
        !property.optional && !(property.default !== undefined && this.#form === "wire");
      return schema("Object", {
        properties: Object.fromEntries(properties.map(({ key, node: property }) => [key, this.visit(property)])),
        required: properties.filter(isRequired).map(({ key }) => key),
        additionalProperties: this.#extra(node.extra),
        minProperties: node.size.minimum,
        maxProperties: node.size.maximum,
      });
    },
    record: (node) => {
      if (node.key.flags !== "") return this.#custom(node);
      return schema("Record", {
        patternProperties: { [node.key.source]: this.visit(node.value) },
        additionalProperties: this.#extra(node.extra),
        minProperties: node.size.minimum,
        maxProperties: node.size.maximum,
      });
    },
    union: ({ members }) => schema("Union", { anyOf: members.map((member) => this.visit(member)) }),
    intersect: (node) => {
      // TypeBox makes a pattern of the declared names without escaping them.
      if (this.#extra(node.extra) !== undefined) return this.#custom(node);
      return schema("Intersect", { allOf: node.members.map((member) => this.visit(member)) });
    },
    not: ({ node }) => schema("Not", { not: this.visit(node) }),
    // Members are checked in order, so the schema's own checks see only values of the right type.
    refined: (node) => {
      const name = `#${this.customs.size}`;
      this.customs.set(name, this.#judges.refinement(node));
      return schema("Intersect", { allOf: [this.visit(node.node), schema(name, {})] });
    },
    ref: (node) => this.visit(node),
    custom: this.#custom,
  };

  #extra(extra: Extra): boolean | TSchema | undefined {
    if (extra === "drop" || extra === "keep") return undefined;
    if (extra === "forbid") return this.#form === "wire" ? false : undefined;
    return this.visit(extra);
  }
}

/** `kind` stands beside TypeBox's symbol so that the schema's JSON text tells kinds apart: it is the fingerprint. */
function schema(kind: string, keywords: Readonly<Record<string, unknown>>): TSchema {
  return { [Kind]: kind, kind, type: types[kind], ...keywords } as unknown as TSchema;
}

/** The `type` keyword without which TypeBox's guard refuses a schema of the kind. */
const types: Readonly<Record<string, string>> = {
  Array: "array",
  BigInt: "bigint",
  Boolean: "boolean",
  Date: "Date",
  Integer: "integer",
  Null: "null",
  Number: "number",
  Object: "object",
  Record: "object",
  String: "string",
  Tuple: "array",
  Uint8Array: "Uint8Array",
  Undefined: "undefined",
};

/** TypeBox refuses names with control characters. */
function isPlain(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\u0000-\u001f\u007f]/.test(name);
}

function isUnbound(bounds: Bounds<number> | Bounds<bigint>): boolean {
  return Object.values(bounds).every((bound) => bound === undefined);
}

/** Whether `undefined` may match, beyond the plain cases that TypeBox's compiler looks for itself. */
function mayAcceptUndefined(node: Node): boolean {
  if (node.kind === "refined") return mayAcceptUndefined(node.node);
  return node.kind === "not" || node.kind === "custom" || containsUndefined(node, 0);
}

function containsUndefined(node: Node, depth: number): boolean {
  if (node.kind === "union" || node.kind === "intersect") {
    return node.members.some(
      (member) => mayAcceptUndefined(member) || member.kind === "undefined" || member.kind === "any",
    );
  }
  return node.kind === "ref" && (depth > 8 || containsUndefined(resolve(node), depth + 1));
}

/** The nodes that some reference below the root leads back to. */
function recursiveTargets(root: Node): ReadonlySet<Node> {
  const targets = new Set<Node>();
  const seen = new Set<Node>();
  const walk = (node: Node): void => {
    if (node.kind === "ref") targets.add(resolve(node));
    const target = resolve(node);
    if (seen.has(target)) return;
    seen.add(target);
    for (const child of children(target)) walk(child);
  };
  walk(root);
  return targets;
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case "array":
      return node.contains === undefined ? [node.items] : [node.items, node.contains.node];
    case "tuple":
      return node.items;
    case "object":
      return [...node.properties.map((property) => property.node), ...extraNode(node.extra)];
    case "record":
      return [node.value, ...extraNode(node.extra)];
    case "union":
    case "intersect":
      return node.members;
    case "not":
    case "refined":
      return [node.node];
    default:
      return [];
  }
}

function extraNode(extra: Extra): readonly Node[] {
  return typeof extra === "string" ? [] : [extra];
}
