import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { sql } from "kysely";
import { database } from "../../../src/data/database.ts";
import { mysql, postgres } from "../../../src/data/sql/index.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../servers/index.ts";
import { introspect } from "../../../src/data/migrate/introspect/introspect.ts";
import {
  type AnyDatabase,
  migrateDown,
  MigrationError,
  migrateUp,
  type Migrations,
  migrationStatus,
  resolveMigration,
} from "../../../src/data/migrate/index.ts";
import { KINDS } from "./databases.ts";

setDefaultTimeout(60_000);

const create = (name: string) => ({
  up: (db: AnyDatabase) => db.schema.createTable(name).addColumn("id", "integer").execute(),
  down: (db: AnyDatabase) => db.schema.dropTable(name).execute(),
});

const THREE: Migrations = { "0001_a": create("a"), "0002_b": create("b"), "0003_c": create("c") };
const FAILING: Migrations = {
  "0001_a": create("a"),
  "0002_broken": {
    async up(db) {
      await create("b").up(db);
      throw new Error("a thought too late");
    },
  },
};

const tables = async (db: AnyDatabase): Promise<string[]> => Object.keys((await introspect(db)).tables);
const applied = async (db: AnyDatabase, migrations: Migrations): Promise<string[]> =>
  (await migrationStatus(db, migrations)).flatMap(({ name, appliedAt }) => (appliedAt === undefined ? [] : [name]));

async function failure(act: Promise<unknown>): Promise<MigrationError> {
  const error: unknown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error as MigrationError;
}

describe.each(KINDS.filter(({ missing }) => !missing))("$name:", ({ name, open }) => {
  test("migrations are applied in order up to one, and undone in the other direction", async () => {
    await using db = await open();
    expect(await migrateUp(db, THREE, { to: "0002_b" })).toEqual(["0001_a", "0002_b"]);
    expect(await tables(db)).toEqual(["a", "b"]);
    expect(await migrateUp(db, THREE)).toEqual(["0003_c"]);
    expect(await migrateDown(db, THREE, { steps: 2 })).toEqual(["0003_c", "0002_b"]);
    expect(await tables(db)).toEqual(["a"]);
    expect(await applied(db, THREE)).toEqual(["0001_a"]);
    expect(await migrateDown(db, THREE, { steps: 5 })).toEqual(["0001_a"]);
    expect(await migrateDown(db, THREE)).toEqual([]);
  });

  test("the status of an empty database is that all is pending, and asking changes nothing", async () => {
    await using db = await open();
    const pending = Object.keys(THREE).map((each) => ({ name: each, appliedAt: undefined, missing: false }));
    expect(await migrationStatus(db, THREE)).toEqual(pending);
    expect(await db.introspection.getTables({ withInternalKyselyTables: true })).toEqual([]);
  });

  test("a migration that fails is named, with what is left of the run", async () => {
    await using db = await open();
    const error = await failure(migrateUp(db, FAILING));
    expect([error.migration, (error.cause as Error).message]).toEqual(["0002_broken", "a thought too late"]);
    if (name === "MariaDB") {
      expect(error.message).toBe(
        "Migration 0002_broken failed: a thought too late. What it had done until then stays: this database cannot undo it. " +
          'Do the rest by hand and run "bolide migrate resolve 0002_broken --applied", or undo by hand what it did and run "bolide migrate resolve 0002_broken --undone".',
      );
      expect(await tables(db)).toEqual(["a", "b"]);
      expect(await applied(db, FAILING)).toEqual(["0001_a"]);
      expect((await failure(migrateUp(db, THREE))).message).toStartWith(
        "Migration 0002_broken began and was interrupted at its statement 1, which may be done or not: create table `b` (`id` integer). ",
      );
      await resolveMigration(db, FAILING, "0002_broken", "applied");
      expect(await applied(db, FAILING)).toEqual(["0001_a", "0002_broken"]);
      expect(await migrateUp(db, FAILING)).toEqual([]);
    } else {
      expect(error.message).toBe(
        "Migration 0002_broken failed: a thought too late. Nothing was changed: all migrations of this run were rolled back.",
      );
      expect(await tables(db)).toEqual([]);
      expect(await applied(db, FAILING)).toEqual([]);
    }
  });

  test("a migration without a way back is not passed over", async () => {
    await using db = await open();
    const migrations = { "0001_a": create("a"), "0002_b": { up: create("b").up } };
    await migrateUp(db, migrations);
    const error = await failure(migrateDown(db, migrations, { steps: 2 }));
    expect(error.message).toStartWith("Migration 0002_b failed: it has no down. ");
    expect(await applied(db, migrations)).toEqual(["0001_a", "0002_b"]);
    expect(await tables(db)).toEqual(["a", "b"]);
  });

  test("what the database has and the program has not is an error, and shown as missing", async () => {
    await using db = await open();
    await migrateUp(db, THREE);
    const { "0003_c": _, ...two } = THREE;
    expect((await failure(migrateUp(db, two))).message).toBe(
      "corrupted migrations: previously executed migration 0003_c is missing",
    );
    expect((await migrationStatus(db, two)).at(-1)).toMatchObject({ name: "0003_c", missing: true });
  });

  test("a migration is entered as applied for a database that had its tables before", async () => {
    await using db = await open();
    await create("a").up(db);
    await resolveMigration(db, THREE, "0001_a", "applied");
    expect(await migrateUp(db, THREE)).toEqual(["0002_b", "0003_c"]);
    await resolveMigration(db, THREE, "0003_c", "undone");
    expect(await applied(db, THREE)).toEqual(["0001_a", "0002_b"]);
    expect((await failure(resolveMigration(db, THREE, "0009", "applied"))).message).toBe(
      'there is no migration "0009"',
    );
  });
});

