import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  areBuckets,
  BUCKETS_BYTES,
  BUCKETS_HEADER,
  bucketsMatterUntil,
  keepBuckets,
  newBuckets,
} from "../../src/native/index.ts";
import { nativeBuckets } from "../../src/native/buckets.ts";
import { type BucketRate, scriptBuckets, type TakeBucket } from "../../src/native/buckets-script.ts";
import { nativeFunctions } from "../../src/native/library.ts";
import { bothWays } from "./ways.ts";

type Open = (bytes: Uint8Array<ArrayBuffer>, rate: BucketRate) => TakeBucket;

const byZig: Open = (bytes, rate) => nativeBuckets(bytes, rate, scriptBuckets(bytes, rate))!;
const ways = bothWays(scriptBuckets, nativeFunctions() === undefined ? undefined : byZig);
const FOUR: BucketRate = { interval: 10, burst: 40 };
const KEYS = ["", "a", "127.0.0.1", "user api-key ada", "é", "日本", "\0", "a".repeat(16_384), "a".repeat(16_385)];

test("a table has a mark and a seed, and is refused without them", () => {
  const bytes = newBuckets();
  expect([bytes.byteLength, areBuckets(bytes)]).toEqual([BUCKETS_BYTES, true]);
  expect(Buffer.from(bytes.subarray(0, 8)).toString()).toBe("bolide-1");
  expect(bytes.subarray(8, 16)).not.toEqual(newBuckets().subarray(8, 16));
  expect([areBuckets(bytes.subarray(8)), areBuckets(new Uint8Array(BUCKETS_BYTES))]).toEqual([false, false]);
});

test("a table says until when it matters, which is never brought forward; anything else says nothing", () => {
  const bytes = newBuckets();
  const said = [0, 7, 5, 1e15].map((until) => {
    if (until > 0) keepBuckets(bytes, until);
    return bucketsMatterUntil(bytes.slice(0, BUCKETS_HEADER));
  });
  expect(said).toEqual([0, 7, 7, 1e15]);
  expect(bucketsMatterUntil(new Uint8Array(BUCKETS_HEADER).fill(66))).toBe(0);
  expect(areBuckets(bytes)).toBe(true);
});

describe.each(ways)("buckets in $way", ({ run }) => {
  test.each(KEYS.map((key) => [key.slice(0, 20), key]))("pass a burst, then one for each interval: %j", (_, key) => {
    const take = run(newBuckets(), FOUR);
    expect([1, 2, 3, 4, 5, 6].map(() => take(key, 1000))).toEqual([10, 20, 30, 40, -40, -40]);
    expect([take(key, 1009), take(key, 1010), take(key, 1010), take(key, 5000)]).toEqual([-31, 40, -40, 10]);
  });

  test("are brought in where they are beyond the burst", () => {
    const take = run(newBuckets(), FOUR);
    for (let count = 0; count < 4; count++) take("a", 1_000_000);
    expect([take("a", 10), take("a", 19), take("a", 20)]).toEqual([-40, -31, 40]);
  });

  test.each([1, 2 ** 32 - 20, 2 ** 32, 2 ** 40, 2 ** 44 - 100])("count from step %d", (at) => {
    const take = run(newBuckets(), FOUR);
    expect([1, 2, 3, 4, 5].map(() => take("a", at))).toEqual([10, 20, 30, 40, -40]);
    expect(take("a", at + 10)).toBe(40);
  });

  test("count long intervals", () => {
    const take = run(newBuckets(), { interval: 2 ** 35, burst: 2 ** 36 });
    expect([take("a", 7), take("a", 7), take("a", 7)]).toEqual([2 ** 35, 2 ** 36, -(2 ** 36)]);
  });
});

test.skipIf(ways.length < 2)("both ways find the same buckets, and leave the same table", () => {
  const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: "binary" }), fc.nat(30_000).map(String));
  const step = fc.record({ key, wait: fc.nat(30), way: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const both = newBuckets();
      const alone = both.slice();
      const [script, zig] = [scriptBuckets(both, FOUR), byZig(both, FOUR)];
      const model = scriptBuckets(alone, FOUR);
      let at = 1000;
      for (const { key: one, wait, way } of steps) {
        at += wait;
        expect((way ? script : zig)(one, at)).toBe(model(one, at));
      }
      expect(Buffer.compare(both, alone)).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test.skipIf(ways.length < 2)("both ways put the same keys out when there are more than fit", () => {
  const [first, second] = [newBuckets(), newBuckets()];
  second.set(first);
  const [script, zig] = [scriptBuckets(first, FOUR), byZig(second, FOUR)];
  for (let key = 0; key < 150_000; key++) {
    script(`key ${key}`, 1000 + (key % 7));
    zig(`key ${key}`, 1000 + (key % 7));
  }
  expect(Buffer.compare(first, second)).toBe(0);
});
