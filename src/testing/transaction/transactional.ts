import type { Kysely } from "../../data/index.ts";
import { type TestTransaction, testTransaction } from "./test-transaction.ts";

/** Where a test runner takes what happens around each test: `bun:test`, or another's functions of these names. */
export interface TestHooks {
  beforeEach(run: () => Promise<void>): void;
  afterEach(run: () => Promise<void>): void;
}

/**
 * Gives every test of a file, or of the `describe` that it is called in, a {@link testTransaction} of its own. Call it before your own
 * `beforeEach`, so that what that makes is rolled back too. `hooks` are those of `bun:test` unless another runner's are given.
 *
 * @example
 * describe("users", () => {
 *   transactional(db);
 *   test("one is created", async () => { … });
 *   test("none is there", async () => { … });
 * });
 */
export function transactional(db: Kysely<any>, hooks: TestHooks = bunTest()): void {
  let current: TestTransaction | undefined;
  hooks.beforeEach(async () => {
    current = await testTransaction(db);
  });
  hooks.afterEach(async () => {
    await current?.rollback();
    current = undefined;
  });
}

/** An import of `bun:test` fails wherever no tests run. */
function bunTest(): TestHooks {
  return process.getBuiltinModule("bun:test" as "node:test") as unknown as TestHooks;
}
