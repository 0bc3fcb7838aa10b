import type { Backend } from "../auth/index.ts";
import type { Middleware } from "../middleware/index.ts";
import { RouteError } from "../route/index.ts";
import { Context, type RouteShared, type Sessions } from "./context.ts";
import { explain } from "./explain.ts";
import { type Fail, foldFailures } from "./failures.ts";
import type { CompiledHandler, Kit } from "./kit.ts";
import { type Plan, stepOf, stepsOf } from "./plan.ts";
import { foldAnswer } from "./steps/answer.ts";
import { foldAuth } from "./steps/auth.ts";
import { foldLimited } from "./steps/body.ts";
import { foldProvided } from "./steps/dependencies.ts";
import { foldHandler } from "./steps/handler.ts";
import { foldInput } from "./steps/input.ts";
import { foldMiddleware } from "./steps/middleware.ts";
import { foldRecorded } from "./steps/recorded.ts";
import type { Stage } from "./steps/run.ts";
import { foldHandshake, foldSockets, foldSwitch, foldUpgrade, SocketContext, whenClosed } from "./steps/socket.ts";

/**
 * Folds a plan into one closure that does exactly what the plan says, from the inside out: answer, handler, dependencies,
 * input, auth, limit, middleware. What a route does not declare is not in it, and a promise is made only where a step suspends.
 *
 * Errors: {@link RouteError} with the route's name where something in it cannot be compiled.
 */
export function foldPlan(plan: Plan, kit: Kit): CompiledHandler {
  try {
    const fail = foldFailures(plan.rules, () => explain(plan), kit);
    const socket = stepOf(plan, "socket");
    const handler = socket === undefined ? foldAnswered(plan, fail, kit) : foldSwitch(socket);
    const dependencies = stepOf(plan, "dependencies");
    const sent = socket === undefined ? undefined : whenClosed;
    const provided = dependencies === undefined ? handler : foldProvided(dependencies, handler, fail, kit, sent);
    const input = foldInput(plan, kit, provided, fail);
    const auth = stepOf(plan, "auth");
    const all = stepsOf(plan, "middleware").map(({ middleware }) => middleware);
    const counted = foldMiddleware(all.filter(isInner), input, fail);
    const known = auth === undefined ? counted : foldAuth(auth, counted, fail);
    const limit = stepOf(plan, "limit");
    const limited = limit === undefined ? known : foldLimited(limit.bytes, known, fail);
    const handshake = stepOf(plan, "handshake");
    const met = handshake === undefined ? limited : foldHandshake(handshake, limited, fail, kit);
    const outer = all.filter((one) => !isInner(one));
    const run = foldRecorded(foldMiddleware(outer, met, fail), kit);
    const sessions = auth?.backends.find((backend): backend is Backend & Sessions => "of" in backend);
    const credentialNames = auth?.backends.flatMap((backend) => backend.credentialNames ?? []);
    const shared: RouteShared = { route: plan.name, address: kit.address, sessions, credentialNames };
    if (socket !== undefined) {
      const upgraded = foldUpgrade(run, foldSockets(plan, socket, kit), fail);
      return (request, params, server) => upgraded(new SocketContext(request, params, server, shared));
    }
    return (request, params, server) => run(new Context(request, params, server, shared));
  } catch (error) {
    if (error instanceof RouteError) throw error;
    throw new RouteError(plan.name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const isInner = ({ afterAuth }: Middleware): boolean => afterAuth === true;

/** The handler, and the writing of what it answers. */
function foldAnswered(plan: Plan, fail: Fail, kit: Kit): Stage {
  return foldHandler(plan.route.handler, foldAnswer(stepOf(plan, "answer")!.answer, kit), fail);
}
