import type { ColumnType } from "kysely";
import type { Static } from "../../schema/index.ts";
import type { AnyModel, Model, Relations } from "./model.ts";
import type { Columns, MayBeAbsent, PublicShape } from "./schemas.ts";

/** Under which a table's type remembers its relations; Kysely sees no column in it. */
declare const RELATIONS: unique symbol;

/** A type that Kysely leaves out of every row. */
interface Hidden<R extends Relations, W> extends ColumnType<never, never, never> {
  readonly relations: R;
  readonly writeOnly: W;
}

type ColumnTypes<C extends Columns> = {
  [K in keyof C]: ColumnType<
    Static<C[K]>,
    MayBeAbsent<C[K]> extends true ? Static<C[K]> | undefined : Static<C[K]>,
    Static<C[K]>
  >;
};

/**
 * The Kysely table type of a model.
 *
 * @example
 * type Users = TableOf<typeof User>; // { id: ColumnType<number, number | undefined, number>, … }
 */
export type TableOf<M> =
  M extends Model<string, infer C, infer R>
    ? ColumnTypes<C> & { readonly [RELATIONS]: Hidden<R, Exclude<keyof C & string, keyof PublicShape<C>>> }
    : never;

/** Models by the names that queries call their tables. */
export type Models = Readonly<Record<string, AnyModel>>;

/**
 * The Kysely database type of a record of models, by their tables' names.
 *
 * @example
 * const db: Kysely<TablesOf<{ users: typeof User }>> = database(sqlite("app.db"), { users: User });
 */
export type TablesOf<M extends Models> = { -readonly [K in keyof M & string]: TableOf<M[K]> };

/** The relations that a Kysely table type carries. */
export type RelationsIn<T> = T extends { readonly [RELATIONS]: Hidden<infer R, any> } ? R : {};

/** The names of the columns that never leave, of those that a Kysely table type carries. */
export type WriteOnlyIn<T> = T extends { readonly [RELATIONS]: Hidden<any, infer W> } ? W : never;
