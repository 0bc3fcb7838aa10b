import { describe, expect, test } from "bun:test";
import { t } from "../../../src/schema/index.ts";
import { model } from "../../../src/data/model/index.ts";
import { dialectOf } from "../../../src/data/dialect.ts";
import { driftOf } from "../../../src/data/migrate/introspect/drift.ts";
import { introspect } from "../../../src/data/migrate/introspect/introspect.ts";
import { migrateDown, migrateUp } from "../../../src/data/migrate/index.ts";
import { KINDS } from "./databases.ts";
import { migrationsThrough } from "./generated.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  email: t.String({ format: "email", unique: true }),
  name: t.Nullable(t.String({ maxLength: 50 })),
  bio: t.Nullable(t.String()),
  role: t.StringEnum(["admin", "it's", 'qu"ote'], { default: "it's" }),
  active: t.Boolean({ default: true }),
  prefs: t.Json(t.Object({ b: t.Integer(), a: t.String() }, { default: { b: 1, a: "x'y" } })),
  small: t.Integer({ format: "int32", default: -1 }),
  big: t.BigInt({ default: "9007199254740993" as unknown as bigint }),
  ratio: t.Number({ default: 0.5 }),
  price: t.Decimal({ precision: 12, scale: 2, default: "0.50" }),
  born: t.Nullable(t.Day()),
  note: t.String({ default: "back\\slash 'quoted'" }),
  avatar: t.Nullable(t.Bytes()),
  token: t.Uuid({ unique: true }),
  createdAt: t.Timestamp({ default: "now", readOnly: true }),
});
const Article = model(
  "articles",
  {
    id: t.PrimaryKey("uuid"),
    authorId: t.ForeignKey("users.id", { onDelete: "cascade", onUpdate: "restrict" }),
    parentId: t.Nullable(t.ForeignKey("articles.id", { type: t.Uuid(), onDelete: "set null" })),
    title: t.String({ maxLength: 200 }),
  },
  { indexes: [["authorId", "title"]], unique: [["title", "authorId"]] },
);
const Tag = model("tags", { name: t.String({ maxLength: 40 }) }, { primaryKey: ["name"] });
const ArticleTag = model(
  "articleTags",
  {
    articleId: t.ForeignKey("articles.id", { type: t.Uuid() }),
    tag: t.ForeignKey("tags.name", { type: t.String({ maxLength: 40 }) }),
  },
  { primaryKey: ["articleId", "tag"] },
);
const ALL = [ArticleTag, Article, Tag, User];

describe.each(KINDS.filter(({ missing }) => !missing))("$name", ({ open }) => {
  test("has after the first migration what the models say, and nothing after its way back", async () => {
    await using db = await open();
    const { migrations, shapes } = await migrationsThrough(ALL);
    expect(await migrateUp(db, migrations)).toEqual(["0001"]);
    expect(driftOf(dialectOf(db), shapes[0]!, await introspect(db))).toEqual([]);
    expect(await migrateUp(db, migrations)).toEqual([]);
    expect(await migrateDown(db, migrations)).toEqual(["0001"]);
    expect((await introspect(db)).tables).toEqual({});
  });
});
