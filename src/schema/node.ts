import type { Refine } from "./refine.ts";

/**
 * A schema lowered to plain data: one node per kind of value, every default of the schema language made explicit. Each
 * fold (`judge`, `settle`, `coerce`, `prepare`, `describe`) is a table over `kind`, so a kind that one of them forgets is a type error.
 */
export type Node =
  | AnyNode
  | NeverNode
  | NullNode
  | UndefinedNode
  | BooleanNode
  | StringNode
  | NumberNode
  | BigIntNode
  | DateNode
  | BytesNode
  | EnumNode
  | ArrayNode
  | TupleNode
  | ObjectNode
  | RecordNode
  | UnionNode
  | IntersectNode
  | NotNode
  | RefinedNode
  | RefNode
  | CustomNode;

export interface AnyNode {
  readonly kind: "any";
}
export interface NeverNode {
  readonly kind: "never";
}
export interface NullNode {
  readonly kind: "null";
}
export interface UndefinedNode {
  readonly kind: "undefined";
}
export interface BooleanNode {
  readonly kind: "boolean";
}
export interface StringNode {
  readonly kind: "string";
  readonly length: Extent;
  readonly pattern: RegExp | undefined;
  readonly format: Format | undefined;
}
export interface NumberNode {
  readonly kind: "number";
  readonly integer: boolean;
  readonly bounds: Bounds<number>;
}
export interface BigIntNode {
  readonly kind: "bigint";
  readonly bounds: Bounds<bigint>;
}
export interface DateNode {
  readonly kind: "date";
  readonly bounds: Bounds<number>;
}
export interface BytesNode {
  readonly kind: "bytes";
  readonly length: Extent;
}
/** One or more constants: a literal, an enum, a union of literals. */
export interface EnumNode {
  readonly kind: "enum";
  readonly values: readonly (string | number | boolean)[];
}
export interface ArrayNode {
  readonly kind: "array";
  readonly items: Node;
  readonly length: Extent;
  readonly unique: boolean;
  readonly contains: Contains | undefined;
  readonly csv: boolean;
}
export interface TupleNode {
  readonly kind: "tuple";
  readonly items: readonly Node[];
}
export interface ObjectNode {
  readonly kind: "object";
  readonly properties: readonly Property[];
  readonly extra: Extra;
  readonly size: Extent;
}
export interface RecordNode {
  readonly kind: "record";
  readonly key: RegExp;
  readonly value: Node;
  readonly extra: Extra;
  readonly size: Extent;
}
export interface UnionNode {
  readonly kind: "union";
  readonly members: readonly Node[];
}
export interface IntersectNode {
  readonly kind: "intersect";
  readonly members: readonly Node[];
  /** What `unevaluatedProperties` says of a property that no member declares. */
  readonly extra: Extra;
}
export interface NotNode {
  readonly kind: "not";
  readonly node: Node;
}
/** A value with checks of the schema's own, beside those of its type. */
export interface RefinedNode {
  readonly kind: "refined";
  readonly node: Node;
  readonly checks: readonly Refine<unknown>[];
  /** Makes the value that the checks look at of one in its JSON form. */
  readonly decode: (value: unknown) => unknown;
}
/** A recursive place. `target` is set when the schema around it has been lowered. */
export interface RefNode {
  readonly kind: "ref";
  target: Node | undefined;
}
/** A kind that the user has put into TypeBox's `TypeRegistry`. */
export interface CustomNode {
  readonly kind: "custom";
  readonly name: string;
  readonly accepts: (value: unknown) => boolean;
}

export interface Property {
  readonly key: string;
  readonly node: Node;
  readonly optional: boolean;
  readonly default: Default | undefined;
}
/** The properties that an answer may have: what no client may send is in none, so there it counts as undeclared. */
export const answered = (properties: readonly Property[]): readonly Property[] =>
  properties.filter(({ node, optional }) => !optional || node.kind !== "never");

/** The value under the `default` keyword: a constant in its JSON or its decoded form, or a function that makes one. */
export interface Default {
  readonly value: unknown;
}
export interface Bounds<N> {
  readonly minimum: N | undefined;
  readonly maximum: N | undefined;
  readonly exclusiveMinimum: N | undefined;
  readonly exclusiveMaximum: N | undefined;
  readonly multipleOf: N | undefined;
}
export interface Extent {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}
export interface Contains {
  readonly node: Node;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}
export interface Format {
  readonly name: string;
  readonly accepts: (text: string) => boolean;
}
/** Undeclared properties: dropped (nothing said), kept as they are (`true`), refused (`false`), or a schema of their own. */
export type Extra = "drop" | "keep" | "forbid" | Node;

/** Follows references to the node they stand for. */
export function resolve(node: Node): Exclude<Node, RefNode> {
  let at = node;
  while (at.kind === "ref") {
    if (at.target === undefined) throw new Error("A reference was followed before its schema was lowered");
    at = at.target;
  }
  return at;
}

/** The node that tells the value's type, behind references and checks. */
export function typeOf(node: Node): Exclude<Node, RefNode | RefinedNode> {
  let at = resolve(node);
  while (at.kind === "refined") at = resolve(at.node);
  return at;
}

/** The properties that no schema keyword can tell from `Object.prototype`'s own without asking `hasOwn`. */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}
