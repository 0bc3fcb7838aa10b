import { afterAll, beforeAll, describe } from "bun:test";
import { type Database, migrateUp, type TablesOf } from "../../../src/data/index.ts";
import { KINDS } from "../migrate/databases.ts";
import { migrationsThrough } from "../migrate/generated.ts";
import { Holder, Thing } from "./kinds.ts";

export type Things = Database<TablesOf<{ things: typeof Thing; holders: typeof Holder }>>;

/** Milliseconds in which a server installs and starts itself on a busy machine. */
const STARTING = 60_000;

/** Runs the same cases on every database that is installed, in tables that a migration has made of the models. */
export function onEveryDatabase(cases: (db: () => Things, name: (typeof KINDS)[number]["name"]) => void): void {
  for (const { name, missing, open } of KINDS) {
    describe.skipIf(missing)(name, () => {
      let db: Things;
      beforeAll(async () => {
        const { migrations } = await migrationsThrough([Thing, Holder]);
        db = (await open([Thing, Holder])) as unknown as Things;
        await migrateUp(db, migrations);
      }, STARTING);
      afterAll(() => db.destroy());
      cases(() => db, name);
    });
  }
}
