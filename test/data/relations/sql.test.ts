import { afterAll, describe, expect, test } from "bun:test";
import { type Kysely, sql as rawSql } from "kysely";
import { database, type DialectName, mysql, postgres, type QueryEntry, sqlite } from "../../../src/data/index.ts";
import { prefetch, related } from "../../../src/data/relations/index.ts";
import { type Blog, blog } from "../query/blog.ts";
import { onEach } from "../query/stages.ts";

const SOURCES = {
  sqlite: sqlite(":memory:"),
  postgres: postgres("postgres://nobody@127.0.0.1/nothing"),
  mysql: mysql("mysql://nobody@127.0.0.1/nothing"),
};

interface Case {
  readonly told: string;
  readonly build: (db: Kysely<Blog>) => { compile(): { sql: string; parameters: readonly unknown[] } };
  readonly sql: Readonly<Record<DialectName, string>>;
  readonly parameters: Readonly<Record<DialectName, readonly unknown[]>>;
}

const NONE = { sqlite: [], postgres: [], mysql: [] };

const CASES: readonly Case[] = [
  {
    told: "one row is an object",
    build: (db) =>
      db.selectFrom("articles").select(related(db, "articles", "author", { columns: ["name"] }).as("author")),
    sql: {
      sqlite:
        `select (select json_object('name', "users"."name") from "users" ` +
        `where "users"."id" = "articles"."authorId" limit 1) as "author" from "articles"`,
      postgres:
        `select (select json_build_object('name', "users"."name") from "users" ` +
        `where "users"."id" = "articles"."authorId" limit 1) as "author" from "articles"`,
      mysql:
        "select (select json_object('name', `users`.`name`) from `users` " +
        "where `users`.`id` = `articles`.`authorId` limit 1) as `author` from `articles`",
    },
    parameters: NONE,
  },
  {
    told: "many rows are a list, ordered and limited before they are gathered",
    build: (db) =>
      db.selectFrom("articles").select(
        related(db, "articles", "comments", {
          columns: ["id"],
          query: (q) => q.where("body", "=", "x").orderBy("id", "desc").limit(2),
        }).as("comments"),
      ),
    sql: {
      sqlite:
        `select (select coalesce(json_group_array(json_object('id', "comments"."id")), '[]') from (select "comments".* ` +
        `from "comments" where ("body" = ?) and "comments"."articleId" = "articles"."id" order by "id" desc limit +?) ` +
        `as "comments") as "comments" from "articles"`,
      postgres:
        `select (select coalesce(json_agg(json_build_object('id', "comments"."id")), '[]') from (select "comments".* ` +
        `from "comments" where ("body" = $1) and "comments"."articleId" = "articles"."id" order by "id" desc limit $2) ` +
        `as "comments") as "comments" from "articles"`,
      mysql:
        "select (select coalesce(json_arrayagg(json_object('id', `comments`.`id`) /*M! order by `id` desc limit 2*/), " +
        "json_array()) /*!80014 from (select `comments`.* */ from `comments` where (`body` = ?) and " +
        "`comments`.`articleId` = `articles`.`id` /*!80014 order by `id` desc limit 2) as `comments` */) " +
        "as `comments` from `articles`",
    },
    parameters: { sqlite: ["x", 2], postgres: ["x", 2], mysql: ["x"] },
  },
  {
    told: "a third table is asked for keys, and not joined but in SQLite",
    build: (db) => db.selectFrom("articles").select(related(db, "articles", "tags", { columns: ["name"] }).as("tags")),
    sql: {
      sqlite:
        `select (select coalesce(json_group_array(json_object('name', "tags"."name")), '[]') from ` +
        `(select distinct "articleTags"."tagId" as "bolide_other" from "articleTags" where "articleTags"."articleId" = "articles"."id") ` +
        `as "bolide_pair" cross join "tags" where "tags"."id" = "bolide_pair"."bolide_other") as "tags" from "articles"`,
      postgres:
        `select (select coalesce(json_agg(json_build_object('name', "tags"."name")), '[]') from "tags" where "tags"."id" in ` +
        `(select "articleTags"."tagId" from "articleTags" where "articleTags"."articleId" = "articles"."id")) as "tags" from "articles"`,
      mysql:
        "select (select coalesce(json_arrayagg(json_object('name', `tags`.`name`)), json_array()) from `tags` where `tags`.`id` in " +
        "(select `articleTags`.`tagId` from `articleTags` where `articleTags`.`articleId` = `articles`.`id`)) as `tags` from `articles`",
    },
    parameters: NONE,
  },
  {
    told: "what JSON would change is written as text",
    build: (db) =>
      db
        .selectFrom("users")
        .select(related(db, "users", "articles", { columns: ["views", "price", "at", "meta", "cover"] }).as("a")),
    sql: {
      sqlite:
        `select (select coalesce(json_group_array(json_object('views', cast("articles"."views" as text), 'price', "articles"."price", ` +
        `'at', "articles"."at", 'meta', json("articles"."meta"), 'cover', case when "articles"."cover" is null then null ` +
        `else hex("articles"."cover") end)), '[]') from "articles" where "articles"."authorId" = "users"."id") as "a" from "users"`,
      postgres:
        `select (select coalesce(json_agg(json_build_object('views', cast("articles"."views" as text), 'price', ` +
        `cast("articles"."price" as text), 'at', "articles"."at", 'meta', "articles"."meta", 'cover', ` +
        `encode("articles"."cover", 'hex'))), '[]') from "articles" where "articles"."authorId" = "users"."id") as "a" from "users"`,
      mysql:
        "select (select coalesce(json_arrayagg(json_object('views', cast(`articles`.`views` as char), 'price', " +
        "cast(`articles`.`price` as char), 'at', date_format(`articles`.`at`, '%Y-%m-%dT%H:%i:%s.%fZ'), 'meta', " +
        "json_extract(`articles`.`meta`, '$'), 'cover', hex(`articles`.`cover`))), json_array()) from `articles` " +
        "where `articles`.`authorId` = `users`.`id`) as `a` from `users`",
    },
    parameters: NONE,
  },
  {
    told: "the same table has another name inside",
    build: (db) =>
      db.selectFrom("categories").select(
        related(db, "categories", "children", {
          columns: ["name"],
          query: (q) =>
            q
              .where("categories.name", "!=", "x")
              .where((eb) => eb.exists(eb.selectFrom("categories").select("categories.id"))),
          with: { parent: { columns: ["id"] } },
        }).as("children"),
      ),
    sql: {
      sqlite:
        `select (select coalesce(json_group_array(json_object('name', "children"."name", 'parent', json((select json_object('id', ` +
        `"categories"."id") from "categories" where "categories"."id" = "children"."parentId" limit 1)))), '[]') ` +
        `from "categories" as "children" where ("children"."name" != ? and exists (select "categories"."id" from "categories")) ` +
        `and "children"."parentId" = "categories"."id") as "children" from "categories"`,
      postgres:
        `select (select coalesce(json_agg(json_build_object('name', "children"."name", 'parent', (select json_build_object('id', ` +
        `"categories"."id") from "categories" where "categories"."id" = "children"."parentId" limit 1))), '[]') ` +
        `from "categories" as "children" where ("children"."name" != $1 and exists (select "categories"."id" from "categories")) ` +
        `and "children"."parentId" = "categories"."id") as "children" from "categories"`,
      mysql:
        "select (select coalesce(json_arrayagg(json_object('name', `children`.`name`, 'parent', (select json_object('id', " +
        "`categories`.`id`) from `categories` where `categories`.`id` = `children`.`parentId` limit 1))), json_array()) " +
        "from `categories` as `children` where (`children`.`name` != ? and exists (select `categories`.`id` from `categories`)) " +
        "and `children`.`parentId` = `categories`.`id`) as `children` from `categories`",
    },
    parameters: { sqlite: ["x"], postgres: ["x"], mysql: ["x"] },
  },
];

