import { beforeAll, expect, test } from "bun:test";
import { Api, t } from "bolide";
import type { SelectQueryBuilder } from "kysely";
import { testClient } from "bolide/testing";
import { type AnyPagination, limitOffset, modelViewSet, pageNumber } from "bolide/views";
import { onEach } from "../../data/query/stages.ts";
import { Article, models, Writer } from "./shop.ts";

const Full = t.Object({ id: t.Integer(), writer: Writer.public, tags: t.Array(t.Object({ name: t.String() })) });

const RATED = <Q extends SelectQueryBuilder<any, any, any>>(query: Q): Q => query.where("articles.rating", "=", 2) as Q;

onEach(models, (stage) => {
  beforeAll(async () => {
    const { db } = stage;
    await db.insertInto("writers").values({ id: 1, name: "Ada", password: "a" }).execute();
    const rows = Array.from({ length: 30 }, (_, at) => ({
      id: at + 1,
      writerId: 1,
      title: `t${at}`,
      rating: (at % 3) + 1,
    }));
    await db.insertInto("articles").values(rows).execute();
    await db.insertInto("tags").values({ id: 1, name: "math" }).execute();
    await db
      .insertInto("articleTags")
      .values([{ articleId: 29, tagId: 1 }])
      .execute();
  });

  const nested = (ids: readonly number[]) =>
    ids.map((id) => ({ id, writer: { id: 1, name: "Ada" }, tags: id === 29 ? [{ name: "math" }] : [] }));

  test.each([
    ["by number", { pagination: pageNumber({ pageSize: 2 }) }, "?page=15&ordering=-rating", [4, 1]],
    ["the last for one beyond", { pagination: pageNumber({ pageSize: 4 }) }, "?page=99", [29, 30]],
    ["by offset", { pagination: limitOffset({ pageSize: 2 }) }, "?offset=28", [29, 30]],
    ["without a count", { pagination: limitOffset({ pageSize: 2, withoutCount: true }) }, "?offset=27", [28, 29]],
    [
      "of a narrowed set",
      { pagination: limitOffset({ pageSize: 2 }), narrow: RATED },
      "?offset=8&ordering=rating",
      [26, 29],
    ],
  ] as const)("a deep page with nested rows, %s", async (_, { pagination, ...rest }, query, ids) => {
    const api = new Api();
    const narrowed = "narrow" in rest ? { queryset: rest.narrow } : {};
    api.viewset(
      "/articles",
      modelViewSet(stage.db, Article, {
        only: ["list"],
        output: { list: Full },
        ordering: ["rating"],
        pagination: pagination as AnyPagination,
        ...narrowed,
      }),
    );
    const answer = await (await testClient(api).get(`/articles${query}`)).json();
    expect(answer.items).toEqual(nested(ids));
  });

  test("a page beyond the last has its count, and rows are nested for the page alone on PostgreSQL", async () => {
    const statements: string[] = [];
    const db = stage.again({ log: ({ sql }) => void statements.push(sql) });
    const api = new Api();
    api.viewset("/articles", modelViewSet(db, Article, { output: { list: Full }, pagination: limitOffset() }));
    const client = testClient(api);
    expect(await (await client.get("/articles?offset=40")).json()).toMatchObject({
      count: 30,
      has_next: false,
      items: [],
    });
    await client.get("/articles?offset=20");
    const isByKeys = statements.some((sql) =>
      /select "articles"."id", \(select count.*limit .* as "bolide_page"/.test(sql),
    );
    expect(isByKeys).toBe(stage.dialect === "postgres");
  });
});
