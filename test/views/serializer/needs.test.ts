import { describe, expect, test } from "bun:test";
import { belongsTo, hasMany, model } from "../../../src/data/index.ts";
import { t } from "../../../src/schema/index.ts";
import { needsOf, nested, serializer } from "../../../src/views/serializer/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  name: t.String(),
  password: t.Password(),
  settings: t.Json(t.Object({})),
});
const Article = model(
  "articles",
  { id: t.PrimaryKey(), authorId: t.ForeignKey("users.id"), title: t.String(), body: t.String() },
  { relations: { author: belongsTo("users", "authorId"), comments: hasMany("comments", "articleId") } },
);

describe("a row must have", () => {
  test("the columns of a plain schema, in lists and nullable places too", () => {
    const expected = { columns: ["id", "title"], relations: {} };
    const schema = t.Object({ id: t.Integer(), title: t.String() });
    for (const one of [schema, t.Array(schema), t.Nullable(schema), t.Optional(t.Array(t.Nullable(schema)))])
      expect(needsOf(one)).toEqual(expected);
  });

  test("rows of relations where a property holds objects, but not where it is JSON", () => {
    const schema = t.Object({
      id: t.Integer(),
      author: t.Nullable(t.Object({ name: t.String() })),
      comments: t.Array(t.Object({ id: t.Integer(), by: t.Object({ name: t.String() }) })),
      settings: t.Json(t.Object({ theme: t.String() })),
      labels: t.Array(t.String()),
    });
    expect(needsOf(schema)).toEqual({
      columns: ["id", "settings", "labels"],
      relations: {
        author: { columns: ["name"], relations: {} },
        comments: { columns: ["id"], relations: { by: { columns: ["name"], relations: {} } } },
      },
    });
  });

  test("what the model knows of it, where there is one", () => {
    const schema = t.Object({ id: t.Integer(), author: t.Object({ name: t.String() }), score: t.Number() });
    expect(needsOf(schema, Article)).toEqual({
      columns: ["id"],
      relations: { author: { columns: ["name"], relations: {} } },
    });
    expect(needsOf(User.public, User)).toEqual({ columns: ["id", "name", "settings"], relations: {} });
  });

  test("what a serializer shows, by the row's own names", () => {
    const Users = serializer(User, { rename: "snake", readOnly: ["name"] });
    const Articles = serializer(Article, {
      rename: { title: "headline" },
      fields: { author: nested(Users.pick("id")), by: t.String() },
      source: { by: "author.name" },
      views: { list: ["title", "by"], single: ["title", "author"] },
    });
    expect(needsOf(Articles.output)).toEqual({
      columns: ["id", "authorId", "title", "body"],
      relations: { author: { columns: ["id", "name"], relations: {} } },
    });
    expect(needsOf(t.Array(Articles.view("list")))).toEqual({
      columns: ["title"],
      relations: { author: { columns: ["name"], relations: {} } },
    });
    expect(needsOf(t.Object({ page: t.Integer(), article: Articles.view("single") }))).toEqual({
      columns: ["page"],
      relations: { article: { columns: ["title"], relations: { author: { columns: ["id"], relations: {} } } } },
    });
  });

  test("what a computed field reads: what it says, or all that may be shown", () => {
    const said = serializer(User, {
      computed: { initial: { type: t.String(), get: ({ name }) => name[0]!, needs: ["name", "profile.title"] } },
      views: { only: ["initial"] },
    });
    expect(needsOf(said.view("only"))).toEqual({
      columns: ["name"],
      relations: { profile: { columns: ["title"], relations: {} } },
    });
    const silent = serializer(User, {
      computed: { initial: { type: t.String(), get: ({ name }) => name[0]! } },
      views: { only: ["initial"] },
    });
    expect(needsOf(silent.view("only"))).toEqual({ columns: ["id", "name", "settings"], relations: {} });
  });
});
