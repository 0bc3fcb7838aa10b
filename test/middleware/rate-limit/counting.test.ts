import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkedRate,
  type Limiter,
  type LimitStore,
  memoryLimits,
  sharedLimits,
  type Taken,
} from "../../../src/middleware/index.ts";
import { clock } from "../../store/stores.ts";

const directory = mkdtempSync(join(tmpdir(), "bolide-limits-"));
afterAll(() => rmSync(directory, { recursive: true }));

const silent = (message: string): never => {
  throw new Error(message);
};
let names = 0;
/** A limit of its own, counted from nothing. */
function open(store: LimitStore, limit: number, window: number, burst?: number): (key: string) => Taken {
  const source = { rate: checkedRate(limit, window, burst), name: `limit ${names++}`, place: "", warn: silent };
  return now(store.open(source));
}
const now =
  (limiter: Limiter) =>
  (key: string): Taken => {
    const taken = limiter.take(key);
    if (taken instanceof Promise) throw new TypeError("it takes time");
    return taken;
  };
const count = (take: (key: string) => Taken, key: string, attempts: number): number =>
  Array.from({ length: attempts }, () => take(key)).filter(({ passed }) => passed).length;

const STORES: readonly (readonly [string, (now: () => number) => LimitStore])[] = [
  ["memory", (now) => memoryLimits({ now })],
  ["shared", (now) => sharedLimits({ now, directory })],
];

/** The cell rate algorithm as ITU-T I.371 words it, for one key: `tat` is the theoretical arrival time. */
function model(interval: number, burst: number): (at: number) => Taken {
  let tat = -Infinity;
  return (at) => {
    const tolerance = (burst - 1) * interval;
    if (tat > at + tolerance) return { passed: false, ahead: tat - at };
    tat = Math.max(at, tat) + interval;
    return { passed: true, ahead: tat - at };
  };
}

