import {
  type HasOption,
  refusing,
  type Static,
  t,
  type TObject,
  type TOptional,
  type TSchema,
} from "../../schema/index.ts";
import { type Column, mayBeAbsent } from "./column.ts";

/** The columns of a model as they were declared. */
export type Columns = Readonly<Record<string, TSchema>>;

type ReadOnly<C extends TSchema> = HasOption<C, { readonly readOnly: true }>;
type WriteOnly<C extends TSchema> = HasOption<C, { readonly writeOnly: true }>;
type Defaulted<C extends TSchema> = HasOption<C, { readonly default: {} | null }>;
/** Whether an insert may leave it out. */
export type MayBeAbsent<C extends TSchema> = Defaulted<C> extends true ? true : null extends Static<C> ? true : false;

/** Every column: what `selectAll` returns. */
export type RowShape<C extends Columns> = { -readonly [K in keyof C]: C[K] };
/** What a client is shown: all but `writeOnly`. */
export type PublicShape<C extends Columns> = {
  -readonly [K in keyof C as WriteOnly<C[K]> extends true ? never : K]: C[K];
};
/** What a client sends to make a row: all but `readOnly`, which is refused; what has a default or may be null may be left out. */
export type CreateShape<C extends Columns> = {
  -readonly [K in keyof C as ReadOnly<C[K]> extends true ? never : K]: MayBeAbsent<C[K]> extends true
    ? TOptional<C[K]>
    : C[K];
};
/** What a client sends to change some of a row: all but `readOnly`, which is refused; nothing required, nothing filled in. */
export type UpdateShape<C extends Columns> = {
  -readonly [K in keyof C as ReadOnly<C[K]> extends true ? never : K]: TOptional<C[K]>;
};

/** The schemas that a model gives. */
export interface Schemas<C extends Columns> {
  readonly row: TObject<RowShape<C>>;
  readonly public: TObject<PublicShape<C>>;
  readonly create: TObject<CreateShape<C>>;
  readonly update: TObject<UpdateShape<C>>;
}

/** Builds them; the named ones carry `$id`s, by which the document knows them. */
export function schemasOf<C extends Columns>(name: string, columns: readonly Column[]): Schemas<C> {
  const shown = columns.filter((column) => !column.writeOnly);
  const written = columns.filter((column) => !column.readOnly);
  const readOnly = columns.filter((column) => column.readOnly).map(({ name: key }) => key);
  return {
    row: object(
      `${name}Row`,
      columns.map(({ name: key, schema }) => [key, schema]),
    ),
    public: object(
      name,
      shown.map(({ name: key, schema }) => [key, schema]),
    ),
    create: refusing(
      object(
        `${name}Create`,
        written.map((column) => [column.name, inCreate(column)]),
      ),
      readOnly,
    ),
    update: refusing(
      object(
        `${name}Update`,
        written.map((column) => [column.name, t.Optional(withoutDefault(column.schema))]),
      ),
      readOnly,
    ),
  } as unknown as Schemas<C>;
}

const object = (id: string, entries: readonly (readonly [string, TSchema])[]): TObject =>
  t.Object(Object.fromEntries(entries), { $id: id });

const inCreate = (column: Column): TSchema => (mayBeAbsent(column) ? t.Optional(column.schema) : column.schema);

/** A change fills nothing in: what is absent stays as it is. */
function withoutDefault(schema: TSchema): TSchema {
  const { default: _, ...rest } = schema;
  const bare = rest as TSchema;
  const members = bare["anyOf"] as readonly TSchema[] | undefined;
  return members === undefined ? bare : ({ ...bare, anyOf: members.map(withoutDefault) } as unknown as TSchema);
}
