import { openPlaces } from "../../examples/places/database.ts";

/** A process of its own that imports: `importing.ts <database> [<cities.pbf> | -] [<share at which it kills itself>]`. */
const [path = "", data = "-", killAt = "2"] = process.argv.slice(2);

const places = await openPlaces(path, {
  ...(data === "-" ? {} : { data: () => Bun.file(data).bytes() }),
  progress: (done) => {
    if (done >= Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
console.log(places.stats(0).places);
places.close();
