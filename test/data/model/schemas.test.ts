import { describe, expect, test } from "bun:test";
import { Api, t } from "bolide";
import { belongsTo, model } from "../../../src/data/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  email: t.String({ format: "email", unique: true }),
  bio: t.Nullable(t.String()),
  password: t.String({ writeOnly: true, minLength: 3 }),
  active: t.Boolean({ default: true }),
  prefs: t.Json(t.Object({ theme: t.String() })),
  secret: t.Nullable(t.String({ readOnly: true, writeOnly: true })),
  createdAt: t.Timestamp({ default: "now", readOnly: true }),
});

/** The columns of each schema, and those that may be left out. */
const SCHEMAS: readonly (readonly [schema: "row" | "public" | "create" | "update", columns: string, absent: string])[] =
  [
    ["row", "id email bio password active prefs secret createdAt", ""],
    ["public", "id email bio active prefs createdAt", ""],
    ["create", "email bio password active prefs", "bio active"],
    ["update", "email bio password active prefs", "email bio password active prefs"],
  ];

describe("the schemas of a model", () => {
  test.each(SCHEMAS)("%s has its columns: %s", (name, columns, absent) => {
    const { properties, required = [] } = User[name];
    expect(Object.keys(properties).join(" ")).toBe(columns);
    expect(
      columns
        .split(" ")
        .filter((column) => !required.includes(column))
        .join(" "),
    ).toBe(absent);
  });

  test("are named after the model, and a name of one's own goes before that of the table", () => {
    const named = (table: string, name?: string) => {
      const {
        row,
        public: shown,
        create,
        update,
      } = model(table, { id: t.PrimaryKey() }, name === undefined ? {} : { name });
      return [row, shown, create, update].map(({ $id }) => $id);
    };
    expect(named("users")).toEqual(["UsersRow", "Users", "UsersCreate", "UsersUpdate"]);
    expect(named("order_items")).toEqual(["OrderItemsRow", "OrderItems", "OrderItemsCreate", "OrderItemsUpdate"]);
    expect(named("users", "Person")).toEqual(["PersonRow", "Person", "PersonCreate", "PersonUpdate"]);
  });

  test("a default is filled in when a row is made, and never when one is changed", () => {
    expect(User.create.properties.active.default).toBe(true);
    expect("default" in User.update.properties.active).toBe(false);
    const Nested = model("nested", { id: t.PrimaryKey(), size: t.Nullable(t.Integer({ default: 3 })) });
    expect(JSON.stringify(Nested.update.properties.size)).toBe('{"anyOf":[{"type":"integer"},{"type":"null"}]}');
  });

  test("know nothing of what only the database knows", () => {
    expect(JSON.parse(JSON.stringify(User.row))).toEqual({
      $id: "UsersRow",
      type: "object",
      properties: {
        id: { type: "integer", readOnly: true },
        email: { type: "string", format: "email" },
        bio: { anyOf: [{ type: "string" }, { type: "null" }] },
        password: { type: "string", minLength: 3, writeOnly: true },
        active: { type: "boolean", default: true },
        prefs: { type: "object", properties: { theme: { type: "string" } }, required: ["theme"] },
        secret: { anyOf: [{ type: "string", readOnly: true, writeOnly: true }, { type: "null" }] },
        createdAt: { type: "string", format: "date-time", readOnly: true },
      },
      required: ["id", "email", "bio", "password", "active", "prefs", "secret", "createdAt"],
    });
  });
});

