import type { RequestContext } from "../http/index.ts";

/** An answer, now or later. */
export type MaybePromise<T> = T | Promise<T>;

/** Runs what is inside and returns its answer; never throws, since errors are answers by then. */
export type Next = () => MaybePromise<Response>;

/** What a middleware adds to the answers of its routes, for the document. */
export interface MiddlewareAnswers {
  /** Statuses of its own, and what each means: `{ 429: "Rate limit exceeded" }`. */
  readonly statuses?: Readonly<Record<number, string>>;
  /** Headers that it sets, and what each says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Integers that its errors have beside `detail`, by status, and what each says: `{ 429: { retry_after: "Seconds to wait" } }`. */
  readonly members?: Readonly<Record<number, Readonly<Record<string, string>>>>;
}

/** What a middleware is told when its api is compiled. */
export interface MiddlewareEnvironment {
  /** The api's title, the first route that it is on, and which of its middlewares it is: the same in every process of a program. */
  readonly place: string;
  /** Takes what an operator should know. */
  warn(message: string): void;
}

/** A step around everything inside its scope; see {@link middleware}. */
export interface Middleware {
  /** Names it for `skip`, for logs and for `bolide routes --explain`. */
  readonly name: string;
  /** Runs on the way in; a returned `Response` is the answer and nothing further in runs. */
  readonly before?: (ctx: RequestContext) => MaybePromise<Response | undefined | void>;
  /** Runs on the way out, for every answer; a returned `Response` replaces it. */
  readonly after?: (ctx: RequestContext, response: Response) => MaybePromise<Response | undefined | void>;
  /** Wraps the rest: call `next()` for the inner answer, or return one without it. */
  readonly around?: (ctx: RequestContext, next: Next) => MaybePromise<Response>;
  readonly answers?: MiddlewareAnswers;
  /** It asks who calls: it runs once auth and guards have let the caller in, and sees no answer of theirs. */
  readonly afterAuth?: boolean;
  /** Called whenever an api that it is on is compiled, before any request. */
  start?(env: MiddlewareEnvironment): void;
}

/** A middleware, or a plain function in the style of `around`. */
export type MiddlewareLike = Middleware | ((ctx: RequestContext, next: Next) => MaybePromise<Response>);

/**
 * Declares a middleware from any of `before`, `after` and `around`.
 *
 * It sees every answer of its scope: errors, 404 and 405 included. Synchronous parts keep a request synchronous.
 * Errors: `TypeError` when it has no name or nothing to do.
 *
 * @example
 * ```ts
 * const poweredBy = middleware({ name: "powered-by", after: (_, response) => response.headers.set("x-powered-by", "Bolide") });
 * const api = new Api({ use: [poweredBy] });
 * ```
 */
export function middleware(definition: Middleware): Middleware {
  if (typeof definition.name !== "string" || definition.name === "") throw new TypeError("middleware needs a name");
  if (!definition.before && !definition.after && !definition.around) {
    throw new TypeError(`middleware "${definition.name}" has none of before, after, around`);
  }
  return Object.freeze({ ...definition });
}

/** A plain function as a {@link Middleware}, named after the function. */
export function asMiddleware(like: MiddlewareLike): Middleware {
  return typeof like === "function" ? { name: like.name || "anonymous", around: like } : like;
}
