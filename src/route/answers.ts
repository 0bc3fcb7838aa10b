import type { HttpError, Reply } from "../http/index.ts";
import type { MaybePromise } from "../middleware/index.ts";
import type { Static, TSchema } from "../schema/index.ts";

/** A status that says it went well, as a contract may declare it. */
type Success = 200 | 201 | 202 | 203 | 205 | 206 | 207 | 208 | 226;

/** The status of a plain value where the contract sets none: 200, or the success that its response map declares instead. */
type DefaultStatus<S> = 200 extends keyof S ? 200 : keyof S & Success;

/**
 * What a handler may return. With a declared response: its value, a reply around it, an error or a `Response`, now or later.
 * Without one: anything, `R`, which is inferred.
 */
export type AnswerOf<C, R> = C extends { readonly response: infer S } ? MaybePromise<DeclaredAnswer<C, S>> : R;

type DeclaredAnswer<C, S> = S extends TSchema
  ? Static<S> | Reply<number, Static<S>> | Exit
  : ReplyOf<S> | PlainOf<C, S> | (204 extends keyof S ? undefined | null | void : never) | Exit;

type PlainOf<C, S> = C extends { readonly status: infer Code }
  ? StaticAt<S, Code & keyof S>
  : StaticAt<S, DefaultStatus<S> & keyof S>;

type Exit = HttpError | Response;
type StaticAt<S, Code extends keyof S> = S[Code] extends TSchema ? Static<S[Code]> : never;
type ReplyOf<S> = { [Code in keyof S & number]: Reply<Code, StaticAt<S, Code>> }[keyof S & number];
