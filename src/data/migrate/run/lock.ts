import { sql } from "kysely";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";

/** How long a run waits for another that is at the same database. */
export interface Patience {
  /** In milliseconds. Default 600,000: an index of a large table takes its time. */
  readonly patience?: number;
  /** Called once, when there is somebody to wait for. */
  readonly onWait?: () => void;
}

const PATIENCE = 600_000;
/** Milliseconds between two tries. */
const PAUSE = 100;

/** Kysely's own number, so that whoever runs its migrator alone is kept out too. */
const POSTGRES_LOCK = "3853314791062309107";
/** Names of locks are those of the whole server, and have at most 64 characters. */
const MYSQL_LOCK = "concat('bolide migrations ', sha1(database()))";

/** Tries until `attempt` returns something. Errors: an `Error` when the patience is at its end. */
export async function untilFree<T>(
  attempt: () => Promise<T | undefined>,
  { patience = PATIENCE, onWait = () => {} }: Patience,
): Promise<T> {
  const deadline = performance.now() + patience;
  for (let waiting = false; ; waiting = true) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (!waiting) onWait();
    if (performance.now() >= deadline)
      throw new Error(`Another process has been migrating this database for ${patience} ms`);
    await Bun.sleep(PAUSE);
  }
}

/**
 * Takes the lock that keeps other runners away, for as long as this connection lives at most: a process that dies loses it. SQLite
 * needs none, as a transaction that writes is one.
 */
export async function lockMigrations(connection: AnyDatabase, patience: Patience): Promise<() => Promise<void>> {
  const dialect = dialectOf(connection);
  if (dialect === "sqlite") return async () => {};
  const number = sql.raw(POSTGRES_LOCK);
  const name = sql.raw(MYSQL_LOCK);
  const [take, leave] =
    dialect === "postgres"
      ? [sql<Taken>`select pg_try_advisory_lock(${number}) as taken`, sql`select pg_advisory_unlock(${number})`]
      : [sql<Taken>`select get_lock(${name}, 0) as taken`, sql`select release_lock(${name})`];
  await untilFree(async () => {
    const { rows } = await take.execute(connection);
    const taken = rows[0]?.taken;
    return taken === true || Number(taken) === 1 ? true : undefined;
  }, patience);
  // A connection that is lost has lost its lock.
  return async () => void (await leave.execute(connection).catch(() => {}));
}

interface Taken {
  readonly taken: unknown;
}
