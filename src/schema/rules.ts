import type { EntryType, Report } from "./entry.ts";
import type { Bounds, Extent } from "./node.ts";

/** Writes a fault down, where anybody asks for it. */
export function fault(report: Report | undefined, msg: string, type: EntryType): false {
  report?.add(msg, type);
  return false;
}

/** One constraint of a value whose type is right, with its sentence. */
export interface Rule<V> {
  readonly accepts: (value: V) => boolean;
  readonly msg: string;
  readonly type: EntryType;
}

export function obeys<V>(rules: readonly Rule<V>[], value: V, report: Report | undefined): boolean {
  let valid = true;
  for (const rule of rules) {
    if (rule.accepts(value)) continue;
    if (report === undefined) return false;
    valid = fault(report, rule.msg, rule.type);
  }
  return valid;
}

export function boundRules<N extends number | bigint>(bounds: Bounds<N>, noun: string): Rule<N>[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = bounds;
  const rules: Rule<N>[] = [];
  const rule = (accepts: (value: N) => boolean, expected: string, type: EntryType = "range") =>
    rules.push({ accepts, msg: `Expected ${noun} to be ${expected}`, type });
  if (exclusiveMaximum !== undefined) rule((value) => value < exclusiveMaximum, `less than ${exclusiveMaximum}`);
  if (exclusiveMinimum !== undefined) rule((value) => value > exclusiveMinimum, `greater than ${exclusiveMinimum}`);
  if (maximum !== undefined) rule((value) => value <= maximum, `less or equal to ${maximum}`);
  if (minimum !== undefined) rule((value) => value >= minimum, `greater or equal to ${minimum}`);
  if (multipleOf !== undefined) {
    // `==` because the remainder of bigints is 0n.
    // oxlint-disable-next-line eqeqeq
    rule((value) => (value as number) % (multipleOf as number) == 0, `a multiple of ${multipleOf}`, "value_error");
  }
  return rules;
}

export function extentRules({ minimum, maximum }: Extent, noun: string, verb: string, unit = ""): Rule<number>[] {
  const rules: Rule<number>[] = [];
  const [most, least] =
    unit === "" ? [`${verb}less or equal to`, `${verb}greater or equal to`] : ["no more than", "at least"];
  if (maximum !== undefined) {
    const msg = `Expected ${noun} ${most} ${maximum}${unit}`;
    rules.push({ accepts: (length) => length <= maximum, msg, type: "too_long" });
  }
  if (minimum !== undefined) {
    const msg = `Expected ${noun} ${least} ${minimum}${unit}`;
    rules.push({ accepts: (length) => length >= minimum, msg, type: "too_short" });
  }
  return rules;
}
