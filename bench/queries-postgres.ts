import { SQL } from "bun";
import { t } from "bolide";
import { database, model, postgres, prepared } from "bolide/data";
import type { Versus } from "./queries-sqlite.ts";
import { median } from "./statistics.ts";

const IN_FLIGHT = 64;
const QUERIES = 6000;
const ROUNDS = 15;
const POOL = 10;

// The columns need no decoding, so that what is compared is how statements are sent.
const Article = model("articles", {
  id: t.PrimaryKey(),
  title: t.String(),
  views: t.Integer({ format: "int32" }),
  published: t.Boolean(),
});

type Query = (id: number) => Promise<unknown>;

/** Queries a second of workers that each send their next query when the last one is answered. */
async function throughput(query: Query, queries: number): Promise<number> {
  let sent = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (sent < queries) await query(1 + ((sent++ * 7) % 19_000));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (queries / (performance.now() - start)) * 1000;
}

/** `prepared` beside `unsafe` of a Bun.SQL pool with as many connections, which keeps its statements prepared too. */
export async function inFlight(address: string, quick: boolean): Promise<readonly Versus[]> {
  const sql = new SQL(address, { max: POOL });
  const db = database(postgres(address, { max: POOL }), { articles: Article });
  const id = { id: t.Integer() };
  const columns = ["title", "views", "published"] as const;
  const one = prepared(db, id, (q, p) => q.selectFrom("articles").select(columns).where("id", "=", p.id));
  const ten = prepared(db, id, (q, p) =>
    q.selectFrom("articles").select(columns).where("id", ">", p.id).orderBy("id").limit(10),
  );
  const rawOne = `select "title", "views", "published" from "articles" where "id" = $1`;
  const rawTen = `select "title", "views", "published" from "articles" where "id" > $1 order by "id" limit 10`;
  const pairs: readonly (readonly [name: string, raw: Query, bolide: Query])[] = [
    ["1 row", async (id) => sql.unsafe(rawOne, [id]), async (id) => one.all({ id })],
    ["10 rows", async (id) => sql.unsafe(rawTen, [id]), async (id) => ten.all({ id })],
  ];
  const found: Versus[] = [];
  for (const [name, raw, bolide] of pairs) {
    if (JSON.stringify(await raw(4711)) !== JSON.stringify(await bolide(4711)))
      throw new Error(`${name}: the rows differ`);
    found.push(await compared(name, raw, bolide, quick));
  }
  await db.destroy();
  await sql.close();
  return found;
}

async function compared(name: string, raw: Query, bolide: Query, quick: boolean): Promise<Versus> {
  for (const query of [raw, bolide]) await throughput(query, quick ? 500 : 2 * QUERIES);
  const rounds: { readonly raw: number; readonly bolide: number }[] = [];
  for (let round = 0; round < (quick ? 3 : ROUNDS); round++) {
    rounds.push({ raw: await throughput(raw, QUERIES), bolide: await throughput(bolide, QUERIES) });
  }
  return {
    name,
    bar: true,
    raw: median(rounds.map((one) => one.raw)),
    bolide: median(rounds.map((one) => one.bolide)),
    ratio: median(rounds.map((one) => one.bolide / one.raw)),
  };
}
