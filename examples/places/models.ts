import { t } from "bolide";
import { model } from "bolide/data";
import { pointAt } from "./sphere.ts";
import { fold } from "./words.ts";

export const CountryCode = t.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1 alpha-2" });

/** What only the indexes look at: clients neither send nor see it. */
const internal = { readOnly: true, writeOnly: true } as const;

export const Place = model(
  "places",
  {
    id: t.Integer({ minimum: 1, maximum: 999_999_999, description: "GeoNames' own number, or the next free one" }),
    name: t.String({ minLength: 1, maxLength: 200, pattern: "\\S" }),
    country: CountryCode,
    admin: t.Nullable(t.String({ minLength: 1, maxLength: 20 }), { description: "First-level division" }),
    feature: t.String({ pattern: "^[A-Z0-9]{1,10}$", description: "GeoNames feature code", default: "PPL" }),
    population: t.Integer({ minimum: 0, maximum: 8_000_000_000, default: 0 }),
    latitude: t.Number({ minimum: -90, maximum: 90 }),
    longitude: t.Number({ minimum: -180, maximum: 180 }),
    x: t.Number(internal),
    y: t.Number(internal),
    z: t.Number(internal),
    folded: t.String(internal),
  },
  { name: "Place", primaryKey: ["id"] },
);

/** How many places there are in a country, and how many people in them; triggers count. */
export const Country = model(
  "countries",
  { country: CountryCode, places: t.Integer(), population: t.Integer() },
  { name: "Country", primaryKey: ["country"] },
);

/** A place with what its indexes are made of. */
export function indexed<P extends { readonly name: string; readonly latitude: number; readonly longitude: number }>(
  place: P,
) {
  return { ...place, ...pointAt(place.latitude, place.longitude), folded: fold(place.name) };
}
