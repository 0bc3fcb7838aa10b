import type { TSchema } from "@sinclair/typebox";
import type { EntryType } from "./entry.ts";

/** Where a schema keeps its own checks; no JSON Schema shows them. */
const Refinements = Symbol.for("bolide.Refinements");

/** Something wrong with a value: where below it, if not in the value itself. */
export interface Problem {
  readonly msg: string;
  readonly loc?: readonly (string | number)[];
  /** Default `value_error`. */
  readonly type?: EntryType;
}

/** What a check returns: nothing or `true` for a good value, else what is wrong with it. */
export type Problems = undefined | null | void | true | string | Problem | readonly (string | Problem)[];

/** Looks at a value whose type is right. It is synchronous: what a database knows, its constraints say. */
export type Refine<V> = (value: V) => Problems;

/** The checks of a schema, in the order in which they were given. */
export function refinementsOf(schema: TSchema): readonly Refine<unknown>[] {
  return (schema as { readonly [Refinements]?: readonly Refine<unknown>[] })[Refinements] ?? [];
}

/** A schema with one more check. */
export function withRefinement<T extends TSchema>(schema: T, check: Refine<never>): T {
  return { ...schema, [Refinements]: [...refinementsOf(schema), check as Refine<unknown>] };
}

/** A check's answer as a list. */
export function problemsOf(answer: Problems): readonly Problem[] {
  if (answer === undefined || answer === null || answer === true) return [];
  const all = typeof answer === "string" || !Array.isArray(answer) ? [answer] : answer;
  return (all as readonly (string | Problem)[]).map((one) => (typeof one === "string" ? { msg: one } : one));
}
