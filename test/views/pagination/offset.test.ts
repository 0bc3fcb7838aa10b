import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "bun:test";
import { sql } from "kysely";
import { Api } from "../../../src/api.ts";
import { executorOf } from "../../../src/data/index.ts";
import { type Static, t } from "../../../src/schema/index.ts";
import { limitOffset, links, pageNumber } from "../../../src/views/pagination/index.ts";
import { DATABASES, fill, Item, type ItemsDb, rowOf } from "./databases.ts";

let db: ItemsDb;
let api: Api;
const Brief = t.Object({ id: t.Integer() });
const items = () => db.selectFrom("items").select("id").orderBy("id");

beforeAll(async () => {
  db = await DATABASES[0]!.start();
  await fill(
    db,
    Array.from({ length: 9 }, (_, index) => rowOf(index + 1)),
  );
  api = new Api();
  const numbered = pageNumber({ pageSize: 4, maxPageSize: 6 });
  api.get("/numbered", { query: numbered.query, response: numbered.of(Brief) }, (ctx) =>
    numbered.paginate(items(), ctx),
  );
  api.get("/none", { query: numbered.query, response: numbered.of(Brief) }, (ctx) =>
    numbered.paginate(items().where("id", "<", 0), ctx),
  );
  const uncounted = pageNumber({ pageSize: 4, withoutCount: true, pageParam: "p", pageSizeParam: null });
  api.get("/uncounted", { query: uncounted.query, response: uncounted.of(Brief) }, (ctx) =>
    uncounted.paginate(items(), ctx),
  );
  const limited = limitOffset({ pageSize: 4, maxPageSize: 6 });
  api.get("/limited", { query: limited.query, response: limited.of(Brief) }, (ctx) => limited.paginate(items(), ctx));
  const open = limitOffset({ pageSize: 4, withoutCount: true, limitParam: "n", offsetParam: "skip" });
  api.get("/open", { query: open.query, response: open.of(Brief) }, (ctx) => open.paginate(items(), ctx));
  const linked = pageNumber({ pageSize: 4, envelope: links() });
  api.get("/linked", { query: { ...linked.query, q: t.Optional(t.String()) }, response: linked.of(Brief) }, (ctx) =>
    linked.paginate(items(), ctx),
  );
  const far = limitOffset({ pageSize: 4, withoutCount: true, envelope: links({ absolute: true }) });
  api.get("/far", { query: far.query, response: far.of(Brief) }, (ctx) => far.paginate(items(), ctx));
  const own = pageNumber({
    pageSize: 4,
    envelope: (rows) => ({
      schema: t.Object({ data: rows, total: t.Integer() }),
      write: ({ items: data, count }) => ({ data, total: count }),
    }),
  });
  api.get("/own", { query: own.query, response: own.of(Brief) }, (ctx) => own.paginate(items(), ctx));
});

afterAll(() => db.destroy());

const ids = (...all: number[]) => all.map((id) => ({ id }));
const entry = (name: string) => ({ detail: [{ loc: ["query", name], msg: "Expected integer", type: "type_error" }] });

const numbered = {
  count: 9,
  page: 1,
  page_size: 4,
  total_pages: 3,
  has_next: true,
  has_previous: false,
  next_page: 2,
  previous_page: null,
  items: ids(1, 2, 3, 4),
};
const third = {
  ...numbered,
  page: 3,
  has_next: false,
  has_previous: true,
  next_page: null,
  previous_page: 2,
  items: ids(9),
};
const limited = { count: 9, limit: 4, offset: 0, has_next: true, has_previous: false, items: ids(1, 2, 3, 4) };

