import type { RequestContext } from "../http/index.ts";
import { type Middleware, middleware } from "./middleware.ts";
import { formatTraceparent, parseTraceparent, setTrace, traceOf } from "./trace.ts";

/** How {@link requestId} finds and makes ids. */
export interface RequestIdOptions {
  /** The header that carries the id, both ways; default `x-request-id`. */
  readonly header?: string;
  /** Makes an id; default a UUID of version 7, which sorts by time. */
  readonly generate?: (ctx: RequestContext) => string;
  /** Whether a caller's own id is taken over; default true. Say no, or who may, where callers must not choose. */
  readonly trust?: boolean | ((ctx: RequestContext) => boolean);
}

/** What is safe in a header, a log line and a shell alike. */
const WELL_FORMED = /^[\w.:+/=@~-]{1,128}$/;

/**
 * Gives every request an id: `ctx.id`, and the same header on the answer.
 *
 * A caller's id is taken over when it is well-formed: 1 to 128 of letters, digits and `_ . : + / = @ ~ -`. A valid W3C
 * `traceparent` is kept as `traceOf(ctx)` and answered with this request as the parent.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [requestId()] });
 * api.get("/", (ctx) => `You are ${ctx.id}`);
 * ```
 */
export function requestId(options?: RequestIdOptions): Middleware {
  const header = (options?.header ?? "x-request-id").toLowerCase();
  const generate = options?.generate ?? newId;
  const trust = options?.trust ?? true;
  const trusts = typeof trust === "function" ? trust : undefined;

  return middleware({
    name: "requestId",
    answers: { headers: { [header]: "Names the request in logs." } },
    before(ctx) {
      const { headers } = ctx.request;
      const given = trust === false ? null : headers.get(header);
      ctx.id = given !== null && WELL_FORMED.test(given) && (trusts?.(ctx) ?? true) ? given : generate(ctx);
      const parent = headers.get("traceparent");
      const trace = parent === null ? undefined : parseTraceparent(parent);
      if (trace !== undefined) setTrace(ctx, trace);
    },
    after(ctx, response) {
      if (ctx.id !== undefined) response.headers.set(header, ctx.id);
      const trace = traceOf(ctx);
      if (trace !== undefined) response.headers.set("traceparent", formatTraceparent(trace));
    },
  });
}

function newId(): string {
  return Bun.randomUUIDv7();
}
