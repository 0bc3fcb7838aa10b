import type { Columns, Model } from "../../data/index.ts";
import type { Conflict, Forbidden, NotFound, PreconditionFailed } from "../../http/index.ts";
import type { Static, TArray, TObject, TOptional, TSchema, TString, TUndefined } from "../../schema/index.ts";
import type { FilterShape, OrderingShape } from "../filter/index.ts";
import type { Filled, Pagination } from "../pagination/index.ts";
import type { InputOf as SerializerInput, Partly, Serializer, Spec } from "../serializer/index.ts";
import type { Action, ActionRoute, AuthOf, Implied, StandardName } from "../viewset/index.ts";
import type { Inputs, Outputs } from "./schemas.ts";

/** The schemas of a model that its views use unless they are told otherwise. */
export interface Shown {
  readonly public: TObject;
  readonly create: TObject;
  readonly update: TObject;
}

type Output<S> = S extends TObject ? S : S extends { readonly output: infer O extends TObject } ? O : never;
type Input<S> = S extends TObject ? S : S extends { readonly input: infer I extends TObject } ? I : never;
type View<Z, V extends string> = Z extends { readonly views: infer Views }
  ? V extends keyof Views
    ? Output<Views[V]>
    : Output<Z>
  : never;
type PartOf<S> = S extends Serializer<infer Spec> ? SerializerInput<Partly<Spec>> : never;

/** What an action answers. `Z` is the serializer of all, or never. */
export type OutputOf<M extends Shown, Z, O, K extends keyof Outputs> = O extends { readonly [N in K]: infer S }
  ? Output<S>
  : K extends "write"
    ? OutputOf<M, Z, O, "retrieve">
    : [Z] extends [never]
      ? M["public"]
      : View<Z, K extends "list" ? "list" : "detail">;

/** What an action takes. */
export type InputOf<M extends Shown, Z, I, K extends keyof Inputs> = I extends { readonly [N in K]: infer S }
  ? Input<S>
  : K extends "update"
    ? InputOf<M, Z, I, "create">
    : K extends "partialUpdate"
      ? I extends { readonly create: infer S extends { readonly input: TObject } }
        ? PartOf<S>
        : [Z] extends [never]
          ? M["update"]
          : PartOf<Z>
      : [Z] extends [never]
        ? M["create"]
        : Input<Z>;

type Value<S> = S extends Serializer<infer Z extends Spec> ? Z["value"] : S extends TObject ? Static<S> : never;

/** What hooks are given of what was sent: the values of columns, and of relations that a serializer writes. */
export type ValuesOf<C extends Columns, Z, I, K extends keyof Inputs> = I extends { readonly [N in K]: infer S }
  ? Value<S>
  : K extends "update"
    ? ValuesOf<C, Z, I, "create">
    : K extends "partialUpdate"
      ? Partial<ValuesOf<C, Z, I, "create">>
      : [Z] extends [never]
        ? Static<Model<string, C>["create"]>
        : Value<Z>;

type PageOf<P, T extends TSchema> = P extends Pagination<any, infer S> ? Filled<S, T> : TArray<T>;
type PageQuery<P> = P extends Pagination<infer Q, any> ? Q : {};

/** The query of a list. */
export type ListQuery<C extends Columns, P, F, K extends string, S extends string> = PageQuery<P> &
  FilterShape<C, F> &
  ([K] extends [never] ? {} : OrderingShape<K>) &
  ([S] extends [never] ? {} : { search: TOptional<TString> });

type Flat<T> = { [K in keyof T]: T[K] };
/** The path parameter of one object, as a contract declares it. */
export type ById<C extends Columns, L extends keyof C & string> = { readonly params: { readonly [N in L]: C[L] } };

/** The errors that clients have to expect; whether there are permissions or versions is not told to the type checker. */
type One = readonly (typeof NotFound | typeof Forbidden)[];
type Changing = readonly (typeof NotFound | typeof Forbidden | typeof Conflict | typeof PreconditionFailed)[];

interface Contracts<M extends Shown, Z, C extends Columns, L extends keyof C & string, O, I, P, Q> {
  readonly list: { readonly query: Flat<Q>; readonly response: PageOf<P, OutputOf<M, Z, O, "list">> };
  readonly create: {
    readonly body: InputOf<M, Z, I, "create">;
    readonly response: { readonly 201: OutputOf<M, Z, O, "write"> };
    readonly errors: readonly (typeof Conflict)[];
  };
  readonly retrieve: ById<C, L> & { readonly response: OutputOf<M, Z, O, "retrieve">; readonly errors: One };
  readonly update: ById<C, L> & {
    readonly body: InputOf<M, Z, I, "update">;
    readonly response: OutputOf<M, Z, O, "write">;
    readonly errors: Changing;
  };
  readonly partialUpdate: ById<C, L> & {
    readonly body: InputOf<M, Z, I, "partialUpdate">;
    readonly response: OutputOf<M, Z, O, "write">;
    readonly errors: Changing;
  };
  readonly destroy: ById<C, L> & { readonly response: { readonly 204: TUndefined }; readonly errors: Changing };
}

/** The routes of a model's views. */
export type ModelRoutes<
  M extends Shown,
  Z,
  C extends Columns,
  Only extends StandardName,
  L extends keyof C & string,
  O,
  I,
  P,
  Q,
  X,
  A,
  G,
> = {
  readonly [N in Only]: ActionRoute<N, AuthOf<A, G> & Contracts<M, Z, C, L, O, I, P, Q>[N], L, unknown>;
} & {
  readonly [N in keyof X & string]: X[N] extends Action<infer AC, infer R>
    ? ActionRoute<N, AuthOf<A, G> & Implied<AC, ById<C, L>> & AC, L, R>
    : never;
};
