import { db } from "../../examples/places/database.ts";
import { openPlaces } from "../../examples/places/import.ts";
import { stats } from "../../examples/places/stats.ts";

/** A process of its own that imports into PLACES_DB: `importing.ts [<cities.pbf> | -] [<share at which it kills itself>]`. */
const [data = "-", killAt = "2"] = process.argv.slice(2);

await openPlaces({
  ...(data === "-" ? {} : { data: () => Bun.file(data).bytes() }),
  onProgress: ({ part = 0 }) => {
    if (part >= Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
console.log(stats(0).places);
await db.destroy();
