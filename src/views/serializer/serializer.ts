import { type Problem, problemsOf, refusing, t, type TSchema } from "../../schema/index.ts";
import { type Definition, definitionOf, type FieldOptions, fieldOf, type FunctionOptions } from "./definition.ts";
import { type Field, needsOfFields, optional, reader, writer } from "./field.ts";
import { withNeeds } from "./needs.ts";
import type { Base, Fields, Nested, NestedOptions, Serializer, Spec, SpecOf } from "./types.ts";

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
export function nested<S extends Spec>(inner: Serializer<S>): Nested<S, {}>;
export function nested<S extends Spec, const O extends NestedOptions>(inner: Serializer<S>, options: O): Nested<S, O>;
export function nested(inner: Serializer<any>, options: NestedOptions = {}): Nested {
  return { serializer: inner, options };
}

class FieldSerializer {
  readonly input: TSchema;
  readonly output: TSchema;
  readonly views: Readonly<Record<string, FieldSerializer>>;
  readonly toOutput: (row: any) => unknown;
  readonly fromInput: (value: any) => unknown;
  readonly #definition: Definition;

  constructor(definition: Definition) {
    const { names, fields, views, columns } = definition;
    this.#definition = definition;
    this.toOutput = outputOf(fields);
    this.fromInput = inputOf(fields);
    this.input = this.#input();
    const shown = fields.flatMap(({ key, shown: schema }) => (schema === undefined ? [] : [[key, schema] as const]));
    const schema = t.Object(Object.fromEntries(shown), idOf(names.output));
    this.output = withNeeds(schema, needsOfFields(fields, columns));
    this.views = Object.fromEntries(
      Object.entries(views).map(([view, chosen]) => {
        const own =
          names.output === undefined ? undefined : names.output + view.charAt(0).toUpperCase() + view.slice(1);
        return [view, this.#picked(chosen, own === undefined ? {} : { input: `${own}Input`, output: own })];
      }),
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

  get sent(): readonly string[] {
    return this.#definition.fields.flatMap(({ path, sent }) => (sent === undefined ? [] : [path.at(-1)!]));
  }

  get checksWhole(): boolean {
    return this.#definition.whole !== undefined;
  }

  problems(value: unknown): readonly Problem[] {
    return problemsOf(this.#definition.whole?.(this.#named(value as Readonly<Record<string, unknown>>)));
  }

  pick(...names: readonly string[]): FieldSerializer {
    return this.#picked(names, {});
  }

  omit(...names: readonly string[]): FieldSerializer {
    return this.#picked(
      this.#definition.fields.map(({ name }) => name).filter((name) => !names.includes(name)),
      {},
    );
  }

  partial(): FieldSerializer {
    const { fields, names } = this.#definition;
    return new FieldSerializer({
      ...this.#definition,
      fields: fields.map(optional),
      complete: false,
      names: names.output === undefined ? {} : { input: `${names.output}Update`, output: names.output },
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
    return new FieldSerializer({ ...this.#definition, fields: [...kept, ...added], names: {} });
  }

  /** A row's values by the fields' names: only a `source` has them differ. */
  #named(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const moved = this.#definition.fields.filter(({ name, path }) => path.length === 1 && path[0] !== name);
    if (moved.length === 0) return value;
    const rest = new Set(moved.map(({ path }) => path[0]!));
    return Object.fromEntries([
      ...Object.entries(value).filter(([name]) => !rest.has(name)),
      ...moved.map(({ name, path }) => [name, value[path[0]!]] as const),
    ]);
  }

  #picked(chosen: readonly string[], names: Definition["names"]): FieldSerializer {
    const { fields } = this.#definition;
    for (const one of chosen)
      if (!fields.some((field) => field.name === one)) throw new TypeError(`serializer: there is no field "${one}"`);
    return new FieldSerializer({
      ...this.#definition,
      fields: fields.filter((field) => chosen.includes(field.name)),
      complete: false,
      views: {},
      names,
    });
  }

  #input(): TSchema {
    const { names, fields, whole, complete } = this.#definition;
    const sent = fields.flatMap(({ key, sent: schema, checks }) =>
      schema === undefined ? [] : [[key, checks.reduce((checked, check) => t.Refine(checked, check), schema)] as const],
    );
    const schema = t.Object(Object.fromEntries(sent), idOf(names.input));
    const refused = fields.filter((field) => field.refused).map(({ key }) => key);
    const closed = refusing(schema, refused);
    if (whole === undefined || !complete) return closed;
    const keys = new Map(fields.map(({ name, key }) => [name, key]));
    return t.Refine(closed, (value) =>
      problemsOf(whole(this.#named(this.fromInput(value) as Readonly<Record<string, unknown>>))).map((problem) => {
        const [first, ...rest] = problem.loc ?? [];
        return first === undefined ? problem : { ...problem, loc: [keys.get(String(first)) ?? first, ...rest] };
      }),
    );
  }
}

const idOf = (name: string | undefined) => (name === undefined ? {} : { $id: name });

/** Makes what is shown of a row, a field at a time: 10 ns for each. */
function outputOf(fields: readonly Field[]): (row: any) => Record<string, unknown> {
  const steps = fields.flatMap((field) =>
    field.shown === undefined ? [] : [{ key: field.key, read: isPlain(field) ? field.path[0]! : reader(field) }],
  );
  return (row) => {
    const result: Record<string, unknown> = {};
    for (const { key, read } of steps) {
      const value: unknown = typeof read === "string" ? row[read] : read(row);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

const isPlain = ({ path, nested: inner, computed }: Field): boolean =>
  path.length === 1 && inner === undefined && computed === undefined;

/** Makes the inner value of what a client sent: the very same where nothing is called or kept otherwise. */
function inputOf(fields: readonly Field[]): (value: any) => unknown {
  const steps = fields.flatMap((field) =>
    field.sent === undefined ? [] : [{ key: field.key, name: field.path.at(-1)!, write: writer(field) }],
  );
  if (steps.every(({ key, name, write }) => key === name && write === undefined)) return (value) => value as unknown;
  return (value) => {
    const result: Record<string, unknown> = {};
    for (const { key, name, write } of steps) {
      const given: unknown = value[key];
      if (given !== undefined) result[name] = write === undefined ? given : write(given);
    }
    return result;
  };
}
