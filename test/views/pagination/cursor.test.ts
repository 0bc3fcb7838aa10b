import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "bun:test";
import { sql } from "kysely";
import { Api } from "../../../src/api.ts";
import { database, postgres } from "../../../src/data/index.ts";
import { type Static, t } from "../../../src/schema/index.ts";
import { cursor, links } from "../../../src/views/pagination/index.ts";
import { CursorTokens, type CursorValue } from "../../../src/views/pagination/token.ts";
import { noPostgres, postgresServer } from "../../data/servers/index.ts";
import { DATABASES, fill, Item, type ItemsDb, rowOf } from "./databases.ts";

const SECRET = "a secret of 32 bytes or more, please";
const Brief = t.Object({ id: t.Integer(), rank: t.Nullable(t.Integer()) });

let db: ItemsDb;
const query = () => db.selectFrom("items").select(["id", "rank"]);

beforeAll(async () => {
  db = await DATABASES[0]!.start();
  await fill(
    db,
    Array.from({ length: 9 }, (_, index) => rowOf(index + 1)),
  );
});
afterAll(() => db.destroy());

function apiWith(options: Partial<Parameters<typeof cursor>[0]> = {}): Api {
  const api = new Api();
  const pages = cursor({
    orderBy: [["id", "asc"]],
    pageSize: 4,
    maxPageSize: 6,
    secret: SECRET,
    ...options,
  } as unknown as { readonly orderBy: [] });
  api.get("/items", { query: pages.query, response: pages.of(Brief) }, (ctx) => pages.paginate(query(), ctx));
  return api;
}

const get = async (api: Api, path: string) => {
  const response = await api.handle(new Request(`http://localhost${path}`));
  return { status: response.status, body: (await response.json()) as any };
};

const ids = (body: { items: { id: number }[] }) => body.items.map(({ id }) => id);

describe("a page by cursor", () => {
  test("has the envelope of the documentation", async () => {
    const response = await apiWith({ pageSize: 1, secret: SECRET }).handle(new Request("http://localhost/items"));
    expect(await response.text()).toBe(
      '{"items":[{"id":1,"rank":1}],"next_cursor":"WzAsIm4xIl0.-QxgGN8xOtDw6Lt-5Oe_ygw5tHve4bNcntF6TA8lRxE","previous_cursor":null,"has_next":true,"has_previous":false,"page_size":1}',
    );
  });

  test("leads to its neighbours, and an empty cursor is none", async () => {
    const api = apiWith();
    const first = await get(api, "/items?cursor=");
    expect([ids(first.body), first.body.has_next, first.body.has_previous]).toEqual([[1, 2, 3, 4], true, false]);
    const second = await get(api, `/items?cursor=${first.body.next_cursor}&page_size=3`);
    expect([ids(second.body), second.body.page_size, second.body.has_previous]).toEqual([[5, 6, 7], 3, true]);
    const back = await get(api, `/items?cursor=${second.body.previous_cursor}`);
    expect([ids(back.body), back.body.has_next, back.body.has_previous]).toEqual([[1, 2, 3, 4], true, false]);
  });

  test.each([
    ["/items?page_size=100", 200, 6],
    ["/items?page_size=0", 200, 1],
    ["/items?page_size=ten", 422, undefined],
  ])("%s is brought into bounds, or refused", async (path, status, size) => {
    const { status: answered, body } = await get(apiWith(), path);
    expect([answered, body.page_size]).toEqual([status, size]);
  });

  test("in the links style keeps the rest of the query", async () => {
    const api = apiWith({ envelope: links() });
    const { body } = await get(api, "/items?page_size=8&q=x");
    expect(body).toEqual({
      next: expect.stringMatching(/^\/items\?page_size=8&q=x&cursor=WzA/),
      previous: null,
      results: expect.any(Array),
    });
  });
});

