import type { Middleware, MaybePromise } from "../../middleware/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";

/** What is inside: answers, and never throws. */
export type Run = (ctx: Context) => MaybePromise<Response>;

/** Folds middleware around a core, the first one outermost. What one throws becomes an answer that the outer ones see. */
export function foldMiddleware(all: readonly Middleware[], core: Run, fail: Fail): Run {
  return all.reduceRight((inner, one) => wrap(one, inner, fail), core);
}

function wrap(one: Middleware, inner: Run, fail: Fail): Run {
  const around = one.around === undefined ? inner : foldAround(one.name, one.around, inner, fail);
  const entered = one.before === undefined ? around : foldBefore(one.before, around, fail);
  return one.after === undefined ? entered : foldAfter(one.after, entered, fail);
}

function foldBefore(before: NonNullable<Middleware["before"]>, inner: Run, fail: Fail): Run {
  return (ctx) => {
    try {
      const early = before(ctx);
      if (early === undefined) return inner(ctx);
      if (!(early instanceof Promise)) return early;
      return early.then(
        (answer) => answer ?? inner(ctx),
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
}

function foldAfter(after: NonNullable<Middleware["after"]>, inner: Run, fail: Fail): Run {
  const leave = (ctx: Context, response: Response): MaybePromise<Response> => {
    try {
      const replaced = after(ctx, response);
      if (!(replaced instanceof Promise)) return replaced instanceof Response ? replaced : response;
      return replaced.then(
        (other) => other ?? response,
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
  return (ctx) => {
    const response = inner(ctx);
    return response instanceof Promise ? response.then((settled) => leave(ctx, settled)) : leave(ctx, response);
  };
}

function foldAround(name: string, around: NonNullable<Middleware["around"]>, inner: Run, fail: Fail): Run {
  const check = (ctx: Context, response: unknown): MaybePromise<Response> =>
    response instanceof Response ? response : fail(ctx, new TypeError(`middleware "${name}" returned no Response: return next()`));
  return (ctx) => {
    try {
      const response = around(ctx, () => inner(ctx));
      if (!(response instanceof Promise)) return check(ctx, response);
      return response.then(
        (settled) => check(ctx, settled),
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
}
