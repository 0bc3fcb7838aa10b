import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "bun:test";
import type { ColumnDefinitionBuilder } from "kysely";
import { created, Api, t, type TSchema } from "bolide";
import { factory, testClient, transactional } from "bolide/testing";
import {
  type Database,
  type DatabaseSource,
  database,
  model,
  mysql,
  postgres,
  sqlite,
  type TablesOf,
} from "../../src/data/index.ts";
import { Invalid, Validators } from "../../src/schema/index.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../data/servers/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  email: t.String({ format: "email", maxLength: 80, unique: true }),
  name: t.String({ minLength: 2, maxLength: 30 }),
  level: t.StringEnum(["basic", "gold"]),
  bio: t.Nullable(t.String()),
  active: t.Boolean({ default: true }),
});
const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    authorId: t.ForeignKey("users.id"),
    editorId: t.Nullable(t.ForeignKey("users.id")),
    title: t.String({ maxLength: 60 }),
    slug: t.String({ maxLength: 60, readOnly: true }),
  },
  { unique: [["authorId", "title"]] },
);
const models = { users: User, articles: Article };

describe("a built row", () => {
  test("has what must be there, and leaves the rest to the database", () => {
    const row = factory(User).build();
    expect(Object.keys(row).toSorted()).toEqual(["email", "level", "name"]);
    expect(row).toEqual({
      email: expect.stringMatching(/^[a-z]+\.[a-z0-9]{5}@example\.com$/) as string,
      name: expect.stringMatching(/^.{2,30}$/) as string,
      level: expect.stringMatching(/^(?:basic|gold)$/) as "gold",
    });
  });

  test("has what is given, over the factory's own defaults", () => {
    const users = factory(User, { name: "Ada", bio: "writes" });
    expect(users.build({ level: "gold", bio: null })).toMatchObject({ name: "Ada", bio: null, level: "gold" });
    expect(users.extend({ name: "Grace" }).build()).toMatchObject({ name: "Grace", bio: "writes" });
  });

  test("counts, together with the factories made of this one", () => {
    const users = factory(User, { name: (n) => `User ${n}` });
    const gold = users.extend({ level: "gold" });
    expect([users.build(), gold.build(), users.build()].map(({ name }) => name)).toEqual([
      "User 1",
      "User 2",
      "User 3",
    ]);
  });

  test("has no columns that clients may not send", () => {
    expect(factory(Article, { slug: "own" }).build({ authorId: 1 })).toEqual({
      authorId: 1,
      title: expect.any(String) as string,
    });
  });

  test("is the same in every run, and another one for another seed", () => {
    expect(factory(User).build()).toEqual(factory(User).build());
    expect(factory(User, {}, { seed: 1 }).build()).not.toEqual(factory(User).build());
    expect(factory(User).build().email).toBe("naka.08kib@example.com");
  });

  test("has the model's types", () => {
    const users = factory(User);
    expectTypeOf(users.build()).toEqualTypeOf<{
      email: string;
      name: string;
      level: "basic" | "gold";
      bio?: string | null;
      active?: boolean;
    }>();
    // @ts-expect-error -- no such value
    expect(() => users.build({ level: 7 })).not.toThrow();
    // @ts-expect-error -- no such column
    expect(() => users.build({ age: 7 })).toThrow(new TypeError('factory of "users": there is no column "age"'));
  });
});

