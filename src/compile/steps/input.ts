import { brokenOff, HttpError } from "../../http/index.ts";
import { Invalid } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { Kit } from "../kit.ts";
import { type Plan, type StepOf, stepOf, stepsOf, type TextSource } from "../plan.ts";
import { foldBody } from "./body.ts";
import { foldForm } from "./form.ts";
import { merge } from "./merge.ts";
import { guarded, type Run, type Stage } from "./run.ts";
import { foldRead, type Read } from "./read.ts";

/** Sets one declared source on the context, or returns what is wrong with it. */
type Take = (ctx: Context) => Invalid | undefined;

/** Reads all sources, the body last, and goes on to `next`; what is wrong with any of them is one answer. */
export function foldInput(plan: Plan, kit: Kit, next: Stage, fail: Fail): Run {
  const reads = stepsOf(plan, "read");
  const own = reads
    .filter((step) => step.into === undefined)
    .map((step) => foldTake(step.source, foldRead(step.source, step.shape, kit)));
  const feed = foldFeed(
    reads.filter((step) => step.into !== undefined),
    kit,
  );
  const bodyStep = stepOf(plan, "body");

  const formStep = stepOf(plan, "form");

  if (bodyStep === undefined && formStep === undefined && feed === undefined) {
    const [only, second] = own;
    // Nothing to read: nothing that could throw.
    if (only === undefined) return (ctx) => next(ctx, undefined);
    if (second === undefined) {
      return guarded((ctx) => {
        const wrong = only(ctx);
        return wrong === undefined ? next(ctx, undefined) : fail(ctx, wrong);
      }, fail);
    }
  }

  const bodySteps = bodyStep === undefined ? undefined : foldBody(bodyStep.shape, bodyStep.bytes, kit);
  const form = formStep === undefined ? undefined : foldForm(formStep, next, fail, kit);
  const readText = (ctx: Context, fed: Record<string, unknown>[]): Invalid | undefined => {
    let wrong: Invalid | undefined;
    for (const take of own) wrong = merge(wrong, take(ctx));
    return merge(wrong, feed?.(ctx, fed));
  };
  return guarded((ctx) => {
    const fed: Record<string, unknown>[] = feed === undefined ? NOTHING : [];
    const wrong = readText(ctx, fed);
    if (form !== undefined) return form(ctx, fed, wrong);
    if (bodySteps === undefined) return wrong === undefined ? next(ctx, fed) : fail(ctx, wrong);
    return bodySteps.read(ctx).then(
      (text) => {
        try {
          const body = bodySteps.decode(text, ctx);
          if (body instanceof Invalid) return fail(ctx, merge(wrong, body)!);
          if (wrong !== undefined) return fail(ctx, wrong);
          ctx.body = body;
        } catch (error) {
          return fail(ctx, error);
        }
        return next(ctx, fed);
      },
      (error: unknown) => fail(ctx, error instanceof HttpError ? error : brokenOff(error)),
    );
  }, fail);
}

const NOTHING: never[] = [];

const PLACES: Readonly<Record<TextSource, (ctx: Context, value: object) => void>> = {
  params: (ctx, value) => (ctx.declaredParams = value),
  query: (ctx, value) => (ctx.declaredQuery = value),
  headers: (ctx, value) => (ctx.declaredHeaders = value),
  cookies: (ctx, value) => (ctx.declaredCookies = value),
};

function foldTake(source: TextSource, read: Read): Take {
  const place = PLACES[source];
  return (ctx) => {
    const value = read(ctx);
    if (value instanceof Invalid) return value;
    place(ctx, value);
    return undefined;
  };
}

/** Reads what dependencies declare, into their places. */
function foldFeed(
  steps: readonly StepOf<"read">[],
  kit: Kit,
): ((ctx: Context, fed: Record<string, unknown>[]) => Invalid | undefined) | undefined {
  if (steps.length === 0) return undefined;
  const reads = steps.map((step) => ({
    at: step.into!,
    source: step.source,
    read: foldRead(step.source, step.shape, kit),
  }));
  return (ctx, fed) => {
    let wrong: Invalid | undefined;
    for (const { at, source, read } of reads) {
      const value = read(ctx);
      if (value instanceof Invalid) wrong = merge(wrong, value);
      else (fed[at] ??= {})[source] = value;
    }
    return wrong;
  };
}
