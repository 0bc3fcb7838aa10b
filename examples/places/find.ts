import { type AliasedRawBuilder, type RawBuilder, type Selectable, sql, type SqlBool } from "kysely";
import { type Static, t } from "bolide";
import { type Declared, prepared } from "bolide/data";
import { db, type Tables } from "./database.ts";
import { Place } from "./models.ts";
import { chordOf, kilometresOf, pointAt } from "./sphere.ts";
import { wordsQuery } from "./words.ts";

/** A circle on the map: degrees, and kilometres around. */
export interface Circle {
  readonly latitude: number;
  readonly longitude: number;
  readonly radius: number;
}

/** What to find; each filter that is given narrows the answer. */
export interface Wanted {
  readonly country?: string | undefined;
  readonly min_population?: number | undefined;
  /** Words of the name, the last one maybe unfinished. */
  readonly q?: string | undefined;
  /** Inside a circle, nearest to its centre first; without one, most populous first. */
  readonly near?: Circle | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A place found by its position carries its distance in kilometres. */
export const FoundPlace = t.Object(
  { ...Place.public.properties, distance: t.Optional(t.Number()) },
  { $id: "FoundPlace" },
);
export type FoundPlace = Static<typeof FoundPlace>;

/** The columns of a place as it is answered. */
export const SHOWN = [
  "p.id",
  "p.name",
  "p.country",
  "p.admin",
  "p.feature",
  "p.population",
  "p.latitude",
  "p.longitude",
] as const;
type Row = Selectable<Tables["places"]>;

/** One page of places, and how many there are on all pages. */
export function find(wanted: Wanted): { total: number; items: FoundPlace[] } {
  const values = valuesOf(wanted);
  const total = values === undefined ? 0 : statementsFor(wanted).total.sync.one(values).total;
  return { total, items: total <= wanted.offset ? [] : findPage(wanted) };
}

/** The page alone, where nobody asks how many there are. */
export function findPage(wanted: Wanted): FoundPlace[] {
  const values = valuesOf(wanted);
  const rows = values === undefined ? [] : statementsFor(wanted).page.sync.all(values);
  return wanted.near === undefined ? rows : rows.map(withDistance);
}

function withDistance({ chord = 0, ...place }: FoundPlace & { readonly chord?: number }): FoundPlace {
  return { ...place, distance: kilometresOf(chord) };
}

const PARAMETERS = {
  country: t.String(),
  min: t.Integer(),
  words: t.String(),
  x: t.Number(),
  y: t.Number(),
  z: t.Number(),
  r: t.Number(),
  limit: t.Integer(),
  offset: t.Integer(),
};
const UNUSED = { country: "", min: 0, words: "", x: 0, y: 0, z: 0, r: 0 };
type Parameters = Declared<typeof PARAMETERS>;

/** What is bound for a search; undefined where no place can have its words. */
function valuesOf({ country, min_population = 0, q, near, limit, offset }: Wanted) {
  const words = q === undefined ? "" : wordsQuery(q, country);
  if (words === undefined) return undefined;
  const ball = near && { ...pointAt(near.latitude, near.longitude), r: chordOf(near.radius) };
  return { ...UNUSED, ...ball, country: country ?? "", min: min_population, words, limit, offset };
}

const FILTERS = ["country", "min_population", "q", "near"] as const;
type Filter = (typeof FILTERS)[number];

/** A way to search, by the index that it begins with. CROSS JOIN keeps the order in which it is written. */
interface Way {
  readonly from: AliasedRawBuilder<Row, "p">;
  /** What has to be looked at to count, where the places themselves have not. */
  readonly counted?: AliasedRawBuilder<Row, string>;
  /** How a place is found by what was counted. */
  readonly on?: RawBuilder<SqlBool>;
  readonly where: Partial<Record<Filter, (p: Parameters) => RawBuilder<SqlBool>>>;
  readonly order: string;
}

const BY_PROMINENCE: Way = {
  from: sql<Row>`places`.as("p"),
  where: {
    country: (p) => sql`p.country = ${p.country}`,
    min_population: (p) => sql`p.prominence >= ${p.min} << 30`,
  },
  order: "p.prominence desc",
};

/** The country is among the words. The lower 30 bits of a prominence are the id. */
const BY_NAME: Way = {
  from: sql<Row>`place_names as n cross join places`.as("p"),
  counted: sql<Row>`place_names`.as("n"),
  on: sql`p.id = n.rowid & 0x3fffffff`,
  where: {
    q: (p) => sql`place_names match ${p.words}`,
    min_population: (p) => sql`n.rowid >= ${p.min} << 30`,
  },
  order: "n.rowid desc",
};

const chord = ({ x, y, z }: Parameters) =>
  sql<number>`((p.x - ${x}) * (p.x - ${x}) + (p.y - ${y}) * (p.y - ${y}) + (p.z - ${z}) * (p.z - ${z}))`;

/** The boxes of the R*Tree have 32-bit corners, rounded outwards: the chord decides. */
const BY_POSITION: Way = {
  from: sql<Row>`place_points as b cross join places`.as("p"),
  where: {
    ...BY_PROMINENCE.where,
    near: (p) => sql`p.id = b.id
      and b.x1 >= ${p.x} - ${p.r} and b.x0 <= ${p.x} + ${p.r}
      and b.y1 >= ${p.y} - ${p.r} and b.y0 <= ${p.y} + ${p.r}
      and b.z1 >= ${p.z} - ${p.r} and b.z0 <= ${p.z} + ${p.r}
      and ${chord(p)} <= ${p.r} * ${p.r}`,
    q: (p) => sql`p.prominence in (select rowid from place_names where place_names match ${p.words})`,
  },
  order: "chord, p.prominence desc",
};

const kept = new Map<string, ReturnType<typeof prepare>>();

/** The statements of one of the sixteen combinations of filters, prepared when it is first asked for. */
function statementsFor(wanted: Wanted) {
  const given = FILTERS.filter((filter) => wanted[filter] !== undefined);
  const key = given.join();
  let statements = kept.get(key);
  if (statements === undefined) kept.set(key, (statements = prepare(given)));
  return statements;
}

function prepare(given: readonly Filter[]) {
  const way = given.includes("near") ? BY_POSITION : given.includes("q") ? BY_NAME : BY_PROMINENCE;
  const conditions = (p: Parameters) => given.flatMap((filter) => way.where[filter]?.(p) ?? []);
  const page = prepared(db, PARAMETERS, (q, p) =>
    q
      .selectFrom(way.from)
      .select(SHOWN)
      .$if(way === BY_POSITION, (query) => query.select(chord(p).as("chord")))
      .where(({ and }) => and([way.on ?? sql<SqlBool>`true`, ...conditions(p)]))
      .orderBy(sql.raw(way.order))
      .limit(p.limit)
      .offset(p.offset),
  );
  const total = prepared(db, PARAMETERS, (q, p) =>
    given.every((filter) => filter === "country")
      ? // What the table of countries knows need not be counted.
        q
          .selectFrom("countries")
          .select(sql<number>`coalesce(sum(places), 0)`.as("total"))
          .$if(given.length > 0, (query) => query.where("country", "=", p.country))
      : q
          .selectFrom(way.counted ?? way.from)
          .select(sql<number>`count(*)`.as("total"))
          .where(({ and }) => and(conditions(p))),
  );
  return { page, total };
}
