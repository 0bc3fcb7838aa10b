import {
  databaseError,
  debugJson,
  debugPage,
  debugPolicy,
  errorResponse,
  HttpError,
  InternalServerError,
  invalidResponse,
  recordedQueries,
  ValidationError,
} from "../http/index.ts";
import type { MaybePromise } from "../middleware/index.ts";
import type { ErrorRule } from "../route/index.ts";
import { Invalid } from "../schema/index.ts";
import type { Context } from "./context.ts";
import type { Kit } from "./kit.ts";
import { type Answer, AnswerMismatch, foldAnswer } from "./steps/answer.ts";

/** As nginx logs a request whose client went away before it was answered. */
const GONE = 499;

/** Turns whatever was thrown, returned as an error or found invalid into an answer; never throws. */
export type Fail = (ctx: Context, error: unknown) => MaybePromise<Response>;

/** Folds the failures of one route: its error rules, innermost first, and the plan that the debug page shows. */
export function foldFailures(rules: readonly ErrorRule[], explain: () => readonly string[], kit: Kit): Fail {
  const plain = foldAnswer(PLAIN, kit);
  return (ctx, error) => {
    if (error instanceof Invalid) {
      if (rules.length === 0 && kit.format === "detail") return invalidResponse(error.entries);
      return known(ctx, new ValidationError(error.entries));
    }
    return known(ctx, error);
  };

  function known(ctx: Context, error: unknown): MaybePromise<Response> {
    const rule = chooseRule(rules, error);
    if (rule !== undefined) return handled(ctx, error, rule, plain);
    if (error instanceof HttpError && (error.status < 500 || !kit.debug)) {
      if (error.status >= 500) tell(ctx, error);
      return errorResponse(error, kit.format);
    }
    const { signal } = ctx.request;
    // Nothing went wrong: whoever asked is gone, and nobody reads the answer but a log.
    if (signal.aborted && error === signal.reason) return errorResponse(new HttpError(GONE), kit.format);
    const mapped = kit.databaseErrors ? databaseError(error) : undefined;
    if (mapped === undefined) return unexpected(ctx, error);
    // What is wrong is not the request: operators should know.
    if (mapped.status >= 500) tell(ctx, error);
    const second = chooseRule(rules, mapped);
    return second === undefined ? errorResponse(mapped, kit.format) : handled(ctx, mapped, second, plain);
  }

  function handled(ctx: Context, error: unknown, rule: ErrorRule, answer: Answer): MaybePromise<Response> {
    const write = (value: unknown): MaybePromise<Response> =>
      value instanceof HttpError ? errorResponse(value, kit.format) : answer(ctx, value);
    const broken = (second: unknown): Response => {
      tell(ctx, second);
      return errorResponse(new InternalServerError(), kit.format);
    };
    try {
      const value = rule[1](error, ctx);
      const response = value instanceof Promise ? value.then(write) : write(value);
      return response instanceof Promise ? response.catch(broken) : response;
    } catch (second) {
      return broken(second);
    }
  }

  function unexpected(ctx: Context, error: unknown): Response {
    tell(ctx, error);
    const answer = error instanceof HttpError ? error : new InternalServerError();
    if (!kit.debug) return errorResponse(answer, kit.format);
    const info = {
      error,
      request: ctx.request,
      ...(ctx.route === undefined ? {} : { route: ctx.route }),
      plan: explain(),
      queries: recordedQueries()?.all,
      secrets: ctx.credentialNames,
      env: process.env,
    };
    if (ctx.request.headers.get("accept")?.includes("text/html")) {
      const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": debugPolicy() };
      return new Response(debugPage(info), { status: answer.status, headers });
    }
    const mismatch = error instanceof AnswerMismatch ? { mismatch: error.invalid.entries } : {};
    return errorResponse(answer, kit.format, { ...debugJson(info), ...mismatch });
  }

  function tell(ctx: Context, error: unknown): void {
    kit.log({
      level: "error",
      message: error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`,
      route: ctx.route,
      requestId: ctx.id,
      error,
    });
  }
}

const PLAIN = {
  status: 500,
  schemas: undefined,
  single: false,
  validation: "off",
  headers: undefined,
  errors: [],
} as const;

/** The rule of the most specific class; of two alike, the innermost scope's. */
function chooseRule(rules: readonly ErrorRule[], error: unknown): ErrorRule | undefined {
  if (rules.length === 0 || typeof error !== "object" || error === null) return undefined;
  for (
    let kind = Object.getPrototypeOf(error) as object | null;
    kind !== null;
    kind = Object.getPrototypeOf(kind) as object | null
  ) {
    const rule = rules.find(([type]) => type.prototype === kind);
    if (rule !== undefined) return rule;
  }
  return undefined;
}