const table: readonly (readonly [path: string, status: number, body: object])[] = [
  ["/numbered", 200, numbered],
  [
    "/numbered?page=2",
    200,
    { ...numbered, page: 2, has_previous: true, next_page: 3, previous_page: 1, items: ids(5, 6, 7, 8) },
  ],
  ["/numbered?page=3", 200, third],
  ["/numbered?page=4", 200, third],
  ["/numbered?page=9007199254740991", 200, third],
  ["/numbered?page=0", 200, numbered],
  ["/numbered?page=-3", 200, numbered],
  ["/numbered?page_size=6", 200, { ...numbered, page_size: 6, total_pages: 2, items: ids(1, 2, 3, 4, 5, 6) }],
  ["/numbered?page_size=7", 200, { ...numbered, page_size: 6, total_pages: 2, items: ids(1, 2, 3, 4, 5, 6) }],
  ["/numbered?page_size=0", 200, { ...numbered, page_size: 1, total_pages: 9, items: ids(1) }],
  ["/numbered?page=two", 422, entry("page")],
  ["/numbered?page=1.5", 422, entry("page")],
  ["/numbered?page_size=", 422, entry("page_size")],
  ["/none", 200, { ...numbered, count: 0, total_pages: 1, has_next: false, next_page: null, items: [] }],
  ["/none?page=5", 200, { ...numbered, count: 0, total_pages: 1, has_next: false, next_page: null, items: [] }],
  [
    "/uncounted",
    200,
    {
      page: 1,
      page_size: 4,
      has_next: true,
      has_previous: false,
      next_page: 2,
      previous_page: null,
      items: ids(1, 2, 3, 4),
    },
  ],
  [
    "/uncounted?p=3&page_size=1",
    200,
    { page: 3, page_size: 4, has_next: false, has_previous: true, next_page: null, previous_page: 2, items: ids(9) },
  ],
  [
    "/uncounted?p=5",
    200,
    { page: 5, page_size: 4, has_next: false, has_previous: true, next_page: null, previous_page: 4, items: [] },
  ],
  ["/limited", 200, limited],
  ["/limited?offset=5", 200, { ...limited, offset: 5, has_next: false, has_previous: true, items: ids(6, 7, 8, 9) }],
  ["/limited?limit=3&offset=5", 200, { ...limited, limit: 3, offset: 5, has_previous: true, items: ids(6, 7, 8) }],
  ["/limited?offset=50", 200, { ...limited, offset: 50, has_next: false, has_previous: true, items: [] }],
  ["/limited?limit=1000&offset=-1", 200, { ...limited, limit: 6, items: ids(1, 2, 3, 4, 5, 6) }],
  ["/limited?limit=0", 200, { ...limited, limit: 1, items: ids(1) }],
  ["/limited?limit=many", 422, entry("limit")],
  ["/limited?offset=1e3", 422, entry("offset")],
  ["/open?n=8", 200, { limit: 8, offset: 0, has_next: true, has_previous: false, items: ids(1, 2, 3, 4, 5, 6, 7, 8) }],
  ["/open?n=9&skip=8", 200, { limit: 9, offset: 8, has_next: false, has_previous: true, items: ids(9) }],
  ["/linked", 200, { count: 9, next: "/linked?page=2", previous: null, results: ids(1, 2, 3, 4) }],
  [
    "/linked?q=a%26b&page=2",
    200,
    { count: 9, next: "/linked?q=a%26b&page=3", previous: "/linked?q=a%26b&page=1", results: ids(5, 6, 7, 8) },
  ],
  [
    "/far?limit=4&offset=6",
    200,
    { next: null, previous: "http://localhost/far?limit=4&offset=2", results: ids(7, 8, 9) },
  ],
  ["/own?page=3", 200, { data: ids(9), total: 9 }],
];

test.each(table)("%s", async (path, status, body) => {
  const response = await api.handle(new Request(`http://localhost${path}`));
  expect([response.status, await response.json()]).toEqual([status, body]);
});

test("the order of the keys is that of the documentation", async () => {
  const text = async (path: string) => (await api.handle(new Request(`http://localhost${path}`))).text();
  expect(await text("/numbered?page_size=1")).toBe(
    '{"count":9,"page":1,"page_size":1,"total_pages":9,"has_next":true,"has_previous":false,"next_page":2,"previous_page":null,"items":[{"id":1}]}',
  );
  expect(await text("/limited?limit=1")).toBe(
    '{"count":9,"limit":1,"offset":0,"has_next":true,"has_previous":false,"items":[{"id":1}]}',
  );
});

