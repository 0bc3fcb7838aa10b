import type { Backend, Guard } from "../auth/index.ts";
import type { RequestContext } from "../http/index.ts";

/** The principal that one of these backends finds. */
type PrincipalOf<A> = A extends readonly (infer One)[] ? PrincipalOf<One> : A extends Backend<infer P> ? P : never;

/** Whether guards let nobody in without a principal: one of them is enough. */
type Sure<G> = G extends readonly (infer One)[] ? ([Extract<One, Guard<false>>] extends [never] ? false : true) : true;

type Known<P, G> = Sure<G> extends true ? P : P | undefined;

/** `ctx.user` inside options `D` (a contract or a scope) where the scope around has `Outer`. */
export type UserOf<D, Outer> = D extends { readonly auth: infer A }
  ? [PrincipalOf<A>] extends [never]
    ? undefined
    : Known<PrincipalOf<A>, D extends { readonly guards: infer G } ? G : undefined>
  : D extends { readonly guards: infer G }
    ? [NonNullable<Outer>] extends [never]
      ? Outer
      : Known<NonNullable<Outer>, G>
    : Outer;

type OneSession<A> = A extends readonly (infer One)[]
  ? OneSession<One>
  : A extends { of(ctx: RequestContext): infer S }
    ? S
    : never;

/** `ctx.session` inside options `D`: of the session backend among its `auth`, `undefined` without one. */
export type SessionOf<D, Outer> = D extends { readonly auth: infer A }
  ? [OneSession<A>] extends [never]
    ? undefined
    : OneSession<A>
  : Outer;
