import { type Row, sentenceOf } from "../row.ts";

const of = sentenceOf(10, "library");

const ants = { id: 1, title: "Ants" };
const bees = { id: 2, title: "Bees" };
const crows = { id: 3, title: "Crows" };
const dogs = { id: 4, title: "100% Dogs" };
const low = { id: 1, label: "low" };
const high = { id: 2, label: "high" };

/** A page by number: the third of three is `numbered(9, 3, 4, items)`. */
const numbered = (count: number, page: number, size: number, items: readonly unknown[]) => {
  const pages = Math.max(1, Math.ceil(count / size));
  return {
    status: 200,
    json: {
      count,
      page,
      page_size: size,
      total_pages: pages,
      has_next: page < pages,
      has_previous: page > 1,
      next_page: page < pages ? page + 1 : null,
      previous_page: page > 1 ? page - 1 : null,
      items,
    },
  };
};

const limited = (limit: number, offset: number, next: boolean, items: readonly unknown[]) => ({
  status: 200,
  json: { count: 2, limit, offset, has_next: next, has_previous: offset > 0, items },
});

const at = (size: number, previous: string | null, items: readonly unknown[], next: string | null) => ({
  status: 200,
  json: {
    items,
    next_cursor: next,
    previous_cursor: previous,
    has_next: next !== null,
    has_previous: previous !== null,
    page_size: size,
  },
});

/** Signed with the api's first secret: behind the second book, before the third, and at the very place of the second. */
const SECOND = "WzAsIm4yIiwibjMiXQ.IUdRJypgMBJXC35Kv4p0t-gxxdV_tanaumsJ0UwEaNU";
const BACK = "WzEsIm4yIiwibjEiXQ.idvaImIOqH41cD6cCcXAAdL5XEQ71ZtBxpD-eTm1_II";
const FIRST = "WzAsIm43IiwibjQiXQ.bjBDxjNIHZQfiXGvK4mvAa_-1D_ZMv6xPbq3v376Cco";
const THIRD = "WzAsIm4yIiwibjEiXQ.Ze70JO7KM_PA1F-d_JxfvgYVlOdnYwivVCGg_qIN9EA";

const linked = (next: string | null, previous: string | null, count: number, results: readonly unknown[]) => ({
  status: 200,
  json: { count, next, previous, results },
});

