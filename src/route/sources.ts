import type { Shape, StaticOf, TOptional, TSchema } from "../schema/index.ts";

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

/** The body as the handler sees it; one declared optional may be absent. */
export type BodyOf<C> = C extends { readonly body: TOptional<TSchema> }
  ? SourceOf<C, "body", undefined> | undefined
  : SourceOf<C, "body", undefined>;
