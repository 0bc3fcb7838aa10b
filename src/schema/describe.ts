import type { TSchema } from "@sinclair/typebox";
import { lower } from "./lower.ts";
import type { Bounds, Extent, Node } from "./node.ts";

/**
 * A schema in a few words for a person: what `bolide routes --explain` prints. Throws a `SchemaError` like the validators.
 *
 * @example
 * describe(t.Integer({ minimum: 0 })); // "integer >= 0"
 * describe(t.Object({ name: t.String(), age: t.Optional(t.Integer()) })); // "{ name, age? }"
 */
export function describe(schema: TSchema): string {
  return words(lower(schema));
}

function words(node: Node): string {
  return (visitors[node.kind] as (node: Node) => string)(node);
}

const visitors: { readonly [K in Node["kind"]]: (node: Extract<Node, { kind: K }>) => string } = {
  any: () => "any",
  never: () => "never",
  null: () => "null",
  undefined: () => "nothing",
  boolean: () => "boolean",
  string: ({ format, pattern, length }) => {
    const notes = [format?.name, pattern && `/${pattern.source}/`, span(length, "characters")];
    return noted("string", notes);
  },
  number: ({ integer, bounds }) => (integer ? "integer" : "number") + limits(bounds),
  bigint: ({ bounds }) => `bigint${limits(bounds)}`,
  date: () => "date-time",
  bytes: ({ length }) => noted("bytes", [span(length, "bytes")]),
  enum: ({ values }) => values.map((value) => JSON.stringify(value)).join(" | "),
  array: ({ items, length, csv }) => noted(`${group(items)}[]`, [csv && "comma-separated", span(length, "items")]),
  tuple: ({ items }) => `[${items.map(words).join(", ")}]`,
  object: (node) => {
    const properties = node.properties.filter(({ node: property }) => property.kind !== "never");
    if (properties.length === 0) return "{}";
    return `{ ${properties.map(({ key, optional }) => (optional ? `${key}?` : key)).join(", ")} }`;
  },
  record: ({ value }) => `record of ${words(value)}`,
  union: ({ members }) => members.map(words).join(" | "),
  intersect: ({ members }) => members.map(words).join(" & "),
  not: ({ node }) => `not ${group(node)}`,
  refined: ({ node }) => words(node),
  ref: () => "itself",
  custom: ({ name }) => name,
};

function group(node: Node): string {
  const isCompound =
    node.kind === "union" || node.kind === "intersect" || (node.kind === "enum" && node.values.length > 1);
  return isCompound ? `(${words(node)})` : words(node);
}

function noted(noun: string, notes: readonly (string | false | undefined)[]): string {
  const said = notes.filter((note) => note !== undefined && note !== false);
  return said.length === 0 ? noun : `${noun} (${said.join(", ")})`;
}

function span({ minimum, maximum }: Extent, unit: string): string | undefined {
  if (minimum === undefined && maximum === undefined) return undefined;
  if (minimum === maximum) return `${minimum} ${unit}`;
  if (minimum === undefined) return `at most ${maximum} ${unit}`;
  return maximum === undefined ? `at least ${minimum} ${unit}` : `${minimum} to ${maximum} ${unit}`;
}

function limits<N extends number | bigint>(bounds: Bounds<N>): string {
  const parts = [
    [">=", bounds.minimum],
    [">", bounds.exclusiveMinimum],
    ["<=", bounds.maximum],
    ["<", bounds.exclusiveMaximum],
    ["multiple of", bounds.multipleOf],
  ] as const;
  const said = parts.filter(([, bound]) => bound !== undefined).map(([sign, bound]) => `${sign} ${bound}`);
  return said.length === 0 ? "" : ` ${said.join(" and ")}`;
}
