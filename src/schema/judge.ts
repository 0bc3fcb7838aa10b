import type { Report } from "./entry.ts";
import { base64Bytes, decimal, instantOf } from "./wire.ts";
import { identity } from "./identity.ts";
import type {
  ArrayNode,
  EnumNode,
  Extent,
  Extra,
  IntersectNode,
  Node,
  ObjectNode,
  Property,
  RecordNode,
  RefinedNode,
  RefNode,
  StringNode,
  TupleNode,
  UnionNode,
} from "./node.ts";
import { answered, isInherited, resolve, typeOf } from "./node.ts";
import { problemsOf } from "./refine.ts";
import { boundRules, extentRules, fault, obeys, type Rule } from "./rules.ts";
import { tagOf } from "./tag.ts";

/** Whether a value matches. With a report it goes on after the first fault and writes every one down. */
export type Judge = (value: unknown, report?: Report) => boolean;

/**
 * What a fold looks at: `wire`, JSON that came in (dates are strings, an absent property with a default is fine), or
 * `value`, what a handler answers and what text was coerced to (dates are `Date`s, undeclared properties no fault).
 */
export type Form = "wire" | "value";

/** Folds a node into its judge. The reference semantics: compiled checks must agree with it. */
export class Judges {
  readonly #form: Form;
  readonly #targets = new WeakMap<Node, Judge>();

  constructor(form: Form) {
    this.#form = form;
  }

  of(node: Node): Judge {
    return (this.#visitors[node.kind] as (node: Node) => Judge)(node);
  }

  readonly #visitors: { readonly [K in Node["kind"]]: (node: Extract<Node, { kind: K }>) => Judge } = {
    any: () => () => true,
    never: () => (_, report) => fault(report, "Expected no value", "value_error"),
    null: () => (value, report) => value === null || fault(report, "Expected null", "type_error"),
    undefined: () => (value, report) => value === undefined || fault(report, "Expected undefined", "type_error"),
    boolean: () => (value, report) => typeof value === "boolean" || fault(report, "Expected boolean", "type_error"),
    string: judgeString,
    number: (node) => {
      const rules = boundRules(node.bounds, node.integer ? "integer" : "number");
      const expected = node.integer ? "Expected integer" : "Expected number";
      const accepts = node.integer ? Number.isInteger : Number.isFinite;
      return (value, report) =>
        accepts(value) ? obeys(rules, value as number, report) : fault(report, expected, "type_error");
    },
    bigint: (node) => {
      const rules = boundRules(node.bounds, "bigint");
      const read =
        this.#form === "wire" ? decimal : (value: unknown) => (typeof value === "bigint" ? value : undefined);
      return (value, report) => {
        const number = read(value);
        return number === undefined ? fault(report, "Expected bigint", "type_error") : obeys(rules, number, report);
      };
    },
    date: (node) => {
      const rules = boundRules(node.bounds, "Date timestamp");
      const [expected, type] =
        this.#form === "wire"
          ? (["Expected string to match 'date-time' format", "format"] as const)
          : (["Expected Date", "type_error"] as const);
      const wire = this.#form === "wire";
      return (value, report) => {
        if (wire && typeof value !== "string") return fault(report, "Expected string", "type_error");
        const time = wire ? instantOf(value) : value instanceof Date ? value.getTime() : Number.NaN;
        return Number.isNaN(time) ? fault(report, expected, type) : obeys(rules, time, report);
      };
    },
    bytes: (node) => {
      const rules = extentRules(node.length, "byte length", "");
      const wire = this.#form === "wire";
      return (value, report) => {
        if (wire && typeof value !== "string") return fault(report, "Expected string", "type_error");
        const length = wire ? base64Bytes(value as string) : value instanceof Uint8Array ? value.length : -1;
        if (length >= 0) return obeys(rules, length, report);
        return wire
          ? fault(report, "Expected string to match 'base64' format", "format")
          : fault(report, "Expected Uint8Array", "type_error");
      };
    },
    enum: judgeEnum,
    array: (node) => this.#array(node),
    tuple: (node) => this.#tuple(node),
    object: (node) => this.#object(node),
    record: (node) => this.#record(node),
    union: (node) => this.#union(node),
    intersect: (node) => this.#intersect(node),
    not: (node) => {
      const inner = this.of(node.node);
      return (value, report) => !inner(value) || fault(report, "Expected the value not to match", "value_error");
    },
    refined: (node) => {
      const inner = this.of(node.node);
      const refinement = this.refinement(node);
      return (value, report) => inner(value, report) && refinement(value, report);
    },
    ref: (node) => this.#ref(node),
    custom: (node) => {
      const message = `Expected kind '${node.name}'`;
      return (value, report) => node.accepts(value) || fault(report, message, "value_error");
    },
  };

