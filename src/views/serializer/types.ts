import type {
  HasOption,
  Problem,
  Static,
  TArray,
  TNull,
  TObject,
  TOptional,
  TProperties,
  TSchema,
  TUnion,
} from "../../schema/index.ts";
import type { KeyOf } from "./rename.ts";

/** What a serializer is to the type checker: everything by the fields' own names. */
export interface Spec {
  /** The schemas of what a client sends. */
  readonly in: TProperties;
  /** What `fromInput` makes of it. */
  readonly value: object;
  /** The schemas of what a client is shown. */
  readonly out: TProperties;
  /** The part of a row that each shown field is made of. */
  readonly rows: Readonly<Record<string, object>>;
  readonly rename: unknown;
  readonly source: unknown;
  readonly views: Readonly<Record<string, readonly string[]>>;
}

/** A schema's properties under their outer names. */
export type Outer<P extends TProperties, R> = { [K in keyof P as KeyOf<K, R>]: P[K] };

type Intersected<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;
type Flat<T> = { [K in keyof T]: T[K] };
/** What is known to be properties of schemas, though its keys are not known yet. */
type Props<T> = T extends TProperties ? T : never;

/** The row that `toOutput` takes. */
export type RowOf<S extends Spec> = [keyof S["rows"]] extends [never]
  ? object
  : Flat<Intersected<S["rows"][keyof S["rows"]]>>;

/** A model, as far as its schemas go. */
export interface ModelLike {
  readonly table: string;
  readonly row: TObject;
  readonly public: TObject;
  readonly create: TObject;
}

/** What a serializer is made from: a table's model, or an object. */
export type Base = ModelLike | TObject;

type Without<P, F> = { [K in keyof P as HasOption<P[K], F> extends true ? never : K]: P[K] };

export type BaseIn<B> = B extends { readonly create: TObject<infer P> }
  ? P
  : B extends TObject<infer P>
    ? Without<P, { readonly readOnly: true }>
    : never;
export type BaseOut<B> = B extends { readonly public: TObject<infer P> }
  ? P
  : B extends TObject<infer P>
    ? Without<P, { readonly writeOnly: true }>
    : never;

/** Another serializer as the type of a field. */
export interface Nested<S extends Spec = Spec, O extends NestedOptions = NestedOptions> {
  readonly serializer: Serializer<S>;
  readonly options: O;
}

export interface NestedOptions {
  /** A list. */
  readonly many?: boolean;
  /** Null where there is none. */
  readonly nullable?: boolean;
  /** Part of what a client sends, too. */
  readonly writable?: boolean;
}

/** The type of a further field. */
export type FieldType = TSchema | Nested<any, any>;
/** Further fields by name. */
export type Fields = Readonly<Record<string, FieldType>>;

type Wrapped<T extends TSchema, O> = O extends { readonly many: true }
  ? TArray<T>
  : O extends { readonly nullable: true }
    ? TUnion<[T, TNull]>
    : T;
type WrappedValue<T, O> = O extends { readonly many: true }
  ? T[]
  : O extends { readonly nullable: true }
    ? T | null
    : T;
type Rows<T, O> = O extends { readonly many: true }
  ? readonly T[]
  : O extends { readonly nullable: true }
    ? T | null
    : T;

/** What a path through relations asks of a row: `"author.username"` asks `{ author: { username } }`. */
type AtPath<P extends string, T> = P extends `${infer Head}.${infer Tail}`
  ? { readonly [K in Head]: AtPath<Tail, T> | null }
  : { readonly [K in P]: T };

type SourceOf<O, K> = O extends { readonly source: infer M }
  ? K extends keyof M
    ? M[K] & string
    : K & string
  : K & string;
type IsDeep<P> = P extends `${string}.${string}` ? true : false;

export type FieldsOf<O> = O extends { readonly fields: infer F } ? F : {};
type ComputedOf<O> = O extends { readonly computed: infer C } ? C : {};
type NamesIn<O, K extends string> = O extends { readonly [key in K]: readonly (infer N extends string)[] } ? N : never;

/** Which of the further fields a client sends. */
type FieldsIn<O, F> = {
  [
    K in keyof F as F[K] extends Nested<any, infer N>
      ? N extends { readonly writable: true }
        ? K
        : never
      : IsDeep<SourceOf<O, K>> extends true
        ? never
        : HasOption<F[K], { readonly readOnly: true }> extends true
          ? never
          : K
  ]: F[K] extends Nested<infer S extends Spec, infer N> ? Wrapped<InputOf<S>, N> : F[K] extends TSchema ? F[K] : never;
};

type FieldsOut<F> = {
  [K in keyof F as HasOption<F[K], { readonly writeOnly: true }> extends true ? never : K]: F[K] extends Nested<
    infer S extends Spec,
    infer N
  >
    ? Wrapped<OutputOf<S>, N>
    : F[K] extends TSchema
      ? F[K]
      : never;
};

export type InputOf<S extends Spec> = TObject<Outer<S["in"], S["rename"]>>;
export type OutputOf<S extends Spec> = TObject<Outer<S["out"], S["rename"]>>;

