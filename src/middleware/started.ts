import type { RequestContext } from "../http/index.ts";

const STARTED = "startedAt";

/** Remembers when the outermost of the measuring middlewares saw the request. */
export function start(ctx: RequestContext): void {
  ctx.state[STARTED] ??= performance.now();
}

/** Milliseconds since {@link start}, to the microsecond. */
export function elapsed(ctx: RequestContext): number {
  const started = ctx.state[STARTED];
  return typeof started === "number" ? Math.round((performance.now() - started) * 1000) / 1000 : 0;
}
