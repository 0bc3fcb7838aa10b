import { type CompiledQuery, type DatabaseConnection, sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { AnyDatabase } from "../any-database.ts";
import { heldDatabase, toldConnection } from "./hold.ts";

/** A migration that began and did not end, on a database that cannot undo changes of tables. */
export interface Interruption {
  readonly name: string;
  readonly direction: "up" | "down";
  /** How many statements were sent; the last may have been done or not. */
  readonly statements: number;
  readonly last: string;
}

const TABLE = "bolide_migration_journal";

/**
 * Writes down which migration runs and how far it is, where tables change at once and for good (MySQL, MariaDB): a process that is
 * killed leaves the entry, and the next run finds it instead of half of a migration.
 */
export class Journal {
  readonly #connection: DatabaseConnection;
  readonly #db: AnyDatabase;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
    this.#db = heldDatabase(connection, "mysql");
  }

  async prepare(): Promise<void> {
    await this.#db.schema
      .createTable(TABLE)
      .ifNotExists()
      .addColumn("name", "varchar(255)", (column) => column.primaryKey())
      .addColumn("direction", "varchar(4)", (column) => column.notNull())
      .addColumn("statements", "integer", (column) => column.notNull())
      .addColumn("last", sql`longtext`, (column) => column.notNull())
      .execute();
  }

  /** The same migrations, with each of their statements written down before it is sent. */
  watched(migrations: Readonly<Record<string, Migration>>): Record<string, Migration> {
    const watch = (name: string, direction: Interruption["direction"], run: Migration["up"]) => async () => {
      await this.clear();
      await this.#db.insertInto(TABLE).values({ name, direction, statements: 0, last: "" }).execute();
      let statements = 0;
      const tell = async (query: CompiledQuery): Promise<void> => {
        if (/^\s*(?:select|show)\b/i.test(query.sql)) return;
        await this.#db.updateTable(TABLE).set({ statements: ++statements, last: query.sql }).execute();
      };
      await run(heldDatabase(toldConnection(this.#connection, tell), "mysql"));
    };
    return Object.fromEntries(
      Object.entries(migrations).map(([name, { up, down }]) => [
        name,
        { up: watch(name, "up", up), ...(down === undefined ? {} : { down: watch(name, "down", down) }) },
      ]),
    );
  }

  async clear(): Promise<void> {
    await this.#db.deleteFrom(TABLE).execute();
  }
}

/** What the last run wrote down; nothing where it came to its end. */
export async function journalEntry(db: AnyDatabase): Promise<Interruption | undefined> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = database() and table_name = ${TABLE}`.execute(db);
  if (rows.length === 0) return undefined;
  const [entry] = (await db.selectFrom(TABLE).selectAll().execute()) as unknown as Interruption[];
  return entry && { ...entry, statements: Number(entry.statements) };
}

/** The migration that began and did not end; one that is entered as done by now needs nothing. */
export async function interruptionIn(db: AnyDatabase, applied: ReadonlySet<string>): Promise<Interruption | undefined> {
  const entry = await journalEntry(db);
  return entry === undefined || applied.has(entry.name) === (entry.direction === "up") ? undefined : entry;
}

/** Forgets it. */
export async function clearJournal(db: AnyDatabase): Promise<void> {
  await sql`delete from ${sql.table(TABLE)}`.execute(db);
}