type ValueOf<P, F, O> = Flat<
  Static<TObject<Props<{ [K in keyof P as K extends keyof F ? never : SourceOf<O, K>]: P[K] }>>> & {
    [K in keyof P & keyof F as SourceOf<O, K>]: F[K] extends Nested<infer S extends Spec, infer N>
      ? WrappedValue<S["value"], N>
      : P[K] extends TSchema
        ? Static<P[K]>
        : never;
  }
>;

type RowParts<O, P, F, C, Whole> = {
  [K in keyof P]: K extends keyof C
    ? Whole
    : K extends keyof F
      ? F[K] extends Nested<infer S extends Spec, infer N>
        ? AtPath<SourceOf<O, K>, Rows<RowOf<S>, N>>
        : AtPath<SourceOf<O, K>, P[K] extends TSchema ? Static<P[K]> : never>
      : AtPath<SourceOf<O, K>, P[K] extends TSchema ? Static<P[K]> : never>;
};

type ComputedOut<C> = { [K in keyof C]: C[K] extends { readonly type: infer T } ? T : never };

type InProps<B, O> = Omit<BaseIn<B>, NamesIn<O, "readOnly"> | keyof FieldsOf<O>> &
  Omit<FieldsIn<O, FieldsOf<O>>, NamesIn<O, "readOnly">>;
type OutProps<B, O> = Omit<BaseOut<B>, NamesIn<O, "writeOnly"> | keyof FieldsOf<O>> &
  Omit<FieldsOut<FieldsOf<O>>, NamesIn<O, "writeOnly">> &
  ComputedOut<ComputedOf<O>>;

/** The serializer that options make of a base. */
export interface SpecOf<B extends Base, O> extends Spec {
  readonly in: Props<Flat<InProps<B, O>>>;
  readonly value: ValueOf<Flat<InProps<B, O>>, FieldsOf<O>, O>;
  readonly out: Props<Flat<OutProps<B, O>>>;
  readonly rows: RowParts<O, Flat<OutProps<B, O>>, FieldsOf<O>, ComputedOf<O>, Static<TObject<BaseOut<B>>>>;
  readonly rename: O extends { readonly rename: infer R } ? R : undefined;
  readonly source: O extends { readonly source: infer M } ? M : {};
  readonly views: O extends { readonly views: infer V extends Spec["views"] } ? V : {};
}

/** Some fields alone. */
export interface Picked<S extends Spec, K> extends Spec {
  readonly in: Pick<S["in"], K & keyof S["in"]>;
  readonly value: Pick<S["value"], SourceOf<S, K & keyof S["in"]> & keyof S["value"]>;
  readonly out: Pick<S["out"], K & keyof S["out"]>;
  readonly rows: Pick<S["rows"], K & keyof S["rows"]>;
  readonly rename: S["rename"];
  readonly source: S["source"];
  readonly views: {};
}

/** Nothing required. */
export interface Partly<S extends Spec> extends Spec {
  readonly in: { [K in keyof S["in"]]: TOptional<S["in"][K]> };
  readonly value: Partial<S["value"]>;
  readonly out: S["out"];
  readonly rows: S["rows"];
  readonly rename: S["rename"];
  readonly source: S["source"];
  readonly views: S["views"];
}

/** Fields more. */
export interface Extended<S extends Spec, F extends Fields> extends Spec {
  readonly in: Props<Flat<Omit<S["in"], keyof F> & FieldsIn<{}, F>>>;
  readonly value: Flat<Omit<S["value"], keyof F> & ValueOf<FieldsIn<{}, F>, F, {}>>;
  readonly out: Props<Flat<Omit<S["out"], keyof F> & FieldsOut<F>>>;
  readonly rows: Omit<S["rows"], keyof F> & RowParts<{}, FieldsOut<F>, F, {}, never>;
  readonly rename: S["rename"];
  readonly source: S["source"];
  readonly views: S["views"];
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
  /** What a client sent, as a row has it; an absent field stays absent. */
  fromInput(value: Static<InputOf<S>>): S["value"];
  /** The names of the values that `fromInput` may make, as a row has them. */
  readonly sent: readonly string[];
  /** Whether there is a check of the whole. */
  readonly checksWhole: boolean;
  /** What the check of the whole says of a row: for changes, once they are joined with what is there. */
  problems(value: S["value"]): readonly Problem[];
  pick<const K extends keyof S["in"] | keyof S["out"]>(...names: readonly K[]): Serializer<Picked<S, K>>;
  omit<const K extends keyof S["in"] | keyof S["out"]>(
    ...names: readonly K[]
  ): Serializer<Picked<S, Exclude<keyof S["in"] | keyof S["out"], K>>>;
  /** The same for changes: nothing is required, nothing filled in, and the whole is not checked as long as it is a part. */
  partial(): Serializer<Partly<S>>;
  extend<const F extends Fields>(fields: F): Serializer<Extended<S, F>>;
}
