import { type Migrations, migrateUp } from "../../../../src/data/migrate/index.ts";
import { openAddress } from "../../../../src/data/migrate/open.ts";

/** Applies migrations as a process of its own: `slow` ones take a moment, `stuck` ones never end. Prints what it did. */
const [address, pace] = process.argv.slice(2);

const migrations: Migrations = {
  "0001_first": {
    async up(db) {
      await db.schema.createTable("counts").addColumn("id", "integer").execute();
      await db.insertInto("counts").values({ id: 1 }).execute();
      console.log("half");
      await Bun.sleep(pace === "stuck" ? 600_000 : 300);
      await db.schema.createTable("rest").addColumn("id", "integer").execute();
    },
  },
};

await using db = openAddress(address!);
const applied = await migrateUp(db, migrations, { onWait: () => console.log("waits") });
console.log(`applied ${applied.length}`);
