import { Database } from "bun:sqlite";
import { join } from "node:path";
import { residentMiB } from "./accounting.ts";
import type { DatabaseName } from "./databases.ts";
import { start } from "./process.ts";

/** Rows of the export. */
export const EXPORTED = 1_000_000;

/** What an export took; memory is resident memory of the server alone. */
export interface Added {
  readonly database: DatabaseName;
  readonly sentMiB: number;
  readonly beforeMiB: number;
  /** The most at any look, above what it was before. */
  readonly addedMiB: number;
  readonly seconds: number;
}

const LOOK_MILLIS = 20;
const ROWS = `select "n" as "id", 'reading number ' || "n" as "name", "n" * 1.25 as "value"`;

/** Streams all rows of a table through a server, as fast as this process takes them. */
export async function exportMemory(database: DatabaseName, address: string): Promise<Added> {
  await (database === "sqlite" ? fillSqlite(address) : fillPostgres(address));
  const program = join(import.meta.dir, "servers", "export-bolide.ts");
  const server = { name: "export", database, command: [process.execPath, program], missing: () => undefined };
  const running = await start(server, address);
  try {
    // The first rows compile the closures and open the connection.
    await read(`${running.origin}/readings/1000`);
    const beforeMiB = residentMiB(running.pid);
    let mostMiB = beforeMiB;
    const looking = setInterval(() => (mostMiB = Math.max(mostMiB, residentMiB(running.pid))), LOOK_MILLIS);
    const begun = performance.now();
    const { bytes, lines } = await read(`${running.origin}/readings/${EXPORTED}`);
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(looking);
    mostMiB = Math.max(mostMiB, residentMiB(running.pid));
    if (lines !== EXPORTED) throw new Error(`${database}: ${lines} rows came of ${EXPORTED}`);
    return { database, sentMiB: bytes / 2 ** 20, beforeMiB, addedMiB: mostMiB - beforeMiB, seconds };
  } finally {
    await running.stop();
  }
}

async function read(url: string): Promise<{ bytes: number; lines: number }> {
  let [bytes, lines] = [0, 0];
  const response = await fetch(url);
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines++;
  }
  return { bytes, lines };
}

function fillSqlite(path: string): void {
  const db = new Database(path, { readwrite: true });
  db.run(`create table "readings" ("id" integer not null primary key, "name" text not null, "value" real not null)`);
  db.run(`insert into "readings" with recursive "numbers" ("n") as
    (select 1 union all select "n" + 1 from "numbers" limit ${EXPORTED}) ${ROWS} from "numbers"`);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
}

async function fillPostgres(address: string): Promise<void> {
  const sql = new Bun.SQL(address, { max: 1 });
  await sql.unsafe(`create table "readings"
    ("id" bigint not null primary key, "name" text not null, "value" double precision not null)`);
  await sql.unsafe(`insert into "readings" ${ROWS} from generate_series(1, ${EXPORTED}) as "numbers" ("n")`);
  await sql.close();
}
