import { describe, expect, test } from "bun:test";
import type { FoundPlace as Place } from "../../examples/places/find.ts";
import { ask, get, lodz, openForEachTest } from "./asking.ts";
import { subset } from "./subset.ts";

openForEachTest();

/** The names on a page, and how many there are on all pages. */
async function names(target: string): Promise<[total: number, ...names: string[]]> {
  const { body } = await get(target);
  return [body.total, ...body.items.map(({ name }: Place) => name)];
}

describe("GET /places/:id", () => {
  test("answers the place", async () => {
    expect(await get("/places/3093133")).toMatchObject({ status: 200, body: lodz });
  });

  test("has null for what the data does not say", async () => {
    expect((await get("/places/6691831")).body).toMatchObject({ name: "Vatican City", admin: null });
  });

  test("answers 404 where there is none", async () => {
    expect(await get("/places/1")).toMatchObject({ status: 404, body: { detail: "Not found" } });
  });

  test.each([
    ["berlin", "Expected integer", "type_error"],
    ["1.5", "Expected integer", "type_error"],
    ["0", "Expected integer to be greater or equal to 1", "range"],
    ["1000000000", "Expected integer to be less or equal to 999999999", "range"],
  ])("answers 422 for the id %s", async (id, msg, type) => {
    expect(await get(`/places/${id}`)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ["params", "id"], msg, type }] },
    });
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
    [
      "near=47.37,8.54&q=zu&country=CH&min_population=40000",
      [4, "Zürich", "Zürich (Kreis 3)", "Zürich (Kreis 9)", "Zürich (Kreis 11)"],
    ],
    ["near=47.37,8.54&radius=0.25", [2, "Zürich (Kreis 1)", "Zürich (Kreis 1) / Lindenhof"]],
    ["near=0,0", [0]],
  ] as [string, [number, ...string[]]][])("finds ?%s", async (query, found) => {
    expect(await names(`/places?${query}`)).toEqual(found);
  });

  test("counts the same on every page, whatever the filters", async () => {
    for (const query of [
      "country=CH",
      "min_population=5000",
      "q=s",
      "near=47,8&radius=100",
      "q=z&country=CH",
      "near=47,8&radius=100&q=z",
    ]) {
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
    [
      "limit=0&offset=-1",
      [
        ["limit", "range"],
        ["offset", "range"],
      ],
    ],
    ["limit=101", [["limit", "range"]]],
    ["q=", [["q", "too_short"]]],
    ["near=47.37", [["near", "too_short"]]],
    ["near=47,8,9", [["near", "too_long"]]],
    ["near=", [["near", "too_short"]]],
    ["near=a,8", [["near", 0, "type_error"]]],
    [
      "near=NaN,Infinity",
      [
        ["near", 0, "type_error"],
        ["near", 1, "type_error"],
      ],
    ],
    ["near=47,180.1", [["near", 1, "range"]]],
    ["near=90.1,8", [["near", 0, "range"]]],
    ["near=47,8&radius=0", [["radius", "range"]]],
    ["near=47,8&radius=501", [["radius", "range"]]],
  ] as [string, [...(string | number)[], string][]][])("answers 422 for ?%s", async (query, wrong) => {
    const { status, body } = await get(`/places?${query}`);
    expect(status).toBe(422);
    expect(body.detail.map(({ loc, type }: { loc: unknown[]; type: string }) => [...loc.slice(1), type])).toEqual(
      wrong,
    );
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
      expect(body.items.map(({ name, distance }: { name: string; distance: number }) => [name, distance])).toEqual(
        expected,
      );
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
    const centres = [
      [47.37, 8.54],
      [46.2, 6.14],
      [42.5, 1.5],
      [78.2, 15.6],
      [-18, 179.9],
      [1.4, 173],
    ] as const;
    for (const [latitude, longitude] of centres) {
      for (const radius of [5, 50, 500]) {
        const expected = all
          .map((place) => ({ id: place.id, distance: haversine(latitude, longitude, place.latitude, place.longitude) }))
          .filter(({ distance }) => distance <= radius)
          .sort((a, b) => a.distance - b.distance);
        const { body } = await get(`/places?near=${latitude},${longitude}&radius=${radius}&limit=100`);
        expect(body.total).toBe(expected.length);
        for (const [at, { distance }] of expected.slice(0, 100).entries())
          expect(body.items[at].distance).toBeCloseTo(distance, 2);
      }
    }
  });
});

function haversine(latitude: number, longitude: number, otherLatitude: number, otherLongitude: number): number {
  const radians = Math.PI / 180;
  const h =
    Math.sin(((otherLatitude - latitude) * radians) / 2) ** 2 +
    Math.cos(latitude * radians) *
      Math.cos(otherLatitude * radians) *
      Math.sin(((otherLongitude - longitude) * radians) / 2) ** 2;
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
    expect([...found].filter(([, items]) => items > 0).map(([q]) => q)).toEqual([
      '"lodz"',
      "AND",
      "OR",
      "NOT",
      "a\u0300",
    ]);
  });

  test("answers 422 without a text", async () => {
    for (const query of ["", "?q=", `?q=${"a".repeat(101)}`])
      expect((await get(`/places/search${query}`)).status).toBe(422);
  });
});

const HOSTILE =
  `" "lodz" ' '';DROP * *** ^ - + ( ) (((( {name} NEAR( NEAR(a,b,2) AND OR NOT name:lodz \\ % _ ; \u{1F30D} \uFFFF a\u0300 a\0b`
    .split(" ")
    .concat("a AND", "NOT a", "name:lodz OR x", "country : PL", "lodz; DROP TABLE places; --");

describe("GET /stats", () => {
  test("counts places, countries and people, and names the largest", async () => {
    const { body } = await get("/stats?limit=2");
    expect({ ...body, largest: body.largest.name }).toMatchObject({ places: 1616, countries: 58, largest: "Shanghai" });
    expect(
      body.by_country.map(({ country, places, population, largest }: StatsRow) => [
        country,
        places,
        population,
        largest.name,
      ]),
    ).toEqual([
      ["CN", 38, 226_222_385, "Shanghai"],
      ["IN", 7, 45_000_850, "Mumbai"],
    ]);
    expect((await get("/stats?limit=0")).body.by_country).toEqual([]);
    expect((await get("/stats?limit=-1")).status).toBe(422);
  });
});

type StatsRow = { country: string; places: number; population: number; largest: Place };
