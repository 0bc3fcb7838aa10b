import type { Database, Statement } from "bun:sqlite";
import type { FoundPlace } from "./schemas.ts";
import { chordOf, kilometresOf, type Point, pointAt } from "./sphere.ts";
import { wordsQuery } from "./words.ts";

/** A circle on the map: degrees, and kilometres around. */
export interface Circle {
  readonly latitude: number;
  readonly longitude: number;
  readonly radius: number;
}

/** What to find; each filter that is given narrows the answer. */
export interface Wanted {
  readonly country?: string;
  readonly min_population?: number;
  /** Words of the name, the last one maybe unfinished. */
  readonly q?: string;
  /** Inside a circle, nearest to its centre first; without one, most populous first. */
  readonly near?: Circle | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** The columns of a place as it is answered. */
export const COLUMNS = "p.id, p.name, p.country, p.admin, p.feature, p.population, p.latitude, p.longitude";

/** The bits of a prominence that are the id. */
export const ID_BITS = 0x3fffffff;

/** Finds one page of places, and how many there are on all pages. */
export type Find = (wanted: Wanted) => { total: number; items: FoundPlace[] };

/** Makes the search over a database. Each of the sixteen combinations of filters is prepared when it is first asked for. */
export function finder(db: Database): Find {
  const kept = new Map<string, Prepared>();
  return (wanted) => {
    const words = wanted.q === undefined ? undefined : wordsQuery(wanted.q, wanted.country);
    if (wanted.q !== undefined && words === undefined) return { total: 0, items: [] };
    const given = FILTERS.filter((filter) => wanted[filter] !== undefined);
    const key = given.join();
    let prepared = kept.get(key);
    if (prepared === undefined) kept.set(key, (prepared = prepare(db, given)));

    const { country, min_population, near, limit, offset } = wanted;
    const ball = near && { ...pointAt(near.latitude, near.longitude), r: chordOf(near.radius) };
    const bound = { ...ball, country: country ?? null, min: min_population ?? null, words: words ?? null };
    const total = prepared.total.get(bound)?.total ?? 0;
    const rows = total <= offset ? [] : prepared.page.all({ ...bound, limit, offset });
    return { total, items: near === undefined ? rows : rows.map(withDistance) };
  };
}

const FILTERS = ["country", "min_population", "q", "near"] as const;
type Filter = (typeof FILTERS)[number];

type Bound = Record<string, string | number | null>;

interface Prepared {
  readonly page: Statement<FoundPlace & { chord?: number }, [Bound]>;
  readonly total: Statement<{ total: number }, [Bound]>;
}

/** The boxes of the R*Tree have 32-bit corners, rounded outwards: the chord decides. */
const BOX = (["x", "y", "z"] satisfies (keyof Point)[])
  .map((axis) => `b.${axis}1 >= $${axis} - $r AND b.${axis}0 <= $${axis} + $r`)
  .join(" AND ");
const CHORD = "((p.x - $x) * (p.x - $x) + (p.y - $y) * (p.y - $y) + (p.z - $z) * (p.z - $z))";

/** A way to search, by the index that it begins with. CROSS JOIN keeps the order in which it is written. */
interface Way {
  readonly columns: string;
  readonly from: string;
  /** What has to be looked at to count. */
  readonly counted: string;
  readonly where: Partial<Record<Filter, string>>;
  readonly order: string;
}

const BY_PROMINENCE: Way = {
  columns: COLUMNS,
  from: "places AS p",
  counted: "places AS p",
  where: { country: "p.country = $country", min_population: "p.prominence >= $min << 30" },
  order: "p.prominence DESC",
};

/** The country is among the words. */
const BY_NAME: Way = {
  columns: COLUMNS,
  from: `place_names AS n CROSS JOIN places AS p ON p.id = n.rowid & ${ID_BITS}`,
  counted: "place_names AS n",
  where: { q: "place_names MATCH $words", min_population: "n.rowid >= $min << 30" },
  order: "n.rowid DESC",
};

const BY_POSITION: Way = {
  columns: `${COLUMNS}, ${CHORD} AS chord`,
  from: "place_points AS b CROSS JOIN places AS p ON p.id = b.id",
  counted: "place_points AS b CROSS JOIN places AS p ON p.id = b.id",
  where: {
    ...BY_PROMINENCE.where,
    near: `${BOX} AND ${CHORD} <= $r * $r`,
    q: "p.prominence IN (SELECT rowid FROM place_names WHERE place_names MATCH $words)",
  },
  order: "chord, p.prominence DESC",
};

function prepare(db: Database, given: readonly Filter[]): Prepared {
  const way = given.includes("near") ? BY_POSITION : given.includes("q") ? BY_NAME : BY_PROMINENCE;
  const conditions = given.map((filter) => way.where[filter]).filter((condition) => condition !== undefined);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return {
    page: db.prepare(
      `SELECT ${way.columns} FROM ${way.from} ${where} ORDER BY ${way.order} LIMIT $limit OFFSET $offset`,
    ),
    total: db.prepare(KNOWN_TOTALS[given.join()] ?? `SELECT count(*) AS total FROM ${way.counted} ${where}`),
  };
}

/** What the table of countries knows need not be counted. By the filters that are given. */
const KNOWN_TOTALS: Readonly<Record<string, string>> = {
  "": "SELECT coalesce(sum(places), 0) AS total FROM countries",
  country: "SELECT places AS total FROM countries WHERE country = $country",
};

function withDistance({ chord = 0, ...place }: FoundPlace & { chord?: number }): FoundPlace {
  return { ...place, distance: kilometresOf(chord) };
}