test("the query's parameters are in its schema with their defaults", () => {
  const { page, page_size } = pageNumber({ pageSize: 30 }).query;
  expect([page["type"], page.default, page_size["type"], page_size.default]).toEqual(["integer", 1, "integer", 30]);
});

describe("types:", () => {
  const ctx = { query: { page: 1, page_size: 2 }, url: new URL("http://localhost/") };

  test("a page has the rows of its query, and matches its own schema", async () => {
    const pages = pageNumber();
    const page = await pages.paginate(items(), ctx);
    expectTypeOf(page.items).toEqualTypeOf<{ id: number }[]>();
    expectTypeOf(page.next_page).toEqualTypeOf<number | null>();
    const schema = pages.of(Item.public);
    expectTypeOf<Static<typeof schema>["items"][0]["at"]>().toEqualTypeOf<Date>();
    expectTypeOf(page).toExtend<Static<ReturnType<typeof pages.of<typeof Brief>>>>();
  });

  test("without a count there is none, and parameters go by their own names", () => {
    const pages = pageNumber({ withoutCount: true, pageParam: "p", pageSizeParam: null });
    expectTypeOf<keyof typeof pages.query>().toEqualTypeOf<"p">();
    const schema = pages.of(Brief);
    expectTypeOf<Static<typeof schema>>().not.toHaveProperty("count");
  });

  test("an envelope of one's own has its own type", () => {
    const own = pageNumber({
      envelope: (rows) => ({ schema: t.Object({ data: rows }), write: (page) => ({ data: page.items }) }),
    });
    const schema = own.of(Brief);
    expectTypeOf<Static<typeof schema>>().toEqualTypeOf<{ data: { id: number }[] }>();
  });

  test("on SQLite a prepared page is there at once", () => {
    const page = pageNumber().prepare(db, (q) => q.selectFrom("items").select("id").orderBy("id"))(ctx);
    expectTypeOf<Awaited<typeof page>["items"]>().toEqualTypeOf<{ id: number }[]>();
    expect(page).toMatchObject({ count: 9, items: ids(1, 2) });
  });
});

describe("prepared, a query", () => {
  const at = (page: number) => ({ query: { page, page_size: 2 }, url: new URL("http://localhost/") });

  test("takes declared parameters", () => {
    const page = pageNumber().prepare(db, { from: t.Integer() }, (q, p) =>
      q.selectFrom("items").select("id").where("id", ">=", p.from).orderBy("id"),
    );
    expect(page(at(2), { from: 4 })).toMatchObject({ count: 6, total_pages: 3, items: ids(6, 7) });
    expect(page(at(9), { from: 4 })).toMatchObject({ page: 3, items: ids(8, 9) });
  });

  test("takes parameters that are named in place", () => {
    const page = limitOffset().prepare(db, (q, p) =>
      q.selectFrom("items").select("id").where("id", ">=", p.integer("from")).orderBy("id"),
    );
    const ctx = { query: { limit: 2, offset: 1 }, url: new URL("http://localhost/") };
    expect(page(ctx, { from: 4 })).toMatchObject({ count: 6, items: ids(5, 6) });
  });
});

describe("refuses a query", () => {
  const ctx = { query: { page: 1, page_size: 2 }, url: new URL("http://localhost/") };

  test("without an order, whose pages would be of chance", () => {
    expect(pageNumber().paginate(db.selectFrom("items").select("id"), ctx)).rejects.toThrow(
      "pageNumber: the query has no order, so its pages could repeat rows and miss others; add orderBy",
    );
    expect(() => pageNumber().prepare(db, (q) => q.selectFrom("items").select("id"))).toThrow("has no order");
  });

  test("with a limit of its own", () => {
    expect(pageNumber().paginate(items().limit(3), ctx)).rejects.toThrow(
      "pageNumber: the query has a limit or an offset of its own; the pagination sets them",
    );
  });

  test("with sizes that are none", () => {
    expect(() => pageNumber({ pageSize: 0 })).toThrow("pageNumber: 0 is no size of a page");
    expect(() => limitOffset({ pageSize: 200 })).toThrow("pageSize (200) is more than maxPageSize (100)");
  });
});

