import type { HttpError, HttpErrorClass, Reply, RequestContext } from "../http/index.ts";
import type { MiddlewareLike } from "../middleware/index.ts";
import type { Shape, StaticOf, TSchema, Static } from "../schema/index.ts";
import type { Provider } from "./depends.ts";

/** How far a declared answer is checked: check and strip, strip only, or sent as it is. */
export type ResponseValidation = "strict" | "strip" | "off";

/** The handler of one class of errors: what it returns is the answer. */
export type ErrorHandler<E = unknown> = (error: E, ctx: RequestContext) => unknown;

/** A class to catch and what answers for it. */
export type ErrorRule<E = unknown> = readonly [abstract new (...args: never[]) => E, ErrorHandler<never>];

/** What a route and a scope may both set: a scope's are defaults for its routes. */
export interface Defaults {
  /** Names that group operations in the document. Scopes and routes add up. */
  readonly tags?: readonly string[];
  /** Middleware, outermost first, inside the parent's. */
  readonly use?: readonly MiddlewareLike[];
  /** Dependencies by name; they become properties of the handler's context. */
  readonly provide?: Readonly<Record<string, Provider>>;
  /** Error classes and their handlers; the most specific class wins, then the innermost scope. */
  readonly onError?: readonly ErrorRule[];
  /** The status of a plain value; default 200. */
  readonly status?: number;
  /** Headers set on every answer of the handler unless it sets them itself. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Default `strict`. */
  readonly responseValidation?: ResponseValidation;
  /** Bytes; default 1 MiB. A larger body is answered 413. */
  readonly maxBodySize?: number;
}

/** What a route declares: what it reads, what it needs, what it answers. */
export interface Contract extends Defaults {
  /** Path parameters: `{ id: t.Integer() }`. Undeclared ones are strings. */
  readonly params?: Shape;
  readonly query?: Shape;
  /** Header names in any case, `"x-request-id"` or `xRequestId`. */
  readonly headers?: Shape;
  readonly cookies?: Shape;
  /** The JSON body. */
  readonly body?: Shape;
  /** The schema of the answer, or one per status. */
  readonly response?: TSchema | { readonly [status: number]: TSchema };
  /** Errors that this route answers with: they reach the document and the typed client. */
  readonly errors?: readonly HttpErrorClass[];
  /** Names of middleware of outer scopes that this route goes without. */
  readonly skip?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly deprecated?: boolean;
  /** Left out of the document. */
  readonly hidden?: boolean;
}

/** The keys that a contract may have: anything else is a start-up error, so that a misspelling is not silence. */
export const CONTRACT_KEYS: ReadonlySet<string> = new Set<keyof Contract>([
  "params",
  "query",
  "headers",
  "cookies",
  "body",
  "response",
  "errors",
  "skip",
  "summary",
  "description",
  "operationId",
  "deprecated",
  "hidden",
  "tags",
  "use",
  "provide",
  "onError",
  "status",
  "responseHeaders",
  "responseValidation",
  "maxBodySize",
]);

/** The parameter names of a path: `/a/:b/*c` has `b` and `c`. */
export type PathNames<P extends string> = P extends `${infer Head}/${infer Tail}`
  ? PathNames<Head> | PathNames<Tail>
  : P extends `:${infer Name}` | `*${infer Name}`
    ? Name
    : never;

/** A declared source's value, or what stands in where it is not declared. */
export type SourceOf<C, K extends string, Undeclared> = C extends { readonly [key in K]: infer X extends Shape }
  ? StaticOf<X>
  : Undeclared;

/** The path parameters as the handler sees them: those that are not declared are strings. */
export type ParamsOf<P extends string, C> = C extends { readonly params: infer X extends Shape }
  ? [PathNames<P>] extends [keyof StaticOf<X>]
    ? StaticOf<X>
    : StaticOf<X> & { readonly [name in Exclude<PathNames<P>, keyof StaticOf<X>>]: string }
  : { readonly [name in PathNames<P>]: string };

/** The status of a plain value. */
export type StatusOf<C> = C extends { readonly status: infer S extends number } ? S : 200;

/** What a handler may return: the declared value, a reply around it, an error or a `Response`; undeclared, whatever it does (`R`). */
export type AnswerOf<C, R> = C extends { readonly response: infer S }
  ? S extends TSchema
    ? Static<S> | Reply<number, Static<S>> | Exit
    : | ReplyOf<S>
      | (StatusOf<C> extends keyof S ? StaticAt<S, StatusOf<C>> : never)
      | (204 extends keyof S ? undefined | null : never)
      | Exit
  : R;

type Exit = HttpError | Response;
type StaticAt<R, S extends keyof R> = R[S] extends TSchema ? Static<R[S]> : never;
type ReplyOf<R> = { [S in keyof R & number]: Reply<S, StaticAt<R, S>> }[keyof R & number];
