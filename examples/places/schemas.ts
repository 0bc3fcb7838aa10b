import { type Static, t } from "bolide";

/** GeoNames' own number of a place, or the next free one. */
export const Id = t.Integer({ minimum: 1, maximum: 999_999_999 });

export const Country = t.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1 alpha-2" });

const fields = {
  name: t.String({ minLength: 1, maxLength: 200, pattern: "\\S" }),
  country: Country,
  admin: t.Nullable(t.String({ minLength: 1, maxLength: 20 }), { description: "First-level division" }),
  feature: t.String({ pattern: "^[A-Z0-9]{1,10}$", description: "GeoNames feature code" }),
  population: t.Integer({ minimum: 0, maximum: 8_000_000_000 }),
  latitude: t.Number({ minimum: -90, maximum: 90 }),
  longitude: t.Number({ minimum: -180, maximum: 180 }),
};

/** A place as it is answered. */
export const Place = t.Object({ id: Id, ...fields }, { $id: "Place" });
export type Place = Static<typeof Place>;

/** All of a place but its id, as PUT takes it. */
export const PlaceBody = t.Object(
  {
    ...fields,
    admin: { ...fields.admin, default: null },
    feature: { ...fields.feature, default: "PPL" },
    population: { ...fields.population, default: 0 },
  },
  { $id: "PlaceBody", additionalProperties: false },
);
export type PlaceBody = Static<typeof PlaceBody>;

/** As POST takes it: the id may be given. */
export const NewPlace = t.Object(
  { id: t.Optional(Id), ...PlaceBody.properties },
  { $id: "NewPlace", additionalProperties: false },
);
export type NewPlace = Static<typeof NewPlace>;

/** As PATCH takes it: what is absent stays, `null` is a value. */
export const PlaceChange = t.Partial(t.Object(fields), { $id: "PlaceChange", additionalProperties: false });
export type PlaceChange = Static<typeof PlaceChange>;

/** A place found by its position carries its distance in kilometres. */
export const FoundPlace = t.Object({ ...Place.properties, distance: t.Optional(t.Number()) }, { $id: "FoundPlace" });
export type FoundPlace = Static<typeof FoundPlace>;

export const Page = t.Object(
  { total: t.Integer(), limit: t.Integer(), offset: t.Integer(), items: t.Array(FoundPlace) },
  { $id: "Page" },
);

export const Stats = t.Object(
  {
    places: t.Integer(),
    countries: t.Integer(),
    population: t.Integer(),
    largest: t.Nullable(Place),
    by_country: t.Array(t.Object({ country: Country, places: t.Integer(), population: t.Integer(), largest: Place })),
  },
  { $id: "Stats" },
);
export type Stats = Static<typeof Stats>;
