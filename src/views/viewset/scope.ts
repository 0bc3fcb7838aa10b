import type { Defaults, Handler, HandlerContext, RootScope } from "../../route/index.ts";
import type { Action, ActionContract } from "./action.ts";

/** The part of a set's options that tells who calls. */
export type AuthOf<A, G> = ([A] extends [never] ? {} : { readonly auth: A }) &
  ([G] extends [never] ? {} : { readonly guards: G });

/** What a set adds to the types of its actions: its `ctx.user` is theirs, unless they say otherwise. */
interface SetScope<A, G> {
  readonly prefix: "";
  readonly provided: object;
  readonly user: HandlerContext<"", AuthOf<A, G>, RootScope>["user"];
  readonly session: HandlerContext<"", AuthOf<A, G>, RootScope>["session"];
}

/** The path parameters that an action has without naming them: `P` where it is about one object. */
export type Implied<C, P> = C extends { readonly detail: false } | { readonly params: unknown } ? {} : P;

type PathOf<C, L extends string> = `${C extends { readonly detail: false } ? "" : `/:${L}`}${C extends {
  readonly path: infer P extends string;
}
  ? P
  : ""}`;

/** `action` as a set gives it to its own: it knows the set's `ctx.user` and its path parameter. */
export type ActionIn<A extends Defaults["auth"], G extends Defaults["guards"], L extends string, P = {}> = <
  const C extends ActionContract,
  R,
>(
  contract: C,
  handler: Handler<PathOf<C, L>, Implied<C, P> & C, SetScope<A, G>, R>,
) => Action<C, R>;

/** Further actions: by name, or made by a function that is given the set's own `action`. */
export type ActionsOf<X, A extends Defaults["auth"], G extends Defaults["guards"], L extends string, P = {}> =
  X | ((action: ActionIn<A, G, L, P>) => X);
