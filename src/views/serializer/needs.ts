import type { AnyModel } from "../../data/index.ts";
import { hintsOf, kindName, nonNull, type TSchema } from "../../schema/index.ts";

/** What a row must have for a schema to be answered: its columns, and rows that relations lead to. */
export interface Needs {
  readonly columns: readonly string[];
  readonly relations: Readonly<Record<string, Needs>>;
}

/** Where a serializer's schema says what its rows must have: its properties alone do not tell. */
const NEEDS = Symbol.for("bolide.Needs");

/** A schema that says what its rows must have. */
export const withNeeds = <T extends TSchema>(schema: T, needs: Needs): T => ({ ...schema, [NEEDS]: needs });

/** Nothing. */
export const NO_NEEDS: Needs = { columns: [], relations: {} };

/** One need more: a column, or at the end of a path of relations. */
export function needPath({ columns, relations }: Needs, [first, ...rest]: readonly string[]): Needs {
  if (rest.length === 0)
    return columns.includes(first!) ? { columns, relations } : { columns: [...columns, first!], relations };
  return { columns, relations: { ...relations, [first!]: needPath(relations[first!] ?? NO_NEEDS, rest) } };
}

/** The needs of both. */
function joinNeeds(one: Needs, other: Needs): Needs {
  const relations: Record<string, Needs> = { ...one.relations };
  for (const [name, needs] of Object.entries(other.relations)) {
    const known = relations[name];
    relations[name] = known === undefined ? needs : joinNeeds(known, needs);
  }
  return { columns: [...new Set([...one.columns, ...other.columns])], relations };
}

/**
 * What rows must have to be answered by a schema, to any depth: a serializer's own word, or the names of an object's properties.
 * A property that holds objects is a relation unless it is JSON (`t.Json`), or the model has a column of that name. Lists and
 * nullable types stand for what is in them. A view selects these and no others.
 *
 * @example
 * needsOf(t.Object({ id: t.Integer(), author: t.Object({ username: t.String() }) }));
 * // { columns: ["id"], relations: { author: { columns: ["username"], relations: {} } } }
 */
export function needsOf(schema: TSchema, model?: AnyModel): Needs {
  const own = (schema as { readonly [NEEDS]?: Needs })[NEEDS];
  if (own !== undefined) return own;
  const inner = nonNull(schema) ?? schema;
  if (inner !== schema) return needsOf(inner, model);
  if (kindName(schema) === "Array") return needsOf(schema["items"] as TSchema, model);
  if (kindName(schema) !== "Object") return NO_NEEDS;
  return Object.entries(schema["properties"] as Readonly<Record<string, TSchema>>).reduce(
    (needs, [name, property]) => joinNeeds(needs, needOf(name, property, model)),
    NO_NEEDS,
  );
}

function needOf(name: string, property: TSchema, model: AnyModel | undefined): Needs {
  const isRelation = model === undefined ? holdsObjects(property) : name in model.relations;
  if (isRelation) return { columns: [], relations: { [name]: needsOf(property) } };
  return model === undefined || model.columns.has(name) ? { columns: [name], relations: {} } : NO_NEEDS;
}

function holdsObjects(schema: TSchema): boolean {
  if (hintsOf(schema).json === true) return false;
  const inner = nonNull(schema) ?? schema;
  if (inner !== schema) return holdsObjects(inner);
  return kindName(schema) === "Array" ? holdsObjects(schema["items"] as TSchema) : kindName(schema) === "Object";
}
