import type { Backend } from "../auth/index.ts";
import { RouteError } from "../route/index.ts";
import { Context, type RouteShared, type Sessions } from "./context.ts";
import { explain } from "./explain.ts";
import { foldFailures } from "./failures.ts";
import type { CompiledHandler, Kit } from "./kit.ts";
import { type Plan, stepsOf } from "./plan.ts";
import { foldAnswer } from "./steps/answer.ts";
import { foldAuth } from "./steps/auth.ts";
import { foldLimited } from "./steps/body.ts";
import { foldProvided } from "./steps/dependencies.ts";
import { foldHandler } from "./steps/handler.ts";
import { foldInput } from "./steps/input.ts";
import { foldMiddleware } from "./steps/middleware.ts";
import { foldRecorded } from "./steps/recorded.ts";

/**
 * Folds a plan into one closure that does exactly what the plan says, from the inside out: answer, handler, dependencies,
 * input, auth, limit, middleware. What a route does not declare is not in it, and a promise is made only where a step suspends.
 *
 * Errors: {@link RouteError} with the route's name where something in it cannot be compiled.
 */
export function foldPlan(plan: Plan, kit: Kit): CompiledHandler {
  try {
    const fail = foldFailures(plan.rules, () => explain(plan), kit);
    const answer = foldAnswer(stepsOf(plan, "answer")[0]!.answer, kit);
    const handler = foldHandler(plan.route.handler, answer, fail);
    const [dependencies] = stepsOf(plan, "dependencies");
    const provided = dependencies === undefined ? handler : foldProvided(dependencies, handler, fail, kit);
    const input = foldInput(plan, kit, provided, fail);
    const [auth] = stepsOf(plan, "auth");
    const known = auth === undefined ? input : foldAuth(auth, input, fail);
    const [limit] = stepsOf(plan, "limit");
    const limited = limit === undefined ? known : foldLimited(limit.bytes, known, fail);
    const all = stepsOf(plan, "middleware").map(({ middleware }) => middleware);
    const run = foldRecorded(foldMiddleware(all, limited, fail), kit);
    const sessions = auth?.backends.find((backend): backend is Backend & Sessions => "of" in backend);
    const credentialNames = auth?.backends.flatMap((backend) => backend.credentialNames ?? []);
    const shared: RouteShared = { route: plan.name, address: kit.address, sessions, credentialNames };
    return (request, params, server) => run(new Context(request, params, server, shared));
  } catch (error) {
    if (error instanceof RouteError) throw error;
    throw new RouteError(plan.name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