for (const dialect of ["sqlite", "postgres", "mysql"] as const) {
  describe(`related in ${dialect}`, () => {
    const db = database(SOURCES[dialect], blog);
    afterAll(() => db.destroy());

    test.each(CASES)("$told", ({ build, sql, parameters }) => {
      const compiled = build(db).compile();
      expect(compiled.sql).toBe(sql[dialect]);
      expect(compiled.parameters).toEqual(parameters[dialect]);
    });
  });
}

test("SQLite looks the rows of a third table up, however few it knows them to be", async () => {
  const db = database(sqlite(":memory:"), blog);
  await db.schema
    .createTable("articles")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .execute();
  await db.schema
    .createTable("tags")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("name", "text")
    .execute();
  const pairs = db.schema.createTable("articleTags").addColumn("articleId", "integer").addColumn("tagId", "integer");
  await pairs.addPrimaryKeyConstraint("articleTags_pkey", ["articleId", "tagId"]).execute();
  for (let id = 1; id <= 50; id++) await rawSql`insert into tags values (${id}, 'tag')`.execute(db);
  for (let id = 1; id <= 200; id++)
    await rawSql`insert into "articleTags" values (${id}, ${1 + (id % 50)})`.execute(db);
  await rawSql`analyze`.execute(db);
  const query = db.selectFrom("articles").select(related(db, "articles", "tags", { columns: ["name"] }).as("tags"));
  const explain = rawSql.raw<{ detail: string }>(`explain query plan ${query.compile().sql}`);
  const { rows } = await explain.execute(db);
  expect(rows.map(({ detail }) => detail).filter((detail) => detail.includes("tags"))).toEqual([
    "SEARCH tags USING INTEGER PRIMARY KEY (rowid=?)",
  ]);
  await db.destroy();
});

onEach(blog, (stage) => {
  test("prefetch takes one query for each relation of each level, with one parameter for all rows", async () => {
    await stage.db
      .insertInto("users")
      .values([1, 2, 3].map((id) => ({ id, email: `${id}@x` })))
      .execute();
    await stage.db
      .insertInto("articles")
      .values([1, 2, 3].map((id) => ({ id, authorId: id, title: "t" })))
      .execute();
    const sent: QueryEntry[] = [];
    const watched = stage.again({ log: (entry) => void sent.push(entry) });
    const users = await watched.selectFrom("users").select("id").execute();
    await prefetch(watched, "users", users, { profile: true, articles: { with: { comments: true, tags: true } } });
    // The users; their profiles and articles; the articles' comments and tags.
    expect(sent).toHaveLength(5);
    expect(sent.slice(1).map(({ parameters }) => parameters)).toEqual([
      ["[1,2,3]"],
      ["[1,2,3]"],
      ["[1,2,3]"],
      ["[1,2,3]"],
    ]);
  });
});
