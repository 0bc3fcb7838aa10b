import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Kysely } from "kysely";
import { cursor, type CursorOrderBy } from "../../../src/views/pagination/index.ts";
import { DATABASES, fill, type ItemsDb, rowOf } from "./databases.ts";

const url = new URL("http://localhost/items");
const SIZE = 7;
const ROWS = 60;

/** Everything that a cursor can order by: ties, nulls, mixed directions, every kind of value. */
const orders: readonly (readonly CursorOrderBy[])[] = [
  [],
  [["id", "desc"]],
  [["at", "desc"]],
  [
    ["at", "asc"],
    ["id", "desc"],
  ],
  [["rank", "asc"]],
  [["rank", "desc"]],
  [
    ["rank", "asc"],
    ["at", "desc"],
  ],
  [
    ["rank", "desc"],
    ["title", "desc"],
    ["price", "asc"],
  ],
  [
    ["title", "asc"],
    ["rank", "desc"],
    ["at", "asc"],
  ],
  [
    ["title", "desc"],
    ["rank", "desc"],
  ],
  [["price", "desc"]],
  [
    ["big", "asc"],
    ["code", "desc"],
  ],
];

interface PageOfItems {
  readonly items: readonly { readonly id: number }[];
  readonly next_cursor: string | null;
  readonly previous_cursor: string | null;
}

type Read = (cursor?: string) => PageOfItems | Promise<PageOfItems>;

/** The two ways to a page, over a query that selects all columns or leaves out those that the order needs. */
const ways: readonly (readonly [name: string, make: (db: Kysely<any>, orderBy: readonly CursorOrderBy[]) => Read])[] = [
  [
    "built anew",
    (db, orderBy) => {
      const pages = cursor({ orderBy });
      return (token) =>
        pages.paginate(db.selectFrom("items").selectAll(), at(token)) as unknown as Promise<PageOfItems>;
    },
  ],
  [
    "built anew from a few columns",
    (db, orderBy) => {
      const pages = cursor({ orderBy });
      return (token) =>
        pages.paginate(db.selectFrom("items").select("id"), at(token)) as unknown as Promise<PageOfItems>;
    },
  ],
  [
    "prepared",
    (db, orderBy) => {
      const page = cursor({ orderBy }).prepare(db, (q) => q.selectFrom("items").selectAll());
      return (token) => page(at(token)) as unknown as PageOfItems;
    },
  ],
  [
    "prepared from a few columns",
    (db, orderBy) => {
      const page = cursor({ orderBy }).prepare(db, (q) => q.selectFrom("items").select("id"));
      return (token) => page(at(token)) as unknown as PageOfItems;
    },
  ],
];

const at = (token: string | undefined) =>
  ({ query: { page_size: SIZE, ...(token === undefined ? {} : { cursor: token }) }, url }) as never;

const keysOf = (page: PageOfItems) => page.items.map(({ id }) => id);

for (const { dialect, missing, start } of DATABASES) {
  describe.skipIf(missing)(`on ${dialect} a list in pages of ${SIZE}`, () => {
    let db: ItemsDb;
    const sorted = async (orderBy: readonly CursorOrderBy[]): Promise<number[]> => {
      const whole = orderBy.reduce(
        (query, [column, way]) => query.orderBy(column as "id", way),
        db.selectFrom("items").select("id"),
      );
      const rows = await whole.orderBy("id", orderBy.at(-1)?.[1] ?? "asc").execute();
      return rows.map(({ id }) => id);
    };

    beforeAll(async () => {
      db = await start();
      await fill(
        db,
        Array.from({ length: ROWS }, (_, index) => rowOf(index + 1)),
      );
    }, 60_000);
    afterAll(() => db.destroy());

    for (const [way, make] of ways) {
      test.each(orders.map((orderBy) => [JSON.stringify(orderBy), orderBy] as const))(
        `${way}, by %s, has each row once in its place, forwards and backwards`,
        async (_, orderBy) => {
          const expected = await sorted(orderBy);
          const read = make(db, orderBy);
          const forwards: number[][] = [];
          let page = await read();
          expect(page.previous_cursor).toBeNull();
          forwards.push(keysOf(page));
          while (page.next_cursor !== null) {
            page = await read(page.next_cursor);
            forwards.push(keysOf(page));
          }
          expect(forwards.flat()).toEqual(expected);
          expect(forwards.map(({ length }) => length)).toEqual([...Array(8).fill(7), 4]);

          const backwards: number[][] = [keysOf(page)];
          while (page.previous_cursor !== null) {
            page = await read(page.previous_cursor);
            backwards.unshift(keysOf(page));
            expect(page.next_cursor).not.toBeNull();
          }
          expect(backwards).toEqual(forwards);
        },
      );
    }
  });
}

for (const { dialect, missing, start } of DATABASES) {
  describe.skipIf(missing)(`on ${dialect}, while rows come and go`, () => {
    let db: ItemsDb;
    const read = (token?: string) =>
      cursor({ orderBy: [["at", "desc"]] }).paginate(
        db.selectFrom("items").selectAll(),
        at(token),
      ) as unknown as Promise<PageOfItems>;
    const row = (id: number, second: number) => ({ ...rowOf(id), at: new Date(Date.UTC(2026, 5, 1) + second * 1000) });

    beforeAll(async () => {
      db = await start();
      await fill(
        db,
        Array.from({ length: 21 }, (_, index) => row(index + 1, index)),
      );
    }, 60_000);
    afterAll(() => db.destroy());

    test("no row is repeated and none is missing, even if the last one seen goes away", async () => {
      const first = await read();
      expect(keysOf(first)).toEqual([21, 20, 19, 18, 17, 16, 15]);
      await fill(db, [row(100, 1000), row(101, 15.5), row(102, 13.5)]);
      await db.deleteFrom("items").where("id", "in", [15, 14]).execute();
      const second = await read(first.next_cursor!);
      expect(keysOf(second)).toEqual([102, 13, 12, 11, 10, 9, 8]);
      const back = await read(second.previous_cursor!);
      expect(keysOf(back)).toEqual([21, 20, 19, 18, 17, 101, 16]);
      expect(keysOf(await read(back.previous_cursor!))).toEqual([100]);
    });

    test("a page before a position with nothing left before it is the first, and one behind the end leads back", async () => {
      const first = await read();
      const second = await read(first.next_cursor!);
      await db.deleteFrom("items").where("id", "in", keysOf(first)).execute();
      expect(keysOf(await read(second.previous_cursor!))).toEqual(keysOf(second));
      await db.deleteFrom("items").where("id", "not in", keysOf(second)).execute();
      const end = await read(second.next_cursor!);
      expect(end).toMatchObject({ items: [], next_cursor: null });
      expect(keysOf(await read(end.previous_cursor!))).toEqual(keysOf(second));
    });
  });
}
