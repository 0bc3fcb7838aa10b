import type { MaybePromise } from "../../middleware/index.ts";
import type { AnyHandler } from "../../route/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { Answer } from "./answer.ts";
import type { Stage } from "./run.ts";

/** Folds the handler and the writing of what it returns; without a promise from the handler there is none here. */
export function foldHandler(handler: AnyHandler, answer: Answer, fail: Fail): Stage {
  const call = handler as (ctx: Context) => unknown;
  const write = (ctx: Context, value: unknown): MaybePromise<Response> => {
    try {
      const response = answer(ctx, value);
      return response instanceof Promise ? response.catch((error: unknown) => fail(ctx, error)) : response;
    } catch (error) {
      return fail(ctx, error);
    }
  };
  return (ctx) => {
    let value: unknown;
    try {
      value = call(ctx);
    } catch (error) {
      return fail(ctx, error);
    }
    if (!(value instanceof Promise)) return write(ctx, value);
    return value.then(
      (settled) => write(ctx, settled),
      (error: unknown) => fail(ctx, error),
    );
  };
}
