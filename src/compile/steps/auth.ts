import type { AuthResult, Backend, Guard, Principal } from "../../auth/index.ts";
import { HttpError, Unauthorized } from "../../http/index.ts";
import type { MaybePromise } from "../../middleware/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { StepOf } from "../plan.ts";
import type { Run } from "./run.ts";

/** `undefined` lets in. */
type Verdict = HttpError | undefined;

/**
 * Folds authentication and guards in front of `next`: backends are asked in order until one succeeds, guards until one refuses.
 * Where no backend and no guard suspends, neither does the route.
 */
export function foldAuth({ backends, guards }: StepOf<"auth">, next: Run, fail: Fail): Run {
  const identify = foldBackends(backends);
  const judge = foldGuards(guards, challengeOf(backends));
  const decide = (ctx: Context, found: AuthResult<Principal>): MaybePromise<Response> => {
    if (found instanceof HttpError) return fail(ctx, found);
    ctx.user = found;
    const verdict = judge(ctx, found);
    if (verdict === undefined) return next(ctx);
    if (verdict instanceof HttpError) return fail(ctx, verdict);
    return verdict.then(
      (later) => (later === undefined ? next(ctx) : fail(ctx, later)),
      (error: unknown) => fail(ctx, error),
    );
  };
  return (ctx) => {
    try {
      const found = identify(ctx);
      if (!(found instanceof Promise)) return decide(ctx, found);
      return found.then((later) => decide(ctx, later)).catch((error: unknown) => fail(ctx, error));
    } catch (error) {
      return fail(ctx, error);
    }
  };
}

type Identify = (ctx: Context) => MaybePromise<AuthResult<Principal>>;

/** Asks backends in order: the first that succeeds decides, else the first 401 of a credential that was no good. */
function foldBackends(backends: readonly Backend[]): Identify {
  const [only, second] = backends;
  if (only === undefined) return () => undefined;
  if (second === undefined) return (ctx) => only.authenticate(ctx);
  const ask = (ctx: Context, from: number, refused: AuthResult<Principal>): MaybePromise<AuthResult<Principal>> => {
    let none = refused;
    for (let at = from; at < backends.length; at++) {
      const found = backends[at]!.authenticate(ctx);
      if (found instanceof Promise) {
        return found.then((later) => (isPrincipal(later) ? later : ask(ctx, at + 1, none ?? later)));
      }
      if (isPrincipal(found)) return found;
      none ??= found;
    }
    return none;
  };
  return (ctx) => ask(ctx, 0, undefined);
}

function isPrincipal(found: AuthResult<Principal>): found is Principal {
  return found !== undefined && !(found instanceof HttpError);
}

/** What a 401 without credentials says of how to get in: the challenge of each backend, once (RFC 9110 11.6.1). */
function challengeOf(backends: readonly Backend[]): string {
  return [...new Set(backends.map(({ challenge }) => challenge))].join(", ");
}

type Judge = (ctx: Context, user: Principal | undefined) => MaybePromise<Verdict>;

function foldGuards(guards: readonly Guard[], challenge: string): Judge {
  const refuse = ({ status }: Guard, user: Principal | undefined): HttpError => {
    if (user === undefined && challenge !== "") {
      return new Unauthorized("Authentication required", { headers: { "www-authenticate": challenge } });
    }
    return new HttpError(status, status === 403 ? "Permission denied" : undefined);
  };
  const ask = (ctx: Context, user: Principal | undefined, from: number): MaybePromise<Verdict> => {
    for (let at = from; at < guards.length; at++) {
      const guard = guards[at]!;
      // One that knows nothing of callers without a principal is not asked about them.
      const passes = user === undefined && guard.anonymous !== true ? false : guard.check(user, ctx);
      if (passes instanceof Promise) {
        return passes.then((later) => (later ? ask(ctx, user, at + 1) : refuse(guard, user)));
      }
      if (!passes) return refuse(guard, user);
    }
    return undefined;
  };
  return (ctx, user) => ask(ctx, user, 0);
}
