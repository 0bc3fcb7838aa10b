import { whenSent } from "../../http/index.ts";
import { asDependency, type Dependency } from "../../route/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { Kit } from "../kit.ts";
import type { DependenciesPlan } from "../plan.ts";
import type { Fed, Stage } from "./run.ts";

/** Puts the values on the context: at once, or after those that take time. */
type Provide = (ctx: Context, fed: Fed | undefined) => undefined | Promise<undefined>;

/**
 * Folds a route's dependencies: each is started as soon as what it needs is there, so independent ones run side by side.
 * Without a suspended one, all of it is synchronous.
 */
function foldDependencies({ nodes, names }: DependenciesPlan, kit: Kit): Provide {
  const resolvers = nodes.map(({ dependency }) => replaced(dependency, kit));
  const plain = nodes.map(({ dependency, needs }) => needs.length === 0 && Object.keys(dependency.needs).length === 0);
  const size = nodes.length;

  const start = (ctx: Context, values: unknown[], fed: Fed | undefined, at: number): unknown => {
    const resolve = resolvers[at]!;
    if (plain[at]!) return resolve(ctx as never);
    const { needs } = nodes[at]!;
    const pending = needs.filter((need) => values[need.at] instanceof Promise);
    const run = () => {
      const view = Object.create(ctx) as Record<string, unknown>;
      Object.assign(view, fed?.[at]);
      for (const need of needs) view[need.name] = values[need.at];
      return resolve(view as never);
    };
    return pending.length === 0 ? run() : Promise.all(pending.map((need) => values[need.at])).then(run);
  };

  const place = (ctx: Context, values: readonly unknown[]): undefined => {
    const target = ctx as unknown as Record<string, unknown>;
    for (const { name, at } of names) target[name] = values[at];
  };

  return (ctx, fed) => {
    const values: unknown[] = new Array(size);
    let suspended = false;
    for (let at = 0; at < size; at++) {
      let value: unknown;
      try {
        value = start(ctx, values, fed, at);
      } catch (error) {
        if (!suspended) throw error;
        value = Promise.reject(error);
      }
      if (value instanceof Promise) {
        suspended = true;
        values[at] = value.then((settled) => {
          keep(ctx, settled);
          return (values[at] = settled);
        });
      } else {
        values[at] = value;
        keep(ctx, value);
      }
    }
    if (!suspended) return place(ctx, values);
    return settleAll(values).then(() => place(ctx, values));
  };
}

/** Waits for all, then fails with the first failure: what the others made is disposed of as well. */
async function settleAll(values: readonly unknown[]): Promise<void> {
  const outcomes = await Promise.allSettled(values);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

function replaced(dependency: Dependency, { overrides }: Kit): (ctx: never) => unknown {
  const stand = overrides.get(dependency) ?? overrides.get(dependency.resolve);
  return stand === undefined ? dependency.resolve : asDependency(stand).resolve;
}

type Disposer = () => unknown;

function disposerOf(value: unknown): Disposer | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const disposable = value as { [Symbol.asyncDispose]?: Disposer; [Symbol.dispose]?: Disposer };
  return disposable[Symbol.asyncDispose] ?? disposable[Symbol.dispose];
}

function keep(ctx: Context, value: unknown): void {
  if (disposerOf(value) !== undefined) (ctx.made ??= []).push(value);
}

/** Calls `done` when an answer is over; what it returns takes the answer's place. */
export type Sent = (ctx: Context, response: Response, done: () => void) => Response;

const ANSWERED: Sent = (_, response, done) => whenSent(response, done);

/** Folds the dependencies in front of `next`, and the disposal of what they made behind the answer, last made first. */
export function foldProvided(plan: DependenciesPlan, next: Stage, fail: Fail, kit: Kit, sent: Sent = ANSWERED): Stage {
  const provide = foldDependencies(plan, kit);
  const inner: Stage = (ctx, fed) => {
    try {
      const waiting = provide(ctx, fed);
      if (waiting === undefined) return next(ctx, fed);
      return waiting.then(
        () => next(ctx, fed),
        (error: unknown) => fail(ctx, error),
      );
    } catch (error) {
      return fail(ctx, error);
    }
  };
  const leave = (ctx: Context, response: Response): Response => {
    const { made } = ctx;
    return made === undefined ? response : sent(ctx, response, () => void disposeAll(ctx, made, kit));
  };
  return (ctx, fed) => {
    const response = inner(ctx, fed);
    return response instanceof Promise ? response.then((settled) => leave(ctx, settled)) : leave(ctx, response);
  };
}

/** A failure to dispose of one is told and stops nothing. */
async function disposeAll(ctx: Context, made: readonly unknown[], { log }: Kit): Promise<void> {
  for (const value of made.toReversed()) {
    try {
      await disposerOf(value)!.call(value);
    } catch (error) {
      const message = "a dependency could not be disposed of";
      log({ level: "error", message, route: ctx.route, requestId: ctx.id, error });
    }
  }
}
