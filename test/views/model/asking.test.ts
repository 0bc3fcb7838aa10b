import { beforeAll, expect, test } from "bun:test";
import { Api, t } from "bolide";
import { belongsTo, hasMany, hasOne, model } from "bolide/data";
import { type TestClient, testClient } from "bolide/testing";
import { modelViewSet } from "bolide/views";
import { onEach } from "../../data/query/stages.ts";

const Shelf = model(
  "shelves",
  { id: t.PrimaryKey(), label: t.String(), note: t.Nullable(t.String()) },
  { name: "Shelf", relations: { books: hasMany("books", "shelfId") } },
);
const Cover = model("covers", { id: t.PrimaryKey(), bookId: t.ForeignKey("books.id"), colour: t.String() });
const Book = model(
  "books",
  {
    id: t.PrimaryKey(),
    shelfId: t.Nullable(t.ForeignKey("shelves.id")),
    title: t.String(),
    price: t.Decimal({ precision: 10, scale: 2 }),
    copies: t.BigInt(),
    weight: t.Nullable(t.Number()),
    code: t.Uuid(),
    printedAt: t.Timestamp(),
    day: t.Day(),
  },
  { name: "Book", relations: { shelf: belongsTo("shelves", "shelfId"), cover: hasOne("covers", "bookId") } },
);
const models = { shelves: Shelf, books: Book, covers: Cover };

const CODES = ["0190a0a0-0000-7000-8000-00000000000a", "0190a0a0-0000-7000-8000-00000000000b"] as const;
const BIG = "9007199254740993";

onEach(models, (stage) => {
  let client: TestClient;
  beforeAll(async () => {
    const { db } = stage;
    const book = (id: number, title: string, price: string, rest: object) => ({
      id,
      title,
      price,
      copies: 1n,
      code: CODES[0],
      printedAt: new Date("2026-01-01T00:00:00Z"),
      day: "2026-01-01",
      ...rest,
    });
    await db
      .insertInto("shelves")
      .values([
        { id: 1, label: "Low", note: null },
        { id: 2, label: "High", note: "dusty" },
      ])
      .execute();
    await db
      .insertInto("books")
      .values(book(1, "One", "9.00", { shelfId: 1, weight: 0.5 }))
      .execute();
    await db
      .insertInto("books")
      .values(book(2, "Two", "10.50", { shelfId: 2, copies: BigInt(BIG) }))
      .execute();
    const late = { printedAt: new Date("2026-06-01T12:00:00Z"), day: "2026-06-01", code: CODES[1], weight: 2 };
    await db
      .insertInto("books")
      .values(book(3, "Three", "100.00", late))
      .execute();
    await db
      .insertInto("covers")
      .values([
        { id: 1, bookId: 1, colour: "red" },
        { id: 2, bookId: 3, colour: "blue" },
      ])
      .execute();
    const api = new Api();
    api.viewset(
      "/books",
      modelViewSet(db, Book, {
        only: ["list"],
        filter: {
          price: ["exact", "in", "range"],
          copies: ["exact", "in", "range"],
          weight: ["exact", "null", "range"],
          code: ["exact", "in"],
          printedAt: ["exact", "range"],
          day: ["exact", "range"],
          shelfId: ["in", "null"],
          "shelf.label": ["contains", "in"],
          "shelf.note": "null",
          "shelf.books.title": true,
          "cover.colour": true,
        },
        ordering: ["price", "weight"],
      }),
    );
    client = testClient(api);
  });

  const titles = async (query: string): Promise<unknown> => {
    const response = await client.get(`/books${query}`);
    const answer = await response.json();
    return response.status === 200
      ? answer.items.map(({ title }: { title: string }) => title)
      : answer.detail.map((entry: { loc: unknown[]; type: string }) => `${entry.loc.join(".")} ${entry.type}`);
  };

  test.each([
    ["?price=10.5", ["Two"]],
    ["?price=10.50", ["Two"]],
    ["?price__in=9,100.00", ["One", "Three"]],
    ["?price__gt=9", ["Two", "Three"]],
    ["?price__lt=10.50", ["One"]],
    ["?price__gte=10.5&price__lte=99", ["Two"]],
    ["?price=cheap", ["query.price pattern"]],
    ["?price__gt=1.005", ["query.price__gt pattern"]],
    ["?ordering=price", ["One", "Two", "Three"]],
    ["?ordering=-price", ["Three", "Two", "One"]],
    [`?copies=${BIG}`, ["Two"]],
    [`?copies__in=1,${BIG}`, ["One", "Two", "Three"]],
    ["?copies__gt=1", ["Two"]],
    ["?copies=1.5", ["query.copies type_error"]],
    ["?copies=9223372036854775808", ["query.copies range"]],
    ["?copies__in=1,-9223372036854775809", ["query.copies__in.1 range"]],
    ["?weight=0.5", ["One"]],
    ["?weight__null=true", ["Two"]],
    ["?weight__gte=5e-1", ["One", "Three"]],
    [`?code=${CODES[1].toUpperCase()}`, ["Three"]],
    [`?code__in=${CODES[0]}`, ["One", "Two"]],
    ["?code=x", ["query.code format"]],
    ["?printedAt=2026-06-01T14:00:00%2B02:00", ["Three"]],
    ["?printedAt__lt=2026-06-01", ["One", "Two"]],
    ["?day=2026-06-01", ["Three"]],
    ["?day__gt=2026-01-01", ["Three"]],
    ["?day=2026-13-01", ["query.day format"]],
    ["?shelfId__null=true", ["Three"]],
    ["?shelfId__in=", []],
    ["?shelfId__in=1,x", ["query.shelfId__in.1 type_error"]],
    ["?shelf__label__contains=LO", ["One"]],
    ["?shelf__label__in=Low,High", ["One", "Two"]],
    ["?shelf__note__null=true", ["One"]],
    ["?shelf__note__null=false", ["Two"]],
    ["?shelf__books__title=Two", ["Two"]],
    ["?cover__colour=blue", ["Three"]],
    ["?cover__colour=blue&weight__gt=1&price=100", ["Three"]],
    ["?price=9&price=10.5", ["Two"]],
  ])("a list asked for %s answers %p", async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
  });
});
