import type { Backend } from "../auth/index.ts";
import { inProduction } from "../http/index.ts";
import { asMiddleware, type Middleware } from "../middleware/index.ts";
import { RouteError } from "../route/index.ts";
import type { Kit } from "./kit.ts";
import type { PlacedScope } from "./misses.ts";
import { type Plan, stepsOf } from "./plan.ts";

/**
 * Tells every middleware where it stands: on its first route, by the order of steps, or in its scope where it is on none, as one that
 * sees unknown paths or mounted apps alone.
 */
export function startMiddleware(plans: readonly Plan[], scopes: readonly PlacedScope[], { log, program }: Kit): void {
  const told = new Set<Middleware>();
  const warn = (message: string) => log({ level: "warn", message });
  const tell = (middleware: Middleware, place: string) => {
    if (told.has(middleware)) return;
    told.add(middleware);
    middleware.start?.({ place: `${program} ${place}`, warn });
  };
  for (const plan of plans) {
    stepsOf(plan, "middleware").forEach(({ middleware }, at) => tell(middleware, `${plan.name} ${at}`));
  }
  for (const { prefix, scopes: around } of scopes) {
    const all = around.flatMap(({ defaults }) => defaults.use ?? []).map(asMiddleware);
    all.forEach((middleware, at) => tell(middleware, `${prefix}/* ${at}`));
  }
}

/**
 * Starts every backend that the plans name, once; a promise only where one of them needs it, as for keys that are imported.
 * Errors: `RouteError` naming the first route whose backend cannot work: a missing, short or unusable key stops start-up.
 */
export function startBackends(plans: readonly Plan[], { log }: Kit): Promise<void> | undefined {
  const first = new Map<Backend, string>();
  for (const plan of plans) {
    for (const { backends } of stepsOf(plan, "auth"))
      for (const one of backends) if (!first.has(one)) first.set(one, plan.name);
  }
  const warn = (message: string) => log({ level: "warn", message });
  const waiting: Promise<void>[] = [];
  for (const [backend, route] of first) {
    const stop = (error: unknown): never => {
      throw new RouteError(route, error instanceof Error ? error.message : String(error), { cause: error });
    };
    try {
      const started = backend.start?.({ production: inProduction(), warn });
      if (started instanceof Promise) waiting.push(started.catch(stop));
    } catch (error) {
      stop(error);
    }
  }
  if (waiting.length === 0) return undefined;
  const started = Promise.all(waiting).then(() => undefined);
  // Whoever only prints the routes does not wait for it.
  started.catch(() => undefined);
  return started;
}