for (const { dialect, missing, start } of DATABASES) {
  describe.skipIf(missing)(`on ${dialect} all rows are counted`, () => {
    let own: ItemsDb;
    beforeAll(async () => {
      own = await start();
      await fill(
        own,
        Array.from({ length: 20 }, (_, index) => rowOf(index + 1)),
      );
    }, 60_000);
    afterAll(() => own.destroy());

    const cases = {
      "of a plain query": (q: ItemsDb) => q.selectFrom("items").select("id").orderBy("id"),
      "of a join": (q: ItemsDb) =>
        q
          .selectFrom("items")
          .innerJoin("items as other", "other.rank", "items.rank")
          .select("items.id")
          .orderBy("items.id")
          .orderBy("other.id"),
      "of distinct rows": (q: ItemsDb) => q.selectFrom("items").select("title").distinct().orderBy("title"),
      "of groups": (q: ItemsDb) =>
        q
          .selectFrom("items")
          .select(["rank", sql<number>`max(id)`.as("most")])
          .groupBy("rank")
          .having(sql`count(*)`, ">", 1)
          .orderBy("rank"),
      "of a union": (q: ItemsDb) =>
        q
          .selectFrom("items")
          .select("id")
          .where("id", "<", 5)
          .unionAll(q.selectFrom("items").select("id").where("id", ">", 15))
          .orderBy("id"),
      "of none": (q: ItemsDb) => q.selectFrom("items").select("id").where("id", "<", 0).orderBy("id"),
    } as const;

    test.each(Object.entries(cases))("%s", async (_, build) => {
      const expected: readonly object[] = await (build(own) as ReturnType<typeof items>).execute();
      const pages = pageNumber({ pageSize: 3 });
      const query = build(own) as ReturnType<typeof items>;
      const ctx = { query: { page: 2, page_size: 3 }, url: new URL("http://localhost/") };
      const prepared = pages.prepare(own, (q) => build(q as ItemsDb) as ReturnType<typeof items>);
      for (const page of [await pages.paginate(query, ctx), await prepared(ctx)]) {
        expect(page.count).toBe(expected.length);
        expect<readonly object[]>(page.items).toEqual(expected.slice(3, 6));
      }
    });
  });
}

test("one page is one statement, or two on SQLite where it is prepared", async () => {
  const core = executorOf(db)!.core;
  const { engine } = core;
  const sent: string[] = [];
  const original = engine.prepare.bind(engine);
  engine.prepare = (text, traits) => {
    const statement = original(text, traits);
    return new Proxy(statement, {
      get: (target, key: "all" | "first") =>
        key === "all" || key === "first"
          ? (parameters: readonly unknown[]) => {
              sent.push(text);
              return target[key](parameters);
            }
          : target[key],
    });
  };
  const ctx = { query: { page: 2, page_size: 4 }, url: new URL("http://localhost/") };
  await pageNumber().paginate(items(), ctx);
  expect(sent.splice(0)).toEqual([
    'select "id", (select count(*) as "bolide_count" from "items") as "bolide_count" from "items" order by "id" limit +? offset ?',
  ]);
  void pageNumber().prepare(db, (q) => q.selectFrom("items").select("id").orderBy("id"))(ctx);
  expect(sent.splice(0)).toEqual([
    'select "id" from "items" order by "id" limit +? offset ?',
    'select count(*) as "bolide_count" from "items"',
  ]);
  await pageNumber({ withoutCount: true }).paginate(items(), ctx);
  expect(sent.splice(0)).toEqual(['select "id" from "items" order by "id" limit +? offset ?']);
  engine.prepare = original;
});
