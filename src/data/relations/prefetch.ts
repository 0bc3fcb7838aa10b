import type { Expression, Kysely, SelectQueryBuilder } from "kysely";
import { nonNull, t } from "../../schema/index.ts";
import type { Core } from "../core.ts";
import type { Row } from "../engine/index.ts";
import type { AnyModel, Relation } from "../model/index.ts";
import { prepared } from "../prepared/index.ts";
import type { Instance } from "../transaction/index.ts";
import { columnsOf, coreOf, type Ends, endsOf, modelOf, relationOf } from "./meaning.ts";
import { asked } from "./related.ts";
import {
  type AnyOptions,
  type AnyRequest,
  isSingle,
  type Loaded,
  optionsOf,
  type RelationsRequest,
} from "./request.ts";

/**
 * Gives rows that were read already the rows of their relations, by one more query for each relation, however many rows there are.
 * The rows themselves get the properties, and are returned. Related rows may have relations again, with one more query each.
 *
 * Rows need the column that the relation goes by: the foreign key for `belongsTo`, else the key. A limit would count the related rows of
 * all rows together, so it is refused: {@link related} can have one. Errors: a `TypeError` for that, for rows without the column, and
 * for a table, relation or column that the models do not have; an `Error` for a database without models.
 *
 * @example
 * const articles = await db.selectFrom("articles").selectAll().limit(20).execute();
 * await prefetch(db, "articles", articles, { author: { columns: ["name"] }, tags: true }); // 2 queries
 */
export async function prefetch<
  DB,
  T extends keyof DB & string,
  R extends object,
  const O extends RelationsRequest<DB, T>,
>(db: Instance<DB>, table: T, rows: readonly R[], relations: O): Promise<(R & Loaded<DB, T, O>)[]> {
  const core = coreOf(db as Kysely<any>);
  await load({ db: db as Kysely<any>, core }, modelOf(core, table), rows as readonly Row[], relations as AnyRequest);
  return rows as (R & Loaded<DB, T, O>)[];
}

interface Place {
  readonly db: Kysely<any>;
  readonly core: Core;
}

async function load(place: Place, model: AnyModel, rows: readonly Row[], request: AnyRequest): Promise<void> {
  for (const [name, value] of Object.entries(request)) {
    if (value !== undefined) await loadOne(place, model, rows, name, optionsOf(value));
  }
}

/** The column of the related rows that tells whose they are, until they have found them. */
const KEY = "bolide_key";

async function loadOne(
  { db, core }: Place,
  model: AnyModel,
  rows: readonly Row[],
  name: string,
  options: AnyOptions,
): Promise<void> {
  const { relation, target } = relationOf(core, model, name);
  const ends = endsOf(core, model, relation, target);
  const keys = keysOf(rows, ends.own, name);
  const found = keys.length === 0 ? [] : await read({ db, core }, { model, relation, target, ends }, options, keys);
  const groups = Map.groupBy(found, (row) => String(row[KEY]));
  for (const row of found) delete row[KEY];
  const single = isSingle(relation);
  for (const row of rows) {
    const group = groups.get(String(row[ends.own])) ?? [];
    row[name] = single ? (group[0] ?? null) : group;
  }
}

/** The values that the related rows are found by, each once. */
function keysOf(rows: readonly Row[], column: string, relation: string): unknown[] {
  const keys = new Set<unknown>();
  for (const row of rows) {
    const key = row[column];
    if (key === undefined) throw new TypeError(`prefetch: "${relation}" needs the column "${column}" in every row`);
    if (key !== null) keys.add(key);
  }
  return [...keys];
}

interface Path {
  readonly model: AnyModel;
  readonly relation: Relation;
  readonly target: AnyModel;
  readonly ends: Ends;
}

async function read(
  place: Place,
  { model, relation, target, ends }: Path,
  options: AnyOptions,
  keys: unknown[],
): Promise<Row[]> {
  const { db, core } = place;
  const { limit, offset } = asked(target, options);
  if (limit !== undefined || offset !== undefined)
    throw new TypeError("prefetch: a limit would count the related rows of all rows together; use related");
  const names = new Set(columnsOf(target, options).map((column) => column.name));
  const extra = needed(core, target, options.with).filter((column) => !names.has(column));
  const own = model.columns.get(ends.own)!;
  const query = prepared(db, { keys: t.Array(nonNull(own.schema) ?? own.schema) }, (q, p) => {
    const list = p.keys as Expression<any>;
    const base = q.selectFrom(target.table);
    const narrowed = (options.query?.(base) ?? base).select(
      [...names, ...extra].map((column) => `${target.table}.${column}`),
    );
    return relation.kind === "manyToMany"
      ? joined(q, narrowed, relation, `${target.table}.${ends.other}`, list)
      : narrowed.select(`${target.table}.${ends.other} as ${KEY}`).where(`${target.table}.${ends.other}`, "in", list);
  });
  const rows = (await query.all({ keys } as never)) as Row[];
  if (options.with !== undefined) await load(place, target, rows, options.with);
  for (const row of rows) for (const column of extra) delete row[column];
  return rows;
}

type Select = SelectQueryBuilder<any, any, any>;

/** By the table between, each of whose pairs counts once. */
function joined(
  db: Kysely<any>,
  query: Select,
  { through, column, other }: Extract<Relation, { kind: "manyToMany" }>,
  key: string,
  list: Expression<any>,
): Select {
  const pairs = db
    .selectFrom(through)
    .distinct()
    .select([`${column} as ${KEY}`, `${other} as bolide_other`])
    .where(column, "in", list)
    .as("bolide_pair");
  return query.innerJoin(pairs, "bolide_pair.bolide_other", key).select(`bolide_pair.${KEY}`);
}

/** The columns that relations of the related rows go by. */
function needed(core: Core, model: AnyModel, request: AnyRequest = {}): string[] {
  const columns = Object.entries(request).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const { relation, target } = relationOf(core, model, name);
    return [endsOf(core, model, relation, target).own];
  });
  return [...new Set(columns)];
}
