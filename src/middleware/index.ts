export * from "./middleware.ts";
export { requestId, type RequestIdOptions } from "./request-id.ts";
export { type Trace, traceOf } from "./trace.ts";
export { mark, timing, type TimingOptions } from "./timing.ts";
export { logging, type LoggingOptions, type LogLevel } from "./logging.ts";
export { csrf, type Csrf, type CsrfOptions } from "./csrf.ts";
export type { RateLimitKey } from "./rate-limit/key.ts";
export { memoryLimits, type MemoryLimitsOptions } from "./rate-limit/memory.ts";
export { rateLimit, type RateLimitOptions } from "./rate-limit/rate-limit.ts";
export {
  checkedRate,
  type Limiter,
  type LimitSource,
  type LimitStore,
  type Rate,
  type Taken,
} from "./rate-limit/rate.ts";
export { redisLimits, type RedisLimitsOptions } from "./rate-limit/redis.ts";
export { sharedLimits, type SharedLimitsOptions } from "./rate-limit/shared.ts";
