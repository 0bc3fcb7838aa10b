import type { Engine, Kysely } from "../../data/index.ts";
import { EnclosedEngine } from "./enclosed-engine.ts";

/** A transaction around everything that a test does to a database. `await using` rolls it back by itself. */
export interface TestTransaction extends AsyncDisposable {
  /** Undoes everything since the beginning; the database is as it was, and open. */
  rollback(): Promise<void>;
}

/**
 * Puts a whole database into a transaction that a test rolls back: every query of `db`, whoever makes it, the api under test included.
 * Transactions of the program become savepoints in it and commit into it, `afterCommit` included; one waits for another. Test
 * transactions nest, and end in the reverse order: rows made in one around a group of tests are there for each of them.
 *
 * All tests of a process that use `db` share the one transaction: tests that run beside each other (`test.concurrent`) need a
 * database each. So do test processes that share a SQLite file, of which only one may write; on a server they do not see each other.
 * What commits by itself stays: on MySQL every `create` and `alter`. Errors: a `TypeError` for a Kysely instance that `database` did not make.
 *
 * @example
 * test("a user is created", async () => {
 *   await using _ = await testTransaction(db);
 *   expect((await client.post("/users", { json: { name: "Ada" } })).status).toBe(201);
 * }); // and is gone
 */
export async function testTransaction(db: Kysely<any>): Promise<TestTransaction> {
  const core = coreOf(db);
  if (core === undefined) throw new TypeError("testTransaction takes what database(…) made, not a Kysely of one's own");
  const own = core.engine;
  const session = await own.reserve();
  try {
    await session.begin({});
  } catch (error) {
    session.release();
    throw error;
  }
  const enclosed = new EnclosedEngine(own, session);
  core.engine = enclosed;
  const rollback = async (): Promise<void> => {
    if (enclosed.ended) return;
    if (core.engine !== enclosed)
      throw new Error(
        "Test transactions end in the reverse order: one that began later is still open on this database",
      );
    core.engine = own;
    await enclosed.rollback();
  };
  return { rollback, [Symbol.asyncDispose]: rollback };
}

/** What stands behind a database. Asking its own room would load Kysely for every test that has no database: 100 ms. */
function coreOf(db: Kysely<any>): { engine: Engine } | undefined {
  const { core } = db.getExecutor() as { readonly core?: { engine: Engine } };
  return core;
}
