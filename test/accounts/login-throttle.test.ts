import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type LoginAttempt, loginThrottle, type LoginThrottleOptions } from "../../src/accounts/index.ts";
import { memoryStore } from "../../src/store/index.ts";
import { clock, type Stand, STANDS } from "../store/stores.ts";

const WINDOW = 900;
const attempt = (account = "ada", address: string | undefined = "10.0.0.1"): LoginAttempt => ({ account, address });

function scene(options: Partial<LoginThrottleOptions> = {}) {
  const { now, pass } = clock(WINDOW * 1000 * 1000);
  return { throttle: loginThrottle({ store: memoryStore({ now }), now, ...options }), pass };
}

/** How many attempts go ahead before one must wait; a hundred at most. */
async function allowed(next: (at: number) => Promise<number> | number): Promise<number> {
  for (let at = 0; at < 100; at++) if ((await next(at)) > 0) return at;
  return 100;
}

describe.each(STANDS)("with the %s store", (_, open) => {
  let stand: Stand;
  beforeAll(async () => void (stand = await open()));
  afterAll(() => stand.end());

  test("as many go ahead as may, of 100 at once on two connections", async () => {
    const throttles = [loginThrottle({ store: stand.store }), loginThrottle({ store: stand.other })];
    const waits = await Promise.all(Array.from({ length: 100 }, (_, at) => throttles[at % 2]!.attempt(attempt())));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });
});

describe("attempts", () => {
  test("on one account from one address: five", async () => {
    const { throttle } = scene();
    expect(await allowed(() => throttle.attempt(attempt()))).toBe(5);
    expect(await throttle.attempt(attempt("bob"))).toBe(0);
    expect(await throttle.attempt(attempt("ada", "10.0.0.2"))).toBe(0);
  });

  test("on one account from anywhere: as many as the account may have", async () => {
    const { throttle } = scene({ accountAttempts: 12 });
    expect(await allowed((at) => throttle.attempt(attempt("ada", `10.0.0.${at}`)))).toBe(12);
    expect(await throttle.attempt(attempt("bob", "10.0.0.1"))).toBe(0);
  });

  test("from one address on any account: as many as the address may have", async () => {
    const { throttle } = scene({ addressAttempts: 12 });
    expect(await allowed((at) => throttle.attempt(attempt(`user ${at}`)))).toBe(12);
    expect(await throttle.attempt(attempt("user 99", "10.0.0.2"))).toBe(0);
  });

  test("without an address count for the account", async () => {
    const { throttle } = scene();
    expect(await allowed(() => throttle.attempt({ account: "ada", address: undefined }))).toBe(5);
  });

  test.each([["ADA"], [" ada "], ["ａｄａ"]])("on %p are on the same account", async (account) => {
    const { throttle } = scene({ attempts: 1 });
    await throttle.attempt(attempt());
    expect(await throttle.attempt(attempt(account))).toBe(900);
  });

  test("are forgotten after the right password, on this account from this address only", async () => {
    const { throttle } = scene({ accountAttempts: 12 });
    for (let at = 0; at < 5; at++) await throttle.attempt(attempt());
    await throttle.succeed(attempt());
    expect(await allowed(() => throttle.attempt(attempt()))).toBe(5);
    expect(await allowed((at) => throttle.attempt(attempt("ada", `10.0.1.${at}`)))).toBe(1);
  });

  test("wait for the next window, to the second", async () => {
    const { throttle, pass } = scene({ attempts: 1 });
    const waits = [];
    for (const milliseconds of [0, 0, 1, 498_999, 400_000, 999, 1]) {
      pass(milliseconds);
      waits.push(await throttle.attempt(attempt()));
    }
    expect(waits).toEqual([0, 900, 900, 401, 1, 1, 0]);
  });
});

test("names of accounts are not kept", async () => {
  const keys: string[] = [];
  const store = memoryStore();
  const watched = { ...store, increment: (key: string, ttl?: number) => (keys.push(key), store.increment(key, ttl)) };
  await loginThrottle({ store: watched }).attempt(attempt("hunter2"));
  expect(keys).toHaveLength(3);
  for (const key of keys) expect(key).toMatch(/^attempts:[\w-]{43}$/);
});

test.each([["attempts"], ["accountAttempts"], ["addressAttempts"], ["window"]])("%s of zero are refused", (name) => {
  expect(() => loginThrottle({ store: memoryStore(), [name]: 0 })).toThrow(
    `loginThrottle: ${name} is a whole number from 1, not 0`,
  );
});