/** A thousand draws of one column, each judged by the very schema. */
describe("a value is one that its schema allows", () => {
  const columns: readonly (readonly [name: string, schema: TSchema])[] = [
    ["a text", t.String()],
    ["a short text", t.String({ maxLength: 3 })],
    ["a long text", t.String({ minLength: 300 })],
    ["a text of one length", t.String({ minLength: 7, maxLength: 7 })],
    ["an e-mail address", t.String({ format: "email", maxLength: 40 })],
    ["a URL", t.String({ format: "uri" })],
    ["a host name", t.String({ format: "hostname" })],
    ["an IPv4 address", t.String({ format: "ipv4" })],
    ["an IPv6 address", t.String({ format: "ipv6" })],
    ["a time", t.String({ format: "time" })],
    ["a date and time", t.String({ format: "date-time" })],
    ["a duration", t.String({ format: "duration" })],
    ["a slug", t.String({ pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$", minLength: 5, maxLength: 20 })],
    ["a telephone number", t.String({ pattern: String.raw`^\+\d{1,3} \(\d{2,4}\) \d{6,8}$` })],
    ["a pattern with alternatives", t.String({ pattern: String.raw`^(?:AT|DE|CH)-[^\W_]{4}\.(x|y)?$` })],
    ["a regular expression", t.RegExp(/^v\d+\.\d+$/i)],
    ["a template literal", t.TemplateLiteral("item-${0|1|2}")],
    ["a UUID", t.Uuid()],
    ["a day", t.Day()],
    ["an integer", t.Integer()],
    ["a small integer", t.Integer({ minimum: -3, exclusiveMaximum: 3 })],
    ["a multiple", t.Integer({ minimum: 1, multipleOf: 25 })],
    ["an integer of 32 bits", t.Integer({ format: "int32", minimum: 2_147_000_000 })],
    ["a number", t.Number()],
    ["a number between bounds", t.Number({ exclusiveMinimum: 0, exclusiveMaximum: 0.001 })],
    ["a number in steps", t.Number({ minimum: 1, multipleOf: 0.25 })],
    ["a negative number", t.Number({ maximum: -5 })],
    ["a bigint", t.BigInt({ minimum: 9_007_199_254_740_993n, multipleOf: 2n })],
    ["a decimal", t.Decimal({ precision: 6, scale: 3 })],
    ["a decimal without a whole part", t.Decimal({ precision: 3, scale: 0 })],
    ["a boolean", t.Boolean()],
    ["an enum", t.StringEnum(["a", "b"])],
    ["a literal", t.Literal("only")],
    ["a union of literals", t.Union([t.Literal("a"), t.Literal("b")])],
    ["a moment", t.Timestamp()],
    ["a moment between bounds", t.Date({ minimumTimestamp: 5, exclusiveMaximumTimestamp: 900 })],
    ["bytes", t.Bytes({ minByteLength: 32, maxByteLength: 32 })],
    ["JSON", t.Json(t.Object({ a: t.Array(t.Integer(), { minItems: 1 }), b: t.Optional(t.String()), c: t.Null() }))],
    ["a set", t.Json(t.Array(t.StringEnum(["x", "y", "z"]), { minItems: 3, uniqueItems: true }))],
    ["a tuple", t.Json(t.Tuple([t.String(), t.Boolean()]))],
    ["any JSON", t.Json()],
  ];
  const validators = new Validators();

  test.each(columns)("%s", (_, schema) => {
    const things = factory(model("things", { id: t.PrimaryKey(), value: schema }));
    const { write } = validators.answer(t.Object({ value: schema }), "strict");
    const wrong = Array.from({ length: 1000 }, () => things.build()).filter((row) => write(row) instanceof Invalid);
    expect(wrong).toEqual([]);
  });
});

describe("a unique column", () => {
  const unique = (schema: TSchema) => factory(model("things", { code: schema }, { primaryKey: ["code"] }));

  test.each([
    ["a text", t.String({ maxLength: 4 })],
    ["a pattern", t.String({ pattern: "^[a-f]{4}$" })],
    ["an integer", t.Integer({ minimum: 1, maximum: 600 })],
    ["a moment", t.Timestamp()],
  ])("never has the same value twice: %s", (_, schema) => {
    const things = unique(schema);
    const values = Array.from({ length: 500 }, () => String(things.build()["code"]));
    expect(new Set(values).size).toBe(500);
  });

  test("takes every value that there is, also beside given ones, and then says so", () => {
    const things = unique(t.StringEnum(["a", "b", "c"]));
    things.build({ code: "b" });
    expect([things.build(), things.build()].map((row) => String(row["code"])).toSorted()).toEqual(["a", "c"]);
    expect(() => things.build()).toThrow(
      new Error(
        'factory of "things", column "code": it is unique, and no value was found that is not used yet; or give it a value',
      ),
    );
  });
});

test.each([
  ["looks around", t.String({ pattern: "^(?=a)a$" })],
  ["contradicts itself", t.String({ pattern: "^a$", minLength: 2 })],
])("a schema that %s is told, with the column", (_, schema) => {
  expect(() => factory(model("things", { id: t.PrimaryKey(), code: schema })).build()).toThrow(
    new Error('factory of "things", column "code": no value for its schema could be made up; or give it a value'),
  );
});

const databases: readonly (readonly [name: string, missing: boolean, source: () => Promise<DatabaseSource>])[] = [
  ["SQLite", false, async () => sqlite(":memory:")],
  ["PostgreSQL", noPostgres, async () => postgres(await (await postgresServer()).database())],
  ["MariaDB", noMariadb, async () => mysql(await (await mariadbServer()).database())],
];

/** How each counts a key up. */
const IDENTITIES: Readonly<
  Record<
    string,
    { type: "integer" | "serial" | "bigint"; counted: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder }
  >
> = {
  SQLite: { type: "integer", counted: (column) => column },
  PostgreSQL: { type: "serial", counted: (column) => column },
  MariaDB: { type: "bigint", counted: (column) => column.autoIncrement() },
};

describe.each(databases)("a created row on %s", (name, missing, source) => {
  if (missing) return test.skip("is not tested here", () => {});
  let db: Database<TablesOf<typeof models>>;
  beforeAll(async () => {
    db = database(await source(), models);
    const identity = IDENTITIES[name]!;
    await db.schema
      .createTable("users")
      .addColumn("id", identity.type, (column) => identity.counted(column).primaryKey())
      .addColumn("email", "varchar(80)", (column) => column.notNull().unique())
      .addColumn("name", "varchar(30)", (column) => column.notNull())
      .addColumn("level", "varchar(10)", (column) => column.notNull())
      .addColumn("bio", "text")
      .addColumn("active", "boolean", (column) => column.notNull().defaultTo(true))
      .execute();
  });
  afterAll(() => db.destroy());

  test("is as the database has it", async () => {
    const row = await factory(User).create(db, { name: "Ada" });
    expectTypeOf(row.active).toEqualTypeOf<boolean>();
    expect(row).toMatchObject({ id: 1, name: "Ada", bio: null, active: true });
    expect(await db.selectFrom("users").selectAll().execute()).toEqual([row]);
  });
});

describe("rows that refer to others", () => {
  const db = database(sqlite(":memory:"), models);
  const users = factory(User);
  const articles = factory(Article).with({ authorId: users });
  beforeAll(async () => {
    await db.schema
      .createTable("users")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("email", "text")
      .addColumn("name", "text")
      .addColumn("level", "text")
      .addColumn("bio", "text")
      .addColumn("active", "boolean", (column) => column.defaultTo(1))
      .execute();
    await db.schema
      .createTable("articles")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("authorId", "integer", (column) => column.notNull().references("users.id"))
      .addColumn("editorId", "integer", (column) => column.references("users.id"))
      .addColumn("title", "text")
      .addColumn("slug", "text", (column) => column.notNull())
      .execute();
  });
  transactional(db);
  afterAll(() => db.destroy());

  const count = async (table: "users" | "articles") => (await db.selectFrom(table).select("id").execute()).length;

  test("have each one of its own, made by the factory that is named for the column", async () => {
    const made = await articles.createMany(db, 3, { title: (n) => `Title ${n}` });
    expect(made).toHaveLength(3);
    expect(new Set(made.map(({ authorId }) => authorId)).size).toBe(3);
    expect(made.every(({ editorId, slug }) => editorId === null && slug.length > 0)).toBeTrue();
    expect([await count("users"), await count("articles")]).toEqual([3, 3]);
  });

  test("have the one that is given", async () => {
    const ada = await users.create(db, { name: "Ada" });
    const made = await articles.with({ editorId: users }).createMany(db, 2, { authorId: ada.id });
    expect(made.map(({ authorId }) => authorId)).toEqual([ada.id, ada.id]);
    expect(await count("users")).toBe(3);
  });

  test("cannot be made without", async () => {
    const problem =
      'factory of "articles", column "authorId": it refers to users.id, whose row create(db) makes with the factory named in with(…); or give it a value';
    await expect(factory(Article).create(db)).rejects.toThrow(new Error(problem));
    expect(() => articles.build()).toThrow(new Error(problem));
  });

  test("take a factory for foreign keys only", () => {
    expect(() => articles.with({ title: users })).toThrow(
      new TypeError('factory of "articles": "title" is no foreign key, so with(…) has no row to make'),
    );
  });

  test("are what an api is sent and finds", async () => {
    const api = new Api();
    api.post("/articles", { body: Article.create, response: { 201: Article.public } }, async ({ body }) =>
      created(
        await db
          .insertInto("articles")
          .values({ ...body, slug: "a-slug" })
          .returningAll()
          .executeTakeFirstOrThrow(),
      ),
    );
    const author = await users.create(db);
    const response = await testClient(api).post("/articles", { json: articles.build({ authorId: author.id }) });
    expect([response.status, await response.json()]).toMatchObject([201, { authorId: author.id, slug: "a-slug" }]);
  });
});
