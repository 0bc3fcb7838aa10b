import { expect, setDefaultTimeout, test } from "bun:test";
import { t } from "../../../src/schema/index.ts";
import { type AnyModel, model } from "../../../src/data/model/index.ts";
import { describeChange } from "../../../src/data/migrate/diff/change.ts";
import { difference } from "../../../src/data/migrate/diff/diff.ts";
import { renameQuestions } from "../../../src/data/migrate/diff/rename.ts";
import { warningsOf } from "../../../src/data/migrate/diff/warnings.ts";
import { renameHints, shapeOf } from "../../../src/data/migrate/shape/models.ts";
import { EMPTY } from "../../../src/data/migrate/shape/shape.ts";
import { parseSnapshot, printSnapshot } from "../../../src/data/migrate/shape/snapshot.ts";
import { writeBarrel } from "../../../src/data/migrate/write/barrel.ts";
import { writeMigration } from "../../../src/data/migrate/write/migration.ts";
import { migrationTitle } from "../../../src/data/migrate/write/title.ts";
import { checkedModule } from "./generated.ts";

setDefaultTimeout(60_000);

const models = (...all: readonly unknown[]): readonly AnyModel[] => all as readonly AnyModel[];

const FIRST = models(
  model("users", {
    id: t.PrimaryKey(),
    email: t.String({ format: "email", unique: true }),
    bio: t.Nullable(t.String()),
    role: t.StringEnum(["admin", "member"], { default: "member" }),
    createdAt: t.Timestamp({ default: "now" }),
  }),
  model(
    "articles",
    {
      id: t.PrimaryKey("uuid"),
      authorId: t.ForeignKey("users.id", { onDelete: "cascade" }),
      title: t.String({ maxLength: 200 }),
      prefs: t.Json(t.Object({ a: t.Integer() }, { default: { a: 1 } })),
    },
    { indexes: [["authorId", "title"]] },
  ),
);

const SECOND = models(
  model(
    "people",
    {
      id: t.PrimaryKey(),
      email: t.String({ format: "email", unique: true }),
      about: t.String({ default: "", renamedFrom: "bio" }),
      role: t.StringEnum(["admin", "member", "guest"], { default: "member" }),
      createdAt: t.Timestamp({ default: "now" }),
    },
    { renamedFrom: "users" },
  ),
  model("articles", {
    id: t.PrimaryKey("uuid"),
    authorId: t.ForeignKey("people.id", { onDelete: "cascade" }),
    title: t.String({ maxLength: 100 }),
  }),
);

test("the first migration is a Kysely migration that a person can read, and type-checks", async () => {
  const source = writeMigration(difference(EMPTY, shapeOf(FIRST)));
  expect(source).toBe(`import { type AnyDatabase, columnTypes, isOneOf } from "bolide/data";

export async function up(db: AnyDatabase): Promise<void> {
  const type = columnTypes(db);
  await db.schema
    .createTable("users")
    .addColumn("id", type.integer, type.identity)
    .addColumn("email", type.keyText, (column) => column.notNull())
    .addColumn("bio", type.text())
    .addColumn("role", type.oneOf(["admin", "member"]), (column) => column.notNull().defaultTo("member"))
    .addColumn("createdAt", type.timestamp, (column) => column.notNull().defaultTo(type.now))
    .addCheckConstraint("users_role_check", isOneOf("role", ["admin", "member"]))
    .execute();
  await db.schema
    .createTable("articles")
    .addColumn("id", type.uuid, (column) => column.notNull().primaryKey().defaultTo(type.randomUuid))
    .addColumn("authorId", type.integer, (column) => column.notNull())
    .addColumn("title", type.text(200), (column) => column.notNull())
    .addColumn("prefs", type.json, (column) => column.notNull().defaultTo(type.literal({"a":1})))
    .addForeignKeyConstraint("articles_authorId_foreign", ["authorId"], "users", ["id"], (key) => key.onDelete("cascade"))
    .execute();
  await db.schema
    .createIndex("users_email_unique")
    .unique()
    .on("users")
    .column("email")
    .execute();
  await db.schema.createIndex("articles_authorId_index").on("articles").column("authorId").execute();
  await db.schema.createIndex("articles_authorId_title_index").on("articles").columns(["authorId", "title"]).execute();
}

export async function down(db: AnyDatabase): Promise<void> {
  await db.schema.dropTable("articles").execute();
  await db.schema.dropTable("users").execute();
}
`);
  await checkedModule(source);
});

