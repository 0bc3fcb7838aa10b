import { Api, Conflict, created, depends, NotFound, ServiceUnavailable, t, url, ValidationError } from "bolide";
import { openPlaces, type Places } from "./database.ts";
import type { Circle } from "./find.ts";
import { progressBar } from "./progress.ts";
import { Country, Id, NewPlace, Page, Place, PlaceBody, PlaceChange, Stats } from "./schemas.ts";

let opened: Places | undefined;

export const api = new Api({
  title: "Places",
  version: "1.0.0",
  lifespan: async () => {
    const path = Bun.env["PLACES_DB"] ?? ".bolide/places.db";
    const places = (opened = await openPlaces(path, { progress: progressBar("Importing places") }));
    return () => {
      opened = undefined;
      places.close();
    };
  },
  readiness: { database: () => opened !== undefined },
});

/** The database, for whichever route names it. */
export const database = depends(() => {
  if (opened === undefined) throw new ServiceUnavailable("The database is not open");
  return opened;
});

const missing = () => new NotFound("No place has this id");

const routes = api.with({ provide: { places: database } });
const byId = { params: { id: Id }, errors: [NotFound] } as const;

export const listPlaces = routes.get(
  "/places",
  {
    summary: "Places by country, population, name and position, the most populous or the nearest first",
    query: {
      country: t.Optional(Country),
      min_population: t.Optional(t.Integer({ minimum: 0, maximum: 8_000_000_000 })),
      q: t.Optional(t.String({ minLength: 1, maxLength: 100 })),
      near: t.Optional(
        t.Csv(t.Number({ minimum: -180, maximum: 180 }), {
          minItems: 2,
          maxItems: 2,
          description: "Latitude, longitude",
        }),
      ),
      radius: t.Number({ exclusiveMinimum: 0, maximum: 500, default: 25, description: "Kilometres around `near`" }),
      limit: t.Integer({ minimum: 1, maximum: 100, default: 20 }),
      offset: t.Integer({ minimum: 0, default: 0 }),
    },
    response: Page,
  },
  ({ places, query: { near, radius, ...query } }) => ({
    ...places.find({ ...query, near: near && circle(near, radius) }),
    limit: query.limit,
    offset: query.offset,
  }),
);

function circle([latitude = 0, longitude = 0]: readonly number[], radius: number): Circle {
  if (Math.abs(latitude) <= 90) return { latitude, longitude, radius };
  throw new ValidationError([
    { loc: ["query", "near", 0], msg: "Expected latitude between -90 and 90", type: "range" },
  ]);
}

export const searchPlaces = routes.get(
  "/places/search",
  {
    summary: "Places whose names have these words, the last one maybe unfinished",
    query: {
      q: t.String({ minLength: 1, maxLength: 100 }),
      limit: t.Integer({ minimum: 1, maximum: 100, default: 10 }),
    },
    response: t.Object({ items: t.Array(Place) }),
  },
  ({ places, query }) => ({ items: places.search(query.q, query.limit) }),
);

export const getPlace = routes.get(
  "/places/:id",
  { ...byId, response: Place },
  ({ places, params }) => places.get(params.id) ?? missing(),
);

export const createPlace = routes.post(
  "/places",
  {
    body: NewPlace,
    response: { 201: Place },
    errors: [Conflict],
  },
  ({ places, body }) => {
    const place = places.add(body);
    return created(place, { headers: { location: url(getPlace, { params: { id: place.id } }) } });
  },
);

export const replacePlace = routes.put(
  "/places/:id",
  { ...byId, body: PlaceBody, response: Place },
  ({ places, params, body }) => places.change(params.id, body) ?? missing(),
);

export const changePlace = routes.patch(
  "/places/:id",
  { ...byId, body: PlaceChange, response: Place },
  ({ places, params, body }) => places.change(params.id, body) ?? missing(),
);

export const deletePlace = routes.delete(
  "/places/:id",
  { ...byId, status: 204, response: { 204: t.Undefined() } },
  ({ places, params }) => (places.remove(params.id) ? undefined : missing()),
);

export const getStats = routes.get(
  "/stats",
  {
    summary: "What there is, and the most populous countries",
    query: { limit: t.Integer({ minimum: 0, maximum: 300, default: 10 }) },
    response: Stats,
  },
  ({ places, query }) => places.stats(query.limit),
);
