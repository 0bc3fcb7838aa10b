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
    if (prepared === undefined) kept.set(key, (prepared = prepare(db, new Set(given))));

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

function prepare(db: Database, given: ReadonlySet<Filter>): Prepared {
  const near = given.has("near");
  const words = given.has("q");
  const conditions: string[] = [];
  if (near) conditions.push(BOX, `${CHORD} <= $r * $r`);
  if (words) conditions.push(near ? "p.prominence IN (SELECT rowid FROM place_names WHERE place_names MATCH $words)" : "place_names MATCH $words");
  // Where there are words, the country is one of them.
  if (given.has("country") && !words) conditions.push("p.country = $country");
  const prominence = words && !near ? "n.rowid" : "p.prominence";
  if (given.has("min_population")) conditions.push(`${prominence} >= $min << 30`);

  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  // CROSS JOIN keeps the order in which it is written: the index that narrows most goes first.
  const [columns, from, order] = near
    ? [`${COLUMNS}, ${CHORD} AS chord`, "place_points AS b CROSS JOIN places AS p ON p.id = b.id", "chord, p.prominence DESC"]
    : words
      ? [COLUMNS, `place_names AS n CROSS JOIN places AS p ON p.id = n.rowid & ${ID_BITS}`, "n.rowid DESC"]
      : [COLUMNS, "places AS p", "p.prominence DESC"];
  const counted = words && !near ? "place_names AS n" : from;
  return {
    page: db.prepare(`SELECT ${columns} FROM ${from}${where} ORDER BY ${order} LIMIT $limit OFFSET $offset`),
    total: db.prepare(knownTotal(given) ?? `SELECT count(*) AS total FROM ${counted}${where}`),
  };
}

/** What the table of countries knows need not be counted. */
function knownTotal(given: ReadonlySet<Filter>): string | undefined {
  if (given.size === 0) return "SELECT coalesce(sum(places), 0) AS total FROM countries";
  if (given.size === 1 && given.has("country")) return "SELECT places AS total FROM countries WHERE country = $country";
  return undefined;
}

/** The boxes of the R*Tree have 32-bit corners, rounded outwards: the chord decides. */
const BOX = (["x", "y", "z"] satisfies (keyof Point)[])
  .map((axis) => `b.${axis}1 >= $${axis} - $r AND b.${axis}0 <= $${axis} + $r`)
  .join(" AND ");
const CHORD = "((p.x - $x) * (p.x - $x) + (p.y - $y) * (p.y - $y) + (p.z - $z) * (p.z - $z))";

function withDistance({ chord = 0, ...place }: FoundPlace & { chord?: number }): FoundPlace {
  return { ...place, distance: kilometresOf(chord) };
}
