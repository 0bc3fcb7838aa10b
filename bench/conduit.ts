// The data of the RealWorld workload: what the example makes of an empty database.
import { Database } from "bun:sqlite";
import { database, type DatabaseSource, migrateUp, postgres, sqlite } from "bolide/data";
import { migrations } from "../examples/realworld/migrations/index.ts";
import { models } from "../examples/realworld/models.ts";
import { seed } from "../examples/realworld/seed/index.ts";

async function fill(source: DatabaseSource): Promise<void> {
  const db = database(source, models);
  await migrateUp(db, migrations);
  await seed(db);
  await db.destroy();
}

/** Makes a new file with the example's tables and rows. */
export async function fillSqlite(path: string): Promise<void> {
  await fill(sqlite(path));
  const db = new Database(path, { readwrite: true });
  db.run("analyze");
  // The file is copied for each server, so nothing may be left in its log.
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
}

/** Fills an empty database. */
export async function fillPostgres(url: string): Promise<void> {
  await fill(postgres(url));
  const sql = new Bun.SQL(url, { max: 1 });
  await sql.unsafe("vacuum analyze");
  await sql.close();
}
