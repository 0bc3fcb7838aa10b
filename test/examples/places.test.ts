import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, spyOn, test } from "bun:test";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type Static, url } from "bolide";
import { api, createPlace, getPlace, listPlaces } from "../../examples/places/api.ts";
import { openPlaces } from "../../examples/places/database.ts";
import type { Place } from "../../examples/places/schemas.ts";
import { encode, subset } from "./subset.ts";

const folder = mkdtempSync(join(tmpdir(), "places-"));
const original = join(folder, "original.db");
const path = join(folder, "places.db");
const before = Bun.env["PLACES_DB"];
const start = async () => (await api.settings.lifespan?.(api as unknown as Api)) as () => void;
let stop: () => void;

beforeAll(async () => {
  const data = encode(await subset());
  (await openPlaces(original, { data: async () => data })).close();
  Bun.env["PLACES_DB"] = path;
});
beforeEach(async () => {
  copyFileSync(original, path);
  stop = await start();
});
afterEach(() => stop());
afterAll(() => {
  if (before === undefined) delete Bun.env["PLACES_DB"];
  else Bun.env["PLACES_DB"] = before;
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly body: any;
}

async function ask(method: string, target: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await api.handle(new Request(`http://places.test${target}`, { method, ...init }));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

const get = (target: string) => ask("GET", target);

/** The names on a page, and how many there are on all pages. */
async function names(target: string): Promise<[total: number, ...names: string[]]> {
  const { body } = await get(target);
  return [body.total, ...body.items.map(({ name }: Place) => name)];
}

const lodz: Place = {
  id: 3_093_133,
  name: "Łódź",
  country: "PL",
  admin: "74",
  feature: "PPLA",
  population: 768_755,
  latitude: 51.77058,
  longitude: 19.47395,
};

describe("GET /places/:id", () => {
  test("answers the place", async () => {
    expect(await get("/places/3093133")).toMatchObject({ status: 200, body: lodz });
  });

  test("has null for what the data does not say", async () => {
    expect((await get("/places/6691831")).body).toMatchObject({ name: "Vatican City", admin: null });
  });

  test("answers 404 where there is none", async () => {
    expect(await get("/places/1")).toMatchObject({ status: 404, body: { detail: "No place has this id" } });
  });

  test.each([
    ["berlin", "Expected integer", "type_error"],
    ["1.5", "Expected integer", "type_error"],
    ["0", "Expected integer to be greater or equal to 1", "range"],
    ["1000000000", "Expected integer to be less or equal to 999999999", "range"],
  ])("answers 422 for the id %s", async (id, msg, type) => {
    expect(await get(`/places/${id}`)).toMatchObject({ status: 422, body: { detail: [{ loc: ["params", "id"], msg, type }] } });
  });
});

describe("GET /places", () => {
  test("lists the most populous first, a page at a time", async () => {
    expect(await names("/places?limit=3")).toEqual([1616, "Shanghai", "Istanbul", "Buenos Aires"]);
    expect(await names("/places?limit=2&offset=1")).toEqual([1616, "Istanbul", "Buenos Aires"]);
    expect((await get("/places?limit=1&offset=5000")).body).toEqual({ total: 1616, limit: 1, offset: 5000, items: [] });
    expect((await get("/places")).body.items.length).toBe(20);
  });

  test("tells no distance without a position", async () => {
    expect((await get("/places?limit=1")).body.items[0]).not.toHaveProperty("distance");
  });

  test.each([
    ["country=VA", [1, "Vatican City"]],
    ["country=FJ&limit=3&offset=2", [8, "Nadi", "Labasa", "Ba"]],
    ["country=ZZ", [0]],
    ["min_population=13000000", [3, "Shanghai", "Istanbul", "Buenos Aires"]],
    ["country=CN&min_population=11500000", [2, "Shanghai", "Beijing"]],
    ["q=zu&min_population=54000&country=CH", [2, "Zürich", "Zürich (Kreis 11)"]],
    ["q=san+fran&country=US", [1, "San Francisco"]],
    ["q=zu&country=FJ", [0]],
    ["near=47.37,8.54&q=zu&country=CH&min_population=40000", [4, "Zürich", "Zürich (Kreis 3)", "Zürich (Kreis 9)", "Zürich (Kreis 11)"]],
    ["near=47.37,8.54&radius=0.25", [2, "Zürich (Kreis 1)", "Zürich (Kreis 1) / Lindenhof"]],
    ["near=0,0", [0]],
  ] as [string, [number, ...string[]]][])("finds ?%s", async (query, found) => {
    expect(await names(`/places?${query}`)).toEqual(found);
  });

  test("counts the same on every page, whatever the filters", async () => {
    for (const query of ["country=CH", "min_population=5000", "q=s", "near=47,8&radius=100", "q=z&country=CH", "near=47,8&radius=100&q=z"]) {
      const seen = new Set<number>();
      const { body } = await get(`/places?${query}&limit=100`);
      for (let offset = 0; offset < body.total; offset += 100) {
        const page = (await get(`/places?${query}&limit=100&offset=${offset}`)).body;
        expect(page.total).toBe(body.total);
        for (const { id } of page.items) seen.add(id);
      }
      expect(seen.size).toBe(body.total);
    }
  });

  test.each([
    ["country=ch", [["country", "pattern"]]],
    ["min_population=-1", [["min_population", "range"]]],
    ["limit=0&offset=-1", [["limit", "range"], ["offset", "range"]]],
    ["limit=101", [["limit", "range"]]],
    ["q=", [["q", "too_short"]]],
    ["near=47.37", [["near", "too_short"]]],
    ["near=47,8,9", [["near", "too_long"]]],
    ["near=", [["near", "too_short"]]],
    ["near=a,8", [["near", 0, "type_error"]]],
    ["near=NaN,Infinity", [["near", 0, "type_error"], ["near", 1, "type_error"]]],
    ["near=47,180.1", [["near", 1, "range"]]],
    ["near=90.1,8", [["near", 0, "range"]]],
    ["near=47,8&radius=0", [["radius", "range"]]],
    ["near=47,8&radius=501", [["radius", "range"]]],
  ] as [string, [...(string | number)[], string][]][])("answers 422 for ?%s", async (query, wrong) => {
    const { status, body } = await get(`/places?${query}`);
    expect(status).toBe(422);
    expect(body.detail.map(({ loc, type }: { loc: unknown[]; type: string }) => [...loc.slice(1), type])).toEqual(wrong);
  });
});

describe("near", () => {
  test("is the same from both sides of the antimeridian", async () => {
    const expected = [
      ["Levuka", 72.63],
      ["Tubou", 128.241],
      ["Suva", 165.501],
      ["Labasa", 186.838],
    ];
    for (const longitude of [180, -180]) {
      const { body } = await get(`/places?near=-18,${longitude}&radius=200`);
      expect(body.items.map(({ name, distance }: { name: string; distance: number }) => [name, distance])).toEqual(expected);
    }
  });

  test("sees across the poles", async () => {
    const around = [
      { id: 901, name: "Greenwich side", latitude: 89.9, longitude: 0 },
      { id: 902, name: "Pacific side", latitude: 89.8, longitude: 180 },
      { id: 903, name: "The other pole", latitude: -90, longitude: 0 },
    ];
    for (const place of around) await ask("POST", "/places", { ...place, country: "NO" });
    for (const longitude of [-180, -77, 0, 180]) {
      const { body } = await get(`/places?near=90,${longitude}&radius=100`);
      expect(body.items.map(({ id, distance }: { id: number; distance: number }) => [id, distance])).toEqual([
        [901, 11.12],
        [902, 22.239],
      ]);
    }
    expect((await get("/places?near=-90,123")).body.items).toMatchObject([{ id: 903, distance: 0 }]);
  });

  test("finds what the haversine formula finds, in its order", async () => {
    const all = await subset();
    const centres = [[47.37, 8.54], [46.2, 6.14], [42.5, 1.5], [78.2, 15.6], [-18, 179.9], [1.4, 173]] as const;
    for (const [latitude, longitude] of centres) {
      for (const radius of [5, 50, 500]) {
        const expected = all
          .map((place) => ({ id: place.id, distance: haversine(latitude, longitude, place.latitude, place.longitude) }))
          .filter(({ distance }) => distance <= radius)
          .sort((a, b) => a.distance - b.distance);
        const { body } = await get(`/places?near=${latitude},${longitude}&radius=${radius}&limit=100`);
        expect(body.total).toBe(expected.length);
        for (const [at, { distance }] of expected.slice(0, 100).entries()) expect(body.items[at].distance).toBeCloseTo(distance, 2);
      }
    }
  });
});

function haversine(latitude: number, longitude: number, otherLatitude: number, otherLongitude: number): number {
  const radians = Math.PI / 180;
  const h =
    Math.sin(((otherLatitude - latitude) * radians) / 2) ** 2 +
    Math.cos(latitude * radians) * Math.cos(otherLatitude * radians) * Math.sin(((otherLongitude - longitude) * radians) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

describe("GET /places/search", () => {
  test.each([
    ["lodz", "Łódź"],
    ["ŁÓDŹ", "Łódź"],
    ["tromso", "Tromsø"],
    ["giessen", "Gießen"],
    ["naestv", "Næstved"],
    ["thorlaks", "Þorlákshöfn"],
    ["dakovo", "Đakovo"],
    ["igdir", "Iğdır"],
    ["n'djamena", "N'Djamena"],
    ["djamena", "N'Djamena"],
    ["sao pau", "São Paulo"],
    ["paulo são", "São Paulo"],
  ])("finds %s", async (q, name) => {
    const { status, body } = await get(`/places/search?limit=1&q=${encodeURIComponent(q)}`);
    expect(status).toBe(200);
    expect(body.items.map((place: Place) => place.name)).toEqual([name]);
  });

  test("ranks the most populous first", async () => {
    const { body } = await get("/places/search?q=san&limit=3");
    expect(body.items.map(({ name }: Place) => name)).toEqual(["Santiago", "San Francisco", "Sankt Gallen"]);
  });

  test("wants every word, only the last may be unfinished", async () => {
    expect((await get("/places/search?q=san+xyz")).body).toEqual({ items: [] });
    expect((await get("/places/search?q=sa+fran")).body).toEqual({ items: [] });
  });

  test("takes no text for FTS5 syntax", async () => {
    const found = new Map<string, number>();
    for (const q of HOSTILE) {
      for (const target of ["/places/search", "/places"]) {
        const { status, body } = await get(`${target}?q=${encodeURIComponent(q)}`);
        expect([q, status]).toEqual([q, 200]);
        found.set(q, body.items.length);
      }
    }
    // What finds something finds it as a word: Andorra, Oruro, Notre-Dame.
    expect([...found].filter(([, items]) => items > 0).map(([q]) => q)).toEqual(['"lodz"', "AND", "OR", "NOT", "a\u0300"]);
  });

  test("answers 422 without a text", async () => {
    for (const query of ["", "?q=", `?q=${"a".repeat(101)}`]) expect((await get(`/places/search${query}`)).status).toBe(422);
  });
});

const HOSTILE = `" "lodz" ' '';DROP * *** ^ - + ( ) (((( {name} NEAR( NEAR(a,b,2) AND OR NOT name:lodz \\ % _ ; \u{1F30D} \uFFFF a\u0300 a\0b`
  .split(" ")
  .concat("a AND", "NOT a", "name:lodz OR x", "country : PL", "lodz; DROP TABLE places; --");

describe("POST /places", () => {
  const atlantis = { name: "Atlantis", country: "ZZ", latitude: 31.25, longitude: -24.25 };

  test("adds a place, which is found at once in every way", async () => {
    const { status, headers, body } = await ask("POST", "/places", { ...atlantis, population: 30_000_000 });
    const id = 11_791_559;
    const place = { id, ...atlantis, population: 30_000_000, admin: null, feature: "PPL" };
    expect([status, headers.get("location"), body]).toEqual([201, `/places/${id}`, place]);
    expect((await get(`/places/${id}`)).body).toEqual(place);
    expect((await get("/places/search?q=atla")).body).toEqual({ items: [place] });
    expect((await get("/places?near=31.25,-24.25")).body.items).toEqual([{ ...place, distance: 0 }]);
    expect((await get("/places?country=ZZ")).body).toMatchObject({ total: 1, items: [place] });
    expect((await get("/places?limit=1")).body).toMatchObject({ total: 1617, items: [place] });
    expect((await get("/stats")).body).toMatchObject({ places: 1617, largest: place });
  });

  test("takes an id that is free, and answers 409 for one that is not", async () => {
    expect(await ask("POST", "/places", { id: 42, ...atlantis })).toMatchObject({ status: 201, body: { id: 42 } });
    const again = await ask("POST", "/places", { id: 42, ...atlantis, name: "Other" });
    expect([again.status, again.body]).toEqual([
      409,
      { detail: "Already exists", extra: { constraint: "unique", columns: ["id"] } },
    ]);
    expect((await get("/places/42")).body.name).toBe("Atlantis");
  });

  test("answers 422 with everything that is wrong", async () => {
    const wrong = { id: 0, name: " ", country: "Zürich", population: 1.5, latitude: 91, longitude: null, mayor: "Nobody" };
    const { status, body } = await ask("POST", "/places", wrong);
    expect(status).toBe(422);
    expect(body.detail.map(({ loc, type }: { loc: string[]; type: string }) => `${loc.join(".")} ${type}`).sort()).toEqual([
      "body.country pattern",
      "body.id range",
      "body.latitude range",
      "body.longitude type_error",
      "body.mayor extra_forbidden",
      "body.name pattern",
      "body.population type_error",
    ]);
    const { body: empty } = await ask("POST", "/places", {});
    expect(empty.detail.map(({ loc, type }: { loc: string[]; type: string }) => `${loc.join(".")} ${type}`)).toEqual([
      "body.name missing",
      "body.country missing",
      "body.latitude missing",
      "body.longitude missing",
    ]);
  });
});

describe("PUT /places/:id", () => {
  const body = { name: "Lodsch", country: "DE", latitude: 1, longitude: 2 };

  test("replaces all of a place, also where it is indexed", async () => {
    const expected = { id: lodz.id, ...body, admin: null, feature: "PPL", population: 0 };
    expect(await ask("PUT", "/places/3093133", body)).toMatchObject({ status: 200, body: expected });
    expect((await get("/places/search?q=lodz")).body).toEqual({ items: [] });
    expect((await get("/places/search?q=lodsch")).body).toEqual({ items: [expected] });
    expect((await get("/places?country=PL")).body).toMatchObject({ total: 0, items: [] });
    expect((await get("/places?near=51.77058,19.47395")).body.items).toEqual([]);
    expect((await get("/places?near=1,2")).body.items).toEqual([{ ...expected, distance: 0 }]);
    expect((await get("/stats")).body.places).toBe(1616);
  });

  test("answers 404 where there is none, 422 for a part of a place", async () => {
    expect((await ask("PUT", "/places/1", body)).status).toBe(404);
    expect((await ask("PUT", "/places/3093133", { name: "Lodsch" })).status).toBe(422);
    expect((await ask("PUT", "/places/3093133", { id: 1, ...body })).body.detail).toEqual([
      { loc: ["body", "id"], msg: "Unexpected property", type: "extra_forbidden" },
    ]);
    expect((await get("/places/3093133")).body).toEqual(lodz);
  });
});

describe("PATCH /places/:id", () => {
  test("changes what is given and nothing else", async () => {
    const { status, body } = await ask("PATCH", "/places/3093133", { population: 700_000 });
    expect([status, body]).toEqual([200, { ...lodz, population: 700_000 }]);
    expect((await ask("PATCH", "/places/3093133", {})).body).toEqual({ ...lodz, population: 700_000 });
    expect((await get("/places/search?q=lodz")).body).toEqual({ items: [{ ...lodz, population: 700_000 }] });
  });

  test("sets null where null is allowed", async () => {
    expect((await ask("PATCH", "/places/3093133", { admin: null })).body).toEqual({ ...lodz, admin: null });
    expect((await get("/places/3093133")).body).toEqual({ ...lodz, admin: null });
    expect((await ask("PATCH", "/places/3093133", { name: null })).body.detail).toEqual([
      { loc: ["body", "name"], msg: "Expected string", type: "type_error" },
    ]);
  });

  test("answers 404 where there is none, 422 for what it does not know", async () => {
    expect((await ask("PATCH", "/places/1", {})).status).toBe(404);
    expect((await ask("PATCH", "/places/3093133", { nam: "Lodsch" })).body.detail).toEqual([
      { loc: ["body", "nam"], msg: "Unexpected property", type: "extra_forbidden" },
    ]);
  });
});

describe("DELETE /places/:id", () => {
  test("answers 204 once, and the place is nowhere", async () => {
    const { status, body } = await ask("DELETE", "/places/3093133");
    expect([status, body]).toEqual([204, undefined]);
    expect((await ask("DELETE", "/places/3093133")).status).toBe(404);
    expect((await get("/places/3093133")).status).toBe(404);
    expect((await get("/places/search?q=lodz")).body).toEqual({ items: [] });
    expect((await get("/places?near=51.77058,19.47395")).body).toMatchObject({ total: 0, items: [] });
    expect((await get("/places?country=PL")).body).toMatchObject({ total: 0, items: [] });
    expect((await get("/stats")).body).toMatchObject({ places: 1615 });
  });
});

describe("GET /stats", () => {
  test("counts places, countries and people, and names the largest", async () => {
    const { body } = await get("/stats?limit=2");
    expect({ ...body, largest: body.largest.name }).toMatchObject({ places: 1616, countries: 58, largest: "Shanghai" });
    expect(body.by_country.map(({ country, places, population, largest }: StatsRow) => [country, places, population, largest.name])).toEqual([
      ["CN", 38, 226_222_385, "Shanghai"],
      ["IN", 7, 45_000_850, "Mumbai"],
    ]);
    expect((await get("/stats?limit=0")).body.by_country).toEqual([]);
    expect((await get("/stats?limit=-1")).status).toBe(422);
  });

  test("has zeros where nothing is left", async () => {
    stop();
    const data = encode([]);
    rmSync(path);
    (await openPlaces(path, { data: async () => data })).close();
    stop = await start();
    expect((await get("/stats")).body).toEqual({ places: 0, countries: 0, population: 0, largest: null, by_country: [] });
    expect((await get("/places")).body).toEqual({ total: 0, limit: 20, offset: 0, items: [] });
    expect((await ask("POST", "/places", { name: "First", country: "ZZ", latitude: 0, longitude: 0 })).body.id).toBe(1);
  });
});

type StatsRow = { country: string; places: number; population: number; largest: Place };

describe("the database", () => {
  test("is open from start to stop, over a socket as well", async () => {
    stop();
    const log = spyOn(console, "error").mockImplementation(() => {});
    expect(await get("/stats")).toMatchObject({ status: 503, body: { detail: "The database is not open" } });
    expect((await get("/ready")).status).toBe(503);
    log.mockRestore();
    const server = await api.listen({ port: 0 });
    try {
      const answer = await fetch(new URL("/places/3093133", server.url));
      expect([answer.status, await answer.json()]).toEqual([200, lodz]);
      expect((await fetch(new URL("/ready", server.url))).status).toBe(200);
      expect(existsSync(`${path}-wal`)).toBe(true);
    } finally {
      await server.stop();
    }
    // The last connection takes the log with it when it is closed.
    expect(existsSync(`${path}-wal`)).toBe(false);
    stop = await start();
  });

  test("has right sums and indexes after every kind of write", async () => {
    for (let id = 1; id <= 60; id++) {
      const country = ["CH", "FJ", "ZZ"][id % 3];
      await ask("POST", "/places", { id, name: `Place ${id}`, country, latitude: id, longitude: id, population: id });
      if (id % 2 === 0) await ask("PATCH", `/places/${id}`, { country: "AD", population: 5 });
      if (id % 5 === 0) await ask("PUT", `/places/${id}`, { name: "New", country: "LI", latitude: -id, longitude: 0 });
      if (id % 7 === 0) await ask("DELETE", `/places/${id}`);
    }
    using db = new Database(path, { readonly: true });
    const rows = (sql: string) => db.query(sql).values();
    expect(rows("SELECT * FROM countries ORDER BY country")).toEqual(
      rows("SELECT country, count(*), sum(population) FROM places GROUP BY country ORDER BY country"),
    );
    expect(rows("SELECT rowid FROM place_names ORDER BY rowid")).toEqual(rows("SELECT prominence FROM places ORDER BY 1"));
    expect(rows("SELECT id FROM place_points ORDER BY id")).toEqual(rows("SELECT id FROM places ORDER BY id"));
    expect(rows("SELECT count(*) FROM place_points JOIN places USING (id) WHERE x BETWEEN x0 AND x1 AND z BETWEEN z0 AND z1")).toEqual(
      rows("SELECT count(*) FROM places"),
    );
  });

  test("keeps what was written", async () => {
    await ask("PATCH", "/places/3093133", { name: "Lodsch" });
    stop();
    stop = await start();
    expect((await get("/places/3093133")).body).toEqual({ ...lodz, name: "Lodsch" });
  });
});

test("what is declared is what is typed", () => {
  expectTypeOf<Static<(typeof getPlace)["contract"]["params"]["id"]>>().toEqualTypeOf<number>();
  expectTypeOf<Parameters<typeof url<"GET", "/places/:id", (typeof getPlace)["contract"]>>[1]["params"]["id"]>().toEqualTypeOf<number>();
  expect(url(getPlace, { params: { id: 7 } })).toBe("/places/7");
  expect(url(listPlaces, { query: { country: "CH", near: [47.37, 8.54] } })).toBe("/places?country=CH&near=47.37&near=8.54");
  expect(createPlace.methods).toEqual(["POST"]);
  // @ts-expect-error -- the id is a number
  expect(url(getPlace, { params: { id: "7" } })).toBe("/places/7");
});