test("a migration on SQLite that leaves a reference to nothing is rolled back", async () => {
  const { open } = KINDS[0]!;
  await using db = await open();
  const migrations: Migrations = {
    "0001_tables": {
      async up(trx) {
        await trx.schema
          .createTable("a")
          .addColumn("id", "integer", (column) => column.primaryKey())
          .execute();
        await trx.schema
          .createTable("b")
          .addColumn("aId", "integer", (column) => column.references("a.id").onDelete("cascade"))
          .execute();
        await trx
          .insertInto("a")
          .values([{ id: 1 }, { id: 2 }])
          .execute();
        await trx
          .insertInto("b")
          .values([{ aId: 1 }, { aId: 2 }, { aId: 2 }])
          .execute();
      },
    },
    "0002_delete": { up: async (trx) => void (await trx.deleteFrom("a").where("id", "=", 2).execute()) },
  };
  await migrateUp(db, migrations, { to: "0001_tables" });
  expect((await failure(migrateUp(db, migrations))).message).toBe(
    "Foreign keys are broken: 2 rows refer from b to nothing in a. Everything was rolled back",
  );
  expect(await db.selectFrom("a").selectAll().execute()).toEqual([{ id: 1 }, { id: 2 }]);
});

describe.each([
  [
    "PostgreSQL",
    noPostgres,
    async () => postgres(await (await postgresServer()).database(), { statementTimeout: 300 }),
  ],
  ["MariaDB", noMariadb, async () => mysql(await (await mariadbServer()).database(), { statementTimeout: 300 })],
] as const)("a migration on %s", (name, missing, source) => {
  test.skipIf(missing)("may take longer than a statement of a request", async () => {
    await using db = database(await source(), {});
    const sleep = name === "MariaDB" ? sql`select sleep(2.5)` : sql`select pg_sleep(2.5)`;
    const migrations: Migrations = {
      "0001_slow": {
        async up(trx) {
          await sleep.execute(trx);
          await create("slow").up(trx);
        },
      },
    };
    expect(await migrateUp(db, migrations)).toEqual(["0001_slow"]);
    expect(await tables(db)).toContain("slow");
  });
});
