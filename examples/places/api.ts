import { Api, type Static, t, ValidationError } from "bolide";
import { prepared } from "bolide/data";
import { modelViewSet } from "bolide/views";
import { db } from "./database.ts";
import { type Circle, find, findPage, FoundPlace } from "./find.ts";
import { openPlaces } from "./import.ts";
import { migrations } from "./migrations/index.ts";
import { CountryCode, indexed, Place } from "./models.ts";
import { stats, Stats } from "./stats.ts";

export { db, migrations };

const anyPlace = prepared(db, (q) => q.selectFrom("places").select("id").limit(1));

export const api = new Api({
  title: "Places",
  version: "1.0.0",
  lifespan: async () => {
    await openPlaces();
    return () => db.destroy();
  },
  readiness: { database: () => void anyPlace.sync.first() },
});

export const listPlaces = api.get(
  "/places",
  {
    tags: ["places"],
    summary: "Places by country, population, name and position, the most populous or the nearest first",
    query: {
      country: t.Optional(CountryCode),
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
    response: t.Object(
      { total: t.Integer(), limit: t.Integer(), offset: t.Integer(), items: t.Array(FoundPlace) },
      { $id: "Page" },
    ),
  },
  ({ query: { near, radius, ...query } }) => ({
    ...find({ ...query, near: near && circle(near, radius) }),
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

export const searchPlaces = api.get(
  "/places/search",
  {
    tags: ["places"],
    summary: "Places whose names have these words, the last one maybe unfinished",
    query: {
      q: t.String({ minLength: 1, maxLength: 100 }),
      limit: t.Integer({ minimum: 1, maximum: 100, default: 10 }),
    },
    response: t.Object({ items: t.Array(Place.public) }),
  },
  ({ query }) => ({ items: findPage({ ...query, offset: 0 }) }),
);

/** One more than the highest id that has room above it: the very highest may be taken. */
const nextId = prepared(db, (q) =>
  q
    .selectFrom("places as p")
    .select(({ eb }) => eb("p.id", "+", 1).as("id"))
    .where("p.id", "<", 999_999_999)
    .where(({ eb, exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom("places as next")
            .select("next.id")
            .where("next.id", "=", eb("p.id", "+", 1)),
        ),
      ),
    )
    .orderBy("p.id", "desc")
    .limit(1),
);

const { id, ...fields } = Place.create.properties;
const { id: _, ...changes } = Place.update.properties;
/** A property that no place has is a mistake, so it is refused. */
const strict = { additionalProperties: false };
const NewPlace = t.Object({ id: t.Optional(id), ...fields }, { ...strict, $id: "NewPlace" });

export const places = api.viewset(
  "/places",
  modelViewSet(db, Place, {
    only: ["create", "retrieve", "update", "partialUpdate", "destroy"],
    input: {
      create: NewPlace,
      update: t.Object(fields, { ...strict, $id: "PlaceBody" }),
      partialUpdate: t.Object(changes, { ...strict, $id: "PlaceChange" }),
    },
    beforeCreate: async (place, { trx }) => {
      const next = await nextId.with(trx).first();
      return indexed({ id: next?.id ?? 1, ...(place as Static<typeof NewPlace>) });
    },
    beforeUpdate: (change, place) => indexed({ ...place, ...change }),
  }),
);

export const getStats = api.get(
  "/stats",
  {
    summary: "What there is, and the most populous countries",
    query: { limit: t.Integer({ minimum: 0, maximum: 300, default: 10 }) },
    response: Stats,
  },
  ({ query }) => stats(query.limit),
);
