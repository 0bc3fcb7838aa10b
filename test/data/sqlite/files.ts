import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { t } from "bolide";
import { type Database, database, model, sqlite, type SqliteOptions, type TablesOf } from "../../../src/data/index.ts";

const directory = mkdtempSync(join(tmpdir(), "bolide-sqlite-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
let files = 0;

/** The path of a file that is not there yet; it goes with this process. */
export const newFile = (): string => join(directory, `${++files}.db`);

export const Note = model("notes", { id: t.PrimaryKey(), text: t.String() });
export type Notes = Database<TablesOf<{ notes: typeof Note }>>;

/** A database with the empty table `notes`. */
export async function notes(path: string = newFile(), options?: SqliteOptions): Promise<Notes> {
  const db = database(sqlite(path, options), { notes: Note });
  await sql`create table if not exists notes (id integer primary key, text text not null)`.execute(db);
  return db;
}

/** Writes notes of these texts. */
export const write = (db: Notes, ...texts: readonly string[]) =>
  db
    .insertInto("notes")
    .values(texts.map((text) => ({ text })))
    .execute();

/** The texts of all notes. */
export const texts = async (db: Notes): Promise<string[]> =>
  (await db.selectFrom("notes").select("text").orderBy("id").execute()).map(({ text }) => text);

/** Resolves when whoever waits is behind the microtasks that were there before. */
export const soon = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
