import type { RequestContext } from "../http/index.ts";

/** Where a request stands in a distributed trace (W3C Trace Context, Recommendation of 23 November 2021). */
export interface Trace {
  /** The whole trace: 32 hexadecimal digits, lower case. */
  readonly traceId: string;
  /** The caller's step in it: 16 hexadecimal digits. */
  readonly parentId: string;
  /** This request's own step: 16 hexadecimal digits, new for each request. */
  readonly spanId: string;
  /** Whether the caller may have recorded the trace. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:$|-)/;
/** The fields of every version stand at the same places. */
const LENGTH = 55;
const NO_TRACE = "0".repeat(32);
const NO_PARENT = "0".repeat(16);

/** Reads `traceparent`; `undefined` where it is malformed, which must be treated as absent (3.2.2). */
export function parseTraceparent(header: string): Trace | undefined {
  if (!TRACEPARENT.test(header)) return undefined;
  // Version 00 ends here; later ones may say more; ff is forbidden (3.2.2.1, 4.3).
  if (header.startsWith("ff") || (header.startsWith("00") && header.length > LENGTH)) return undefined;
  const traceId = header.slice(3, 35);
  const parentId = header.slice(36, 52);
  if (traceId === NO_TRACE || parentId === NO_PARENT) return undefined;
  return { traceId, parentId, spanId: newSpanId(), sampled: "13579bdf".includes(header[LENGTH - 1]!) };
}

/** The `traceparent` to send on: the same trace, this request as the parent. */
export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? "01" : "00"}`;
}

/** A step's id: 16 hexadecimal digits, never all zero. */
function newSpanId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0]! |= 1;
  return bytes.toHex();
}

const TRACE = "trace";

/** Leaves the trace for what runs after. */
export function setTrace(ctx: RequestContext, trace: Trace): void {
  ctx.state[TRACE] = trace;
}

/** The trace that the request belongs to, where `requestId()` runs and the caller has sent a valid `traceparent`. */
export function traceOf(ctx: RequestContext): Trace | undefined {
  return ctx.state[TRACE] as Trace | undefined;
}
