import { type JsonSchema, SAFE_INTEGER } from "../model.ts";
import type { Lookup } from "./lookup.ts";

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
  readonly #seen = new Set<string>();

  constructor(before: Lookup, after: Lookup, breaks: "narrower" | "wider") {
    this.#before = before;
    this.#after = after;
    this.#breaks = breaks;
  }

  compare(olderRef: JsonSchema, newerRef: JsonSchema, place: string): string[] {
    const pair = `${JSON.stringify(olderRef)} ${JSON.stringify(newerRef)}`;
    // A recursive schema comes round to itself.
    if (this.#seen.has(pair)) return [];
    this.#seen.add(pair);
    const [older, newer] = [this.#before.schema(olderRef), this.#after.schema(newerRef)];
    if (Bun.deepEquals(older, newer) && !JSON.stringify(older).includes('"$ref"')) return [];
    const [whole, part] = this.#breaks === "narrower" ? [older, newer] : [newer, older];
    return [
      ...types(whole, part, place, this.#breaks),
      ...constants(whole, part, place, this.#breaks),
      ...this.#limits(older, newer, place),
      ...this.#properties(older, newer, place),
      ...this.#inside(older, newer, place),
      ...this.#alternatives(older, newer, place),
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
      // One that a request need not keep any more, or that an answer keeps from now on, breaks nobody.
      if (tight[key] === undefined || tight[key] === false) return [];
      return [`${place}: ${key} is ${shown(newer[key])}, it was ${shown(older[key])}`];
    });
    return [...bounds, ...opaque];
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
    const items = both(older["items"], newer["items"]);
    const extra = both(older["additionalProperties"], newer["additionalProperties"]);
    const becameClosed =
      this.#breaks === "narrower" &&
      newer["additionalProperties"] === false &&
      older["additionalProperties"] !== false &&
      newer["type"] === "object";
    return [
      ...(items === undefined ? [] : this.compare(...items, `${place}[]`)),
      ...(extra === undefined ? [] : this.compare(...extra, `${place}.*`)),
      ...(becameClosed ? [`${place}: properties that are not declared are refused`] : []),
    ];
  }

  /** Every alternative of the one side must have one on the other that it fits into. */
  #alternatives(older: JsonSchema, newer: JsonSchema, place: string): string[] {
    for (const key of ["anyOf", "oneOf"] as const) {
      const [known, now] = [older[key], newer[key]];
      if (!Array.isArray(known) || !Array.isArray(now)) continue;
      const from = (this.#breaks === "narrower" ? known : now) as JsonSchema[];
      const to = (this.#breaks === "narrower" ? now : known) as JsonSchema[];
      const lost = from.filter((one) => !to.some((other) => this.#fits(one, other)));
      if (lost.length > 0)
        return [
          `${place}: ${this.#breaks === "narrower" ? "an alternative is refused" : "there is a new alternative"}`,
        ];
    }
    const [parts, others] = [older["allOf"], newer["allOf"]];
    if (!Array.isArray(parts) || !Array.isArray(others)) return [];
    if (parts.length !== others.length) return [`${place}: is put together in another way`];
    return parts.flatMap((one, at) => this.compare(one as JsonSchema, others[at] as JsonSchema, place));
  }

  #fits(one: JsonSchema, other: JsonSchema): boolean {
    const [older, newer] = this.#breaks === "narrower" ? [one, other] : [other, one];
    return new Comparison(this.#before, this.#after, this.#breaks).compare(older, newer, "").length === 0;
  }
}

/** Types of `whole` that `part` has not. */
function types(whole: JsonSchema, part: JsonSchema, place: string, breaks: "narrower" | "wider"): string[] {
  const [all, some] = [typesOf(whole), typesOf(part)];
  if (some === undefined) return [];
  const lost = all === undefined ? ["anything"] : all.filter((type) => !some.includes(type) && !isWider(type, some));
  return lost.map((type) => `${place}: ${breaks === "narrower" ? `${type} is refused` : `may be ${type} now`}`);
}

function isWider(type: string, others: readonly string[]): boolean {
  return type === "integer" && others.includes("number");
}

function typesOf(schema: JsonSchema): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? (type as string[]) : undefined;
}

/** Constants of `whole` that `part` has not. */
function constants(whole: JsonSchema, part: JsonSchema, place: string, breaks: "narrower" | "wider"): string[] {
  const [all, some] = [valuesOf(whole), valuesOf(part)];
  if (some === undefined) return [];
  if (all === undefined)
    return [`${place}: ${breaks === "narrower" ? "takes only" : "was only"} ${some.map(shown).join(", ")}`];
  return all
    .filter((value) => !some.includes(value))
    .map((value) => `${place}: ${breaks === "narrower" ? `${shown(value)} is refused` : `may be ${shown(value)} now`}`);
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? (schema["enum"] as unknown[]) : undefined;
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