/** Section 10, lists: filters, search, ordering, and how they are divided. */
export const pagination: readonly Row[] = [
  ...of("filter: exact, in, range, null, contains, by a relation; 422 for what is not listed", [
    { send: "GET /books?shelfId=2&pages__gte=100", expect: numbered(1, 1, 2, [crows]) },
    { send: "GET /books?pages__gt=100&pages__lte=300", expect: numbered(2, 1, 2, [ants, crows]) },
    { send: "GET /books?shelfId__in=2,7", expect: numbered(2, 1, 2, [crows, dogs]) },
    { send: "GET /books?shelfId__in=", expect: numbered(0, 1, 2, []) },
    { send: "GET /books?price=10.5", expect: numbered(1, 1, 2, [bees]) },
    { send: "GET /books?price__gt=9", expect: numbered(2, 1, 2, [bees, crows]) },
    { send: "GET /books?note__null=false&title__contains=100%25", expect: numbered(1, 1, 2, [dogs]) },
    { send: "GET /books?title__contains=_", expect: numbered(0, 1, 2, []) },
    { send: "GET /books?shelf__label=high&note__null=yes", expect: numbered(1, 1, 2, [crows]) },
    { send: "GET /books?shelfId=1&shelfId=2", expect: numbered(2, 1, 2, [crows, dogs]) },
    { send: "GET /books?code=none", expect: { status: 422, entries: ["query.code extra_forbidden"] } },
    { send: "GET /books?price=abc", expect: { status: 422, entries: ["query.price pattern"] } },
    { send: "GET /books?shelfId__in=1,x", expect: { status: 422, entries: ["query.shelfId__in.[1] type_error"] } },
    { send: "GET /books?title__contains=", expect: { status: 422, entries: ["query.title__contains too_short"] } },
    {
      send: "GET /books?note__null=perhaps&page=x",
      expect: { status: 422, entries: ["query.page type_error", "query.note__null type_error"] },
    },
  ]),
  ...of("search: every word in one of the columns", [
    { send: "GET /books?search=DUST+an", expect: numbered(1, 1, 2, [ants]) },
    { send: "GET /books?search=dust+bees", expect: numbered(0, 1, 2, []) },
    { send: "GET /books?search=%25", expect: numbered(1, 1, 2, [dogs]) },
    { send: "GET /books?search=", expect: numbered(4, 1, 2, [ants, bees]) },
  ]),
  ...of("ordering: whitelisted", [
    { send: "GET /books?ordering=-pages,title", expect: numbered(4, 1, 2, [ants, crows]) },
    { send: "GET /books?ordering=price", expect: numbered(4, 1, 2, [dogs, ants]) },
    { send: "GET /books?ordering=title&page=2", expect: numbered(4, 2, 2, [bees, crows]) },
    { send: "GET /books?ordering=code", expect: { status: 422, entries: ["query.ordering.[0] enum"] } },
    {
      send: "GET /books?ordering=title,pages,price,title",
      expect: { status: 422, entries: ["query.ordering too_long"] },
    },
  ]),
  ...of(
    "pageNumber: count, page, page_size, total_pages, neighbours; sizes clamp, a page beyond the last is the last",
    [
      { send: "GET /books", expect: numbered(4, 1, 2, [ants, bees]) },
      { send: "GET /books?page=2", expect: numbered(4, 2, 2, [crows, dogs]) },
      { send: "GET /books?page=9&page_size=99", expect: numbered(4, 2, 3, [dogs]) },
      { send: "GET /books?page=0&page_size=-1", expect: numbered(4, 1, 1, [ants]) },
      { send: "GET /books?page=9007199254740991", expect: numbered(4, 2, 2, [crows, dogs]) },
      { send: "GET /books?page=two", expect: { status: 422, entries: ["query.page type_error"] } },
      { send: "GET /books?page=1.5", expect: { status: 422, entries: ["query.page type_error"] } },
      { send: "GET /books?page_size=", expect: { status: 422, entries: ["query.page_size type_error"] } },
    ],
  ),
  ...of("limitOffset: count, limit, offset, has_next, has_previous", [
    { send: "GET /shelves", expect: limited(1, 0, true, [low]) },
    { send: "GET /shelves?offset=1", expect: limited(1, 1, false, [high]) },
    { send: "GET /shelves?limit=9&offset=1", expect: limited(5, 1, false, [high]) },
    { send: "GET /shelves?limit=0&offset=-3", expect: limited(1, 0, true, [low]) },
    { send: "GET /shelves?offset=5", expect: limited(1, 5, false, []) },
    { send: "GET /shelves?limit=1.5", expect: { status: 422, entries: ["query.limit type_error"] } },
  ]),
  ...of("cursor: keyset with a tie-break, both directions, null where the database has it", [
    { send: "GET /ranked", expect: at(2, null, [dogs, crows], SECOND) },
    { send: `GET /ranked?cursor=${SECOND}`, expect: at(2, BACK, [ants, bees], null) },
    { send: `GET /ranked?cursor=${BACK}`, expect: at(2, null, [dogs, crows], SECOND) },
    { send: "GET /ranked?cursor=", expect: at(2, null, [dogs, crows], SECOND) },
    { send: "GET /ranked?page_size=1", expect: at(1, null, [dogs], FIRST) },
    { send: "GET /ranked?page_size=99", expect: at(3, null, [dogs, crows, ants], THIRD) },
    { send: "GET /ranked?shelfId=1&page_size=3", expect: at(3, null, [ants, bees], null) },
    { send: "GET /ranked?page_size=one", expect: { status: 422, entries: ["query.page_size type_error"] } },
  ]),
  ...of("… opaque and signed: a tampered one is 400", [
    { send: "GET /ranked?cursor=made-up", expect: { status: 400, json: { detail: "Invalid cursor" } } },
    { send: `GET /ranked?cursor=${SECOND.slice(0, -1)}A`, expect: { status: 400, json: { detail: "Invalid cursor" } } },
    {
      send: `GET /ranked?cursor=${FIRST.split(".")[0]}.${SECOND.split(".")[1]}`,
      expect: { status: 400, json: { detail: "Invalid cursor" } },
    },
  ]),
  ...of("envelope: links style", [
    { send: "GET /linked?shelfId=1", expect: linked("/linked?shelfId=1&page=2", null, 2, [ants]) },
    { send: "GET /linked?shelfId=1&page=2", expect: linked(null, "/linked?shelfId=1&page=1", 2, [bees]) },
    { send: "GET /linked?page=2", expect: linked("/linked?page=3", "/linked?page=1", 4, [bees]) },
  ]),
  ...of("withoutCount skips the count; no pagination is an array", [
    {
      send: "GET /uncounted",
      expect: {
        status: 200,
        json: { limit: 3, offset: 0, has_next: true, has_previous: false, items: [ants, bees, crows] },
      },
    },
    {
      send: "GET /uncounted?offset=3",
      expect: { status: 200, json: { limit: 3, offset: 3, has_next: false, has_previous: true, items: [dogs] } },
    },
    { send: "GET /all", expect: { status: 200, json: [low, high] } },
    { send: "GET /all?page=1", expect: { status: 422, entries: ["query.page extra_forbidden"] } },
  ]),
];
