import type { SelectQueryBuilder } from "kysely";
import type { Columns } from "../../data/index.ts";
import type { HttpError, RequestContext } from "../../http/index.ts";
import type { Defaults, HandlerContext, RootScope } from "../../route/index.ts";
import type { Static, TObject } from "../../schema/index.ts";
import type { Filters, Order } from "../filter/index.ts";
import type { AnyPagination } from "../pagination/index.ts";
import type { Action, ActionsOf, AuthOf, StandardName } from "../viewset/index.ts";
import type { Hooks } from "./hooks.ts";
import type { AnySerializer, Inputs, Outputs } from "./schemas.ts";
import type { ById, ValuesOf } from "./types.ts";

type MaybePromise<T> = T | Promise<T>;

/** `ctx.user` and the rest of a request in a set with this `auth` and these `guards`. */
export type ViewContext<A, G> = Omit<HandlerContext<"", AuthOf<A, G>, RootScope>, "params" | "query" | "body"> &
  RequestContext;

/** How the views of a model differ from the plain ones. */
export interface ModelViewOptions<
  DB,
  T extends keyof DB & string,
  C extends Columns,
  A extends Defaults["auth"],
  G extends Defaults["guards"],
  Only extends StandardName,
  L extends keyof C & string,
  O extends Outputs,
  I extends Inputs,
  P extends AnyPagination | false,
  F extends Filters,
  S extends keyof C & string,
  K extends keyof C & string,
  X extends Readonly<Record<string, Action>>,
  Z extends AnySerializer,
>
  extends
    Omit<Defaults, "auth" | "guards">,
    Hooks<
      DB,
      Static<TObject<{ -readonly [N in keyof C]: C[N] }>>,
      ValuesOf<C, Z, I, "create">,
      Partial<ValuesOf<C, Z, I, "update"> | ValuesOf<C, Z, I, "partialUpdate">>,
      ViewContext<A, G>
    > {
  readonly auth?: A;
  readonly guards?: G;
  /** The standard actions that there are. Default all six. */
  readonly only?: readonly Only[];
  /** The unique column that the path names objects by, and the name of the path parameter. Default: the primary key. */
  readonly lookup?: L;
  /**
   * What all actions take and answer, where `input` and `output` say nothing else: its view `list`, if it has one, is that of the
   * list, its view `detail` that of one object. Nested serializers that are `writable` write their rows in the same transaction.
   */
  readonly serializer?: Z;
  /** What actions answer. Default: `Model.public`. Columns and relations that are not in it are not read. */
  readonly output?: O;
  /** What actions take. Default: `Model.create`, and `Model.update` for PATCH. */
  readonly input?: I;
  /** Narrows every action: what it leaves out is not there, 404. */
  readonly queryset?: (query: SelectQueryBuilder<DB, T, {}>, ctx: ViewContext<A, G>) => SelectQueryBuilder<DB, T, {}>;
  /** How the list is divided. Default `pageNumber()`; `false` answers all of it as an array. */
  readonly pagination?: P;
  /** The columns that the list may be asked for, and how. */
  readonly filter?: F;
  /** The text columns that `?search=` looks into; every word has to be in one of them. */
  readonly search?: readonly S[];
  /** The columns that `?ordering=` may name. */
  readonly ordering?: readonly K[];
  /** The order without `?ordering=`. Default: the primary key. */
  readonly orderBy?: readonly Order[];
  /** Whether the caller may do this with the object; `false` is 403, an error is itself. The object has all its columns. */
  readonly permission?: (
    object: Static<TObject<{ -readonly [N in keyof C]: C[N] }>>,
    ctx: ViewContext<A, G>,
    action: Exclude<StandardName, "list" | "create">,
  ) => MaybePromise<boolean | HttpError>;
  /** A column that changes with every write, a count or a moment: answers carry it as `ETag`, and writes obey `If-Match` (412). */
  readonly version?: keyof C & string;
  /**
   * Further actions by name, on one object unless `detail` is false. As a function they are given an `action` that knows the set's
   * `ctx.user` and the type of its path parameter.
   */
  readonly actions?: ActionsOf<X, A, G, L, ById<C, L>>;
}

/** The options as what runs sees them. */
export type AnyModelViewOptions = ModelViewOptions<
  any,
  any,
  any,
  any,
  any,
  StandardName,
  any,
  Outputs,
  Inputs,
  AnyPagination | false,
  Filters,
  any,
  any,
  Readonly<Record<string, Action>>,
  AnySerializer
>;
