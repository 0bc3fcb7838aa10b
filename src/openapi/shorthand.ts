import type { JsonSchema } from "./model.ts";

/** Objects within objects that are spelled out; deeper ones are `{ … }`. */
const DEPTH = 3;

/**
 * A schema in one line of Markdown code, in the manner of a TypeScript type: `{ text: string, tags?: string[] }`, or a component's name.
 * Constraints are left out: the document has them.
 */
export function shorthand(schema: JsonSchema): string {
  // No code in Markdown has a backtick of its own.
  return `\`${written(schema, DEPTH).replaceAll("`", "'")}\``;
}

function written(schema: unknown, depth: number): string {
  if (typeof schema !== "object" || schema === null) return "any";
  const { $ref, const: literal, enum: literals, type, items, properties, required, ...rest } = schema as Keywords;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf("/") + 1);
  if (literal !== undefined) return JSON.stringify(literal);
  if (literals !== undefined) return literals.map((one) => JSON.stringify(one)).join(" | ");
  const choices = rest.anyOf ?? rest.oneOf;
  if (choices !== undefined) return choices.map((one) => written(one, depth)).join(" | ");
  if (rest.allOf !== undefined) return rest.allOf.map((one) => written(one, depth)).join(" & ");
  if (typeof type === "object") return type.join(" | ");
  if (type === "array") {
    const item = written(items, depth);
    return item.includes(" | ") || item.includes(" & ") ? `(${item})[]` : `${item}[]`;
  }
  if (type !== "object") return type ?? "any";
  if (properties === undefined) return "object";
  if (depth === 0) return "{ … }";
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required?.includes(name) === true ? "" : "?"}: ${written(field, depth - 1)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** The keywords of JSON Schema that say what a value is. */
interface Keywords {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly allOf?: readonly unknown[];
}
