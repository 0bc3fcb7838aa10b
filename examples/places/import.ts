import { type Kysely, sql } from "kysely";
import { type FixtureProgress, migrateUp, prepared, progressBar, transaction } from "bolide/data";
import { db, placesPath, type Tables } from "./database.ts";
import { dataset, geonames } from "./geonames.ts";
import { migrations } from "./migrations/index.ts";
import { indexed, Place } from "./models.ts";

/** Where the data comes from and who is told how far the import is. */
export interface ImportOptions {
  /** The bytes of a `cities.pbf`; default all of the package's. */
  readonly data?: () => Promise<Uint8Array>;
  readonly onProgress?: (progress: FixtureProgress) => void;
}

/**
 * Makes the tables and fills them the first time, which takes about two seconds: in one transaction, so all of it or nothing, also
 * when the process is killed half-way. Where another process is at it, waits and finds nothing to do.
 *
 * Errors: an `Error` that names the file.
 */
export async function openPlaces({ data = dataset, onProgress = progressBar("Importing places") }: ImportOptions = {}) {
  try {
    await migrateUp(db, migrations);
    if (await isFilled(db)) return;
    const bytes = await data();
    await transaction(db, async (trx) => {
      if (!(await isFilled(trx))) await fill(trx, bytes, onProgress);
    });
    await sql`pragma wal_checkpoint(truncate)`.execute(db);
  } catch (error) {
    await db.destroy();
    throw new Error(`Cannot open the database ${placesPath()}: ${(error as Error).message}`, { cause: error });
  }
}

/** Rows between two moves of the bar. */
const STEP = 1000;
/** The share of the whole work that reading and inserting rows is, as measured; the rest is indexes. */
const ROWS_SHARE = 0.36;

/** Indexes filled in one go. */
const INDEXES: readonly { readonly share: number; readonly fill: string }[] = [
  { share: 0.27, fill: "insert into place_points select id, x, x, y, y, z, z from places" },
  {
    share: 0.24,
    fill: "insert into place_names (rowid, name, country) select prominence, folded, country from places order by prominence",
  },
  { share: 0.02, fill: "insert into countries select country, count(*), sum(population) from places group by country" },
];

async function fill(trx: Kysely<Tables>, data: Uint8Array, onProgress: (progress: FixtureProgress) => void) {
  const restore = await withoutIndexes(trx);
  const insert = prepared(trx, Place.declared, (q, p) => q.insertInto("places").values(p));
  let rows = 0;
  for (const { place, read } of geonames(data)) {
    await insert.run(indexed({ ...place, admin: place.admin || null }));
    if (++rows % STEP === 0) onProgress({ rows, part: read * ROWS_SHARE });
  }
  let part = ROWS_SHARE;
  for (const { share, fill } of INDEXES) {
    await sql.raw(fill).execute(trx);
    onProgress({ rows, part: (part += share) });
  }
  await restore();
  await sql`pragma user_version = 1`.execute(trx);
  onProgress({ rows, part: 1 });
}

/** Takes indexes and triggers away, as row by row they take three times as long; returns what puts them back. */
async function withoutIndexes(trx: Kysely<Tables>): Promise<() => Promise<void>> {
  const { rows } = await sql<{ type: string; name: string; sql: string }>`
    select type, name, sql from sqlite_schema where tbl_name = 'places' and type in ('index', 'trigger')`.execute(trx);
  for (const { type, name } of rows) await sql`drop ${sql.raw(type)} ${sql.ref(name)}`.execute(trx);
  return async () => {
    for (const made of rows) await sql.raw(made.sql).execute(trx);
  };
}

/** The file itself remembers that it was filled: whoever deletes all places does not want them again. */
async function isFilled(at: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(at);
  return rows[0]?.user_version === 1;
}
