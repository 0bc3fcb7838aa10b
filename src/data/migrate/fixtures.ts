import { sql } from "kysely";
import type { AnyModel, Column } from "../model/index.ts";
import { dialectOf } from "../dialect.ts";
import { MOST_PARAMETERS } from "../query/chunks.ts";
import type { AnyDatabase } from "./any-database.ts";
import { type Fixture, sourceOf } from "./fixture-rows.ts";

/** How far a load is. */
export interface FixtureProgress {
  readonly rows: number;
  /** From 0 to 1, where it can be told. */
  readonly part: number | undefined;
}

/** How fixtures are loaded. */
export interface FixtureOptions {
  /** Rows that are inserted together; default 500, and fewer where a row has many columns. */
  readonly chunk?: number;
  /** Called after each chunk. */
  readonly onProgress?: (progress: FixtureProgress) => void;
}

const CHUNK = 500;

/**
 * Inserts rows of a model, in chunks and in one transaction: a list, anything that can be iterated, or the path of a file of JSON
 * (`.json`, one array) or NDJSON (`.ndjson`, `.jsonl`, a row a line, read as it comes). Returns their number. Keys that were given
 * are counted on from. Errors: an `Error` that names the row, for one that is no object or has a column that the model has not.
 *
 * @example
 * await loadFixtures(db, User, [{ id: 1, email: "ada@example.com", createdAt: "2026-11-22T08:00:00Z" }]); // 1
 * await loadFixtures(db, Place, "seeds/places.ndjson", { onProgress: progressBar("places") });
 */
export async function loadFixtures(
  db: AnyDatabase,
  model: AnyModel,
  rows: string | Iterable<Fixture> | AsyncIterable<Fixture>,
  { chunk = CHUNK, onProgress = () => {} }: FixtureOptions = {},
): Promise<number> {
  const size = Math.max(1, Math.min(chunk, Math.floor(MOST_PARAMETERS[dialectOf(db)] / model.columns.size)));
  const source = sourceOf(rows);
  const load = async (transaction: AnyDatabase): Promise<number> => {
    let count = 0;
    let pending: Fixture[] = [];
    const flush = async () => {
      if (pending.length === 0) return;
      await insert(transaction, model, pending);
      count += pending.length;
      pending = [];
      onProgress({ rows: count, part: source.part(count) });
    };
    for await (const row of source.rows) {
      pending.push(converted(model, row, count + pending.length + 1));
      if (pending.length === size) await flush();
    }
    await flush();
    if (count > 0) await countOn(transaction, model);
    return count;
  };
  return db.isTransaction ? load(db) : db.transaction().execute(load);
}

function converted(model: AnyModel, row: unknown, number: number): Fixture {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw new Error(`row ${number} of ${model.table} is no object`);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const column = model.columns.get(name);
      if (column === undefined)
        throw new Error(`row ${number} of ${model.table} has "${name}", which is no column of it`);
      try {
        return [name, fromJson(column, value)];
      } catch (error) {
        throw new Error(`row ${number} of ${model.table}, "${name}": ${(error as Error).message}`, { cause: error });
      }
    }),
  );
}

function fromJson({ kind }: Column, value: unknown): unknown {
  if (typeof value === "string") {
    if (kind === "timestamp") return momentOf(value);
    if (kind === "bytes") return Uint8Array.fromBase64(value);
    if (kind === "bigint") return BigInt(value);
  }
  return kind === "bigint" && typeof value === "number" ? BigInt(value) : value;
}

function momentOf(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new RangeError(`${JSON.stringify(text)} is no moment`);
  return moment;
}

/** Rows of the same columns go together: what one lacks is its default, not null. */
async function insert(db: AnyDatabase, { table }: AnyModel, rows: readonly Fixture[]): Promise<void> {
  const alike = Map.groupBy(rows, (row) => Object.keys(row).toSorted().join("\n"));
  for (const group of alike.values()) await db.insertInto(table).values(group).execute();
}

/** PostgreSQL's identity goes by its own counter, whatever keys were inserted. */
async function countOn(db: AnyDatabase, { table, columns }: AnyModel): Promise<void> {
  const counted = [...columns.values()].find(({ generated }) => generated === "identity");
  if (counted === undefined || dialectOf(db) !== "postgres") return;
  const sequence = sql`pg_get_serial_sequence(${sql.lit(`"${table.replaceAll('"', '""')}"`)}, ${sql.lit(counted.name)})`;
  await sql`select setval(${sequence}, greatest((select max(${sql.ref(counted.name)}) from ${sql.table(table)}), 1))`.execute(
    db,
  );
}
