import type { GeneratedAlways } from "kysely";
import { database, type DatabaseSource, type Kysely, sqlite } from "bolide/data";
import { Country, Place } from "./models.ts";

export const placesPath = (): string => Bun.env["PLACES_DB"] ?? ".bolide/places.db";

/** Milliseconds that a write waits for another process, which may be importing. */
const PATIENCE = 30_000;

/** Where the file is, is asked whenever it is opened: every test has its own. */
const file: DatabaseSource = {
  dialect: "sqlite",
  open: () => sqlite(placesPath(), { busyTimeout: PATIENCE }).open(),
};

/** What `migrations/0002_indexes.ts` adds to the models. */
type Indexes = {
  places: { prominence: GeneratedAlways<number> };
  place_names: { rowid: number };
  place_points: { id: number };
};

export const db = database(file, { places: Place, countries: Country }).$extendTables<Indexes>();

export type Tables = typeof db extends Kysely<infer T> ? T : never;
