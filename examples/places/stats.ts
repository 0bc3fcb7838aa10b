import { sql } from "kysely";
import { type Static, t } from "bolide";
import { prepared } from "bolide/data";
import { db } from "./database.ts";
import { findPage, SHOWN } from "./find.ts";
import { CountryCode, Place } from "./models.ts";

export const Stats = t.Object(
  {
    places: t.Integer(),
    countries: t.Integer(),
    population: t.Integer(),
    largest: t.Nullable(Place.public),
    by_country: t.Array(
      t.Object({ country: CountryCode, places: t.Integer(), population: t.Integer(), largest: Place.public }),
    ),
  },
  { $id: "Stats" },
);

const sums = prepared(db, (q) =>
  q
    .selectFrom("countries")
    .select(({ fn }) => [
      sql<number>`coalesce(sum(places), 0)`.as("places"),
      fn.countAll<number>().as("countries"),
      sql<number>`coalesce(sum(population), 0)`.as("population"),
    ]),
);

const byCountry = prepared(db, { limit: t.Integer() }, (q, p) =>
  q
    .selectFrom("countries as c")
    .innerJoin("places as p", (join) =>
      join.on(({ eb, selectFrom }) => {
        const ofCountry = selectFrom("places").select("id").whereRef("places.country", "=", "c.country");
        return eb("p.id", "=", ofCountry.orderBy("prominence", "desc").limit(1));
      }),
    )
    .select([...SHOWN, "c.places", "c.population as people"])
    .orderBy("people", "desc")
    .limit(p.limit),
);

/** What there is, and the most populous countries with their largest places. */
export function stats(limit: number): Static<typeof Stats> {
  const [largest = null] = findPage({ limit: 1, offset: 0 });
  return {
    ...sums.sync.one(),
    largest,
    by_country: byCountry.sync.all({ limit }).map(({ places, people, ...place }) => ({
      country: place.country,
      places,
      population: people,
      largest: place,
    })),
  };
}
