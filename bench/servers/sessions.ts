// Where the peers on Bun keep their sessions.
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { caller } from "../credentials.ts";

export type Caller = typeof caller;

/** Sessions by id, each with its end. */
export interface Sessions {
  set(id: string, user: Caller): void;
  get(id: string): Caller | undefined;
  delete(id: string): void;
}

const LIFE = 14 * 86_400_000;

export function inMemory(): Sessions {
  const all = new Map<string, { readonly user: Caller; readonly end: number }>();
  return {
    set: (id, user) => void all.set(id, { user, end: Date.now() + LIFE }),
    get(id) {
      const found = all.get(id);
      return found !== undefined && found.end > Date.now() ? found.user : undefined;
    },
    delete: (id) => void all.delete(id),
  };
}

const hash = (id: string): string => Bun.SHA256.hash(id, "base64url");

/** In a file of the server's own. */
export function inSqlite(server: string): Sessions {
  const db = new Database(join(Bun.env["BENCH_DATA"] ?? "", `sessions-${server}.db`), { create: true });
  db.run("PRAGMA journal_mode = WAL");
  db.run("PRAGMA synchronous = NORMAL");
  db.run("CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, user TEXT NOT NULL, end INTEGER) WITHOUT ROWID");
  const insert = db.prepare("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)");
  const select = db.prepare<{ user: string }, [string, number]>("SELECT user FROM sessions WHERE hash = ? AND end > ?");
  const remove = db.prepare("DELETE FROM sessions WHERE hash = ?");
  return {
    set: (id, user) => void insert.run(hash(id), JSON.stringify(user), Date.now() + LIFE),
    get(id) {
      const row = select.get(hash(id), Date.now());
      return row === null ? undefined : (JSON.parse(row.user) as Caller);
    },
    delete: (id) => void remove.run(hash(id)),
  };
}