  /** The schema's own checks alone, of a value whose type is right. */
  refinement({ checks, decode }: RefinedNode): Judge {
    const wire = this.#form === "wire";
    return (value, report) => {
      const decoded = wire ? decode(value) : value;
      let valid = true;
      for (const check of checks) {
        for (const { msg, loc = [], type = "value_error" } of problemsOf(check(decoded))) {
          if (report === undefined) return false;
          report.path.push(...loc);
          valid = fault(report, msg, type);
          report.path.length -= loc.length;
        }
      }
      return valid;
    };
  }

  /** A recursive place is folded when it is first reached, once. */
  #ref(node: RefNode): Judge {
    let judge: Judge | undefined;
    return (value, report) => {
      if (judge === undefined) {
        const target = resolve(node);
        judge = this.#targets.get(target) ?? this.of(target);
        this.#targets.set(target, judge);
      }
      return judge(value, report);
    };
  }

  #array(node: ArrayNode): Judge {
    const items = this.of(node.items);
    const rules = extentRules(node.length, "array length", "to be ");
    const inner = node.contains === undefined ? undefined : this.of(node.contains.node);
    const contains = inner && node.contains && containsRules(inner, node.contains);
    return (value, report) => {
      if (!Array.isArray(value)) return fault(report, "Expected array", "type_error");
      let valid = obeys(rules, value.length, report);
      for (let index = 0; index < value.length; index++) {
        if (!at(index, items, value[index], report)) valid = false;
        if (!valid && (report === undefined || report.full)) return false;
      }
      if (contains !== undefined && !contains(value, report)) valid = false;
      if (node.unique && new Set(value.map(identity)).size !== value.length) {
        valid = fault(report, "Expected array elements to be unique", "value_error");
      }
      return valid;
    };
  }

  #tuple(node: TupleNode): Judge {
    const items = node.items.map((item) => this.of(item));
    const message = `Expected tuple to have ${items.length} elements`;
    return (value, report) => {
      if (!Array.isArray(value)) return fault(report, "Expected array", "type_error");
      if (value.length !== items.length) {
        return fault(report, message, value.length < items.length ? "too_short" : "too_long");
      }
      let valid = true;
      for (let index = 0; index < items.length; index++) {
        if (!at(index, items[index] as Judge, value[index], report)) valid = false;
        if (!valid && report === undefined) return false;
      }
      return valid;
    };
  }

  #object(node: ObjectNode): Judge {
    const declared = this.#form === "wire" ? node.properties : answered(node.properties);
    const properties = declared.map((property) => this.#property(property));
    const known = new Set(declared.map((property) => property.key));
    const rest = this.#rest(node.extra, (key) => known.has(key));
    const rules = extentRules(node.size, "object to have", "", " properties");
    return (value, report) => {
      if (!isObject(value)) return fault(report, "Expected object", "type_error");
      let valid = rules.length === 0 || obeys(rules, Object.getOwnPropertyNames(value).length, report);
      for (const property of properties) {
        if (!property(value, report)) {
          if (report === undefined || report.full) return false;
          valid = false;
        }
      }
      return rest === undefined ? valid : rest(value, report) && valid;
    };
  }

  /** Judges one property of an object, absent ones included. */
  #property({ key, node, optional, default: initial }: Property): (value: Fields, report?: Report) => boolean {
    const judge = node.kind === "never" ? forbidden : this.of(node);
    const mayBeAbsent = optional || (initial !== undefined && this.#form === "wire");
    const inherited = isInherited(key);
    return (value, report) => {
      const property = inherited && !Object.hasOwn(value, key) ? undefined : value[key];
      if (property === undefined) {
        if (mayBeAbsent || (Object.hasOwn(value, key) && judge(undefined))) return true;
        if (report !== undefined) at(key, missing, undefined, report);
        return false;
      }
      if (report === undefined) return judge(property);
      return at(key, judge, property, report);
    };
  }

  /** Judges the undeclared properties; `undefined` where anything goes. */
  #rest(extra: Extra, isKnown: (key: string) => boolean): ((value: Fields, report?: Report) => boolean) | undefined {
    if (extra === "keep" || extra === "drop" || (extra === "forbid" && this.#form === "value")) return undefined;
    const judge = extra === "forbid" ? forbidden : this.of(extra);
    return (value, report) => {
      let valid = true;
      for (const key of Object.getOwnPropertyNames(value)) {
        if (isKnown(key) || at(key, judge, value[key], report)) continue;
        valid = false;
        if (report === undefined || report.full) return false;
      }
      return valid;
    };
  }

  #record(node: RecordNode): Judge {
    const judge = this.of(node.value);
    const rest = this.#rest(node.extra, (key) => node.key.test(key));
    const rules = extentRules(node.size, "object to have", "", " properties");
    return (value, report) => {
      if (!isObject(value) || value instanceof Date || value instanceof Uint8Array) {
        return fault(report, "Expected object", "type_error");
      }
      const keys = Object.keys(value);
      let valid = obeys(rules, keys.length, report);
      for (const key of keys) {
        if (!node.key.test(key) || at(key, judge, value[key], report)) continue;
        valid = false;
        if (report === undefined || report.full) return false;
      }
      return rest === undefined ? valid : rest(value, report) && valid;
    };
  }

  #union(node: UnionNode): Judge {
    const members = node.members.map((member) => ({ node: member, judge: this.of(member) }));
    const present = members.filter((member) => !isAbsence(typeOf(member.node)));
    const tag = lazy(() => tagOf(node.members));
    return (value, report) => {
      for (const member of members) if (member.judge(value)) return true;
      if (report === undefined) return false;
      // Where the value leaves one member only, that member's own faults say more than "no member matches".
      const tagged = tag()?.pick(value);
      const fitting = present.filter(
        (member) => tagged === member.node || (tagged === undefined && fits(member.node, value)),
      );
      const only = present.length === 1 ? present[0] : fitting.length === 1 ? fitting[0] : undefined;
      return only === undefined ? fault(report, "Expected union value", "type_error") : only.judge(value, report);
    };
  }

  #intersect(node: IntersectNode): Judge {
    const members = node.members.map((member) => this.of(member));
    const keys = new Set(node.members.flatMap((member) => declaredKeys(member)));
    const rest = this.#rest(node.extra, (key) => keys.has(key));
    return (value, report) => {
      let valid = true;
      const from = report?.entries.length;
      for (const member of members) {
        if (!member(value, report)) {
          if (report === undefined) return false;
          valid = false;
        }
      }
      if (!valid) report?.unite(from as number);
      return rest === undefined || !isObject(value) ? valid : rest(value, report) && valid;
    };
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** An object as JSON knows it: no array, no null. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The property names that a node declares, for `unevaluatedProperties`. */
function declaredKeys(node: Node): string[] {
  const target = typeOf(node);
  if (target.kind === "object") return target.properties.map((property) => property.key);
  if (target.kind === "intersect" || target.kind === "union") return target.members.flatMap(declaredKeys);
  return [];
}

