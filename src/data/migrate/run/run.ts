import { type DatabaseConnection, sql } from "kysely";
import { isBusy } from "../../../store/index.ts";
import { Held } from "../../connection.ts";
import { type MigrationResult, type MigrationResultSet, Migrator } from "kysely/migration";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";
import { checkForeignKeys, enforcesForeignKeys } from "../sqlite/foreign-keys.ts";
import { failedMigration, interruptedMigration } from "./error.ts";
import { heldDatabase } from "./hold.ts";
import { interruptionIn, Journal } from "./journal.ts";
import { lockMigrations, type Patience, untilFree } from "./lock.ts";
import type { Migrations } from "./migrations.ts";
import { appliedNames } from "./status.ts";

/** How migrations are run. */
export interface MigrateUpOptions extends Patience {
  /** The last migration to apply; default all. */
  readonly to?: string;
}

/** How migrations are undone. */
export interface MigrateDownOptions extends Patience {
  /** How many; default 1. */
  readonly steps?: number;
}

/**
 * Applies the migrations that were not applied yet, in the order of their names; returns the names of those it applied. One
 * transaction where the database can (SQLite, PostgreSQL): all of them or none. One runner at a time: another waits, and then finds
 * nothing to do. On SQLite foreign keys are not enforced meanwhile, and checked before the commit.
 *
 * Errors: a `MigrationError` that names the migration and says what is left of it.
 *
 * @example
 * await migrateUp(db, migrations); // ["0001_initial"]
 */
export function migrateUp(db: AnyDatabase, migrations: Migrations, options: MigrateUpOptions = {}): Promise<string[]> {
  const { to } = options;
  if (to !== undefined && !(to in migrations)) throw new Error(`there is no migration "${to}"`);
  return run(db, migrations, options, async (migrator) => {
    if (to === undefined) return migrator.migrateToLatest();
    const infos = await migrator.getMigrations();
    const pending = infos.filter(({ name, executedAt }) => executedAt === undefined && name <= to);
    return pending.length === 0 ? { results: [] } : migrator.migrateTo(pending.at(-1)!.name);
  });
}

/**
 * Undoes the migrations that were applied last, the latest first; returns the names of those it undid.
 *
 * @example
 * await migrateDown(db, migrations); // ["0001_initial"]
 */
export function migrateDown(
  db: AnyDatabase,
  migrations: Migrations,
  { steps = 1, ...patience }: MigrateDownOptions = {},
): Promise<string[]> {
  return run(db, migrations, patience, async (migrator) => {
    const results: MigrationResult[] = [];
    for (let step = 0; step < steps; step++) {
      const { error, results: made = [] } = await migrator.migrateDown();
      results.push(...made);
      if (error !== undefined) return { error, results };
      if (made.length === 0) break;
      const stuck = made.find(({ status }) => status === "NotExecuted");
      if (stuck !== undefined) return { error: new Error("it has no down"), results: [{ ...stuck, status: "Error" }] };
    }
    return { results };
  });
}

type Run = (migrator: Migrator) => Promise<MigrationResultSet>;

async function run(db: AnyDatabase, migrations: Migrations, patience: Patience, act: Run): Promise<string[]> {
  const dialect = dialectOf(db);
  const { error, results = [] } = await db.connection().execute(async (connection) => {
    await takeTime(connection);
    const unlock = await lockMigrations(connection, patience);
    try {
      if (dialect === "mysql") return await runJournaled(connection, migrations, act);
      return await (dialect === "sqlite" ? runInSqlite : runInPostgres)(connection, migrations, patience, act);
    } finally {
      await unlock();
    }
  });
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  const failed = results.find(({ status }) => status === "Error")?.migrationName;
  throw failedMigration(dialect, failed, error);
}

/** The engine ends statements that take longer than a request may; a migration may. */
const takeTime = (connection: AnyDatabase): Promise<void> =>
  connection.getExecutor().provideConnection(async (held: DatabaseConnection) => {
    if (held instanceof Held) held.session.unhurried?.();
  });

const migratorOf = (db: AnyDatabase, migrations: Migrations): Migrator =>
  new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });

