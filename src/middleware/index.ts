export * from "./middleware.ts";
export { requestId, type RequestIdOptions } from "./request-id.ts";
export { type Trace, traceOf } from "./trace.ts";
export { mark, timing, type TimingOptions } from "./timing.ts";
export { logging, type LoggingOptions, type LogLevel } from "./logging.ts";
export { csrf, type Csrf, type CsrfOptions } from "./csrf.ts";
