import { ptr } from "bun:ffi";
import { type BucketRate, scriptBuckets, type TakeBucket } from "./buckets-script.ts";
import { openCrossing } from "./crossing.ts";
import { nativeFunctions } from "./library.ts";

/**
 * Counts in a table of {@link newBuckets}, or in memory that several processes have mapped: natively where it can, 37 ns against 134
 * (`bun bench/limits.ts`). Both ways may work on one table at once.
 */
export function buckets(bytes: Uint8Array<ArrayBuffer>, rate: BucketRate): TakeBucket {
  const script = scriptBuckets(bytes, rate);
  return nativeBuckets(bytes, rate, script) ?? script;
}

/** Undefined without the library. Keys that are long or no ASCII are left to the other way. */
export function nativeBuckets(
  bytes: Uint8Array<ArrayBuffer>,
  { interval, burst }: BucketRate,
  script: TakeBucket,
): TakeBucket | undefined {
  const functions = nativeFunctions();
  if (functions === undefined) return undefined;
  const { bucket_take } = functions;
  const { input, write } = openCrossing();
  const table = ptr(bytes);
  // The other way has the memory as well: it is kept for as long as somebody may count in it.
  return (key, at) => (write(key) ? bucket_take(input, key.length, table, at, interval, burst) : script(key, at));
}
