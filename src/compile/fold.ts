import type { MaybePromise } from "../middleware/index.ts";
import { type AnyHandler, RouteError } from "../route/index.ts";
import { Invalid } from "../schema/index.ts";
import { Context, type RouteShared } from "./context.ts";
import { explain } from "./explain.ts";
import { type Fail, foldFailures } from "./failures.ts";
import type { CompiledHandler, Kit } from "./kit.ts";
import type { Plan, Step, TextSource } from "./plan.ts";
import { type Answer, foldAnswer } from "./steps/answer.ts";
import { foldBody, foldLimit } from "./steps/body.ts";
import { disposeAll, type Fed, foldDependencies, type Provide } from "./steps/dependencies.ts";
import { foldMiddleware, type Run } from "./steps/middleware.ts";
import { foldRead, type Read } from "./steps/read.ts";

/**
 * Folds a plan into one closure that does exactly what the plan says. What a route does not declare is not in it.
 * A synchronous handler stays synchronous: no promise is made unless a step suspends.
 *
 * Errors: {@link RouteError} with the route's name where a schema cannot be compiled.
 */
export function foldPlan(plan: Plan, kit: Kit): CompiledHandler {
  try {
    const shared: RouteShared = { route: plan.name, address: kit.address };
    const fail = foldFailures(plan.rules, () => explain(plan), kit);
    const core = foldCore(plan, kit, fail);
    const run = foldMiddleware(stepsOf(plan, "middleware").map((step) => step.middleware), core, fail);
    return (request, params, server) => run(new Context(request, params, server, shared));
  } catch (error) {
    if (error instanceof RouteError) throw error;
    throw new RouteError(plan.name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;

function stepsOf<K extends Step["kind"]>(plan: Plan, kind: K): StepOf<K>[] {
  return plan.steps.filter((step): step is StepOf<K> => step.kind === kind);
}

/** Everything inside the middleware: input, dependencies, handler, answer. */
function foldCore(plan: Plan, kit: Kit, fail: Fail): Run {
  const answer = foldAnswer(stepsOf(plan, "answer")[0]!.answer, kit);
  const finish = foldFinish(plan.route.handler, answer, fail);
  const [dependencies] = stepsOf(plan, "dependencies");
  const provided = dependencies === undefined ? finish : foldProvided(foldDependencies(dependencies, kit), finish, fail, kit);
  return foldInput(plan, kit, provided, fail);
}

/** What comes after a stage: the context, and what was read for the dependencies. */
type Stage = (ctx: Context, fed: Fed | undefined) => MaybePromise<Response>;

function foldFinish(handler: AnyHandler, answer: Answer, fail: Fail): Stage {
  const call = handler as (ctx: Context) => unknown;
  const write = (ctx: Context, value: unknown): MaybePromise<Response> => {
    try {
      return answer(ctx, value);
    } catch (error) {
      return fail(ctx, error);
    }
  };
  return (ctx) => {
    try {
      const value = call(ctx);
      if (!(value instanceof Promise)) return answer(ctx, value);
      return value.then(
        (settled) => write(ctx, settled),
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
}

function foldProvided(provide: Provide, finish: Stage, fail: Fail, kit: Kit): Stage {
  const tell = (ctx: { readonly route: string | undefined; readonly id: string | undefined }, error: unknown) =>
    kit.log({ level: "error", message: "a dependency could not be disposed of", route: ctx.route, requestId: ctx.id, error });
  const dispose = (ctx: Context, response: Response): Response => {
    disposeAll(ctx, tell);
    return response;
  };
  const inner: Stage = (ctx, fed) => {
    try {
      const waiting = provide(ctx, fed);
      if (waiting === undefined) return finish(ctx, fed);
      return waiting.then(
        () => finish(ctx, fed),
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
  return (ctx, fed) => {
    const response = inner(ctx, fed);
    return response instanceof Promise ? response.then((settled) => dispose(ctx, settled)) : dispose(ctx, response);
  };
}

/** Sets one declared source on the context, or returns what is wrong with it. */
type Take = (ctx: Context) => Invalid | undefined;

/** Reads all sources, the body last, and goes on to `next`; what is wrong with any of them is one answer. */
function foldInput(plan: Plan, kit: Kit, next: Stage, fail: Fail): Run {
  const reads = stepsOf(plan, "read");
  const own = reads.filter((step) => step.into === undefined).map((step) => foldTake(step.source, foldRead(step.source, step.shape, kit)));
  const feed = foldFeed(reads.filter((step) => step.into !== undefined), kit);
  const [bodyStep] = stepsOf(plan, "body");
  const [limitStep] = stepsOf(plan, "limit");
  const limit = limitStep === undefined ? undefined : foldLimit(limitStep.bytes);

  if (bodyStep === undefined && feed === undefined) {
    const [only, second] = own;
    if (only === undefined) return guard(limit, (ctx) => next(ctx, undefined), fail);
    if (second === undefined) {
      return guard(limit, (ctx) => {
        const wrong = only(ctx);
        return wrong === undefined ? next(ctx, undefined) : fail(ctx, wrong);
      }, fail);
    }
  }

  const bodySteps = bodyStep === undefined ? undefined : foldBody(bodyStep.shape, bodyStep.bytes, kit);
  const readText = (ctx: Context, fed: Fed | undefined): Invalid | undefined => {
    let wrong = feed?.(ctx, fed as unknown as Record<string, unknown>[]);
    for (const take of own) wrong = merge(take(ctx), wrong);
    return wrong;
  };
  return guard(limit, (ctx) => {
    const fed: Fed | undefined = feed === undefined ? undefined : [];
    const wrong = readText(ctx, fed);
    if (bodySteps === undefined) return wrong === undefined ? next(ctx, fed) : fail(ctx, wrong);
    return bodySteps.read(ctx).then(
      (text) => {
        try {
          const body = bodySteps.decode(text);
          if (body instanceof Invalid) return fail(ctx, merge(wrong, body)!);
          if (wrong !== undefined) return fail(ctx, wrong);
          ctx.body = body;
        } catch (error) {
          return fail(ctx, error);
        }
        return next(ctx, fed);
      },
      (error: unknown) => fail(ctx, error),
    );
  }, fail);
}

function guard(limit: ((ctx: Context) => void) | undefined, run: Run, fail: Fail): Run {
  return (ctx) => {
    try {
      limit?.(ctx);
      return run(ctx);
    } catch (error) {
      return fail(ctx, error);
    }
  };
}

const TAKES: Readonly<Record<TextSource, (read: Read) => Take>> = {
  params: (read) => (ctx) => {
    const value = read(ctx);
    if (value instanceof Invalid) return value;
    ctx.declaredParams = value;
    return undefined;
  },
  query: (read) => (ctx) => {
    const value = read(ctx);
    if (value instanceof Invalid) return value;
    ctx.declaredQuery = value;
    return undefined;
  },
  headers: (read) => (ctx) => {
    const value = read(ctx);
    if (value instanceof Invalid) return value;
    ctx.declaredHeaders = value;
    return undefined;
  },
  cookies: (read) => (ctx) => {
    const value = read(ctx);
    if (value instanceof Invalid) return value;
    ctx.declaredCookies = value;
    return undefined;
  },
};

function foldTake(source: TextSource, read: Read): Take {
  return TAKES[source](read);
}

/** Reads what dependencies declare, into their places. */
function foldFeed(steps: readonly StepOf<"read">[], kit: Kit): ((ctx: Context, fed: Record<string, unknown>[]) => Invalid | undefined) | undefined {
  if (steps.length === 0) return undefined;
  const reads = steps.map((step) => ({ at: step.into!, source: step.source, read: foldRead(step.source, step.shape, kit) }));
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

function merge(first: Invalid | undefined, second: Invalid | undefined): Invalid | undefined {
  if (first === undefined) return second;
  return second === undefined ? first : new Invalid([...first.entries, ...second.entries]);
}
