import type { Problems, Refine, Static, TObject, TSchema } from "../../schema/index.ts";
import { type Field, hasFlag, wrapped } from "./field.ts";
import { namer, type Rename } from "./rename.ts";
import type { Base, BaseIn, BaseOut, Fields, Nested } from "./types.ts";

/** A field whose value is made of the row's others. */
export interface ComputedField<Row, T extends TSchema> {
  readonly type: T;
  readonly get: (row: Row) => Static<T>;
  /** The columns that it reads, `"author.username"` through a relation. Default: every column that may be shown. */
  readonly needs?: readonly string[];
}

/** What options say of fields by their names. */
export interface FieldOptions {
  /** What the document calls it; without one its schemas stand where they are used. */
  readonly name?: string;
  /** Further fields, or other types for those of the base: schemas, and other serializers by `nested`. */
  readonly fields?: Fields;
  /** Where a field's value is in the row, `"author.username"` through a relation. Default: under its own name. */
  readonly source?: Readonly<Record<string, string>>;
  /** How clients call the fields. Default: as they are named. */
  readonly rename?: Rename;
  /** Refused in what a client sends, beside those that the base has so already. */
  readonly readOnly?: readonly string[];
  /** Never shown, beside those that the base has so already. */
  readonly writeOnly?: readonly string[];
  /** Choices of fields, by name. */
  readonly views?: Readonly<Record<string, readonly string[]>>;
}

/** The typed part: functions over the base's own row and input. */
export interface FunctionOptions<B extends Base, C> {
  readonly computed?: { readonly [K in keyof C]: ComputedField<Static<TObject<BaseOut<B>>>, C[K] & TSchema> };
  readonly validate?: {
    /** Checks by field, after the field's type: a text says what is wrong. */
    readonly field?: { readonly [K in keyof BaseIn<B>]?: Refine<Static<BaseIn<B>[K] & TSchema>> };
    /** A check of the whole, by the fields' own names, when all of them are well. `{ loc: ["end"], msg }` names one. */
    readonly model?: (value: Static<TObject<BaseIn<B>>>) => Problems;
  };
}

/** A serializer as data: every method makes another of it. */
export interface Definition {
  /** What the document calls its sides; undefined: nothing. */
  readonly names: { readonly input?: string; readonly output?: string };
  readonly fields: readonly Field[];
  readonly key: (name: string) => string;
  /** What a computed field may read without saying so. */
  readonly columns: readonly string[];
  readonly whole: Refine<any> | undefined;
  /** The whole is checked with the input; a part of it is not. */
  readonly complete: boolean;
  readonly views: Readonly<Record<string, readonly string[]>>;
}

/** Puts together what a base and its options say; throws a `TypeError` for options that name no field. */
export function definitionOf(
  base: Base,
  options: FieldOptions & FunctionOptions<Base, Record<string, TSchema>>,
): Definition {
  const {
    name,
    fields = {},
    source = {},
    readOnly = [],
    writeOnly = [],
    views = {},
    computed = {},
    validate,
  } = options;
  const key = namer(options.rename);
  const isModel = "table" in base;
  const row = (isModel ? base.row : base).properties;
  const sent = isModel ? base.create.properties : row;
  const shown = isModel ? base.public.properties : row;
  const checks = (validate?.field ?? {}) as Readonly<Record<string, Refine<any>>>;
  const pathOf = (field: string): readonly string[] => (source[field] ?? field).split(".");
  const common = (field: string) => ({
    name: field,
    key: key(field),
    path: pathOf(field),
    computed: undefined,
    checks: checks[field] === undefined ? [] : [checks[field]],
  });
  const own = Object.keys(row)
    .filter((field) => !(field in fields))
    .map((field): Field => {
      const locked = readOnly.includes(field) || hasFlag(row[field]!, "readOnly");
      const hidden = writeOnly.includes(field) || hasFlag(row[field]!, "writeOnly");
      const isDeep = pathOf(field).length > 1;
      return {
        ...common(field),
        sent: locked || isDeep ? undefined : sent[field],
        shown: hidden ? undefined : shown[field],
        refused: locked,
        nested: undefined,
      };
    });
  const further = Object.entries(fields).map(([field, type]): Field => {
    const made = fieldOf(type);
    const locked = readOnly.includes(field) || made.refused;
    const isDeep = pathOf(field).length > 1;
    return {
      ...common(field),
      ...made,
      sent: locked || isDeep ? undefined : made.sent,
      shown: writeOnly.includes(field) ? undefined : made.shown,
      refused: locked,
    };
  });
  const made = Object.entries(computed).map(([field, { type, get, needs }]): Field => ({
    ...common(field),
    sent: undefined,
    shown: type,
    refused: false,
    nested: undefined,
    computed: { get, needs },
  }));
  const all = [...own, ...further, ...made];
  checkNames(all, { source, readOnly, writeOnly, checks, views });
  const columns = own.filter((field) => field.shown !== undefined).map(({ path }) => path.join("."));
  const names = name === undefined ? {} : { input: `${name}Input`, output: name };
  return { names, fields: all, key, columns, whole: validate?.model, complete: true, views };
}

/** A further field's two sides. */
export function fieldOf(type: TSchema | Nested): Pick<Field, "sent" | "shown" | "refused" | "nested"> {
  if ("serializer" in type) {
    const { serializer: inner, options } = type as Nested;
    return {
      sent: options.writable === true ? wrapped(inner.input, options) : undefined,
      shown: wrapped(inner.output, options),
      refused: false,
      nested: { serializer: inner as never, options },
    };
  }
  const schema = type as TSchema;
  return {
    sent: schema,
    shown: hasFlag(schema, "writeOnly") ? undefined : schema,
    refused: hasFlag(schema, "readOnly"),
    nested: undefined,
  };
}

/** A misspelt name would be an option that silently does nothing. */
function checkNames(
  fields: readonly Field[],
  {
    source,
    readOnly,
    writeOnly,
    checks,
    views,
  }: {
    readonly source: object;
    readonly readOnly: readonly string[];
    readonly writeOnly: readonly string[];
    readonly checks: object;
    readonly views: Readonly<Record<string, readonly string[]>>;
  },
): void {
  const known = new Set(fields.map(({ name }) => name));
  const used: readonly (readonly [option: string, names: readonly string[]])[] = [
    ["source", Object.keys(source)],
    ["readOnly", readOnly],
    ["writeOnly", writeOnly],
    ["validate.field", Object.keys(checks)],
    ...Object.entries(views).map(([view, names]) => [`views.${view}`, names] as const),
  ];
  for (const [option, names] of used)
    for (const name of names)
      if (!known.has(name)) throw new TypeError(`serializer: ${option} names "${name}", which is no field`);
  const keys = new Map<string, string>();
  for (const { name, key } of fields) {
    const other = keys.get(key);
    if (other !== undefined) throw new TypeError(`serializer: "${other}" and "${name}" are both called "${key}"`);
    keys.set(key, name);
  }
}
