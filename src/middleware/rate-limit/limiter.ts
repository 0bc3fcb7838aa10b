import { buckets } from "../../native/index.ts";
import { type Limiter, type Rate, stepAt, stepsOf } from "./rate.ts";

/** Counts against a rate in a table of buckets. */
export function bucketLimiter(bytes: Uint8Array<ArrayBuffer>, rate: Rate, now: () => number): Limiter {
  const steps = stepsOf(rate);
  const take = buckets(bytes, steps);
  const pace = rate.window / rate.limit / steps.interval;
  return {
    take(key) {
      const ahead = take(key, stepAt(now(), steps));
      return { passed: ahead > 0, ahead: Math.abs(ahead) * pace };
    },
  };
}
