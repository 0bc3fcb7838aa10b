import { Database } from "bun:sqlite";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { results } from "./data.ts";
import { keptOnCore } from "./process.ts";

/** The databases that workloads run on. */
export type DatabaseName = "sqlite" | "postgres";

/** How one kind of data comes into a new database, and how what workloads have written there is counted. */
interface Fill {
  fillSqlite(path: string): void | Promise<void>;
  fillPostgres(url: string): Promise<void>;
  readonly WRITTEN?: string;
}

/** What there is to be in a database; loaded where it is needed. */
const FILLS = {
  blog: (): Promise<Fill> => import("./blog.ts"),
  archive: (): Promise<Fill> => import("./archive.ts"),
  conduit: (): Promise<Fill> => import("./conduit.ts"),
} as const;

/** What is in a database. */
export type Rows = keyof typeof FILLS;

/** Gives each server a database of its own, as it was in the beginning: what one has written is not in another's way. */
export interface Databases {
  /** Its address: a path, or a URL. The one that the same server had before is gone. */
  fresh(database: DatabaseName, rows: Rows, server: string): Promise<string>;
  stop(): Promise<void>;
}

/** What needs a database. */
interface Needing {
  readonly database?: DatabaseName;
  readonly rows?: Rows;
}

/** The file that servers get copies of. */
const seeded = (rows: Rows): string => join(results, `${rows}.db`);

/** Prepares the databases that are asked for. */
export async function startDatabases(needing: readonly Needing[]): Promise<Databases> {
  const on = (wanted: DatabaseName): readonly Rows[] => [
    ...new Set(needing.flatMap(({ database, rows }) => (database === wanted ? (rows ?? []) : []))),
  ];
  for (const rows of on("sqlite")) {
    removeSqlite(seeded(rows));
    await (await FILLS[rows]()).fillSqlite(seeded(rows));
  }
  const inPostgres = on("postgres");
  const postgres = inPostgres.length === 0 ? undefined : await startPostgres(inPostgres);
  return {
    async fresh(database, rows, server) {
      if (database === "postgres") {
        if (postgres === undefined) throw new Error("PostgreSQL was not started");
        return postgres.fresh(rows, server);
      }
      const path = join(results, `${rows}-${server}.db`);
      removeSqlite(path);
      copyFileSync(seeded(rows), path);
      return path;
    },
    async stop() {
      await postgres?.stop();
    },
  };
}

function removeSqlite(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

interface Postgres {
  fresh(rows: Rows, server: string): Promise<string>;
  stop(): Promise<void>;
}

/** Why the workloads on PostgreSQL cannot run here; `undefined` when they can. */
export async function postgresMissing(): Promise<string | undefined> {
  // Looks for the server's programs as it is loaded, so only where it is needed; it says itself what is missing.
  const { noPostgres } = await import("../test/data/servers/index.ts");
  return noPostgres ? "PostgreSQL is not installed (`apt-get install postgresql`)" : undefined;
}

const nameOf = (url: URL): string => url.pathname.slice(1);

/** PostgreSQL shares a core with wrk, so that the other belongs to the server that is measured. */
async function startPostgres(wanted: readonly Rows[]): Promise<Postgres> {
  const { startPostgres: start } = await import("../test/data/servers/index.ts");
  const server = await keptOnCore(1, start);
  const templates = new Map<Rows, URL>();
  for (const rows of wanted) {
    const url = await server.database();
    await (await FILLS[rows]()).fillPostgres(url);
    templates.set(rows, new URL(url));
  }
  const administrator = new URL([...templates.values()][0]!);
  administrator.pathname = "/postgres";
  const sql = new Bun.SQL(administrator.href, { max: 1 });
  return {
    async fresh(rows, name) {
      const template = templates.get(rows);
      if (template === undefined) throw new Error(`PostgreSQL has no ${rows}`);
      const database = `${rows}_${name.replaceAll("-", "_")}`;
      await sql.unsafe(`drop database if exists ${database} with (force)`);
      await sql.unsafe(`create database ${database} template ${nameOf(template)}`);
      const own = new URL(template);
      own.pathname = `/${database}`;
      return own.href;
    },
    async stop() {
      await sql.close();
      await server.stop();
    },
  };
}

/** Counts what workloads write, beside the server that writes. */
export async function written(address: string, rows: Rows): Promise<Readonly<Record<string, unknown>>> {
  const { WRITTEN = "select 0" } = await FILLS[rows]();
  if (!address.startsWith("postgres:")) {
    const db = new Database(address, { readonly: true });
    const [row] = db.query<Record<string, unknown>, []>(WRITTEN).all();
    db.close();
    return row ?? {};
  }
  const sql = new Bun.SQL(address, { max: 1 });
  const [row]: Record<string, unknown>[] = await sql.unsafe(WRITTEN);
  await sql.close();
  return row ?? {};
}
