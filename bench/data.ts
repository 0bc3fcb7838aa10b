import { Database } from "bun:sqlite";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Where the harness keeps what a run leaves: the database, the rows, the servers' logs. */
export const results = join(import.meta.dir, "results");

const PLACES = 20_000;
const countries = ["AT", "BR", "CA", "DE", "ES", "FR", "GB", "IN", "JP", "US"];
const syllables = ["ka", "lo", "mi", "ren", "sta", "to", "vel", "bur", "han", "dor", "eis", "um"];

/** The mulberry32 generator: 32 bits of state, the same numbers on every machine. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A whole number from 0 up to a bound. */
export type Random = (below: number) => number;

/** One of them. */
export const pick = (random: Random, from: readonly string[]): string => from[random(from.length)] ?? "";

/** Three syllables, the first letter large. */
export function placeName(random: Random): string {
  const name = pick(random, syllables) + pick(random, syllables) + pick(random, syllables);
  return name[0]?.toUpperCase() + name.slice(1);
}

// The last decimal is never 0: an integral float is written `1` by JavaScript and `1.0` by Python.
const degrees = (random: Random, span: number): number => ((random(span * 1000) - span * 500) * 10 + 3) / 10_000;

function fillPlaces(path: string): void {
  const random = seeded(20_261_122);
  const db = new Database(path, { create: true, strict: true });
  db.run(`CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL,
    population INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL)`);
  const insert = db.prepare("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)");
  db.transaction(() => {
    for (let id = 1; id <= PLACES; id++) {
      const country = pick(random, countries);
      // A multiple of the row count plus the id: no two populations are equal, so the order of a list is one.
      const population = random(500) * PLACES + id;
      insert.run(id, placeName(random), country, population, degrees(random, 180), degrees(random, 360));
    }
  })();
  db.run("CREATE INDEX places_country ON places (country, population DESC)");
  db.close();
}

function rows(): unknown[] {
  const random = seeded(7);
  return Array.from({ length: 100 }, (_, index) => {
    const name = placeName(random);
    return {
      id: index + 1,
      name: `${name} ${placeName(random)}`,
      email: `${name.toLowerCase()}.${random(1000)}@example.org`,
      city: placeName(random),
      active: random(2) === 1,
    };
  });
}

/** Writes the files that all servers read, once: `places.db` and `rows.json`; removes the sessions of earlier runs. */
export async function prepareData(): Promise<void> {
  mkdirSync(results, { recursive: true });
  await Bun.write(join(results, "rows.json"), JSON.stringify(rows()));
  const path = join(results, "places.db");
  if (existsSync(path)) rmSync(path);
  fillPlaces(path);
  for (const left of readdirSync(results)) if (left.startsWith("sessions-")) rmSync(join(results, left));
}
