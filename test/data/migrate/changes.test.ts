import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { TSchema } from "../../../src/schema/index.ts";
import { t } from "../../../src/schema/index.ts";
import { type AnyModel, model } from "../../../src/data/model/index.ts";
import { dialectOf } from "../../../src/data/dialect.ts";
import { driftOf } from "../../../src/data/migrate/introspect/drift.ts";
import { introspect } from "../../../src/data/migrate/introspect/introspect.ts";
import { type AnyDatabase, migrateDown, migrateUp } from "../../../src/data/migrate/index.ts";
import { KINDS } from "./databases.ts";
import { migrationsThrough } from "./generated.ts";

setDefaultTimeout(60_000);

type Row = Readonly<Record<string, unknown>>;

/** Models before and after, rows that are there before, and what a query gives of them afterwards. */
interface Case {
  readonly before: readonly AnyModel[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly after: readonly AnyModel[];
  readonly left: readonly [table: string, columns: readonly string[], rows: readonly Row[]];
}

const notes = (columns: Readonly<Record<string, TSchema>>, indexes: readonly (readonly string[])[] = []): AnyModel =>
  model("notes", { id: t.PrimaryKey(), ...columns } as Readonly<Record<string, TSchema>>, {
    indexes,
  });
const Author = model("authors", { id: t.PrimaryKey(), name: t.String() });
const People = model("people", { id: t.PrimaryKey(), name: t.String() }, { renamedFrom: "authors" });

const TABLE: Readonly<Record<string, Case>> = {
  "a column is added, filled with its default": {
    before: [notes({ text: t.String() })],
    rows: { notes: [{ text: "a" }] },
    after: [
      notes({
        text: t.String(),
        stars: t.Integer({ format: "int32", default: 3 }),
        seen: t.Boolean({ default: false }),
      }),
    ],
    left: ["notes", ["text", "stars"], [{ text: "a", stars: 3 }]],
  },
  "a column with a made default is added": {
    before: [notes({ text: t.String() })],
    rows: { notes: [{ text: "a" }, { text: "b" }] },
    after: [notes({ text: t.String(), key: t.Nullable(t.Uuid()), at: t.Timestamp({ default: "now" }) })],
    left: [
      "notes",
      ["text", "key"],
      [
        { text: "a", key: null },
        { text: "b", key: null },
      ],
    ],
  },
  "a column is renamed, with its index and check": {
    before: [notes({ kind: t.StringEnum(["x", "y"], { index: true }) })],
    rows: { notes: [{ kind: "x" }] },
    after: [notes({ sort: t.StringEnum(["x", "y"], { index: true, renamedFrom: "kind" }) })],
    left: ["notes", ["sort"], [{ sort: "x" }]],
  },
  "a column is dropped, with its index and its foreign key": {
    before: [Author, notes({ text: t.String(), authorId: t.Nullable(t.ForeignKey("authors.id")) })],
    rows: { authors: [{ name: "Ada" }], notes: [{ text: "a", authorId: 1 }] },
    after: [Author, notes({ text: t.String() })],
    left: ["notes", ["text"], [{ text: "a" }]],
  },
  "a column that may be null gets a default and may not be": {
    before: [notes({ text: t.Nullable(t.String()) })],
    rows: { notes: [{ text: null }, { text: "b" }] },
    after: [notes({ text: t.String({ default: "none" }) })],
    left: ["notes", ["text"], [{ text: "b" }, { text: "none" }]],
  },
  "a text becomes longer, a number wider": {
    before: [notes({ text: t.String({ maxLength: 5 }), count: t.Integer({ format: "int32" }), ratio: t.Integer() })],
    rows: { notes: [{ text: "abcde", count: 7, ratio: 2 }] },
    after: [notes({ text: t.String({ maxLength: 50 }), count: t.String({ maxLength: 20 }), ratio: t.Number() })],
    left: ["notes", ["text", "count", "ratio"], [{ text: "abcde", count: "7", ratio: 2 }]],
  },
  "an enum gets a longer value and loses one that nobody has": {
    before: [notes({ kind: t.StringEnum(["x", "y"], { default: "x" }) })],
    rows: { notes: [{ kind: "x" }] },
    after: [notes({ kind: t.StringEnum(["x", "longer"], { default: "longer" }) })],
    left: ["notes", ["kind"], [{ kind: "x" }]],
  },
  "a default changes, and goes": {
    before: [notes({ a: t.Integer({ default: 1 }), b: t.String({ default: "x", maxLength: 5 }) })],
    rows: { notes: [{ a: 5, b: "y" }] },
    after: [notes({ a: t.Integer({ default: 2 }), b: t.String({ maxLength: 5 }) })],
    left: ["notes", ["a", "b"], [{ a: 5, b: "y" }]],
  },
  "indexes come and go": {
    before: [notes({ a: t.Integer(), b: t.String() }, [["a", "b"]])],
    rows: { notes: [{ a: 1, b: "x" }] },
    after: [notes({ a: t.Integer({ unique: true }), b: t.String() }, [["b", "a"]])],
    left: ["notes", ["a", "b"], [{ a: 1, b: "x" }]],
  },
  "a foreign key is added, and changes its actions": {
    before: [Author, notes({ a: t.Integer(), b: t.ForeignKey("authors.id") })],
    rows: { authors: [{ name: "Ada" }], notes: [{ a: 1, b: 1 }] },
    after: [Author, notes({ a: t.ForeignKey("authors.id"), b: t.ForeignKey("authors.id", { onDelete: "cascade" }) })],
    left: ["notes", ["a", "b"], [{ a: 1, b: 1 }]],
  },
  "a table that others refer to is renamed and changed": {
    before: [Author, notes({ authorId: t.ForeignKey("authors.id", { onDelete: "cascade" }) })],
    rows: { authors: [{ name: "Ada" }], notes: [{ authorId: 1 }] },
    after: [People, notes({ authorId: t.ForeignKey("people.id", { onDelete: "cascade" }) })],
    left: ["notes", ["authorId"], [{ authorId: 1 }]],
  },
  "a table that others refer to is changed, and their rows stay": {
    before: [Author, notes({ authorId: t.ForeignKey("authors.id", { onDelete: "cascade" }) })],
    rows: { authors: [{ name: "Ada" }], notes: [{ authorId: 1 }] },
    after: [
      model("authors", { id: t.PrimaryKey(), name: t.Nullable(t.String({ maxLength: 10 })) }),
      notes({ authorId: t.ForeignKey("authors.id", { onDelete: "cascade" }) }),
    ],
    left: ["notes", ["authorId"], [{ authorId: 1 }]],
  },
  "tables that refer to each other come": {
    before: [notes({ text: t.String() })],
    rows: { notes: [{ text: "a" }] },
    after: [
      notes({ text: t.String(), firstId: t.Nullable(t.ForeignKey("lefts.id")) }),
      model("lefts", { id: t.PrimaryKey(), rightId: t.Nullable(t.ForeignKey("rights.id")) }),
      model("rights", { id: t.PrimaryKey(), leftId: t.Nullable(t.ForeignKey("lefts.id")) }),
    ],
    left: ["notes", ["text"], [{ text: "a" }]],
  },
  "a table goes, and what refers to it": {
    before: [Author, notes({ text: t.String(), authorId: t.Nullable(t.ForeignKey("authors.id")) })],
    rows: { authors: [{ name: "Ada" }], notes: [{ text: "a", authorId: null }] },
    after: [notes({ text: t.String(), authorId: t.Nullable(t.Integer({ index: true })) })],
    left: ["notes", ["text", "authorId"], [{ text: "a", authorId: null }]],
  },
  "a foreign key to a column that is unique from now on": {
    before: [model("codes", { id: t.PrimaryKey(), code: t.String({ maxLength: 8 }) }), notes({ text: t.String() })],
    rows: { codes: [{ code: "x" }], notes: [{ text: "a" }] },
    after: [
      model("codes", { id: t.PrimaryKey(), code: t.String({ maxLength: 8, unique: true }) }),
      notes({ text: t.String(), code: t.Nullable(t.ForeignKey("codes.code", { type: t.String({ maxLength: 8 }) })) }),
    ],
    left: ["notes", ["text", "code"], [{ text: "a", code: null }]],
  },
  "the primary key changes": {
    before: [model("pairs", { a: t.Integer(), b: t.Integer() }, { primaryKey: ["a"] })],
    rows: { pairs: [{ a: 1, b: 2 }] },
    after: [model("pairs", { a: t.Integer(), b: t.Integer() }, { primaryKey: ["a", "b"] })],
    left: ["pairs", ["a", "b"], [{ a: 1, b: 2 }]],
  },
};

describe.each(KINDS.filter(({ missing }) => !missing))("$name:", ({ open }) => {
  test.each(Object.entries(TABLE))("%s", async (_, { before, rows, after, left: [table, columns, expected] }) => {
    await using db = await open(before);
    const { migrations, shapes } = await migrationsThrough(before, after);
    await migrateUp(db, migrations, { to: "0001" });
    for (const [into, values] of Object.entries(rows)) await insert(db, into, values);
    expect(await migrateUp(db, migrations)).toEqual(["0002"]);
    expect(driftOf(dialectOf(db), shapes[1]!, await introspect(db))).toEqual([]);
    expect(await plain(db, table, columns)).toEqual([...expected]);
    expect(await migrateDown(db, migrations)).toEqual(["0002"]);
    expect(driftOf(dialectOf(db), shapes[0]!, await introspect(db))).toEqual([]);
    expect(await migrateDown(db, migrations)).toEqual(["0001"]);
    expect((await introspect(db)).tables).toEqual({});
  });
});

async function insert(db: AnyDatabase, table: string, rows: readonly Row[]): Promise<void> {
  for (const row of rows) await db.insertInto(table).values(row).execute();
}

/** 64-bit integers are texts where a server is asked. */
async function plain(db: AnyDatabase, table: string, columns: readonly string[]): Promise<readonly Row[]> {
  const rows = (await db
    .selectFrom(table)
    .select([...columns])
    .orderBy(columns[0]!, "desc")
    .execute()) as Row[];
  const value = (of: string, each: unknown) =>
    of === "count" ? String(each) : typeof each === "string" && /^\d+$/.test(each) ? Number(each) : each;
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, each]) => [name, value(name, each)])))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