/** `null` or `undefined`: what a nullable type has beside the type itself. */
export function isAbsence(node: Node): boolean {
  return node.kind === "null" || node.kind === "undefined";
}

/** Whether the value is of the sort that the node speaks of, whatever its content. */
function fits(node: Node, value: unknown): boolean {
  const target = typeOf(node);
  switch (target.kind) {
    case "object":
    case "record":
      return isObject(value);
    case "array":
    case "tuple":
      return Array.isArray(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === target.kind;
    case "enum":
    case "never":
      return false;
    case "union":
    case "intersect":
      return target.members.some((member) => fits(member, value));
    default:
      return true;
  }
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const missing: Judge = (_, report) => fault(report, "Expected required property", "missing");
const forbidden: Judge = (_, report) => fault(report, "Unexpected property", "extra_forbidden");

/** Judges a value below the report's present path. */
function at(key: string | number, judge: Judge, value: unknown, report: Report | undefined): boolean {
  if (report === undefined) return judge(value);
  report.path.push(key);
  const valid = judge(value, report);
  report.path.pop();
  return valid;
}

function containsRules(
  judge: Judge,
  { minimum, maximum }: Extent,
): (value: readonly unknown[], report?: Report) => boolean {
  // TypeBox wants one match even under `minContains: 0`.
  const rules: Rule<number>[] = [
    { accepts: (count) => count > 0, msg: "Expected array to contain at least one matching value", type: "too_short" },
    ...extentRules({ minimum, maximum }, "array to contain", "", " matching values"),
  ];
  return (value, report) => obeys(rules, value.filter((item) => judge(item)).length, report);
}

function judgeString({ length, pattern, format }: StringNode): Judge {
  const lengths = extentRules(length, "string length", "");
  const rules: Rule<string>[] = lengths.map((rule) => ({ ...rule, accepts: (text) => rule.accepts(text.length) }));
  if (pattern !== undefined) {
    const msg = `Expected string to match '${pattern.source}'`;
    rules.push({ accepts: (text) => pattern.test(text), msg, type: "pattern" });
  }
  if (format !== undefined) {
    rules.push({ accepts: format.accepts, msg: `Expected string to match '${format.name}' format`, type: "format" });
  }
  return (value, report) =>
    typeof value === "string" ? obeys(rules, value, report) : fault(report, "Expected string", "type_error");
}

function judgeEnum({ values }: EnumNode): Judge {
  const set = new Set<unknown>(values);
  const list = values.map((value) => JSON.stringify(value)).join(", ");
  const message = values.length === 1 ? `Expected ${list}` : `Expected one of ${list}`;
  return (value, report) => set.has(value) || fault(report, message, "enum");
}
