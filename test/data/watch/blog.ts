import { sql } from "kysely";
import { t } from "bolide";
import {
  type Database,
  database,
  type DatabaseOptions,
  model,
  sqlite,
  type TablesOf,
} from "../../../src/data/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  name: t.String(),
  password: t.String({ writeOnly: true }),
  note: t.Nullable(t.String({ writeOnly: true })),
});
const Article = model("articles", {
  id: t.PrimaryKey(),
  authorId: t.ForeignKey("users.id"),
  title: t.String(),
});

const models = { users: User, articles: Article };
export type Tables = TablesOf<typeof models>;

/** Two users and eight articles in memory. */
export async function blog(options?: DatabaseOptions): Promise<Database<Tables>> {
  const db = database(sqlite(":memory:"), models, options);
  await sql`create table users (id integer primary key, name text not null, password text not null, note text)`.execute(
    db,
  );
  await sql`create table articles (id integer primary key, "authorId" integer not null, title text not null)`.execute(
    db,
  );
  await sql`insert into users values (1, 'Ada', 'x', null), (2, 'Grace', 'y', null)`.execute(db);
  for (let id = 1; id <= 8; id++)
    await sql`insert into articles values (${id}, ${(id % 2) + 1}, ${`no ${id}`})`.execute(db);
  return db;
}
