import { database, postgres, sqlite, type TablesOf } from "bolide/data";
import { models } from "./models.ts";

const { DATABASE_URL, REALWORLD_DB = ".bolide/realworld.db" } = Bun.env;

/** PostgreSQL where `DATABASE_URL` says so, else one SQLite file. It is opened by the first query. */
export const db = database(DATABASE_URL ? postgres(DATABASE_URL) : sqlite(REALWORLD_DB), models);

export type Tables = TablesOf<typeof models>;
