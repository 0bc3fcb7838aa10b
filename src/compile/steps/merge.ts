import { Invalid, MAX_ENTRIES } from "../../schema/index.ts";

/** What is wrong with two sources, as one answer. */
export function merge(first: Invalid | undefined, second: Invalid | undefined): Invalid | undefined {
  if (first === undefined) return second;
  return second === undefined ? first : new Invalid([...first.entries, ...second.entries].slice(0, MAX_ENTRIES));
}
