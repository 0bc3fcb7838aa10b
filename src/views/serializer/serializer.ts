import type { AnyModel } from "../../data/index.ts";
import {
  type Problem,
  type Problems,
  type Refine,
  refusing,
  type Static,
  t,
  type TObject,
  type TSchema,
} from "../../schema/index.ts";
import { type Field, hasFlag, needsOfFields, optional, reader, wrapped, writer } from "./field.ts";
import { namer, type Rename } from "./rename.ts";
import { withNeeds } from "./needs.ts";
import type {
  Base,
  BaseIn,
  BaseOut,
  Extended,
  Fields,
  InputOf,
  Nested,
  NestedOptions,
  OutputOf,
  Partly,
  Picked,
  RowOf,
  Spec,
  SpecOf,
} from "./types.ts";

/** A field whose value is made of the row's others. */
export interface ComputedField<Row, T extends TSchema> {
  readonly type: T;
  readonly get: (row: Row) => Static<T>;
  /** The columns that it reads, `"author.username"` through a relation. Default: every column that may be shown. */
  readonly needs?: readonly string[];
}

/** What options say of fields by their names. */
interface FieldOptions {
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
interface FunctionOptions<B extends Base, C> {
  readonly computed?: { readonly [K in keyof C]: ComputedField<Static<TObject<BaseOut<B>>>, C[K] & TSchema> };
  readonly validate?: {
    /** Checks by field, after the field's type: a text says what is wrong. */
    readonly field?: { readonly [K in keyof BaseIn<B>]?: Refine<Static<BaseIn<B>[K] & TSchema>> };
    /** A check of the whole, by its inner names, when all fields are well. `{ loc: ["end"], msg }` names a field. */
    readonly model?: (value: Static<TObject<BaseIn<B>>>) => Problems;
  };
}

/** Between rows and clients: what is sent, what is shown, and how one becomes the other. */
export interface Serializer<S extends Spec = Spec> {
  /** What a client sends, checked with the serializer's own checks: `body: S.input`. */
  readonly input: InputOf<S>;
  /** What a client is shown: `response: S.output`. */
  readonly output: OutputOf<S>;
  /** Serializers of the named choices of fields. */
  readonly views: { readonly [K in keyof S["views"]]: Serializer<Picked<S, S["views"][K][number]>> };
  /** What is shown in a named view: `response: t.Array(S.view("list"))`. */
  view<K extends keyof S["views"]>(name: K): OutputOf<Picked<S, S["views"][K][number]>>;
  /** What is shown of a row; nothing that the serializer does not name. */
  toOutput(row: RowOf<S>): Static<OutputOf<S>>;
  /** The same of each. */
  toOutputs(rows: readonly RowOf<S>[]): Static<OutputOf<S>>[];
  /** What a client sent, by its inner names; an absent field stays absent. */
  fromInput(value: Static<InputOf<S>>): S["value"];
  /** What the check of the whole says of an inner value: for changes, once they are joined with what is there. */
  problems(value: S["value"]): readonly Problem[];
  pick<const K extends keyof S["in"] | keyof S["out"]>(...names: readonly K[]): Serializer<Picked<S, K>>;
  omit<const K extends keyof S["in"] | keyof S["out"]>(
    ...names: readonly K[]
  ): Serializer<Picked<S, Exclude<keyof S["in"] | keyof S["out"], K>>>;
  /** The same for changes: nothing is required, nothing filled in, and the whole is not checked as long as it is a part. */
  partial(): Serializer<Partly<S>>;
  extend<const F extends Fields>(fields: F): Serializer<Extended<S, F>>;
}

/**
 * A serializer of a model, or of an object: `input` and `output` are plain schemas for contracts, `fromInput` and `toOutput` go
 * between their values and rows. What the base has as `readOnly` no client sends, what is `writeOnly` is never shown.
 *
 * @example
 * const Users = serializer(User, {
 *   rename: "snake",
 *   computed: { initials: { type: t.String(), get: ({ name }) => name.replaceAll(/[^A-Z]/g, ""), needs: ["name"] } },
 *   validate: { field: { email: (email) => (email.endsWith("@example.com") ? undefined : "Expected a company address") } },
 *   views: { list: ["id", "name"] },
 * });
 * api.post("/users", { body: Users.input, response: { 201: Users.output } }, async ({ body }) =>
 *   created(Users.toOutput(await insert(Users.fromInput(body)))));
 */
export function serializer<B extends Base, const O extends FieldOptions, C>(
  base: B,
  options?: O & FunctionOptions<B, C>,
): Serializer<SpecOf<B, O & { readonly computed: { readonly [K in keyof C]: { readonly type: C[K] } } }>> {
  const given = (options ?? {}) as FieldOptions & FunctionOptions<Base, Record<string, TSchema>>;
  return new FieldSerializer(definitionOf(base, given)) as never;
}

/**
 * Another serializer as a field: one object, or with `many` a list. Part of what a client sends only if it is `writable`.
 *
 * @example
 * serializer(Article, { fields: { author: nested(Authors), tags: nested(Tags, { many: true, writable: true }) } });
 */
export function nested<S extends Spec, const O extends NestedOptions = {}>(
  inner: Serializer<S>,
  options?: O,
): Nested<S, O> {
  return { serializer: inner, options: (options ?? {}) as O };
}

/** A serializer as data: every method makes another of it. */
interface Definition {
  readonly name: string | undefined;
  readonly fields: readonly Field[];
  readonly key: (name: string) => string;
  /** What a computed field may read without saying so. */
  readonly columns: readonly string[];
  readonly whole: Refine<any> | undefined;
  /** The whole is checked with the input; a part of it is not. */
  readonly complete: boolean;
  readonly views: Readonly<Record<string, readonly string[]>>;
}

function definitionOf(
  base: Base,
  options: FieldOptions & FunctionOptions<Base, Record<string, TSchema>>,
): Definition {
  const { name, fields = {}, source = {}, readOnly = [], writeOnly = [], views = {}, computed = {}, validate } = options;
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
  const made = Object.entries(computed).map(
    ([field, { type, get, needs }]): Field => ({
      ...common(field),
      sent: undefined,
      shown: type,
      refused: false,
      nested: undefined,
      computed: { get, needs },
    }),
  );
  const all = [...own, ...further, ...made];
  checkNames(all, { source, readOnly, writeOnly, checks, views });
  const columns = own.filter((field) => field.shown !== undefined).map(({ path }) => path.join("."));
  return { name, fields: all, key, columns, whole: validate?.model, complete: true, views };
}

/** A further field's two sides. */
function fieldOf(type: TSchema | Nested): Pick<Field, "sent" | "shown" | "refused" | "nested"> {
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

class FieldSerializer {
  readonly input: TSchema;
  readonly output: TSchema;
  readonly views: Readonly<Record<string, FieldSerializer>>;
  readonly toOutput: (row: any) => unknown;
  readonly fromInput: (value: any) => unknown;
  readonly #definition: Definition;

  constructor(definition: Definition) {
    const { name, fields, views, columns } = definition;
    this.#definition = definition;
    this.toOutput = outputOf(fields);
    this.fromInput = inputOf(fields);
    this.input = this.#input();
    const shown = fields.flatMap(({ key, shown: schema }) => (schema === undefined ? [] : [[key, schema] as const]));
    const schema = t.Object(Object.fromEntries(shown), name === undefined ? {} : { $id: name });
    this.output = withNeeds(schema, needsOfFields(fields, columns));
    this.views = Object.fromEntries(
      Object.entries(views).map(([view, names]) => [view, this.#picked(names, `${name}${capitalized(view)}`)]),
    );
  }

  view(name: string): TSchema {
    const view = this.views[name];
    if (view === undefined) throw new TypeError(`serializer: there is no view "${name}"`);
    return view.output;
  }

  toOutputs(rows: readonly unknown[]): unknown[] {
    return rows.map(this.toOutput);
  }

  problems(value: unknown): readonly Problem[] {
    return problemsOf(this.#definition.whole?.(value));
  }

  pick(...names: readonly string[]): FieldSerializer {
    return this.#picked(names, undefined);
  }

  omit(...names: readonly string[]): FieldSerializer {
    return this.#picked(
      this.#definition.fields.map(({ name }) => name).filter((name) => !names.includes(name)),
      undefined,
    );
  }

  partial(): FieldSerializer {
    const { fields, name } = this.#definition;
    return new FieldSerializer({
      ...this.#definition,
      fields: fields.map(optional),
      complete: false,
      name: name === undefined ? undefined : `${name}Update`,
    });
  }

  extend(further: Fields): FieldSerializer {
    const { fields, key } = this.#definition;
    const added = Object.entries(further).map(([name, type]): Field => {
      const made = fieldOf(type);
      const sent = made.refused ? undefined : made.sent;
      return { name, key: key(name), path: [name], computed: undefined, checks: [], ...made, sent };
    });
    const kept = fields.filter(({ name }) => !(name in further));
    return new FieldSerializer({ ...this.#definition, fields: [...kept, ...added], name: undefined });
  }

  #picked(names: readonly string[], name: string | undefined): FieldSerializer {
    const { fields } = this.#definition;
    for (const one of names)
      if (!fields.some((field) => field.name === one)) throw new TypeError(`serializer: there is no field "${one}"`);
    return new FieldSerializer({
      ...this.#definition,
      fields: fields.filter((field) => names.includes(field.name)),
      complete: false,
      views: {},
      name: this.#definition.name === undefined ? undefined : name,
    });
  }

  #input(): TSchema {
    const { name, fields, whole, complete } = this.#definition;
    const sent = fields.flatMap(({ key, sent: schema, checks }) =>
      schema === undefined ? [] : [[key, checks.reduce((checked, check) => t.Refine(checked, check), schema)] as const],
    );
    const schema = t.Object(Object.fromEntries(sent), name === undefined ? {} : { $id: `${name}Input` });
    const refused = fields.filter((field) => field.refused).map(({ key }) => key);
    const closed = refusing(schema, refused);
    if (whole === undefined || !complete) return closed;
    const keys = new Map(fields.map(({ path, key }) => [path.at(-1)!, key]));
    return t.Refine(closed, (value) =>
      problemsOf(whole(this.fromInput(value))).map((problem) => {
        const [first, ...rest] = problem.loc ?? [];
        return first === undefined ? problem : { ...problem, loc: [keys.get(String(first)) ?? first, ...rest] };
      }),
    );
  }
}
