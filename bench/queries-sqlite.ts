import { Database } from "bun:sqlite";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { t } from "bolide";
import { database, model, prepared, sqlite } from "bolide/data";
import { median } from "./statistics.ts";

/** One query by both ways; of times in nanoseconds a lower one is better, of queries a second a higher one. */
export interface Versus {
  readonly name: string;
  readonly raw: number;
  readonly bolide: number;
  /** Bolide over raw, the median of the rounds. */
  readonly ratio: number;
  /** Whether the bar is about it. */
  readonly bar: boolean;
}

const CALLS = 2000;
const ROUNDS = 41;
const WARM_UP = 60_000;

const Article = model("articles", {
  id: t.PrimaryKey(),
  authorId: t.Integer(),
  title: t.String(),
  summary: t.Nullable(t.String()),
  views: t.Integer({ format: "int32" }),
  published: t.Boolean(),
});
const Event = model("events", { id: t.PrimaryKey(), name: t.String(), at: t.Timestamp() });

interface Pair {
  readonly name: string;
  readonly bar: boolean;
  readonly raw: (id: number) => unknown;
  readonly bolide: (id: number) => unknown;
}

const ids = (call: number): number => 1 + ((call * 7) % 19_000);

function nanosPerCall(run: (id: number) => unknown, calls: number): number {
  const start = Bun.nanoseconds();
  for (let call = 0; call < calls; call++) run(ids(call));
  return (Bun.nanoseconds() - start) / calls;
}

/** `prepared` beside a kept statement of `bun:sqlite` that reads the same rows from a copy of the same file. */
export async function overRaw(path: string, folder: string, quick: boolean): Promise<readonly Versus[]> {
  addEvents(path);
  const copy = join(folder, "blog-queries-raw.db");
  copyFileSync(path, copy);
  const native = new Database(copy, { readonly: true });
  const db = database(sqlite(path), { articles: Article, events: Event });
  const columns = ["id", "authorId", "title", "summary", "views", "published"] as const;
  const listed = columns.map((name) => `"${name}"`).join(", ");
  const id = { id: t.Integer() };

  const one = prepared(db, id, (q, p) => q.selectFrom("articles").select(columns).where("id", "=", p.id));
  const ten = prepared(db, id, (q, p) =>
    q.selectFrom("articles").select(columns).where("id", ">", p.id).orderBy("id").limit(10),
  );
  const dated = prepared(db, id, (q, p) => q.selectFrom("events").selectAll().where("id", ">", p.id).limit(10));
  const rawOne = native.prepare<{ published: number | boolean }, [number]>(
    `select ${listed} from "articles" where "id" = ?`,
  );
  const rawTen = native.prepare<{ published: number | boolean }, [number]>(
    `select ${listed} from "articles" where "id" > ? order by "id" limit 10`,
  );
  const rawDated = native.prepare<{ at: string | Date }, [number]>(`select * from "events" where "id" > ? limit 10`);

  const pairs: readonly Pair[] = [
    {
      name: "1 row, a boolean in it",
      bar: false,
      raw: (id) => {
        const row = rawOne.get(id);
        if (row !== null) row.published = row.published === 1;
        return row;
      },
      bolide: (id) => one.first({ id }),
    },
    {
      name: "10 rows, a boolean in each",
      bar: true,
      raw: (id) => {
        const rows = rawTen.all(id);
        for (const row of rows) row.published = row.published === 1;
        return rows;
      },
      bolide: (id) => ten.all({ id }),
    },
    {
      name: "10 rows, a timestamp in each, of which both make a `Date`",
      bar: false,
      raw: (id) => {
        const rows = rawDated.all(id);
        for (const row of rows) row.at = new Date(row.at);
        return rows;
      },
      bolide: (id) => dated.all({ id }),
    },
    {
      name: "10 rows, a timestamp in each, left as text by raw",
      bar: false,
      raw: (id) => rawDated.all(id),
      bolide: (id) => dated.all({ id }),
    },
  ];
  for (const { name, raw, bolide } of pairs) {
    if (JSON.stringify(raw(4711)) !== JSON.stringify(bolide(4711))) throw new Error(`${name}: the rows differ`);
  }
  const found = pairs.map((pair) => compared(pair, quick));
  await db.destroy();
  native.close();
  return found;
}

function compared({ name, bar, raw, bolide }: Pair, quick: boolean): Versus {
  for (const run of [raw, bolide]) nanosPerCall(run, quick ? CALLS : WARM_UP);
  const times: { readonly raw: number; readonly bolide: number }[] = [];
  for (let round = 0; round < (quick ? 3 : ROUNDS); round++) {
    times.push({ raw: nanosPerCall(raw, CALLS), bolide: nanosPerCall(bolide, CALLS) });
  }
  return {
    name,
    bar,
    raw: median(times.map((one) => one.raw)),
    bolide: median(times.map((one) => one.bolide)),
    ratio: median(times.map((one) => one.bolide / one.raw)),
  };
}

function addEvents(path: string): void {
  const db = new Database(path, { readwrite: true });
  db.run(
    `create table "events" ("id" integer not null primary key, "name" text not null, "at" timestamp text not null)`,
  );
  db.run(`insert into "events" select "id", "title",
    strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + "id" * 61.037, 'unixepoch') from "articles"`);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
}