test("the next one renames by hints, fills before it forbids null, warns, and knows the way back", async () => {
  const first = difference(EMPTY, shapeOf(FIRST));
  const second = difference(first.result, shapeOf(SECOND), renameHints(SECOND));
  const source = writeMigration(second, warningsOf(second.up, second.before));
  expect(source).toBe(`import { alterTable, type AnyDatabase, columnTypes, isOneOf } from "bolide/data";

export async function up(db: AnyDatabase): Promise<void> {
  // Warning: articles.title changes from a text of 200 to a text of 100.
  // Warning: articles.prefs is dropped with its values.
  const type = columnTypes(db);
  await db.schema.alterTable("users").renameTo("people").execute();
  await alterTable(db, "people").renameColumn("bio", "about").execute();
  await alterTable(db, "articles").dropIndex("articles_authorId_title_index").execute();
  await alterTable(db, "articles")
    .changeColumn("title", type.text(100), (column) => column.notNull())
    .dropColumn("prefs")
    .execute();
  await db.updateTable("people").set({ about: type.literal("") }).where("about", "is", null).execute();
  await alterTable(db, "people")
    .dropConstraint("users_role_check")
    .changeColumn("about", type.text(), (column) => column.notNull().defaultTo(type.literal("")))
    .addCheckConstraint("people_role_check", isOneOf("role", ["admin", "member", "guest"]))
    .execute();
}

export async function down(db: AnyDatabase): Promise<void> {
  const type = columnTypes(db);
  await alterTable(db, "articles")
    .addColumn("prefs", type.json, (column) => column.notNull().defaultTo(type.literal({"a":1})))
    .changeColumn("title", type.text(200), (column) => column.notNull())
    .execute();
  await alterTable(db, "people")
    .dropConstraint("people_role_check")
    .changeColumn("about", type.text())
    .addCheckConstraint("users_role_check", isOneOf("role", ["admin", "member"]))
    .execute();
  await db.schema.createIndex("articles_authorId_title_index").on("articles").columns(["authorId", "title"]).execute();
  await alterTable(db, "people").renameColumn("about", "bio").execute();
  await db.schema.alterTable("people").renameTo("users").execute();
}
`);
  await checkedModule(source);
  expect(second.up.flatMap(describeChange)).toEqual([
    "rename table users to people",
    "people: rename column bio to about",
    "articles: drop index on authorId, title",
    "articles: change column title",
    "articles: drop column prefs",
    "people: fill about with its default where it is null",
    "people: drop the check of role",
    "people: change column about",
    "people: allow role only admin, member, guest",
  ]);
  expect(migrationTitle(second.up)).toBe("rename_users_to_people");
  expect(difference(second.result, shapeOf(SECOND), renameHints(SECOND)).up).toEqual([]);
});

test("a snapshot says everything again that the next comparison needs", () => {
  const { result } = difference(EMPTY, shapeOf(FIRST));
  expect(parseSnapshot(printSnapshot(result))).toEqual(result);
  expect(difference(parseSnapshot(printSnapshot(result)), shapeOf(FIRST)).up).toEqual([]);
  expect(() => parseSnapshot('{"version":2,"tables":{}}')).toThrow("its version is 2, and this Bolide knows 1");
});

test("the barrel imports every migration where a bundler sees it", async () => {
  expect(writeBarrel(["0002_b-c", "0001_a"])).toBe(`// Written by bolide migrate make.
import type { Migrations } from "bolide/data";
import * as m0001_a from "./0001_a.ts";
import * as m0002_b_c from "./0002_b-c.ts";

export const migrations: Migrations = {
  "0001_a": m0001_a,
  "0002_b-c": m0002_b_c,
};
`);
  await checkedModule(writeBarrel([]));
});

const note = (columns: Parameters<typeof model>[1]): readonly AnyModel[] =>
  models(model("notes", { id: t.PrimaryKey(), ...columns }));

