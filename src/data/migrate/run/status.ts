import { coreOf } from "../../executor.ts";
import { dialectOf } from "../../dialect.ts";
import type { AnyDatabase } from "../any-database.ts";
import { interruptedMigration, MigrationError } from "./error.ts";
import { clearJournal, interruptionIn, journalEntry } from "./journal.ts";
import type { Migrations } from "./migrations.ts";

/** One migration and whether a database has it. */
export interface MigrationStatus {
  readonly name: string;
  /** Undefined: it is pending. */
  readonly appliedAt: Date | undefined;
  /** The database has it, the program does not. */
  readonly missing: boolean;
}

const TABLE = "kysely_migration";

interface Applied {
  readonly name: string;
  readonly timestamp: string;
}

async function applied(db: AnyDatabase): Promise<readonly Applied[]> {
  if (coreOf(db)?.exists === false) return [];
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === TABLE)) return [];
  return (await db.selectFrom(TABLE).select(["name", "timestamp"]).orderBy("name").execute()) as unknown as Applied[];
}

/** The names of the migrations that a database has. */
export async function appliedNames(db: AnyDatabase): Promise<ReadonlySet<string>> {
  return new Set((await applied(db)).map(({ name }) => name));
}

/**
 * Which migrations a database has, in their order; changes nothing.
 *
 * @example
 * (await migrationStatus(db, migrations)).filter(({ appliedAt }) => appliedAt === undefined); // those that are pending
 */
export async function migrationStatus(db: AnyDatabase, migrations: Migrations): Promise<MigrationStatus[]> {
  const times = new Map((await applied(db)).map(({ name, timestamp }) => [name, new Date(timestamp)]));
  const names = [...new Set([...Object.keys(migrations), ...times.keys()])].toSorted();
  return names.map((name) => ({ name, appliedAt: times.get(name), missing: !(name in migrations) }));
}

/** The error that a run would end with at once, as an earlier one was interrupted; undefined where all is well. */
export async function interruptedRun(db: AnyDatabase): Promise<MigrationError | undefined> {
  if (dialectOf(db) !== "mysql") return undefined;
  const interruption = await interruptionIn(db, await appliedNames(db));
  return interruption && interruptedMigration(interruption);
}

/**
 * Enters a migration as applied or as not applied, without running it: for one whose rest was done by hand, and for a database that
 * had its tables before it had migrations. Errors: a `MigrationError` for a name that there is not.
 *
 * @example
 * await resolveMigration(db, migrations, "0001_initial", "applied");
 */
export async function resolveMigration(
  db: AnyDatabase,
  migrations: Migrations,
  name: string,
  outcome: "applied" | "undone",
): Promise<void> {
  if (!(name in migrations)) throw new MigrationError(`there is no migration "${name}"`);
  await db.schema
    .createTable(TABLE)
    .ifNotExists()
    .addColumn("name", "varchar(255)", (column) => column.notNull().primaryKey())
    .addColumn("timestamp", "varchar(255)", (column) => column.notNull())
    .execute();
  await db.deleteFrom(TABLE).where("name", "=", name).execute();
  if (outcome === "applied") {
    const latest = (await applied(db)).reduce((time, { timestamp }) => Math.max(time, Date.parse(timestamp)), 0);
    const timestamp = new Date(Math.max(Date.now(), latest + 1)).toISOString();
    await db.insertInto(TABLE).values({ name, timestamp }).execute();
  }
  if (dialectOf(db) === "mysql" && (await journalEntry(db))?.name === name) await clearJournal(db);
}