describe.each(STORES)("a limit in %s", (_, make) => {
  test("passes a burst, then one for each interval", () => {
    const { now, pass } = clock();
    const take = open(make(now), 4, 8);
    expect(Array.from({ length: 6 }, () => take("a"))).toEqual([
      { passed: true, ahead: 2000 },
      { passed: true, ahead: 4000 },
      { passed: true, ahead: 6000 },
      { passed: true, ahead: 8000 },
      { passed: false, ahead: 8000 },
      { passed: false, ahead: 8000 },
    ]);
    pass(1999);
    const { passed, ahead } = take("a");
    // Steps of time are an eighth of a millisecond here.
    expect([passed, Math.floor(ahead)]).toEqual([false, 6001]);
    pass(1);
    expect(take("a")).toEqual({ passed: true, ahead: 8000 });
    expect(take("a")).toEqual({ passed: false, ahead: 8000 });
    pass(8000);
    expect(count(take, "a", 10)).toBe(4);
  });

  test("has a burst of its own", () => {
    const { now, pass } = clock();
    const take = open(make(now), 60, 60, 3);
    expect(count(take, "a", 10)).toBe(3);
    pass(1000);
    expect(count(take, "a", 10)).toBe(1);
    const wide = open(make(now), 1, 60, 5);
    expect(count(wide, "a", 10)).toBe(5);
  });

  test("has no edge at which twice as many pass", () => {
    const { now, pass } = clock();
    const take = open(make(now), 100, 60);
    expect(count(take, "a", 200)).toBe(100);
    pass(30_000);
    expect(count(take, "a", 200)).toBe(50);
    pass(30_000);
    expect(count(take, "a", 200)).toBe(50);
  });

  test("keeps keys apart, whatever is in them", () => {
    const take = open(make(Date.now), 1, 3600);
    const keys = ["", " ", "a", "A", "日本", "a".repeat(1_000_000), "b".repeat(1_000_000), "\0", "\0\0", "a\nb", "é"];
    expect(keys.map((key) => take(key).passed)).toEqual(keys.map(() => true));
    expect(keys.map((key) => take(key).passed)).toEqual(keys.map(() => false));
    expect(take("日é".slice(1)).passed).toBe(false);
  });

  test("does as the model does, where steps of time are exact", () => {
    const pace = fc.nat(14).map((power) => 2 ** power / 16);
    const waits = fc.array(fc.nat(3000), { maxLength: 60 });
    fc.assert(
      fc.property(pace, fc.integer({ min: 1, max: 20 }), waits, (interval, burst, all) => {
        const { now, pass } = clock();
        const take = open(memoryLimits({ now }), 1, interval / 1000, burst);
        const expected = model(interval, burst);
        for (const wait of all) {
          pass(wait);
          expect(take("a")).toEqual(expected(now()));
        }
      }),
    );
  });

  test("passes no more than its rate, whatever it is, and passes again when it has told to", () => {
    const limits = fc.integer({ min: 1, max: 1000 });
    const windows = fc.integer({ min: 1, max: 100_000 });
    const waits = fc.array(fc.nat(200), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(limits, windows, fc.integer({ min: 1, max: 20 }), waits, (limit, window, burst, all) => {
        const { now, pass } = clock();
        const begun = now();
        const take = open(memoryLimits({ now }), limit, window, burst);
        const interval = (window * 1000) / limit;
        let passes = 0;
        for (const wait of all) {
          pass(Math.ceil((wait * interval) / 50));
          const { passed, ahead } = take("a");
          if (passed) passes++;
          expect(passes).toBeLessThanOrEqual(burst + (now() - begun) / interval + 1e-6);
          if (passed) continue;
          pass(Math.ceil(ahead - (burst - 1) * interval));
          // A step of time is an eighth of a millisecond at most.
          if (!take("a").passed) {
            pass(1);
            expect(take("a").passed).toBe(true);
          }
          passes++;
        }
      }),
    );
  });

  test("makes nobody wait for longer than a burst when the clock is set back", () => {
    const { now, pass } = clock();
    const take = open(make(now), 4, 8);
    expect(count(take, "a", 4)).toBe(4);
    pass(-86_400_000);
    expect(take("a")).toEqual({ passed: false, ahead: 8000 });
    pass(2000);
    expect(take("a")).toEqual({ passed: true, ahead: 8000 });
    expect(take("b")).toEqual({ passed: true, ahead: 2000 });
  });

  test("forgets those first who have asked for least, when there are more keys than places", () => {
    const { now } = clock();
    const take = open(make(now), 10, 60);
    expect(count(take, "the one", 20)).toBe(10);
    for (let key = 0; key < 200_000; key++) take(`many ${key}`);
    expect(take("the one").passed).toBe(false);
  });

  test("takes the place of those whose burst is back", () => {
    const { now, pass } = clock();
    const take = open(make(now), 1, 1);
    for (let key = 0; key < 200_000; key++) take(`many ${key}`);
    pass(1000);
    const keys = Array.from({ length: 1000 }, (_, key) => `new ${key}`);
    expect(keys.filter((key) => take(key).passed)).toHaveLength(1000);
    expect(keys.filter((key) => take(key).passed)).toEqual([]);
  });
});

describe("a rate is refused that", () => {
  test.each([
    ["lets nobody through", 0, 60, undefined, "a limit is a whole number from 1, not 0"],
    ["is a fraction", 1.5, 60, undefined, "a limit is a whole number from 1, not 1.5"],
    ["is none", Number.NaN, 60, undefined, "a limit is a whole number from 1, not NaN"],
    ["has no window", 1, 0, undefined, "a window is a number of seconds up to a year, not 0"],
    [
      "has a window in milliseconds",
      1,
      86_400_000,
      undefined,
      "a window is a number of seconds up to a year, not 86400000",
    ],
    ["has no end", 1, Infinity, undefined, "a window is a number of seconds up to a year, not Infinity"],
    ["has no burst", 1, 60, 0, "a burst is a whole number from 1, not 0"],
    ["is no limit at all", 1_000_000, 60, undefined, "a limit of 1000000 in 60 s is more than 16 each millisecond"],
    ["would never come back", 1, 86_400, 366, "a burst of 366 would take over a year to come back"],
  ])("%s", (_, limit, window, burst, message) => {
    expect(() => checkedRate(limit, window, burst)).toThrow(new RangeError(message));
  });

  test("holds at its ends", () => {
    const { now } = clock();
    expect(count(open(memoryLimits({ now }), 16, 0.001), "a", 20)).toBe(16);
    expect(count(open(memoryLimits({ now }), 1, 365 * 86_400), "a", 20)).toBe(1);
  });
});
