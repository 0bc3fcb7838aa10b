import type { Database } from "bun:sqlite";
import { geonames } from "./geonames.ts";
import { pointAt } from "./sphere.ts";
import { fold } from "./words.ts";

/** The version of the tables below, kept in the database itself. */
export const VERSION = 1;

/**
 * `prominence` is the one order of every answer: by population, then by id, unique. It is the row number of the full-text index
 * too, so that a search for a short prefix ends at its first page instead of sorting thousands of matches (40 us, not 9 ms).
 * The country is indexed with the name for the same reason: both are decided without a look at the place.
 */
const TABLES = `
  CREATE TABLE places (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 0x3fffffff),
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    admin TEXT,
    feature TEXT NOT NULL,
    population INTEGER NOT NULL CHECK (population BETWEEN 0 AND 0x1ffffffff),
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    x REAL NOT NULL,
    y REAL NOT NULL,
    z REAL NOT NULL,
    folded TEXT NOT NULL,
    prominence INTEGER GENERATED ALWAYS AS (population << 30 | id) VIRTUAL
  );
  CREATE TABLE countries (country TEXT PRIMARY KEY, places INTEGER NOT NULL, population INTEGER NOT NULL) WITHOUT ROWID;
  CREATE VIRTUAL TABLE place_points USING rtree(id, x0, x1, y0, y1, z0, z1);
  CREATE VIRTUAL TABLE place_names USING fts5(name, country, content='', prefix='1 2 3', tokenize='unicode61');`;

const ENTER = `
  INSERT INTO place_points VALUES (new.id, new.x, new.x, new.y, new.y, new.z, new.z);
  INSERT INTO place_names (rowid, name, country) VALUES (new.prominence, new.folded, new.country);
  INSERT INTO countries VALUES (new.country, 1, new.population)
    ON CONFLICT DO UPDATE SET places = places + 1, population = population + excluded.population;`;

const LEAVE = `
  DELETE FROM place_points WHERE id = old.id;
  INSERT INTO place_names (place_names, rowid, name, country) VALUES ('delete', old.prominence, old.folded, old.country);
  UPDATE countries SET places = places - 1, population = population - old.population WHERE country = old.country;
  DELETE FROM countries WHERE country = old.country AND places = 0;`;

/** From here on, whatever writes a place keeps the indexes right. */
const TRIGGERS = `
  CREATE TRIGGER place_entered AFTER INSERT ON places BEGIN ${ENTER} END;
  CREATE TRIGGER place_changed AFTER UPDATE ON places BEGIN ${LEAVE} ${ENTER} END;
  CREATE TRIGGER place_left AFTER DELETE ON places BEGIN ${LEAVE} END;`;

/** Indexes filled in one go: three times as fast as row by row. The share is of the whole work, as measured. */
const INDEXES: readonly { readonly share: number; readonly sql: string }[] = [
  { share: 0.35, sql: "INSERT INTO place_points SELECT id, x, x, y, y, z, z FROM places" },
  {
    share: 0.25,
    sql: "INSERT INTO place_names (rowid, name, country) SELECT prominence, folded, country FROM places ORDER BY prominence",
  },
  { share: 0.03, sql: "CREATE INDEX places_by_prominence ON places (prominence)" },
  { share: 0.04, sql: "CREATE INDEX places_by_country ON places (country, prominence)" },
  { share: 0.02, sql: "INSERT INTO countries SELECT country, count(*), sum(population) FROM places GROUP BY country" },
];

const ROWS_SHARE = 0.31;

/** Told how much of the import is done, from 0 to 1. */
export type Progress = (done: number) => void;

/**
 * Makes the tables and fills them from a `cities.pbf`, in one transaction: all of it or nothing, also when the process is
 * killed half-way. Does nothing where another process was faster.
 */
export function importPlaces(db: Database, data: Uint8Array, progress: Progress): void {
  db.transaction(() => {
    if (versionOf(db) === VERSION) return;
    db.run(TABLES);
    using insert = db.prepare(
      `INSERT INTO places (id, name, country, admin, feature, population, latitude, longitude, x, y, z, folded)
       VALUES ($id, $name, $country, nullif($admin, ''), $feature, $population, $latitude, $longitude, $x, $y, $z, $folded)`,
    );
    for (const { place, read } of geonames(data)) {
      insert.run({ ...place, ...pointAt(place.latitude, place.longitude), folded: fold(place.name) });
      progress(read * ROWS_SHARE);
    }
    let done = ROWS_SHARE;
    for (const { share, sql } of INDEXES) {
      db.run(sql);
      progress((done += share));
    }
    db.run(TRIGGERS);
    db.run(`PRAGMA user_version = ${VERSION}`);
    progress(1);
  }).immediate();
}

/** The version of the tables in a database; 0 where there are none. */
export function versionOf(db: Database): number {
  return db.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0;
}