describe("a cursor", () => {
  const token = async (api: Api) => (await get(api, "/items")).body.next_cursor as string;
  const refused = { status: 400, body: { detail: "Invalid cursor" } };

  test("that was changed in any character is 400", async () => {
    const api = apiWith();
    const good = await token(api);
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
      expect([at, (await get(api, `/items?cursor=${encodeURIComponent(bad)}`)).status]).toEqual([at, 400]);
    }
  });

  test.each([["x"], ["."], ["W10"], ["A".repeat(5000)], ["%00"], ["%F0%9F%8E%89"]])("like %p is 400", async (text) => {
    expect(await get(apiWith(), `/items?cursor=${text}`)).toEqual(refused);
  });

  test("of another secret is 400, and of the one before it is not", async () => {
    const other = "another secret of 32 bytes or more, too";
    const old = await token(apiWith());
    expect(await get(apiWith({ secret: other }), `/items?cursor=${old}`)).toEqual(refused);
    expect((await get(apiWith({ secret: [other, SECRET] }), `/items?cursor=${old}`)).status).toBe(200);
  });

  test("of another order is 400", async () => {
    const old = await token(apiWith());
    expect(await get(apiWith({ orderBy: [["id", "desc"]] }), `/items?cursor=${old}`)).toEqual(refused);
    expect(await get(apiWith({ orderBy: [["rank", "asc"]] }), `/items?cursor=${old}`)).toEqual(refused);
  });

  test("without a secret is signed with BOLIDE_SECRET, and else lives through a restart all the same", async () => {
    const without = () => {
      const api = new Api();
      const pages = cursor({ orderBy: [["id", "asc"]], pageSize: 4 });
      api.get("/items", { query: pages.query }, (ctx) => pages.paginate(query(), ctx));
      return api;
    };
    const open = await token(without());
    expect((await get(without(), `/items?cursor=${open}`)).status).toBe(200);
    Bun.env["BOLIDE_SECRET"] = SECRET;
    const api = without();
    expect((await get(api, `/items?cursor=${open}`)).status).toBe(400);
    expect((await get(api, `/items?cursor=${await token(apiWith())}`)).status).toBe(200);
    delete Bun.env["BOLIDE_SECRET"];
  });

  test("whose values are not of the columns' types is 400", async () => {
    const tokens = new CursorTokens(["at asc", "rank asc", "id asc"], [SECRET]);
    const page = cursor({
      orderBy: [
        ["at", "asc"],
        ["rank", "asc"],
      ],
      secret: SECRET,
    }).prepare(db, (q) => q.selectFrom("items").select("id"));
    const answer = (...values: CursorValue[]) =>
      page({
        query: { cursor: tokens.write({ backward: false, inclusive: false, values }), page_size: 4 },
        url: new URL("http://localhost/"),
      });
    const moment = new Date(0);
    expect(answer(moment, 1, 1)).toMatchObject({ page_size: 4 });
    expect(answer(moment, null, 1)).toMatchObject({ page_size: 4 });
    expect(() => answer("text", 1, 1)).toThrow("Invalid cursor");
    expect(() => answer(moment, 1n, 1)).toThrow("Invalid cursor");
    expect(() => answer(moment, 1, null)).toThrow("Invalid cursor");
    expect(() => answer(moment, 1)).toThrow("Invalid cursor");
  });
});

describe("refuses", () => {
  const ctx = { query: { page_size: 2 }, url: new URL("http://localhost/") };
  test.each([
    [
      "a query with an order",
      () => cursor({ orderBy: [["id", "asc"]] }).paginate(query().orderBy("id"), ctx),
      "the query has an order of its own; name its columns in orderBy",
    ],
    [
      "a query with a limit",
      () => cursor({ orderBy: [["id", "asc"]] }).paginate(query().limit(2), ctx),
      "the query has a limit",
    ],
    [
      "a column that the model lacks",
      async () => cursor({ orderBy: [["nothing", "asc"]] }).prepare(db, () => query()),
      'cursor: "items" has no column "nothing"',
    ],
    [
      "a short secret",
      async () => cursor({ orderBy: [["id", "asc"]], secret: "short" }),
      "cursor: a secret, also BOLIDE_SECRET, has 32 bytes or more",
    ],
    [
      "a direction that is none",
      async () => cursor({ orderBy: [["id", "up" as "asc"]] }),
      'cursor: "id" is ordered "asc" or "desc", not "up"',
    ],
  ])("%s", async (_, act, message) => {
    expect((async () => act())()).rejects.toThrow(message);
  });
});

test("types: the parameters by their names, and the page", () => {
  const pages = cursor({ orderBy: [["id", "asc"]], cursorParam: "after", pageSizeParam: null });
  expectTypeOf<keyof typeof pages.query>().toEqualTypeOf<"after">();
  const schema = pages.of(Item.public);
  expectTypeOf<Static<typeof schema>["next_cursor"]>().toEqualTypeOf<string | null>();
  expectTypeOf<Static<typeof schema>["items"][0]["big"]>().toEqualTypeOf<bigint>();
});

describe.skipIf(noPostgres)("on a PostgreSQL whose types nobody told", () => {
  test("rows within one millisecond are all there", async () => {
    const own = database<{ events: { id: string; at: Date } }>(postgres(await (await postgresServer()).database()));
    await sql`create table events (id bigint primary key, at timestamptz not null)`.execute(own);
    await sql`insert into events select i, timestamptz '2026-01-01 00:00:00Z' + i * interval '300 microseconds' from generate_series(1, 20) i`.execute(
      own,
    );
    const pages = cursor({ orderBy: [["at", "desc"]], pageSize: 3 });
    const seen: string[] = [];
    for (let at: string | undefined | null; at !== null;) {
      const page = await pages.paginate(own.selectFrom("events").select(["id", "at"]), {
        query: { page_size: 3, ...(at === undefined ? {} : { cursor: at }) },
        url: new URL("http://localhost/"),
      });
      expect(Object.keys(page.items[0]!)).toEqual(["id", "at"]);
      seen.push(...page.items.map(({ id }) => id));
      at = page.next_cursor;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => String(20 - index)));
    await own.destroy();
  });
});
