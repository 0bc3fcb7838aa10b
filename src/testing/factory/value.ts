import { hintsOf, isOptional, kindName, nonNull, textsOf, type TSchema } from "../../schema/index.ts";
import { bigintOf, decimalOf, integerOf, numberOf } from "./number.ts";
import type { Random } from "./random.ts";
import { momentOf, textOf } from "./text.ts";

/** Where no value for a schema could be made up. */
export const NONE = Symbol("no value");

/** A value that a schema allows, never null where it has a choice; {@link NONE} where it cannot be told how to make one. */
export function valueOf(schema: TSchema, random: Random): unknown {
  const { decimal } = hintsOf(schema);
  if (decimal !== undefined) return decimalOf(decimal, random);
  const inner = nonNull(schema);
  if (inner !== undefined) return valueOf(inner, random);
  const texts = textsOf(schema);
  if (texts !== undefined) return random.pick(texts);
  const value = MAKERS[kindName(schema)]?.(schema, random);
  return value === undefined ? NONE : value;
}

type Maker = (schema: TSchema, random: Random) => unknown;

const MAKERS: Readonly<Record<string, Maker>> = {
  String: textOf,
  TemplateLiteral: textOf,
  RegExp: textOf,
  Integer: integerOf,
  Number: numberOf,
  BigInt: bigintOf,
  Boolean: (_, random) => random.fraction() < 0.5,
  Date: momentOf,
  Uint8Array: (schema, random) => {
    const { minByteLength: least = 1, maxByteLength: most = Math.max(least, 16) } = schema as Sized;
    return random.bytes(random.integer(least, Math.min(most, least + 16)));
  },
  Null: () => null,
  Literal: (schema) => schema["const"] as unknown,
  Enum: (schema, random) => valueOf(random.pick(schema["anyOf"] as TSchema[]), random),
  Union: (schema, random) => valueOf(random.pick(schema["anyOf"] as TSchema[]), random),
  Object: objectOf,
  Array: arrayOf,
  Tuple: (schema, random) => each((schema["items"] ?? []) as TSchema[], random),
  Intersect: (schema, random) => {
    const parts = each(schema["allOf"] as TSchema[], random);
    return parts === NONE ? NONE : Object.assign({}, ...(parts as object[]));
  },
  Record: () => ({}),
  Any: () => ({}),
  Unknown: () => ({}),
  Unsafe: () => ({}),
};

interface Sized {
  readonly minByteLength?: number;
  readonly maxByteLength?: number;
}

/** The properties that it must have, and no others. */
function objectOf(schema: TSchema, random: Random): unknown {
  const made: Record<string, unknown> = {};
  for (const [name, property] of Object.entries((schema["properties"] ?? {}) as Record<string, TSchema>)) {
    if (isOptional(property)) continue;
    const value = valueOf(property, random);
    if (value === NONE) return NONE;
    made[name] = value;
  }
  return made;
}

/** Values that are drawn for an array whose items must differ. */
const TRIES = 100;

function arrayOf(schema: TSchema, random: Random): unknown {
  const {
    minItems: least = 0,
    maxItems: most = Infinity,
    uniqueItems = false,
  } = schema as {
    minItems?: number;
    maxItems?: number;
    uniqueItems?: boolean;
  };
  const length = random.integer(least, Math.min(most, Math.max(least, 2)));
  const made: unknown[] = [];
  for (let tries = 0; made.length < length && tries < TRIES; tries++) {
    const value = valueOf(schema["items"] as TSchema, random);
    if (value === NONE) return NONE;
    if (!uniqueItems || !made.some((other) => Bun.deepEquals(other, value))) made.push(value);
  }
  return made.length < least ? NONE : made;
}

function each(schemas: readonly TSchema[], random: Random): unknown[] | typeof NONE {
  const values = schemas.map((schema) => valueOf(schema, random));
  return values.includes(NONE) ? NONE : values;
}
