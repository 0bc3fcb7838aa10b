import { dataset, type GeoName, geonames } from "../../examples/places/geonames.ts";

/** Countries small enough to be there whole: both sides of the antimeridian, the far north, a place without a division. */
const COUNTRIES = new Set(["AD", "CH", "FJ", "KI", "LI", "SJ", "TV", "VA"]);
const NAMES = new Set([
  "Gießen",
  "Iğdır",
  "N'Djamena",
  "Næstved",
  "San Francisco",
  "Tromsø",
  "Þorlákshöfn",
  "Łódź",
  "Đakovo",
]);

/** A part of the real data: some countries, cities of more than three million, names that are hard to spell. 1,616 places. */
export async function subset(): Promise<readonly GeoName[]> {
  const all = [...geonames(await dataset())].map(({ place }) => place);
  return all.filter(
    ({ country, population, name }) => COUNTRIES.has(country) || population > 3_000_000 || NAMES.has(name),
  );
}

/** Places written as `cities.pbf` has them. */
export function encode(places: readonly GeoName[]): Uint8Array {
  const file: number[] = [];
  let [lastLatitude, lastLongitude] = [0, 0];
  for (const place of places) {
    const latitude = Math.round(place.latitude * 1e5);
    const longitude = Math.round(place.longitude * 1e5);
    const message = [
      ...number(1, zigzag(place.id)),
      ...text(2, place.name),
      ...text(3, place.country),
      ...text(7, place.feature),
      ...text(8, place.admin),
      ...number(9, place.population),
      ...number(10, zigzag(longitude - lastLongitude)),
      ...number(11, zigzag(latitude - lastLatitude)),
    ];
    file.push(...varint(message.length), ...message);
    [lastLatitude, lastLongitude] = [latitude, longitude];
  }
  return Uint8Array.from(file);
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];

function text(field: number, value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
