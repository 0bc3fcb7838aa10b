import { type JsonSchema, SAFE_INTEGER } from "../model.ts";
import { Kinds } from "./kinds.ts";
import type { Lookup } from "./lookup.ts";
import { whole } from "./whole.ts";

/** What a request may no longer hold: every value of the older schema should still be taken. */
export function requestChanges(
  before: Lookup,
  older: JsonSchema,
  after: Lookup,
  newer: JsonSchema,
  place: string,
): string[] {
  return new Comparison(before, after, "narrower").compare(older, newer, place);
}

/** What an answer may newly hold: every value of the newer schema should have been allowed. */
export function answerChanges(
  before: Lookup,
  older: JsonSchema,
  after: Lookup,
  newer: JsonSchema,
  place: string,
): string[] {
  return new Comparison(before, after, "wider").compare(older, newer, place);
}

/** Bounds, and which way a value tightens them. */
const BOUNDS: Readonly<Record<string, 1 | -1>> = {
  minimum: 1,
  exclusiveMinimum: 1,
  minLength: 1,
  minItems: 1,
  minProperties: 1,
  "x-min-bytes": 1,
  maximum: -1,
  exclusiveMaximum: -1,
  maxLength: -1,
  maxItems: -1,
  maxProperties: -1,
  "x-max-bytes": -1,
};

/** Keywords of which any change is one that a program cannot see through. */
const OPAQUE = ["pattern", "format", "multipleOf", "uniqueItems", "contentEncoding", "x-pattern"] as const;

class Comparison {
  readonly #before: Lookup;
  readonly #after: Lookup;
  /** What breaks: a request that is taken for fewer values, an answer that may have more. */
  readonly #breaks: "narrower" | "wider";
  readonly #seen: Set<string>;

  constructor(before: Lookup, after: Lookup, breaks: "narrower" | "wider", seen: Iterable<string> = []) {
    this.#before = before;
    this.#after = after;
    this.#breaks = breaks;
    this.#seen = new Set(seen);
  }

  compare(olderRef: JsonSchema, newerRef: JsonSchema, place: string): string[] {
    const pair = `${JSON.stringify(olderRef)} ${JSON.stringify(newerRef)}`;
    // A recursive schema comes round to itself.
    if (this.#seen.has(pair)) return [];
    this.#seen.add(pair);
    const [older, newer] = [whole(olderRef, this.#before), whole(newerRef, this.#after)];
    if (Bun.deepEquals(older, newer) && !JSON.stringify(older).includes('"$ref"')) return [];
    const kinds = this.#kinds(older, newer, place);
    const [isEither, wasEither] = [newer, older].map((one) => alternativesOf(one) !== undefined);
    if (isEither !== wasEither) return kinds.length > 0 ? kinds : this.#alternatives(older, newer, place);
    return [
      ...kinds,
      ...this.#limits(older, newer, place),
      ...this.#properties(older, newer, place),
      ...this.#inside(older, newer, place),
      ...(kinds.length > 0 || !isEither ? [] : this.#alternatives(older, newer, place)),
      ...this.#parts(older, newer, place),
    ];
  }

  /** Types and constants that are refused now, or that there are now. */
  #kinds(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const [before, after] = [new Kinds(older, this.#before), new Kinds(newer, this.#after)];
    return this.#breaks === "narrower"
      ? [
          ...before.typesBeside(after).map((type) => `${place}: ${type} is refused`),
          ...before.valuesBeside(
            after,
            (values) => `${place}: takes only ${values}`,
            (value) => `${place}: ${value} is refused`,
          ),
        ]
      : [
          ...after.typesBeside(before).map((type) => `${place}: may be ${type} now`),
          ...after.valuesBeside(
            before,
            (values) => `${place}: was only ${values}`,
            (value) => `${place}: may be ${value} now`,
          ),
        ];
  }

  /** Bounds that a request must newly keep, or that an answer no longer keeps. */
  #limits(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const tight = this.#breaks === "narrower" ? newer : older;
    const loose = this.#breaks === "narrower" ? older : newer;
    const bounds = Object.entries(BOUNDS).flatMap(([key, way]) => {
      const [limit, other] = [tight[key], loose[key]];
      if (typeof limit !== "number") return [];
      if (typeof other === "number" && (limit - other) * way <= 0) return [];
      return [`${place}: ${key} is ${shown(newer[key])}, it was ${shown(older[key])}`];
    });
    const opaque = OPAQUE.flatMap((key) => {
      if (Bun.deepEquals(older[key], newer[key])) return [];
      // Said where bounds do not say it already: it comes and goes with them.
      if ([older[key], newer[key]].every((value) => value === undefined || value === SAFE_INTEGER)) return [];
      // One that a request need not keep any more, or that an answer keeps from now on, breaks nobody. A file is no text.
      const isFile = key === "format" && loose[key] === "binary";
      if ((!isFile && tight[key] === undefined) || tight[key] === false) return [];
      return [`${place}: ${key} is ${shown(newer[key])}, it was ${shown(older[key])}`];
    });
    const isExcluded = tight["not"] !== undefined && refusedOf(tight).size === 0;
    const excluded = isExcluded && !Bun.deepEquals(older["not"], newer["not"]) ? ["not"] : [];
    const checks = checksOf(tight).filter((name) => !checksOf(loose).includes(name));
    return [
      ...bounds,
      ...opaque,
      ...excluded.map((key) => `${place}: ${key} is ${shown(newer[key])}, it was ${shown(older[key])}`),
      ...checks.map((name) => `${place}: must pass the check ${name} now`),
    ];
  }

  #properties(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const [known, now] = [propertiesOf(older), propertiesOf(newer)];
    const [needed, needs] = [requiredOf(older), requiredOf(newer)];
    const [refused, refuses] = [refusedOf(older), refusedOf(newer)];
    const isClosed = newer["additionalProperties"] === false;
    const all = new Set([...Object.keys(known), ...Object.keys(now), ...refuses]);
    return [...all].flatMap((key) => {
      const at = `${place}.${key}`;
      const [one, other] = [known[key], now[key]];
      if (this.#breaks === "narrower") {
        if (refuses.has(key) && !refused.has(key)) return [`${at} is refused`];
        if (needs.has(key) && !needed.has(key)) return [`${at} is required now`];
        if (one !== undefined && other === undefined) return [`${at} is ${isClosed ? "refused" : "no longer read"}`];
      } else {
        if (one !== undefined && other === undefined) return [`${at} is gone`];
        if (needed.has(key) && !needs.has(key)) return [`${at} may be absent`];
      }
      return one === undefined || other === undefined ? [] : this.compare(one, other, at);
    });
  }

  #inside(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const extra = both(older["additionalProperties"], newer["additionalProperties"]);
    const becameClosed =
      this.#breaks === "narrower" &&
      newer["additionalProperties"] === false &&
      older["additionalProperties"] !== false &&
      newer["type"] === "object";
    return [
      ...this.#items(older, newer, place),
      ...this.#patterns(older, newer, place),
      ...(extra === undefined ? [] : this.compare(...extra, `${place}.*`)),
      ...(becameClosed ? [`${place}: properties that are not declared are refused`] : []),
    ];
  }

