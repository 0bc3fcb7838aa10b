import { Database, type Statement } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { COLUMNS, type Find, finder, ID_BITS } from "./find.ts";
import { dataset } from "./geonames.ts";
import { importPlaces, type Progress, VERSION, versionOf } from "./import.ts";
import type { NewPlace, Place, PlaceChange, Stats } from "./schemas.ts";
import { pointAt } from "./sphere.ts";
import { fold, wordsQuery } from "./words.ts";

/** Where the data comes from and who is told how far the import is. */
export interface OpenOptions {
  /** The bytes of a `cities.pbf`; default all of the package's. */
  readonly data?: () => Promise<Uint8Array>;
  readonly progress?: Progress;
}

/** Milliseconds that a start waits for another process that is importing. */
const IMPORT_PATIENCE = 60_000;
/** Milliseconds that a write waits for one of another process, with all requests behind it. */
const WRITE_PATIENCE = 2000;

/**
 * Opens the places at a path. The first time the database is made and filled, which takes about two seconds.
 *
 * Errors: an `Error` that names the path where it cannot be opened, or holds tables of another version.
 */
export async function openPlaces(
  path: string,
  { data = dataset, progress = () => {} }: OpenOptions = {},
): Promise<Places> {
  let db: Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new Database(path, { create: true, strict: true });
    db.run(`PRAGMA busy_timeout = ${IMPORT_PATIENCE}`);
    await useLog(db);
    db.run("PRAGMA synchronous = NORMAL");
    if (versionOf(db) === 0) {
      importPlaces(db, await data(), progress);
      db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const version = versionOf(db);
    if (version !== VERSION) throw new Error(`its tables are version ${version}, and this program needs ${VERSION}`);
    db.run(`PRAGMA busy_timeout = ${WRITE_PATIENCE}`);
    return new Places(db);
  } catch (error) {
    db?.close(true);
    throw new Error(`Cannot open the database ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Turns on the write-ahead log. SQLite does not wait for the lock that the first start takes for it: another try does. */
async function useLog(db: Database): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void db.run("PRAGMA journal_mode = WAL");
    } catch (error) {
      if ((error as { code?: unknown }).code !== "SQLITE_BUSY" || tries === 100) throw error;
      await Bun.sleep(10);
    }
  }
}

/** One more than the highest id that has room above it: the very highest may be taken. */
const NEXT_ID = `(SELECT p.id + 1 FROM places AS p
  WHERE p.id < 999999999 AND NOT EXISTS (SELECT 1 FROM places AS next WHERE next.id = p.id + 1)
  ORDER BY p.id DESC LIMIT 1)`;

type Row = ReturnType<typeof rowOf>;

/** The places, with every statement prepared once. All of it is synchronous: SQLite answers in microseconds. */
export class Places {
  readonly find: Find;
  readonly #db: Database;
  readonly #one: Statement<Place, [number]>;
  readonly #named: Statement<Place, [string, number]>;
  readonly #insert: Statement<Place, [Row]>;
  readonly #update: Statement<Place, [Row]>;
  readonly #delete: Statement<unknown, [number]>;
  readonly #sums: Statement<Omit<Stats, "largest" | "by_country">, []>;
  readonly #countries: Statement<Place & { places: number; sum: number }, [number]>;

  constructor(db: Database) {
    const answered = COLUMNS.replaceAll("p.", "");
    this.#db = db;
    this.find = finder(db);
    this.#one = db.prepare(`SELECT ${COLUMNS} FROM places AS p WHERE p.id = ?`);
    this.#named = db.prepare(
      `SELECT ${COLUMNS} FROM place_names AS n CROSS JOIN places AS p ON p.id = n.rowid & ${ID_BITS}
       WHERE place_names MATCH ? ORDER BY n.rowid DESC LIMIT ?`,
    );
    this.#insert = db.prepare(
      `INSERT INTO places (${answered}, x, y, z, folded)
       VALUES (coalesce($id, ${NEXT_ID}), $name, $country, $admin, $feature, $population, $latitude, $longitude, $x, $y, $z, $folded)
       RETURNING ${answered}`,
    );
    this.#update = db.prepare(
      `UPDATE places SET name = $name, country = $country, admin = $admin, feature = $feature, population = $population,
         latitude = $latitude, longitude = $longitude, x = $x, y = $y, z = $z, folded = $folded
       WHERE id = $id RETURNING ${answered}`,
    );
    this.#delete = db.prepare("DELETE FROM places WHERE id = ? RETURNING id");
    this.#sums = db.prepare(
      "SELECT coalesce(sum(places), 0) AS places, count(*) AS countries, coalesce(sum(population), 0) AS population FROM countries",
    );
    this.#countries = db.prepare(
      `SELECT c.places, c.population AS sum, ${COLUMNS} FROM countries AS c CROSS JOIN places AS p
         ON p.id = (SELECT id FROM places WHERE country = c.country ORDER BY prominence DESC LIMIT 1)
       ORDER BY sum DESC LIMIT ?`,
    );
  }

  get(id: number): Place | null {
    return this.#one.get(id);
  }

  /** The most populous places whose names have these words, the last one maybe unfinished. */
  search(text: string, limit: number): Place[] {
    const words = wordsQuery(text);
    return words === undefined ? [] : this.#named.all(words, limit);
  }

  /** Adds a place; without an id it gets the next one. Errors: SQLite's own where the id is taken. */
  add(place: NewPlace): Place {
    return this.#insert.get(rowOf(place))!;
  }

  /** Replaces a place, or only what is given; `null` where there is none. */
  change(id: number, change: PlaceChange): Place | null {
    return this.#db
      .transaction(() => {
        const place = this.get(id);
        return place && this.#update.get(rowOf({ ...place, ...change }));
      })
      .immediate();
  }

  /** Whether there was such a place. */
  remove(id: number): boolean {
    return this.#delete.get(id) !== null;
  }

  stats(limit: number): Stats {
    const countries = this.#countries.all(limit);
    const [largest] = this.find({ limit: 1, offset: 0 }).items;
    return {
      ...this.#sums.get()!,
      largest: largest ?? null,
      by_country: countries.map(({ places, sum, ...place }) => ({
        country: place.country,
        places,
        population: sum,
        largest: place,
      })),
    };
  }

  /** Ends every statement too: without `true` they would keep the connection, and the log beside the file. */
  close(): void {
    this.#db.close(true);
  }
}

function rowOf(place: NewPlace) {
  return { id: null, ...place, ...pointAt(place.latitude, place.longitude), folded: fold(place.name) };
}
