import type { RequestContext } from "../http/index.ts";
import type { AnswerOf } from "./answers.ts";
import type { ProvidedOf } from "./depends.ts";
import type { BodyOf, ParamsOf, SourceOf } from "./sources.ts";
import type { SessionOf, UserOf } from "./user.ts";

/** What a scope adds to the types of its routes. */
export interface ScopeTypes {
  readonly prefix: string;
  readonly provided: object;
  readonly user: unknown;
  readonly session: unknown;
}

/** What is around everything: nothing. */
export interface RootScope {
  readonly prefix: "";
  readonly provided: object;
  readonly user: undefined;
  readonly session: undefined;
}

/** What a handler of path `P` and contract `C` in scope `S` sees; declared sources are typed, the others are as they came. */
export interface HandlerContext<P extends string, C, S extends ScopeTypes> extends RequestContext {
  readonly params: ParamsOf<`${S["prefix"]}${P}`, C>;
  readonly query: SourceOf<C, "query", URLSearchParams>;
  readonly headers: SourceOf<C, "headers", Headers>;
  readonly cookies: SourceOf<C, "cookies", Readonly<Record<string, string>>>;
  readonly body: BodyOf<C>;
  readonly form: SourceOf<C, "form", undefined>;
  readonly files: SourceOf<C, "files", undefined>;
  /** Who calls, as `auth` found out; `undefined` where it need not. */
  readonly user: UserOf<C, S["user"]>;
  /** The session, where `auth` has a `session()` backend. */
  readonly session: SessionOf<C, S["session"]>;
}

/** A handler: the context in, the answer out, now or later. */
export type Handler<P extends string, C, S extends ScopeTypes, R> = (
  ctx: HandlerContext<P, C, S> & S["provided"] & (C extends { readonly provide: infer D } ? ProvidedOf<D> : unknown),
) => AnswerOf<C, R>;

/** A handler as the compiler sees it, its types erased. */
export type AnyHandler = (ctx: never) => unknown;
