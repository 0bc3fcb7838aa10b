import type { Node } from "./node.ts";
import { typeOf } from "./node.ts";

/** The property that tells the members of a discriminated union apart. */
export interface Tag {
  /** The member whose tag the value carries; undefined where the value carries none of them. */
  pick(value: unknown): Node | undefined;
}

/**
 * The first property that every member requires as a constant, each with constants of its own:
 * `type` in `{ type: "circle", radius } | { type: "square", side }`.
 */
export function tagOf(members: readonly Node[]): Tag | undefined {
  const [first] = members;
  for (const { key } of first === undefined ? [] : constants(first)) {
    const table = new Map<unknown, Node>();
    let count = 0;
    for (const member of members) {
      const values = constants(member).find((property) => property.key === key)?.values ?? [];
      if (values.length === 0) count = Number.NaN;
      count += values.length;
      for (const value of values) table.set(value, member);
    }
    if (table.size === count) return { pick: (value) => table.get((value as Record<string, unknown> | null)?.[key]) };
  }
  return undefined;
}

function constants(member: Node): { readonly key: string; readonly values: readonly unknown[] }[] {
  const target = typeOf(member);
  if (target.kind !== "object") return [];
  return target.properties.flatMap(({ key, node, optional }) =>
    !optional && node.kind === "enum" ? [{ key, values: node.values }] : [],
  );
}