  /** Items, each at its place where either side has places. */
  #items(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const length = Math.max(...[older, newer].map(({ prefixItems = [] }) => (prefixItems as unknown[]).length));
    const rest = both(older["items"], newer["items"]);
    const at = Array.from({ length }, (_, index) => both(itemOf(older, index), itemOf(newer, index)));
    return [
      ...at.flatMap((pair, index) => (pair === undefined ? [] : this.compare(...pair, `${place}[${index}]`))),
      ...(rest === undefined ? [] : this.compare(...rest, `${place}[]`)),
    ];
  }

  #patterns(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const [known, now] = [older, newer].map(({ patternProperties = {} }) => patternProperties as Definitions);
    const isSame = Bun.deepEquals(Object.keys(known!).sort(), Object.keys(now!).sort());
    if (!isSame && !(Object.keys(known!).length === 0 && this.#breaks === "wider"))
      return [`${place}: properties have other names`];
    return Object.entries(known!).flatMap(([pattern, one]) => this.compare(one, now![pattern]!, `${place}.*`));
  }

  /** Every alternative of the one side must have one on the other that it fits into. */
  #alternatives(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const [known, now] = [older, newer].map((one) => alternativesOf(one) ?? eachType(one));
    const [from, to] = this.#breaks === "narrower" ? [known!, now!] : [now!, known!];
    if (from.every((one) => to.some((other) => this.#fits(one, other)))) return [];
    return [`${place}: ${this.#breaks === "narrower" ? "an alternative is refused" : "there is a new alternative"}`];
  }

  /** Parts that are no objects: those are put together before they are compared. */
  #parts(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    const [parts = [], others = []] = [older["allOf"], newer["allOf"]] as (readonly JsonSchema[] | undefined)[];
    if (parts.length !== others.length) return [`${place}: is put together in another way`];
    return parts.flatMap((one, at) => this.compare(one, others[at]!, place));
  }

  #fits(one: JsonSchema, other: JsonSchema): boolean {
    const [older, newer] = this.#breaks === "narrower" ? [one, other] : [other, one];
    // What is being compared around it counts as fitting, or a recursive schema would never end.
    const inner = new Comparison(this.#before, this.#after, this.#breaks, this.#seen);
    return inner.compare(older, newer, "").length === 0;
  }
}

type Definitions = Readonly<Record<string, JsonSchema>>;

function alternativesOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] | undefined {
  return (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
}

function eachType(schema: JsonSchema): readonly JsonSchema[] {
  const { type } = schema;
  return Array.isArray(type) ? type.map((one: unknown) => ({ ...schema, type: one })) : [schema];
}

/** What stands at a place of a list: `items` where it has no places. */
function itemOf({ prefixItems = [], items }: JsonSchema, index: number): unknown {
  return (prefixItems as unknown[])[index] ?? items;
}

function checksOf(schema: JsonSchema): readonly string[] {
  return (schema["x-checks"] as string[] | undefined) ?? [];
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema["properties"] as Record<string, JsonSchema> | undefined) ?? {};
}

function requiredOf(schema: JsonSchema): ReadonlySet<string> {
  return new Set(schema["required"] as string[] | undefined);
}

/** The properties that an object's `not` names, as the document writes what a request may not have. */
function refusedOf(schema: JsonSchema): ReadonlySet<string> {
  const { type, anyOf } = (schema["not"] ?? {}) as JsonSchema;
  return new Set(
    type === "object" && Array.isArray(anyOf) ? (anyOf as JsonSchema[]).flatMap((one) => [...requiredOf(one)]) : [],
  );
}

function both(one: unknown, other: unknown): [JsonSchema, JsonSchema] | undefined {
  return isObject(one) && isObject(other) ? [one, other] : undefined;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? "free" : JSON.stringify(value);
}