/** Thrown to roll a transaction back, and caught around it. */
class RolledBack extends Error {
  readonly results: MigrationResultSet;

  constructor(results: MigrationResultSet) {
    super("rolled back");
    this.results = results;
  }
}

/** Runs in a transaction that is already open, and throws its results where one failed. */
async function within(transaction: AnyDatabase, migrations: Migrations, act: Run): Promise<MigrationResultSet> {
  const dialect = dialectOf(transaction);
  return transaction.getExecutor().provideConnection(async (connection: DatabaseConnection) => {
    const results = await act(migratorOf(heldDatabase(connection, dialect), migrations));
    if (results.error !== undefined) throw new RolledBack(results);
    return results;
  });
}

function resultsOf(error: unknown): MigrationResultSet {
  return error instanceof RolledBack ? error.results : { error };
}

async function runInPostgres(
  connection: AnyDatabase,
  migrations: Migrations,
  _: Patience,
  act: Run,
): Promise<MigrationResultSet> {
  return connection
    .transaction()
    .execute(async (transaction) => {
      // What a request may take is no measure for building an index.
      await sql`set local statement_timeout = 0`.execute(transaction);
      return within(transaction, migrations, act);
    })
    .catch(resultsOf);
}

/** The transaction is the lock; a table that other processes might need is made before it, so that its first statement can write. */
async function runInSqlite(
  connection: AnyDatabase,
  migrations: Migrations,
  patience: Patience,
  act: Run,
): Promise<MigrationResultSet> {
  const enforced = await enforcesForeignKeys(connection);
  if (enforced) await sql`pragma foreign_keys = off`.execute(connection);
  try {
    return await untilFree(async () => {
      let begun = false;
      try {
        await connection.schema
          .createTable(LOCK_TABLE)
          .ifNotExists()
          .addColumn("id", "varchar(255)", (column) => column.notNull().primaryKey())
          .addColumn("is_locked", "integer", (column) => column.notNull().defaultTo(0))
          .execute();
        return await connection.transaction().execute(async (transaction) => {
          // Kysely's own dialect begins without a lock, and one that has read cannot always write.
          await sql`update ${sql.table(LOCK_TABLE)} set is_locked = 0`.execute(transaction);
          begun = true;
          const results = await within(transaction, migrations, act);
          await checkForeignKeys(transaction);
          return results;
        });
      } catch (error) {
        if (!begun && isLocked(error)) return undefined;
        return resultsOf(error);
      }
    }, patience);
  } finally {
    if (enforced) await sql`pragma foreign_keys = on`.execute(connection);
  }
}

/** Kysely's, as its migrator makes it. */
const LOCK_TABLE = "kysely_migration_lock";

/** Whether another runner has the lock, by the error or by what caused it. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && (isBusy(error) || isLocked(error.cause));
}

async function runJournaled(connection: AnyDatabase, migrations: Migrations, act: Run): Promise<MigrationResultSet> {
  const interruption = await interruptionIn(connection, await appliedNames(connection));
  if (interruption !== undefined) throw interruptedMigration(interruption);
  const limitAgain = await withoutTimeLimit(connection);
  const results = await connection.getExecutor().provideConnection(async (held: DatabaseConnection) => {
    const journal = new Journal(held);
    await journal.prepare();
    const made = await act(migratorOf(heldDatabase(held, "mysql"), journal.watched(migrations)));
    if (made.error === undefined) await journal.clear();
    return made;
  });
  await limitAgain();
  return results;
}

/** MariaDB's limit is the session's; MySQL has none for changes of tables. */
async function withoutTimeLimit(connection: AnyDatabase): Promise<() => Promise<void>> {
  const { rows } = await sql<{ Value: string }>`show variables like 'max_statement_time'`.execute(connection);
  const limit = rows[0]?.Value;
  if (limit === undefined) return async () => {};
  await sql`set session max_statement_time = 0`.execute(connection);
  return async () =>
    void (await sql`set session max_statement_time = ${sql.raw(String(Number(limit)))}`.execute(connection));
}
