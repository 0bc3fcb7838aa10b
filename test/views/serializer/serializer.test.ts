import { describe, expect, expectTypeOf, test } from "bun:test";
import { Api } from "../../../src/api.ts";
import { belongsTo, manyToMany, model } from "../../../src/data/index.ts";
import { created } from "../../../src/http/index.ts";
import { type Static, t } from "../../../src/schema/index.ts";
import { pageNumber } from "../../../src/views/pagination/index.ts";
import { nested, serializer } from "../../../src/views/serializer/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  userName: t.Username(),
  email: t.Email({ unique: true }),
  password: t.Password(),
  bio: t.Nullable(t.String()),
  joinedAt: t.Timestamp({ default: "now", readOnly: true }),
});
const Tag = model("tags", { id: t.PrimaryKey(), name: t.NonEmpty() });
const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    authorId: t.ForeignKey("users.id"),
    title: t.String({ maxLength: 20 }),
    body: t.String(),
    draft: t.Boolean({ default: true }),
  },
  {
    relations: {
      author: belongsTo("users", "authorId"),
      tags: manyToMany("tags", "articleTags", "articleId", "tagId"),
    },
  },
);

const Users = serializer(User, { rename: "snake" });
const Tags = serializer(Tag);
const Articles = serializer(Article, {
  fields: { author: nested(Users), tags: nested(Tags, { many: true, writable: true }), authorName: t.String() },
  source: { authorName: "author.userName" },
  computed: { words: { type: t.Integer(), get: ({ body }) => body.split(" ").length, needs: ["body"] } },
  readOnly: ["authorId"],
  views: { list: ["id", "title", "authorName"], detail: ["id", "title", "words", "tags"] },
});

const joinedAt = new Date("2026-11-22T08:00:00Z");
const ada = { id: 1, userName: "ada", email: "ada@example.com", password: "never shown", bio: null, joinedAt };
const adaOut = { id: 1, user_name: "ada", email: "ada@example.com", bio: null, joined_at: joinedAt };
const article = {
  id: 7,
  authorId: 1,
  title: "Engines",
  body: "three small words",
  draft: false,
  author: ada,
  tags: [{ id: 3, name: "maths" }],
};

