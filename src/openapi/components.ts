import { RouteError } from "../route/index.ts";
import type { TSchema } from "../schema/index.ts";
import type { JsonSchema, Reference } from "./model.ts";
import { pascal } from "./names.ts";

/** Whether a schema says what comes in, or what goes out. */
export type Direction = "request" | "response";

/** What a place may say of a named schema beside pointing at it. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "examples",
  "example",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** A place at which a named schema is used. */
export interface Usage {
  readonly source: TSchema;
  readonly direction: Direction;
  /** Names the place in errors. */
  readonly place: string;
  /** The annotations that stand there. */
  readonly said: JsonSchema;
}

interface Named {
  readonly source: TSchema;
  readonly place: string;
  body: JsonSchema | undefined;
  readonly refs: Reference[];
  /** Names of the schemas that this one points at. */
  readonly uses: Set<string>;
}

const ROOT = "#/components/schemas/";

/**
 * The named schemas of one document. A schema whose request and answer differ (defaults, big integers) stands there twice: the
 * answer has the name, the request `<name>Input`.
 */
export class Components {
  readonly #named: Readonly<Record<Direction, Map<string, Named>>> = { request: new Map(), response: new Map() };
  /** Schemas without names of their own, by what they are called after. */
  readonly #unnamed = new Map<string, TSchema[]>();
  /** The named schemas that are being written, innermost last. */
  readonly #open: Named[] = [];

  /**
   * A reference to a named schema, which `write` writes when it is first met; `said` is what this place says of it.
   * Errors: `RouteError` where another schema has the name already.
   */
  refer(name: string, { source, direction, place, said }: Usage, write: () => JsonSchema): Reference {
    const known = this.#named[direction].get(name);
    const opposite = this.#named[direction === "request" ? "response" : "request"].get(name);
    if (opposite !== undefined && !isSame(opposite.source, source)) throw collision(name, place, opposite);
    if (known === undefined) {
      const named: Named = { source, place, body: undefined, refs: [], uses: new Set() };
      this.#named[direction].set(name, named);
      const body = this.#write(named, write);
      for (const key of OUTSIDE) delete body[key];
      named.body = body;
      return this.#point(name, named, said);
    }
    if (known.body !== undefined && known.source !== source) {
      const twin: Named = { source, place, body: undefined, refs: [], uses: new Set() };
      if (!Bun.deepEquals(bare(this.#write(twin, write)), bare(known.body))) throw collision(name, place, known);
    }
    return this.#point(name, known, said);
  }

  /** What a recursive schema is called that has no name: after its place, with a number where the place has several. */
  unnamed(schema: TSchema, place: string): string {
    const name = pascal(place);
    const all = this.#unnamed.get(name) ?? [];
    this.#unnamed.set(name, all);
    const at = all.includes(schema) ? all.indexOf(schema) : all.push(schema) - 1;
    return at === 0 ? name : `${name}${at + 1}`;
  }

  /** A reference to a named schema from within itself. */
  again(name: string, direction: Direction, said: JsonSchema): Reference {
    return this.#point(name, this.#named[direction].get(name)!, said);
  }

  #write(named: Named, write: () => JsonSchema): JsonSchema {
    this.#open.push(named);
    try {
      return write();
    } finally {
      this.#open.pop();
    }
  }

  #point(name: string, named: Named, said: JsonSchema): Reference {
    this.#open.at(-1)?.uses.add(name);
    const own = Object.entries(said).filter(
      ([key, value]) => named.body === undefined || !Bun.deepEquals(value, named.body[key]),
    );
    const ref: Reference = { $ref: ROOT + name, ...Object.fromEntries(own) };
    named.refs.push(ref);
    return ref;
  }

  /**
   * All schemas by their final names, in alphabetical order; references made so far point there. `own` are names that are taken.
   * Errors: `RouteError` where another schema has the name.
   */
  finish(own: readonly string[]): Readonly<Record<string, JsonSchema>> {
    const { request, response } = this.#named;
    const differing = this.#differing();
    const all = new Map(response);
    for (const [name, named] of request) {
      const final = differing.has(name) ? `${name}Input` : name;
      for (const ref of named.refs) ref.$ref = ROOT + final;
      const other = all.get(final);
      if (other !== undefined && !(final === name && response.has(name))) {
        const { place } = named;
        throw new RouteError(
          place,
          `needs the name "${final}" for a schema, which one of ${other.place} has: rename it`,
        );
      }
      all.set(final, named);
    }
    for (const name of own) {
      const other = all.get(name);
      if (other !== undefined)
        throw new RouteError(other.place, `has a schema named "${name}", as one of Bolide's errors is: rename it`);
    }
    const sorted = [...all].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, { body }]) => [name, body!]));
  }

  /** The names whose requests differ from their answers, in themselves or in what they point at. */
  #differing(): ReadonlySet<string> {
    const { request, response } = this.#named;
    const both = [...request].filter(([name]) => response.has(name));
    const differing = new Set(
      both.filter(([name, { body }]) => !Bun.deepEquals(body, response.get(name)!.body)).map(([name]) => name),
    );
    for (let size = -1; size !== differing.size;) {
      size = differing.size;
      for (const [name, { uses }] of both) if (!uses.isDisjointFrom(differing)) differing.add(name);
    }
    return differing;
  }
}

/** What belongs to the place that points, never to the schema. */
const OUTSIDE: ReadonlySet<string> = new Set(["default", "deprecated", "readOnly", "writeOnly"]);

function collision(name: string, place: string, known: Named): RouteError {
  return new RouteError(
    place,
    `has a schema named "${name}", and ${known.place} has another one of that name: give one of them another $id or title`,
  );
}

/** Whether two schemas say the same, one of requests and one of answers, which are written differently. */
function isSame(one: TSchema, other: TSchema): boolean {
  return one === other || Bun.deepEquals(bare(one), bare(other));
}

/** A schema without what two places may say differently of it. */
function bare(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$id" && !ANNOTATIONS.has(key)));
}
