import type { Selectable, SelectQueryBuilder } from "kysely";
import type { Relation, RelationsIn, WriteOnlyIn } from "../model/index.ts";

/** The relations of a table, by name. */
export type RelationName<DB, T extends keyof DB> = keyof RelationsIn<DB[T]> & string;

type RelationOf<DB, T extends keyof DB, N> = N extends keyof RelationsIn<DB[T]> ? RelationsIn<DB[T]>[N] : never;

/** The table that a relation leads to. */
export type Target<DB, T extends keyof DB, N> =
  RelationOf<DB, T, N> extends { readonly to: infer To extends keyof DB & string } ? To : never;

/** The columns of a table. */
type Column<DB, T extends keyof DB> = keyof Selectable<DB[T]> & string;

/** What of the related rows is brought along, and which of them. */
export interface RelatedOptions<DB, T extends keyof DB> {
  /** Default: all but those that are `writeOnly`, which have to be named. */
  readonly columns?: readonly Column<DB, T>[];
  /** Narrows, orders and limits them; a limit counts the rows of one row. Columns need no table's name. */
  readonly query?: (q: SelectQueryBuilder<DB, T, {}>) => SelectQueryBuilder<any, any, any>;
  /** Relations of theirs, to any depth. */
  readonly with?: RelationsRequest<DB, T>;
}

/** Relations by their names: `true` for what there is by default. */
export type RelationsRequest<DB, T extends keyof DB> = {
  readonly [N in RelationName<DB, T>]?: true | RelatedOptions<DB, Target<DB, T, N>>;
};

/** The columns of a related row that are asked for. */
type Columns<DB, T extends keyof DB, O> = O extends { readonly columns: readonly (infer C)[] }
  ? C & Column<DB, T>
  : Exclude<Column<DB, T>, WriteOnlyIn<DB[T]>>;

type With<O> = O extends { readonly with: infer W } ? W : {};

/** One related row. */
type RelatedRow<DB, T extends keyof DB, O> = {
  [K in Columns<DB, T, O> | keyof With<O>]: K extends keyof With<O>
    ? Related<DB, T, K, With<O>[K]>
    : K extends keyof Selectable<DB[T]>
      ? Selectable<DB[T]>[K]
      : never;
};

/** What a relation gives: a row or null, or a list of rows. */
export type Related<DB, T extends keyof DB, N, O> =
  RelationOf<DB, T, N> extends { readonly kind: "belongsTo" | "hasOne" }
    ? RelatedRow<DB, Target<DB, T, N>, O> | null
    : RelatedRow<DB, Target<DB, T, N>, O>[];

/** The relations that a request names. */
export type Loaded<DB, T extends keyof DB, O> = { [N in keyof O]: Related<DB, T, N, O[N]> };

/** A request as what runs it sees it. */
export interface AnyOptions {
  readonly columns?: readonly string[] | undefined;
  readonly query?: ((q: SelectQueryBuilder<any, any, any>) => SelectQueryBuilder<any, any, any>) | undefined;
  readonly with?: AnyRequest | undefined;
}

export type AnyRequest = Readonly<Record<string, true | AnyOptions | undefined>>;

export const optionsOf = (asked: true | AnyOptions): AnyOptions => (asked === true ? {} : asked);

/** Whether a relation gives at most one row. */
export const isSingle = ({ kind }: Relation): boolean => kind === "belongsTo" || kind === "hasOne";