async function post(body: unknown, of: { readonly input: any }, keep: (value: any) => void = () => {}) {
  const api = new Api();
  api.post("/", { body: of.input }, ({ body: value }) => {
    keep(value);
    return { well: true };
  });
  const request = new Request("http://localhost/", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const response = await api.handle(request);
  return { status: response.status, body: (await response.json()) as any };
}

const faults = ({ body }: { body: any }) => body.detail.map(({ loc, msg, type }: any) => [loc.join("."), msg, type]);

describe("what is shown of a row", () => {
  test("has the outer names, and nothing that was not named", () => {
    const row = { ...ada, isAdmin: true };
    expect(Users.toOutput(row)).toStrictEqual(adaOut);
    expectTypeOf(Users.toOutput(row)).toEqualTypeOf<{
      id: number;
      user_name: string;
      email: string;
      bio: string | null;
      joined_at: Date;
    }>();
  });

  test("has nested objects and lists, computed values and those of relations", () => {
    expect(Articles.toOutput(article)).toStrictEqual({
      id: 7,
      authorId: 1,
      title: "Engines",
      body: "three small words",
      draft: false,
      author: adaOut,
      tags: [{ id: 3, name: "maths" }],
      authorName: "ada",
      words: 3,
    });
    expectTypeOf(Articles.toOutput(article).words).toEqualTypeOf<number>();
    expectTypeOf(Articles.toOutput(article).author.user_name).toEqualTypeOf<string>();
  });

  test("is null where a nullable relation leads nowhere", () => {
    const Reviews = serializer(t.Object({ id: t.Integer() }), {
      fields: { editor: nested(Users, { nullable: true }), editorName: t.Nullable(t.String()) },
      source: { editorName: "editor.userName" },
    });
    expect(Reviews.toOutput({ id: 1, editor: null })).toStrictEqual({ id: 1, editor: null, editorName: null });
    expectTypeOf<Static<typeof Reviews.output>["editor"]>().toEqualTypeOf<Static<typeof Users.output> | null>();
  });

  test("in a view is what the view names, and asks of the row no more", () => {
    const row = { id: 7, title: "Engines", author: { userName: "ada" } };
    expect(Articles.views.list.toOutput(row)).toStrictEqual({ id: 7, title: "Engines", authorName: "ada" });
    expect(Object.keys(Articles.view("list").properties)).toEqual(["id", "title", "authorName"]);
    const schema = t.Array(Articles.view("detail"));
    expectTypeOf<Static<typeof schema>>().toEqualTypeOf<
      { id: number; title: string; readonly words: number; readonly tags: { id: number; name: string }[] }[]
    >();
  });

  test("passes a contract, and a list does too", async () => {
    const api = new Api();
    api.get("/", { response: t.Array(Articles.output) }, () => Articles.toOutputs([article]));
    api.get("/users", { response: Users.output }, () => Users.toOutput(ada));
    expect(await (await api.handle(new Request("http://localhost/users"))).json()).toEqual({
      ...adaOut,
      joined_at: "2026-11-22T08:00:00.000Z",
    });
    const [first] = (await (await api.handle(new Request("http://localhost/"))).json()) as any[];
    expect([first.author.user_name, first.words]).toEqual(["ada", 3]);
  });
});

describe("what a client sends", () => {
  const well = { user_name: "ada", email: "ada@example.com", password: "long enough" };

  test("comes by its outer names and is turned into the inner ones", async () => {
    let seen: Static<typeof Users.input> | undefined;
    expect((await post({ ...well, extra: 1 }, Users, (value) => (seen = value))).status).toBe(200);
    expect(seen).toEqual(well);
    const value = Users.fromInput(seen!);
    expect(value).toStrictEqual({ userName: "ada", email: "ada@example.com", password: "long enough" });
    expectTypeOf(value).toExtend<{ userName: string; bio?: string | null }>();
  });

  test("has nothing that is read-only: it is refused by name", async () => {
    expect(faults(await post({ ...well, id: 9, joined_at: "2026-01-01" }, Users))).toEqual([
      ["body.id", "Unexpected property", "extra_forbidden"],
      ["body.joined_at", "Unexpected property", "extra_forbidden"],
    ]);
    const body = { title: "a", body: "b", authorId: 2, tags: [] };
    expect(faults(await post(body, Articles))).toEqual([["body.authorId", "Unexpected property", "extra_forbidden"]]);
  });

  test("may have nested objects where they are writable, each with its own errors", async () => {
    let seen: any;
    const body = {
      title: "Engines",
      body: "words",
      tags: [{ name: "a" }, { name: "b" }],
      author: { user_name: "eve" },
      words: 5,
    };
    expect((await post(body, Articles, (value) => (seen = value))).status).toBe(200);
    expect(Articles.fromInput(seen)).toEqual({
      title: "Engines",
      body: "words",
      draft: true,
      tags: [{ name: "a" }, { name: "b" }],
    });
    expect(faults(await post({ ...body, tags: [{ name: "a" }, { name: " " }, {}] }, Articles))).toEqual([
      ["body.tags.1.name", "Expected string to match '\\S'", "pattern"],
      ["body.tags.2.name", "Expected required property", "missing"],
    ]);
  });

  test("is turned round in nested objects too", () => {
    const Posts = serializer(t.Object({ id: t.Integer({ readOnly: true }) }), {
      rename: { writer: "by" },
      fields: {
        writer: nested(Users.pick("userName"), { writable: true }),
        readers: nested(Users.pick("userName"), { writable: true, many: true }),
      },
    });
    const sent: Static<typeof Posts.input> = { by: { user_name: "ada" }, readers: [{ user_name: "eve" }] };
    expect(Posts.fromInput(sent)).toStrictEqual({ writer: { userName: "ada" }, readers: [{ userName: "eve" }] });
  });

  test("stays the very object where nothing is called otherwise", () => {
    const value = { name: "a" };
    expect(Tags.fromInput(value)).toBe(value);
  });
});

describe("checks", () => {
  const Stays = serializer(
    t.Object({ guestName: t.String(), from: t.Date(), to: t.Date(), id: t.Integer({ readOnly: true }) }),
    {
      rename: "kebab",
      source: { to: "until" },
      validate: {
        field: {
          guestName: (name) => (name === name.trim() ? undefined : "Expected no blanks around"),
          from: (from) =>
            from.getUTCFullYear() < 2027 ? undefined : { msg: "Expected an earlier year", type: "range" },
        },
        model: ({ from, to }) => (from < to ? undefined : { loc: ["to"], msg: "Expected a date after from" }),
      },
    },
  );

  test("of fields and of types are all told in one answer, by the outer names", async () => {
    expect(faults(await post({ "guest-name": " Ada", from: "2030-01-01", to: "soon" }, Stays))).toEqual([
      ["body.guest-name", "Expected no blanks around", "value_error"],
      ["body.from", "Expected an earlier year", "range"],
      ["body.to", "Expected string to match 'date-time' format", "format"],
    ]);
  });

  test("of the whole are asked when all fields are well, and see the inner names", async () => {
    const Plain = serializer(t.Object({ startDay: t.Day(), endDay: t.Day() }), {
      rename: "snake",
      validate: {
        model: ({ startDay, endDay }) =>
          startDay <= endDay ? undefined : [{ loc: ["endDay"], msg: "Expected the end last" }, "Expected an order"],
      },
    });
    expect((await post({ start_day: "2026-01-01", end_day: "2026-01-02" }, Plain)).status).toBe(200);
    expect(faults(await post({ start_day: "2026-01-02", end_day: "2026-01-01" }, Plain))).toEqual([
      ["body.end_day", "Expected the end last", "value_error"],
      ["body", "Expected an order", "value_error"],
    ]);
    expect(faults(await post({ start_day: "2026-01-02" }, Plain))).toEqual([
      ["body.end_day", "Expected required property", "missing"],
    ]);
  });

  test("of the whole go by the fields' names where a row has others", async () => {
    const sent = { "guest-name": "Ada", from: "2026-01-02", to: "2026-01-01" };
    expect(faults(await post(sent, Stays))).toEqual([["body.to", "Expected a date after from", "value_error"]]);
    const value = Stays.fromInput({ "guest-name": "Ada", from: new Date(0), to: new Date(1) });
    expect(value).toStrictEqual({ guestName: "Ada", from: new Date(0), until: new Date(1) });
    expectTypeOf(value).toEqualTypeOf<{ guestName: string; from: Date; until: Date }>();
    expect(Stays.problems({ ...value, until: new Date(0) })).toEqual([
      { loc: ["to"], msg: "Expected a date after from" },
    ]);
    expect(Stays.toOutput({ ...value, id: 1 })).toStrictEqual({
      "guest-name": "Ada",
      from: new Date(0),
      to: new Date(1),
      id: 1,
    });
  });

  test("of nested serializers hold inside, with their place", async () => {
    const Trips = serializer(t.Object({ name: t.String() }), {
      fields: {
        tags: nested(
          serializer(Tag, { validate: { field: { name: (name) => (name === "no" ? "Not this one" : undefined) } } }),
          { many: true, writable: true },
        ),
      },
    });
    expect(faults(await post({ name: "x", tags: [{ name: "yes" }, { name: "no" }] }, Trips))).toEqual([
      ["body.tags.1.name", "Not this one", "value_error"],
    ]);
  });

  test("of a part hold field by field; the whole is asked once it is one", async () => {
    const Range = serializer(t.Object({ low: t.Integer({ default: 1 }), high: t.Integer() }), {
      validate: {
        field: { low: (low) => (low < 0 ? "Expected no debt" : undefined) },
        model: ({ low, high }) => (low <= high ? true : "Expected an order"),
      },
    });
    let seen: unknown;
    expect((await post({ low: 9 }, Range.partial(), (value) => (seen = value))).status).toBe(200);
    expect(seen).toEqual({ low: 9 });
    expect((await post({}, Range.partial(), (value) => (seen = value))).status).toBe(200);
    expect(seen).toEqual({});
    expect(faults(await post({ low: -1 }, Range.partial()))).toEqual([["body.low", "Expected no debt", "value_error"]]);
    expect(Range.partial().problems({ low: 9, high: 3 })).toEqual([{ msg: "Expected an order" }]);
    expect(Range.problems({ low: 1, high: 3 })).toEqual([]);
  });
});

describe("a serializer of another", () => {
  test("with some fields, without some, and with more", () => {
    expect(Users.pick("id", "userName").toOutput({ id: 1, userName: "ada" })).toStrictEqual({
      id: 1,
      user_name: "ada",
    });
    expect(Object.keys(Users.omit("email", "bio").output.properties)).toEqual(["id", "user_name", "joined_at"]);
    expect(Object.keys(Users.omit("email").input.properties)).toEqual(["user_name", "password", "bio"]);
    const more = Users.extend({
      articles: nested(Articles.pick("id"), { many: true }),
      lastSeen: t.Nullable(t.Date({ readOnly: true })),
    });
    expect(Object.keys(more.output.properties)).toEqual([
      "id",
      "user_name",
      "email",
      "bio",
      "joined_at",
      "articles",
      "last_seen",
    ]);
    expect(Object.keys(more.input.properties)).toEqual(["user_name", "email", "password", "bio"]);
    expectTypeOf<Static<typeof more.output>["articles"]>().toEqualTypeOf<{ id: number }[]>();
  });

  test("has names for the document where it was given one", () => {
    const Named = serializer(User, { name: "Account", views: { brief: ["id"] } });
    expect([Named.output.$id, Named.input.$id, Named.partial().input.$id, Named.views.brief.output.$id]).toEqual([
      "Account",
      "AccountInput",
      "AccountUpdate",
      "AccountBrief",
    ]);
    expect([Users.output.$id, Named.pick("id").output.$id]).toEqual([undefined, undefined]);
  });
});

test("the document has its sides by their names, and the parameters and page of a list", async () => {
  const Named = serializer(User, { name: "Account", rename: "snake", views: { brief: ["id", "userName"] } });
  const pages = pageNumber();
  const api = new Api({ title: "Accounts", version: "1" });
  api.post("/accounts", { body: Named.input, response: { 201: Named.output } }, () => created(Named.toOutput(ada)));
  api.patch("/accounts/1", { body: Named.partial().input, response: Named.output }, () => Named.toOutput(ada));
  api.get("/accounts", { query: pages.query, response: pages.of(Named.view("brief")) }, () => null as never);
  const document: any = await (await api.handle(new Request("http://localhost/openapi.json"))).json();
  const { schemas } = document.components;
  expect(Object.keys(schemas)).toEqual(
    expect.arrayContaining(["Account", "AccountBrief", "AccountInput", "AccountUpdate"]),
  );
  expect(Object.keys(schemas.AccountInput.properties)).toEqual(["user_name", "email", "password", "bio"]);
  expect(schemas.AccountInput.required).toEqual(["user_name", "email", "password"]);
  expect(schemas.AccountUpdate.required).toBeUndefined();
  const { parameters, responses } = document.paths["/accounts"].get;
  expect(parameters.map(({ name, schema }: any) => [name, schema.default])).toEqual([
    ["page", 1],
    ["page_size", 20],
  ]);
  const page = responses["200"].content["application/json"].schema;
  expect(page.properties.items).toEqual({ type: "array", items: { $ref: "#/components/schemas/AccountBrief" } });
  expect(page.properties.next_page).toEqual({ type: ["integer", "null"] });
});

describe("names", () => {
  const Words = t.Object({ author_name: t.String(), readCount: t.Integer(), x2Value: t.Null() });
  test.each([
    ["camel", ["authorName", "readCount", "x2Value"]],
    ["snake", ["author_name", "read_count", "x2_value"]],
    ["kebab", ["author-name", "read-count", "x2-value"]],
  ] as const)("in %s", (rename, expected) => {
    expect(Object.keys(serializer(Words, { rename }).output.properties)).toEqual([...expected]);
  });

  test("are the same to the type checker", () => {
    const camel = serializer(Words, { rename: "camel" });
    expectTypeOf<keyof Static<typeof camel.output>>().toEqualTypeOf<"authorName" | "readCount" | "x2Value">();
    const snake = serializer(Words, { rename: "snake" });
    expectTypeOf<keyof Static<typeof snake.output>>().toEqualTypeOf<"author_name" | "read_count" | "x2_value">();
    const kebab = serializer(Words, { rename: "kebab" });
    expectTypeOf<keyof Static<typeof kebab.output>>().toEqualTypeOf<"author-name" | "read-count" | "x2-value">();
    const own = serializer(Words, { rename: { readCount: "reads" } });
    expectTypeOf<keyof Static<typeof own.input>>().toEqualTypeOf<"author_name" | "reads" | "x2Value">();
  });
});

describe("a mistake in the options is told at once:", () => {
  test.each([
    [
      "a view of a field that there is none of",
      { views: { list: ["nothing"] } },
      'serializer: views.list names "nothing", which is no field',
    ],
    ["a source of one", { source: { nothing: "a.b" } }, 'serializer: source names "nothing", which is no field'],
    ["two fields of one name", { rename: { name: "id" } }, 'serializer: "id" and "name" are both called "id"'],
    ["a style that there is none of", { rename: "shout" as "camel" }, 'serializer: there is no style "shout" of names'],
  ])("%s", (_, options, message) => {
    expect(() => serializer(Tag, options as {})).toThrow(message);
  });

  test("to pick what is not there", () => {
    expect(() => Tags.pick("nothing" as "id")).toThrow('serializer: there is no field "nothing"');
    expect(() => (Tags as any).view("list")).toThrow('serializer: there is no view "list"');
  });
});

test("in a route, end to end", async () => {
  const api = new Api();
  api.post("/users", { body: Users.input, response: { 201: Users.output } }, ({ body }) =>
    created(Users.toOutput({ id: 1, joinedAt, bio: null, ...Users.fromInput(body) })),
  );
  const request = new Request("http://localhost/users", {
    method: "POST",
    body: '{"user_name":"ada","email":"ada@example.com","password":"long enough"}',
    headers: { "content-type": "application/json" },
  });
  const response = await api.handle(request);
  expect([response.status, await response.text()]).toEqual([
    201,
    '{"id":1,"user_name":"ada","email":"ada@example.com","bio":null,"joined_at":"2026-11-22T08:00:00.000Z"}',
  ]);
});
