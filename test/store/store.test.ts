import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Stand, STANDS } from "./stores.ts";

const LONG = 60_000;
/** Short enough to be slept through on Redis, whose clock is its own. */
const SHORT = 40;

/** What an attempt throws or rejects with. */
const failure = (attempt: () => unknown): Promise<unknown> =>
  Promise.try(attempt).then(
    () => "no error",
    (error: unknown) => error,
  );

describe.each(STANDS)("the %s store", (name, open) => {
  let stand: Stand;
  beforeAll(async () => void (stand = await open()));
  afterAll(() => stand.end());

  test("says its name", () => expect(stand.store.name).toBe(name));

  test.each([
    ["plain text", "value"],
    ["nothing", ""],
    ["what is not ASCII", "é\u{1f600}\u0000\n"],
    ["a great deal", "x".repeat(100_000)],
  ])("gives back %s", async (what, value) => {
    const key = `text: ${what}`;
    await stand.store.set(key, value);
    expect(await stand.store.get(key)).toBe(value);
    expect(await stand.other.get(key)).toBe(value);
  });

  test("keeps keys apart, whatever is in them", async () => {
    const keys = ["a", "A", "a ", "a:b", "a*", "ä", "__proto__", "constructor", "%", "'", "a\u0000b", "a\u0000c"];
    for (const key of keys) await stand.store.set(key, `value of ${key}`);
    for (const key of keys) expect(await stand.store.get(key)).toBe(`value of ${key}`);
    expect(await stand.store.get("never set")).toBeUndefined();
  });

  test("sets over what is there", async () => {
    await stand.store.set("over", "old", SHORT);
    await stand.store.set("over", "new");
    await stand.pass(2 * SHORT);
    expect(await stand.store.get("over")).toBe("new");
  });

  test("deletes, and says whether there was anything", async () => {
    await stand.store.set("gone", "1");
    expect(await stand.other.delete("gone")).toBe(true);
    expect(await stand.store.delete("gone")).toBe(false);
    expect(await stand.store.get("gone")).toBeUndefined();
  });

  test("consumes once", async () => {
    await stand.store.set("once", "the value", LONG);
    expect(await stand.store.consume("once")).toBe("the value");
    expect(await stand.other.consume("once")).toBeUndefined();
    expect(await stand.store.get("once")).toBeUndefined();
  });

  test("adds only where there is nothing", async () => {
    expect(await stand.store.add("added", "first", LONG)).toBe(true);
    expect(await stand.other.add("added", "second", LONG)).toBe(false);
    expect(await stand.store.get("added")).toBe("first");
  });

  test("swaps only what it was told to expect", async () => {
    expect(await stand.store.swap("swapped", "nothing", "x")).toBe(false);
    expect(await stand.store.get("swapped")).toBeUndefined();
    await stand.store.set("swapped", "a", SHORT);
    expect(await stand.store.swap("swapped", "b", "c", LONG)).toBe(false);
    expect(await stand.other.swap("swapped", "a", "b", LONG)).toBe(true);
    await stand.pass(2 * SHORT);
    expect(await stand.store.get("swapped")).toBe("b");
    expect(await stand.store.swap("swapped", "b", "b", SHORT)).toBe(true);
    await stand.pass(2 * SHORT);
    expect(await stand.store.get("swapped")).toBeUndefined();
  });

  test("a swap without a lifetime ends never", async () => {
    await stand.store.set("kept", "a", SHORT);
    expect(await stand.store.swap("kept", "a", "b")).toBe(true);
    await stand.pass(2 * SHORT);
    expect(await stand.store.get("kept")).toBe("b");
  });

  test("counts from one", async () => {
    const counts = [];
    for (let at = 0; at < 11; at++) counts.push(await (at % 2 === 0 ? stand.store : stand.other).increment("count"));
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await stand.store.get("count")).toBe("11");
  });

  test("a counter's lifetime is that of its first count", async () => {
    expect(await stand.store.increment("short count", SHORT)).toBe(1);
    expect(await stand.store.increment("short count", LONG)).toBe(2);
    await stand.pass(2 * SHORT);
    expect(await stand.store.increment("short count", LONG)).toBe(1);
    await stand.pass(2 * SHORT);
    expect(await stand.store.increment("short count", SHORT)).toBe(2);
  });

  test.each(["text", "", "1.5", "-", "9".repeat(30)])("does not count on from %p", async (value) => {
    await stand.store.set("no number", value);
    expect(await failure(() => stand.store.increment("no number"))).toBeInstanceOf(Error);
    expect(await stand.store.get("no number")).toBe(value);
  });

  test("what has ended is not there, for any method", async () => {
    const keys = ["get", "delete", "consume", "add", "swap", "increment"];
    for (const key of keys) await stand.store.set(`ended ${key}`, "5", SHORT);
    await stand.pass(2 * SHORT);
    expect(await stand.store.get("ended get")).toBeUndefined();
    expect(await stand.store.delete("ended delete")).toBe(false);
    expect(await stand.store.consume("ended consume")).toBeUndefined();
    expect(await stand.store.swap("ended swap", "5", "6")).toBe(false);
    expect(await stand.store.add("ended add", "6")).toBe(true);
    expect(await stand.store.get("ended add")).toBe("6");
    expect(await stand.store.increment("ended increment")).toBe(1);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])("refuses %p as a lifetime", async (ttl) => {
    await stand.store.set("refused", "5");
    for (const attempt of [
      () => stand.store.set("refused", "6", ttl),
      () => stand.store.add("refused too", "6", ttl),
      () => stand.store.swap("refused", "5", "6", ttl),
      () => stand.store.increment("refused", ttl),
    ]) {
      expect(await failure(attempt)).toBeInstanceOf(RangeError);
    }
    expect(await stand.store.get("refused")).toBe("5");
    expect(await stand.store.get("refused too")).toBeUndefined();
  });

  describe("of 100 callers at once, on two connections", () => {
    const callers = Array.from({ length: 100 }, (_, at) => at);
    const race = <T>(run: (store: Stand["store"], at: number) => T | Promise<T>): Promise<T[]> =>
      Promise.all(callers.map(async (at) => run(at % 2 === 0 ? stand.store : stand.other, at)));

    test("one consumes", async () => {
      await stand.store.set("race", "prize", LONG);
      const won = (await race((store) => store.consume("race"))).filter((value) => value !== undefined);
      expect(won).toEqual(["prize"]);
    });

    test("one adds", async () => {
      const added = await race((store, at) => store.add("race to add", String(at), LONG));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await stand.store.get("race to add")).toBe(String(added.indexOf(true)));
    });

    test("one swaps", async () => {
      await stand.store.set("race to swap", "start", LONG);
      const swapped = await race((store, at) => store.swap("race to swap", "start", String(at), LONG));
      expect(swapped.filter(Boolean)).toHaveLength(1);
      expect(await stand.store.get("race to swap")).toBe(String(swapped.indexOf(true)));
    });

    test("each counts", async () => {
      const counts = await race((store) => store.increment("race to count", LONG));
      expect(counts.toSorted((a, b) => a - b)).toEqual(callers.map((at) => at + 1));
    });
  });
});