describe("what a client sends", () => {
  const api = new Api({ log: () => {} });
  api.post("/users", { body: User.create }, ({ body }) => body);
  api.patch("/users", { body: User.update }, ({ body }) => body);
  api.get("/search", { query: model("forms", { id: t.PrimaryKey(), name: t.String() }).create }, ({ query }) => query);
  api.get("/users", { response: User.create }, () => ({ ...MINIMAL, id: 7, createdAt: new Date(0) }));

  const answer = async (request: Request) => {
    const response = await api.handle(request);
    return [response.status, await response.json()];
  };
  const send = (method: string, path: string, body: unknown) =>
    answer(
      new Request(`http://localhost${path}`, {
        method,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    );
  const MINIMAL = { email: "a@example.com", password: "abc", prefs: { theme: "dark" } };
  const refused = (key: string, source = "body") => ({
    loc: [source, key],
    msg: "Unexpected property",
    type: "extra_forbidden",
  });

  test("a row is made of what it must have, and gets the defaults", async () => {
    expect(await send("POST", "/users", MINIMAL)).toEqual([200, { ...MINIMAL, active: true }]);
  });

  test("a read-only column is refused, whatever its value; every other that is not declared is dropped", async () => {
    expect(await send("POST", "/users", { ...MINIMAL, id: 1, createdAt: null, secret: "x", admin: true })).toEqual([
      422,
      { detail: [refused("id"), refused("secret"), refused("createdAt")] },
    ]);
    expect(await send("POST", "/users", { ...MINIMAL, admin: true })).toEqual([200, { ...MINIMAL, active: true }]);
  });

  test("a change touches what it names and nothing else, and null is a value", async () => {
    expect(await send("PATCH", "/users", {})).toEqual([200, {}]);
    expect(await send("PATCH", "/users", { bio: null, active: false })).toEqual([200, { bio: null, active: false }]);
    expect(await send("PATCH", "/users", { id: 2 })).toEqual([422, { detail: [refused("id")] }]);
    expect(await send("PATCH", "/users", { email: null })).toEqual([
      422,
      { detail: [{ loc: ["body", "email"], msg: "Expected string", type: "type_error" }] },
    ]);
  });

  test("the same in text", async () => {
    const search = (query: string) => answer(new Request(`http://localhost/search?${query}`));
    expect(await search("name=a&other=b")).toEqual([200, { name: "a" }]);
    expect(await search("name=a&id=1")).toEqual([422, { detail: [refused("id", "query")] }]);
  });

  test("in an answer what is read-only there is nothing but undeclared", async () => {
    expect(await answer(new Request("http://localhost/users"))).toEqual([200, MINIMAL]);
  });
});

describe("a model", () => {
  const Article = model(
    "articles",
    {
      id: t.PrimaryKey(),
      authorId: t.ForeignKey("users.id", { onDelete: "cascade" }),
      title: t.String({ maxLength: 200, index: true }),
      slug: t.String({ unique: true, renamedFrom: "path" }),
      price: t.Decimal({ precision: 8 }),
      state: t.StringEnum(["draft", "live"], { default: "draft" }),
      updatedAt: t.Timestamp({ onUpdate: "now" }),
    },
    {
      unique: [["authorId", "title"]],
      indexes: [["title", "slug"], { columns: ["state"], name: "by_state", unique: true }],
      relations: { author: belongsTo("users", "authorId") },
    },
  );

  test("names its indexes: of columns, of sets, and its own", () => {
    expect(Article.indexes).toEqual([
      { columns: ["slug"], unique: true, name: "articles_slug_unique" },
      { columns: ["authorId", "title"], unique: true, name: "articles_authorId_title_unique" },
      { columns: ["authorId"], unique: false, name: "articles_authorId_index" },
      { columns: ["title"], unique: false, name: "articles_title_index" },
      { columns: ["title", "slug"], unique: false, name: "articles_title_slug_index" },
      { columns: ["state"], unique: true, name: "by_state" },
    ]);
  });

  test("tells of each column what migrations, codecs and views have to know", () => {
    const column = (name: string) => Article.columns.get(name);
    expect(Article.primaryKey).toEqual(["id"]);
    expect(column("id")).toMatchObject({ kind: "integer", generated: "identity", primaryKey: true, readOnly: true });
    expect(column("authorId")).toMatchObject({
      kind: "integer",
      references: { table: "users", column: "id", onDelete: "cascade", onUpdate: undefined },
    });
    expect(column("title")).toMatchObject({ kind: "text", maxLength: 200, nullable: false });
    expect(column("slug")).toMatchObject({ unique: true, renamedFrom: "path" });
    expect(column("price")).toMatchObject({ kind: "decimal", decimal: { precision: 8, scale: 2 } });
    expect(column("state")).toMatchObject({ kind: "enum", values: ["draft", "live"], default: "draft" });
    expect(column("updatedAt")).toMatchObject({ touched: true, generated: undefined });
  });

  test("has the primary key that it is given", () => {
    const Tagging = model("taggings", { a: t.Integer(), b: t.Integer() }, { primaryKey: ["a", "b"] });
    expect(Tagging.primaryKey).toEqual(["a", "b"]);
    expect(Object.keys(Tagging.create.properties)).toEqual(["a", "b"]);
  });

  test("is frozen", () => {
    expect(Object.isFrozen(Article)).toBe(true);
  });
});
