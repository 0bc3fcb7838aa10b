import type { MaybePromise } from "../../middleware/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { TextSource } from "../plan.ts";

/** What was read for the dependencies, by place. */
export type Fed = readonly (Partial<Record<TextSource, unknown>> | undefined)[];

/** What is inside: answers, and never throws. */
export type Run = (ctx: Context) => MaybePromise<Response>;

/** What follows the reading of input: the context, and what was read for the dependencies. Never throws. */
export type Stage = (ctx: Context, fed: Fed | undefined) => MaybePromise<Response>;

/** A run whose own errors become answers. */
export function guarded(run: Run, fail: Fail): Run {
  return (ctx) => {
    try {
      return run(ctx);
    } catch (error) {
      return fail(ctx, error);
    }
  };
}
