import type { Server } from "bun";
import { json, type Reply } from "../http/index.ts";
import { type AnyRoute, get } from "../route/index.ts";

/** A readiness check: throws, rejects or returns `false` where the thing is not usable. */
export type ReadinessCheck = () => unknown;

/** Whether the process takes new work. */
export interface Readiness {
  /** Named checks; they run side by side. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** True from the first signal to stop the server; without one, all of them. */
  readonly stopping: (server: Server<unknown> | undefined) => boolean;
}

/** Milliseconds that one readiness check may take. */
const CHECK_TIMEOUT = 5000;

/** `GET /health`: the process answers. `GET /ready`: it takes new work, 200 or 503, each check with its time in milliseconds. */
export function healthRoutes({ checks, stopping }: Readiness): readonly AnyRoute[] {
  const hidden = { hidden: true } as const;
  const health = get("/health", hidden, () => ({ status: "ok" }));
  const ready = get("/ready", hidden, async ({ server }) => {
    const outcomes = await Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check)));
    const ends = stopping(server);
    const usable = !ends && outcomes.every((outcome) => outcome.ok);
    const told = Object.fromEntries(
      outcomes.map(({ name, ok, millis }) => [name, { status: ok ? "ok" : "error", millis }]),
    );
    const status = ends ? "stopping" : usable ? "ok" : "error";
    return json({ status, checks: told }, { status: usable ? 200 : 503 }) as Reply;
  });
  return [health, ready];
}

async function runCheck(name: string, check: ReadinessCheck): Promise<{ name: string; ok: boolean; millis: number }> {
  const start = performance.now();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("timeout")), CHECK_TIMEOUT);
  const ok = await Promise.race([(async () => check())(), late]).then(
    (value) => value !== false,
    () => false,
  );
  clearTimeout(timer);
  return { name, ok, millis: Math.round((performance.now() - start) * 100) / 100 };
}
