import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { t } from "../../../src/schema/index.ts";
import { type AnyModel, model } from "../../../src/data/model/index.ts";
import { introspect } from "../../../src/data/migrate/introspect/introspect.ts";
import { migrateUp } from "../../../src/data/migrate/index.ts";
import { openAddress } from "../../../src/data/migrate/open.ts";
import { writeModels } from "../../../src/data/migrate/write/models.ts";
import { newFile } from "../sqlite/files.ts";
import { KINDS } from "./databases.ts";
import { checkedModule, migrationsThrough } from "./generated.ts";

setDefaultTimeout(120_000);

const MODELS = [
  model("users", {
    id: t.PrimaryKey(),
    email: t.String({ maxLength: 200, unique: true }),
    bio: t.Nullable(t.String()),
    role: t.StringEnum(["admin", "it's"], { default: "admin" }),
    active: t.Boolean({ default: true, index: true }),
    prefs: t.Json(t.Unsafe<unknown>({ default: { a: [1, null] } })),
    small: t.Integer({ format: "int32", default: -1 }),
    ratio: t.Number({ default: 0.5 }),
    price: t.Decimal({ precision: 12, scale: 2, default: "0.50" }),
    born: t.Nullable(t.Day()),
    avatar: t.Nullable(t.Bytes()),
    "home page": t.Nullable(t.String({ maxLength: 100, index: true })),
    createdAt: t.Timestamp({ default: "now" }),
  }),
  model(
    "article-categories",
    {
      id: t.PrimaryKey("uuid"),
      authorId: t.ForeignKey("users.id", { onDelete: "cascade" }),
      editorId: t.Nullable(t.ForeignKey("users.id", { onUpdate: "set null", index: false })),
      "parent-id": t.Nullable(t.ForeignKey("article-categories.id", { type: t.Uuid(), unique: true })),
    },
    { indexes: [["authorId", "editorId"], { columns: ["editorId"], name: "editors" }] },
  ),
  model("pairs", { a: t.Integer(), b: t.String({ maxLength: 8 }) }, { primaryKey: ["a", "b"] }),
];

describe.each(KINDS.filter(({ missing }) => !missing))("$name:", ({ open }) => {
  test("models are written of a database, type-check, and make the same database again", async () => {
    await using db = await open();
    await migrateUp(db, (await migrationsThrough(MODELS)).migrations);
    const found = await introspect(db);
    const source = writeModels(found);
    const { models } = await checkedModule<{ models: Readonly<Record<string, AnyModel>> }>(source);
    await using other = await open();
    await migrateUp(other, (await migrationsThrough(Object.values(models))).migrations);
    expect(await introspect(other)).toEqual(found);
    expect(writeModels(await introspect(other))).toBe(source);
  });
});

test("relations are on both sides, and their names are free", async () => {
  await using db = await KINDS[0]!.open();
  await migrateUp(db, (await migrationsThrough(MODELS)).migrations);
  const source = writeModels(await introspect(db));
  expect(source).toContain(
    'relations: { author: belongsTo("users", "authorId"), editor: belongsTo("users", "editorId"), parent: belongsTo("article-categories", "parent-id"), "article-categories": hasOne("article-categories", "parent-id") }',
  );
  expect(source).toContain('}, { relations: { "article-categories": hasMany("article-categories", "authorId") } });');
  expect(source).toEndWith(
    'export const models = { "article-categories": ArticleCategory, pairs: Pair, users: User };\n',
  );
});

test("a file is left as it is, and the names that SQLite gives to indexes are not said", async () => {
  const file = newFile();
  using before = new Database(file);
  before.run("create table notes (id integer primary key, title text unique, a text, b text, unique (a, b))");
  before.run("insert into notes (title) values ('One')");
  const bytes = readFileSync(file);
  {
    await using db = openAddress(file, { readOnly: true });
    expect(writeModels(await introspect(db))).toContain(`export const Note = model("notes", {
  id: t.PrimaryKey(),
  title: t.Nullable(t.String({ unique: true })),
  a: t.Nullable(t.String()),
  b: t.Nullable(t.String()),
}, { indexes: [{ columns: ["a", "b"], unique: true }] });`);
    expect(() => db.deleteFrom("notes").execute()).toThrow("attempt to write a readonly database");
  }
  expect(readFileSync(file)).toEqual(bytes);
  expect(before.query("pragma journal_mode").get()).toEqual({ journal_mode: "delete" });
});