test("what may be a rename is asked: of columns of one kind, of tables that share half of their columns", () => {
  const before = shapeOf([
    ...note({ text: t.String(), size: t.Integer() }),
    ...models(model("old", { id: t.PrimaryKey(), a: t.String() })),
  ]);
  const after = shapeOf([
    ...note({ body: t.String(), flag: t.Boolean() }),
    ...models(model("new", { id: t.PrimaryKey(), a: t.String() })),
  ]);
  const none = { tables: {}, columns: {} };
  expect(renameQuestions(before, after, none)).toEqual([
    { table: undefined, name: "new", candidates: ["old"] },
    { table: "notes", name: "body", candidates: ["text"] },
  ]);
  expect(renameQuestions(before, after, { tables: { new: "old" }, columns: { "notes.body": "text" } })).toEqual([]);
});

const WARNINGS: readonly (readonly [
  what: string,
  from: Parameters<typeof note>[0],
  to: Parameters<typeof note>[0],
  told: readonly string[],
])[] = [
  ["a dropped column", { a: t.String() }, {}, ["loss: notes.a is dropped with its values"]],
  [
    "a shorter text",
    { a: t.String() },
    { a: t.String({ maxLength: 5 }) },
    ["loss: notes.a changes from text to a text of 5"],
  ],
  ["a longer text", { a: t.String({ maxLength: 5 }) }, { a: t.String() }, []],
  [
    "a narrower number",
    { a: t.Integer() },
    { a: t.Integer({ format: "int32" }) },
    ["loss: notes.a changes from integer to int32"],
  ],
  ["a wider number", { a: t.Integer({ format: "int32" }) }, { a: t.Integer() }, []],
  [
    "a decimal with fewer digits",
    { a: t.Decimal({ precision: 10, scale: 4 }) },
    { a: t.Decimal({ precision: 10, scale: 5 }) },
    ["loss: notes.a changes from decimal(10, 4) to decimal(10, 5)"],
  ],
  [
    "a column that is never null",
    {},
    { a: t.String() },
    ["refusal: notes.a is new, never null and has no default: rows that are there have no value for it"],
  ],
  ["a new column with a default", {}, { a: t.String({ default: "" }) }, []],
  [
    "null that is no longer allowed",
    { a: t.Nullable(t.String()) },
    { a: t.String() },
    ["refusal: notes.a is never null from now on and has no default: rows without a value are in the way"],
  ],
  [
    "a value of an enum that goes",
    { a: t.StringEnum(["x", "y"]) },
    { a: t.StringEnum(["x"]) },
    ["refusal: notes.a allows y no more: rows with it are in the way"],
  ],
  ["a value of an enum that comes", { a: t.StringEnum(["x"]) }, { a: t.StringEnum(["x", "y"]) }, []],
  [
    "a unique index on what is there",
    { a: t.Integer() },
    { a: t.Integer({ unique: true }) },
    ["refusal: notes: rows that share a are in the way of its unique index"],
  ],
  [
    "a foreign key on what is there",
    { a: t.Integer({ index: true }) },
    { a: t.ForeignKey("notes.id") },
    ["refusal: notes: rows whose a is not in notes are in the way of the foreign key"],
  ],
];

test.each(WARNINGS)("warnings: %s", (_, from, to, told) => {
  const { up, before } = difference(shapeOf(note(from)), shapeOf(note(to)));
  expect(warningsOf(up, before).map((warning) => `${warning.kind}: ${warning.told}`)).toEqual([...told]);
});

test("names that are too long for a database are cut so that no two are the same", () => {
  const long = "a".repeat(80);
  const { tables } = shapeOf(
    note({ [`${long}1`]: t.Integer({ unique: true }), [`${long}2`]: t.Integer({ unique: true }) }),
  );
  const names = tables["notes"]!.indexes.map(({ name }) => name);
  expect(names.map((name) => name.length)).toEqual([63, 63]);
  expect(names[0]!.slice(0, 54)).toBe(names[1]!.slice(0, 54));
  expect(names[0]).not.toBe(names[1]);
});

test("a reference to what no model has, and two models of one table, are refused", () => {
  expect(() => shapeOf(note({ a: t.ForeignKey("none.id") }))).toThrow(
    'model "notes", column "a": it refers to the table "none", of which there is no model',
  );
  expect(() => shapeOf(note({ a: t.ForeignKey("notes.none") }))).toThrow(
    'model "notes", column "a": "notes" has no column "none" to refer to',
  );
  expect(() => shapeOf([...note({}), ...note({})])).toThrow('model "notes": two models declare this table');
});
