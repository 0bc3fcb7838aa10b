import type { Refine, TSchema } from "../../schema/index.ts";
import { isOptional, nonNull, t } from "../../schema/index.ts";
import { type Needs, needPath, needsOf, NO_NEEDS } from "./needs.ts";
import type { NestedOptions } from "./types.ts";

/** What a nested serializer is used for. */
export interface NestedSerializer {
  readonly input: TSchema;
  readonly output: TSchema;
  toOutput(row: any): unknown;
  fromInput(value: any): unknown;
}

/** One field of a serializer, with all that options say of it. */
export interface Field {
  /** By which options and methods name it. */
  readonly name: string;
  /** By which clients know it. */
  readonly key: string;
  /** Where its value is in a row; the last part alone names it in what `fromInput` makes. */
  readonly path: readonly string[];
  /** What a client sends; undefined: nothing. */
  readonly sent: TSchema | undefined;
  /** What a client is shown; undefined: nothing. */
  readonly shown: TSchema | undefined;
  /** A client that sends it all the same is refused. */
  readonly refused: boolean;
  readonly nested: { readonly serializer: NestedSerializer; readonly options: NestedOptions } | undefined;
  readonly computed: { readonly get: (row: any) => unknown; readonly needs: readonly string[] | undefined } | undefined;
  readonly checks: readonly Refine<any>[];
}

/** The schema of a nested serializer's side, as often and as null as it comes. */
export function wrapped(schema: TSchema, { many, nullable }: NestedOptions): TSchema {
  if (many === true) return t.Array(schema);
  return nullable === true ? t.Nullable(schema) : schema;
}

export const hasFlag = (schema: TSchema, flag: "readOnly" | "writeOnly"): boolean =>
  schema[flag] === true || nonNull(schema)?.[flag] === true;

/** Makes one shown value of a row. */
export function reader({ path, nested, computed }: Field): (row: any) => unknown {
  if (computed !== undefined) return computed.get;
  const at = walker(path);
  if (nested === undefined) return at;
  const { serializer, options } = nested;
  if (options.many === true) return (row) => (at(row) as unknown[] | undefined)?.map((one) => serializer.toOutput(one));
  return (row) => {
    const value = at(row);
    return value === null || value === undefined ? value : serializer.toOutput(value);
  };
}

function walker(path: readonly string[]): (row: any) => unknown {
  const [first, ...rest] = path;
  if (rest.length === 0) return (row) => row[first!] as unknown;
  const further = walker(rest);
  return (row) => {
    const value = row[first!] as unknown;
    return value === null || value === undefined ? value : further(value);
  };
}

/** Makes the inner value of one that a client sent. */
export function writer({ nested }: Field): ((value: unknown) => unknown) | undefined {
  if (nested === undefined) return undefined;
  const { serializer, options } = nested;
  if (options.many === true) return (value) => (value as unknown[]).map((one) => serializer.fromInput(one));
  return (value) => (value === null ? null : serializer.fromInput(value));
}

/** The same field as a client may leave it out: nothing is filled in then. */
export function optional(field: Field): Field {
  const { sent } = field;
  return sent === undefined ? field : { ...field, sent: t.Optional(withoutDefault(sent)) };
}

function withoutDefault(schema: TSchema): TSchema {
  if (schema.default === undefined && !isOptional(schema) && schema["anyOf"] === undefined) return schema;
  const { default: _, ...rest } = schema;
  const members = schema["anyOf"] as readonly TSchema[] | undefined;
  return { ...rest, ...(members === undefined ? {} : { anyOf: members.map(withoutDefault) }) } as TSchema;
}

/** What a row must have for these fields; `columns` are those that a computed field may read without saying so. */
export function needsOfFields(fields: readonly Field[], columns: readonly string[]): Needs {
  return fields.reduce((needs, { path, nested, computed, shown }) => {
    if (shown === undefined) return needs;
    if (computed !== undefined)
      return (computed.needs ?? columns).reduce((all, one) => needPath(all, one.split(".")), needs);
    if (nested === undefined) return needPath(needs, path);
    return atPath(needs, path, needsOf(nested.serializer.output));
  }, NO_NEEDS);
}

/** The needs of what a path of relations leads to. */
function atPath(needs: Needs, [first, ...rest]: readonly string[], inner: Needs): Needs {
  const known = needs.relations[first!];
  const next = rest.length === 0 ? inner : atPath(known ?? NO_NEEDS, rest, inner);
  return { columns: needs.columns, relations: { ...needs.relations, [first!]: next } };
}
