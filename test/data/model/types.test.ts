import { expect, expectTypeOf, test } from "bun:test";
import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import { type Static, t } from "bolide";
import {
  belongsTo,
  type Database,
  database,
  hasMany,
  model,
  type RelationsIn,
  sqlite,
  type TableOf,
  type TablesOf,
} from "../../../src/data/index.ts";

const User = model(
  "users",
  {
    id: t.PrimaryKey(),
    name: t.String(),
    bio: t.Nullable(t.String()),
    active: t.Boolean({ default: true }),
    password: t.String({ writeOnly: true }),
    balance: t.BigInt(),
    price: t.Decimal(),
    born: t.Nullable(t.Day({ readOnly: true })),
    prefs: t.Json(t.Object({ theme: t.String() })),
    role: t.StringEnum(["admin", "guest"], { default: "guest" }),
    avatar: t.Nullable(t.Bytes()),
    createdAt: t.Timestamp({ default: "now", readOnly: true }),
  },
  { relations: { articles: hasMany("articles", "authorId") } },
);
const Article = model(
  "articles",
  {
    id: t.PrimaryKey("uuid"),
    authorId: t.ForeignKey("users.id"),
    fileId: t.ForeignKey("files.id", { type: t.Uuid() }),
  },
  { relations: { author: belongsTo("users", "authorId") } },
);
type User = TableOf<typeof User>;

interface Row {
  id: number;
  name: string;
  bio: string | null;
  active: boolean;
  password: string;
  balance: bigint;
  price: string;
  born: string | null;
  prefs: { theme: string };
  role: "admin" | "guest";
  avatar: Uint8Array | null;
  createdAt: Date;
}

test("a row is what the columns hold", () => {
  expectTypeOf<Static<typeof User.row>>().toEqualTypeOf<Row>();
  expectTypeOf<Selectable<User>>().toEqualTypeOf<Row>();
  expectTypeOf<Static<typeof Article.row>>().toEqualTypeOf<{ id: string; authorId: number; fileId: string }>();
  expect(User.table).toBe("users");
});

test("what is shown has no write-only column", () => {
  expectTypeOf<Static<typeof User.public>>().toEqualTypeOf<Omit<Row, "password">>();
  expect("password" in User.public.properties).toBe(false);
});

test("what makes a row has no read-only column, and may leave out what has a default or may be null", () => {
  expectTypeOf<Static<typeof User.create>>().toEqualTypeOf<{
    name: string;
    password: string;
    balance: bigint;
    price: string;
    prefs: { theme: string };
    bio?: string | null;
    active?: boolean;
    role?: "admin" | "guest";
    avatar?: Uint8Array | null;
  }>();
  expect(Object.keys(User.create.properties)).not.toContain("createdAt");
});

test("what changes a row has no read-only column, and may leave out any", () => {
  expectTypeOf<Static<typeof User.update>>().toEqualTypeOf<{
    name?: string;
    bio?: string | null;
    active?: boolean;
    password?: string;
    balance?: bigint;
    price?: string;
    prefs?: { theme: string };
    role?: "admin" | "guest";
    avatar?: Uint8Array | null;
  }>();
  expect(User.update.required).toBeUndefined();
});

test("an insert by the program may set any column, and what a body holds can be inserted as it is", () => {
  expectTypeOf<Insertable<User>["id"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Insertable<User>["createdAt"]>().toEqualTypeOf<Date | undefined>();
  expectTypeOf<Insertable<User>["name"]>().toEqualTypeOf<string>();
  expectTypeOf<Static<typeof User.create>>().toExtend<Insertable<User>>();
  expectTypeOf<Static<typeof User.update>>().toExtend<Updateable<User>>();
  expect(User.columns.get("createdAt")?.generated).toBe("now");
});

test("tables carry their relations, of which queries see nothing", () => {
  type Tables = TablesOf<{ users: typeof User; articles: typeof Article }>;
  expectTypeOf<keyof Tables>().toEqualTypeOf<"users" | "articles">();
  expectTypeOf<RelationsIn<Tables["articles"]>["author"]["to"]>().toEqualTypeOf<"users">();
  expectTypeOf<RelationsIn<Tables["users"]>["articles"]["kind"]>().toEqualTypeOf<"hasMany">();
  // oxlint-disable-next-line typescript/no-generated-empty-object-type -- that there are none is what is tested.
  expectTypeOf<keyof RelationsIn<{ id: number }>>().toEqualTypeOf<never>();
  expect(Article.relations.author).toEqual({ kind: "belongsTo", to: "users", column: "authorId" });
});

test("a database of models is a Kysely of their tables, and one without models a Kysely of any", () => {
  const db = database(sqlite(":memory:"), { users: User, articles: Article });
  const users = () => db.selectFrom("users");
  expectTypeOf(() => users().select("createdAt").execute()).returns.resolves.toEqualTypeOf<{ createdAt: Date }[]>();
  expectTypeOf(() => users().selectAll().executeTakeFirstOrThrow()).returns.resolves.toEqualTypeOf<Row>();
  expectTypeOf(db).toEqualTypeOf<Database<TablesOf<{ users: typeof User; articles: typeof Article }>>>();
  const needsKysely = (any: Kysely<any>): Kysely<any> => any;
  expect(needsKysely(db) === (db as unknown)).toBe(true);
  // @ts-expect-error there is no such table
  expect(() => db.selectFrom("user")).not.toThrow();
  // @ts-expect-error there is no such column
  expect(() => db.selectFrom("users").select("names")).not.toThrow();
  // @ts-expect-error a relation is no column
  expect(() => db.selectFrom("articles").select("author")).not.toThrow();
  const plain = database<{ notes: { id: number } }>(sqlite(":memory:"));
  expectTypeOf(() => plain.selectFrom("notes").selectAll().execute()).returns.resolves.toEqualTypeOf<
    { id: number }[]
  >();
});

test("columns of keys, indexes and relations are checked where they are named", () => {
  // @ts-expect-error there is no such column
  expect(() => model("a", { id: t.PrimaryKey() }, { indexes: [["name"]] })).toThrow("no such column");
  // @ts-expect-error there is no such column
  expect(() => model("a", { id: t.PrimaryKey() }, { primaryKey: ["name"] })).toThrow("no such column");
});

test("a model stands under the name of its table", () => {
  expect(() => database(sqlite(":memory:"), { people: User })).toThrow(
    new TypeError('database: the model of the table "users" stands under "people"; name it "users"'),
  );
});
