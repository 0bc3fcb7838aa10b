import { Database } from "bun:sqlite";
import { describe, expect, expectTypeOf, spyOn, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Static, url } from "bolide";
import { api, listPlaces, places } from "../../examples/places/api.ts";
import { db } from "../../examples/places/database.ts";
import { ask, get, lodz, openForEachTest, withPlaces } from "./asking.ts";
import { encode } from "./subset.ts";

const opened = openForEachTest();

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

  test("finds an id below the highest one that there is, where that is taken", async () => {
    await ask("POST", "/places", { id: 999_999_999, ...atlantis });
    expect(await ask("POST", "/places", atlantis)).toMatchObject({ status: 201, body: { id: 11_791_559 } });
    expect(await ask("POST", "/places", atlantis)).toMatchObject({ status: 201, body: { id: 11_791_560 } });
  });

  test("answers 422 with everything that is wrong", async () => {
    const wrong = {
      id: 0,
      name: " ",
      country: "Zürich",
      population: 1.5,
      latitude: 91,
      longitude: null,
      mayor: "Nobody",
    };
    const { status, body } = await ask("POST", "/places", wrong);
    expect(status).toBe(422);
    expect(
      body.detail.map(({ loc, type }: { loc: string[]; type: string }) => `${loc.join(".")} ${type}`).sort(),
    ).toEqual([
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

describe("the database", () => {
  test("is open from start to stop, over a socket as well", async () => {
    await opened.stop();
    const server = await api.listen({ port: 0 });
    try {
      const answer = await fetch(new URL("/places/3093133", server.url));
      expect([answer.status, await answer.json()]).toEqual([200, lodz]);
      expect((await fetch(new URL("/ready", server.url))).status).toBe(200);
      expect(existsSync(`${opened.path}-wal`)).toBe(true);
      // Opened anew, it cannot be read.
      await db.destroy();
      Bun.env["PLACES_DB"] = dirname(opened.path);
      const log = spyOn(console, "error").mockImplementation(() => {});
      const away = await fetch(new URL("/stats", server.url));
      expect([away.status, await away.json()]).toEqual([
        503,
        { detail: "The database's file cannot be read or written" },
      ]);
      expect((await fetch(new URL("/ready", server.url))).status).toBe(503);
      log.mockRestore();
      await db.destroy();
      Bun.env["PLACES_DB"] = opened.path;
      expect((await fetch(new URL("/ready", server.url))).status).toBe(200);
    } finally {
      await server.stop();
    }
    // The last connection takes the log with it when it is closed.
    expect(existsSync(`${opened.path}-wal`)).toBe(false);
    await opened.start();
  });

  test("may be empty", async () => {
    await opened.stop();
    const data = encode([]);
    rmSync(opened.path);
    await withPlaces(opened.path, { data: async () => data }, () => {});
    await opened.start();
    expect((await get("/stats")).body).toEqual({
      places: 0,
      countries: 0,
      population: 0,
      largest: null,
      by_country: [],
    });
    expect((await get("/places")).body).toEqual({ total: 0, limit: 20, offset: 0, items: [] });
    expect((await ask("POST", "/places", { name: "First", country: "ZZ", latitude: 0, longitude: 0 })).body.id).toBe(1);
  });

  test("has right sums and indexes after every kind of write", async () => {
    for (let id = 1; id <= 60; id++) {
      const country = ["CH", "FJ", "ZZ"][id % 3];
      await ask("POST", "/places", { id, name: `Place ${id}`, country, latitude: id, longitude: id, population: id });
      if (id % 2 === 0) await ask("PATCH", `/places/${id}`, { country: "AD", population: 5 });
      if (id % 5 === 0) await ask("PUT", `/places/${id}`, { name: "New", country: "LI", latitude: -id, longitude: 0 });
      if (id % 7 === 0) await ask("DELETE", `/places/${id}`);
    }
    using db = new Database(opened.path, { readonly: true });
    const rows = (sql: string) => db.query(sql).values();
    expect(rows("SELECT * FROM countries ORDER BY country")).toEqual(
      rows("SELECT country, count(*), sum(population) FROM places GROUP BY country ORDER BY country"),
    );
    expect(rows("SELECT rowid FROM place_names ORDER BY rowid")).toEqual(
      rows("SELECT prominence FROM places ORDER BY 1"),
    );
    expect(rows("SELECT id FROM place_points ORDER BY id")).toEqual(rows("SELECT id FROM places ORDER BY id"));
    expect(
      rows(
        "SELECT count(*) FROM place_points JOIN places USING (id) WHERE x BETWEEN x0 AND x1 AND z BETWEEN z0 AND z1",
      ),
    ).toEqual(rows("SELECT count(*) FROM places"));
  });

  test("keeps what was written", async () => {
    await ask("PATCH", "/places/3093133", { name: "Lodsch" });
    await opened.stop();
    await opened.start();
    expect((await get("/places/3093133")).body).toEqual({ ...lodz, name: "Lodsch" });
  });
});

test("what is declared is what is typed", () => {
  expectTypeOf<Static<(typeof places.retrieve)["contract"]["params"]["id"]>>().toEqualTypeOf<number>();
  expectTypeOf<
    Parameters<typeof url<"GET", "/places/:id", (typeof places.retrieve)["contract"]>>[1]["params"]["id"]
  >().toEqualTypeOf<number>();
  expect(url(places.retrieve, { params: { id: 7 } })).toBe("/places/7");
  expect(url(listPlaces, { query: { country: "CH", near: [47.37, 8.54] } })).toBe(
    "/places?country=CH&near=47.37&near=8.54",
  );
  expect(places.create.methods).toEqual(["POST"]);
  // @ts-expect-error -- the id is a number
  expect(url(places.retrieve, { params: { id: "7" } })).toBe("/places/7");
});
