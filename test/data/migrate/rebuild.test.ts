import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { Kysely, sql, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { database } from "../../../src/data/database.ts";
import { type AnyDatabase, alterTable, migrateUp, rebuildTable } from "../../../src/data/migrate/index.ts";
import { sqlite } from "../../../src/data/sqlite/index.ts";

async function library(): Promise<AnyDatabase & AsyncDisposable> {
  const db: AnyDatabase = database(sqlite(":memory:")) as AnyDatabase;
  for (const text of [
    "create table authors (id integer primary key autoincrement, name text collate nocase not null, born int)",
    "create table books (id integer primary key, authorId int not null references authors (id) on delete cascade, title text)",
    "create table log (line text)",
    "create unique index authors_name on authors (name)",
    "create index authors_old on authors (born) where born < 1900",
    "create trigger authors_log after update on authors begin insert into log values (new.name); end",
    "create view shelf as select name, title from authors join books on authors.id = authorId",
    "insert into authors values (1, 'Ada', 1815), (7, 'Zoe', 1990)",
    "delete from authors where id = 7",
    "insert into books values (1, 1, 'Notes')",
  ]) {
    await sql.raw(text).execute(db);
  }
  return db;
}

const rows = async (db: AnyDatabase, text: string) => (await sql.raw(text).execute(db)).rows;

test("a rebuild keeps rows, indexes, triggers, views, the rows that refer to it, and how far its keys were counted", async () => {
  await using db = await library();
  const before = await rows(db, "select type, name, sql from sqlite_schema where name <> 'authors' order by name");
  await alterTable(db, "authors")
    .changeColumn("born", "text", (column) => column.notNull().defaultTo("unknown"))
    .execute();
  expect(await rows(db, "select sql from sqlite_schema where name = 'authors'")).toEqual([
    {
      sql: `CREATE TABLE "authors" ("id" integer primary key autoincrement, "name" text collate nocase not null, "born" text default 'unknown' not null)`,
    },
  ]);
  expect(await rows(db, "select type, name, sql from sqlite_schema where name <> 'authors' order by name")).toEqual(
    before,
  );
  expect(await rows(db, "select * from shelf")).toEqual([{ name: "Ada", title: "Notes" }]);
  await sql`update authors set name = 'ADA'`.execute(db);
  expect(await rows(db, "select line from log")).toEqual([{ line: "ADA" }]);
  await sql`insert into authors (name) values ('New')`.execute(db);
  expect(await rows(db, "select id, born from authors")).toEqual([
    { id: 1, born: "1815" },
    { id: 8, born: "unknown" },
  ]);
  expect(await rows(db, "pragma foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  expect(sql`insert into books (authorId) values (99)`.execute(db)).rejects.toThrow("FOREIGN KEY");
});

test("rowids stay where no column stands for them", async () => {
  await using db = await library();
  await sql`insert into log (rowid, line) values (5, 'a'), (9, 'b')`.execute(db);
  await alterTable(db, "log")
    .addCheckConstraint("log_line_check", sql`line <> ''`)
    .execute();
  expect(await rows(db, "select rowid, line from log")).toEqual([
    { rowid: 5, line: "a" },
    { rowid: 9, line: "b" },
  ]);
});

test("the index of a dropped column goes with it", async () => {
  await using db = await library();
  await alterTable(db, "authors").dropColumn("born").execute();
  expect(await rows(db, "select name from sqlite_schema where type = 'index'")).toEqual([{ name: "authors_name" }]);
});

const FAULTS: readonly (readonly [what: string, act: (db: AnyDatabase) => Promise<void>, told: string])[] = [
  [
    "a view that is broken by it",
    (db) => alterTable(db, "books").dropColumn("title").execute(),
    'the view "shelf" does not fit the changed table "books": no such column: title',
  ],
  [
    "rows that the new definition refuses",
    (db) =>
      alterTable(db, "authors")
        .addCheckConstraint("c", sql`born > 1900`)
        .execute(),
    "CHECK constraint failed: c",
  ],
  [
    "a foreign key without its row",
    (db) => alterTable(db, "authors").addForeignKeyConstraint("f", ["born"], "books", ["id"]).execute(),
    "Foreign keys are broken: 1 row refers from authors to nothing in books. Everything was rolled back",
  ],
  [
    "a table that is not there",
    (db) => rebuildTable(db, "none", (same) => same),
    'there is no table "none" to rebuild',
  ],
  [
    "a column that is not there",
    (db) => alterTable(db, "authors").dropColumn("none").execute(),
    'alterTable "authors": there is no column "none"',
  ],
  [
    "a constraint that is not there",
    (db) => alterTable(db, "authors").dropConstraint("none").execute(),
    'alterTable "authors": there is no constraint "none"',
  ],
];

test.each(FAULTS)("a rebuild fails, and changes nothing: %s", async (_, act, told) => {
  await using db = await library();
  const schema = "select type, name, sql from sqlite_schema order by name";
  const before = await rows(db, schema);
  expect(
    await act(db).then(
      () => "done",
      (error: Error) => error.message,
    ),
  ).toBe(told);
  expect(await rows(db, schema)).toEqual(before);
  expect(await rows(db, "select * from shelf")).toEqual([{ name: "Ada", title: "Notes" }]);
  expect(await rows(db, "pragma foreign_keys")).toEqual([{ foreign_keys: 1 }]);
});

test("inside of a transaction that enforces foreign keys a rebuild is refused, as it could delete rows of other tables", async () => {
  await using db = await library();
  const act = db.transaction().execute((trx) => alterTable(trx, "authors").dropColumn("born").execute());
  expect(await act.catch((error: Error) => error.message)).toStartWith(
    "A table cannot be rebuilt inside of a transaction that enforces foreign keys: run the migration with migrateUp",
  );
});

test("Kysely's own dialect and its own migrator can run the same migration", async () => {
  const migrations = {
    "0001_books": {
      up: (db: AnyDatabase) =>
        db.schema
          .createTable("books")
          .addColumn("id", "integer", (column) => column.primaryKey())
          .addColumn("pages", "integer")
          .execute(),
    },
    "0002_pages": { up: (db: AnyDatabase) => alterTable(db, "books").changeColumn("pages", "text").execute() },
  };
  const make = () => new Kysely<any>({ dialect: new SqliteDialect({ database: new Database(":memory:") as never }) });
  await using first = make();
  const { error } = await new Migrator({
    db: first,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  expect(error).toBeUndefined();
  await using second = make();
  expect(await migrateUp(second, migrations)).toEqual(["0001_books", "0002_pages"]);
  for (const db of [first, second])
    expect(await rows(db, "select sql from sqlite_schema where name = 'books'")).toEqual([
      { sql: 'CREATE TABLE "books" ("id" integer primary key, "pages" text)' },
    ]);
});
