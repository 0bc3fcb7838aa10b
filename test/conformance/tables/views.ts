import { READER } from "../apis/library.ts";
import { type Row, sentenceOf } from "../row.ts";

const of = sentenceOf(10, "library");

const reader = [["x-api-key", READER]] as const;
const NOT_FOUND = { status: 404, json: { detail: "Not found" } } as const;
const CHANGED = { detail: "The object was changed by somebody else" };
const taken = (column: string) => ({
  detail: "Already exists",
  extra: { constraint: "unique", columns: [column] },
});
const REFERS = {
  detail: "Refers to something that does not exist, or is referred to",
  extra: { constraint: "foreign_key", columns: [] },
};
const eels = { id: 5, shelfId: 1, title: "Eels", note: null, rank: null, pages: 100, price: "2.50", version: 1 };
const ants = { id: 1, title: "Ants" };
const bees = { id: 2, title: "Bees" };

/** Section 10, views. What is made is destroyed again, in the order of the rows. */
export const views: readonly Row[] = [
  ...of("create answers 201 with the row and its place", [
    {
      send: "POST /books",
      json: { shelfId: 1, title: "Eels", price: "2.5", code: "hidden" },
      expect: { status: 201, headers: { location: "/books/5", etag: '"1"' }, json: eels },
    },
    { send: "POST /books", json: { shelfId: 1, title: "Eels" }, expect: { status: 409, json: taken("title") } },
    { send: "POST /books", json: { shelfId: 9, title: "Fish" }, expect: { status: 409, json: REFERS } },
    {
      send: "POST /books",
      json: { id: 9, version: 3, shelfId: 1, title: "", pages: 0 },
      expect: {
        status: 422,
        entries: [
          "body.title too_short",
          "body.pages range",
          "body.id extra_forbidden",
          "body.version extra_forbidden",
        ],
      },
    },
    { send: "POST /books", json: {}, expect: { status: 422, entries: ["body.shelfId missing", "body.title missing"] } },
    { send: "POST /books", json: [], expect: { status: 422, entries: ["body type_error"] } },
    { send: "POST /books", expect: { status: 422, entries: ["body missing"] } },
  ]),
  ...of("retrieve answers one; an unknown id is 404", [
    { send: "GET /books/5", expect: { status: 200, headers: { etag: '"1"' }, json: eels } },
    { send: "HEAD /books/5", expect: { status: 200, headers: { etag: '"1"' }, body: "" } },
    {
      send: "GET /books/5",
      headers: [["if-none-match", '"1"']],
      expect: { status: 304, headers: { etag: '"1"' }, body: "" },
    },
    { send: "GET /books/5", headers: [["if-none-match", '"2"']], expect: { status: 200, json: eels } },
    { send: "GET /books/99", expect: NOT_FOUND },
    { send: "GET /books/five", expect: { status: 422, entries: ["params.id type_error"] } },
    { send: "GET /books/99999999999999999999", expect: { status: 422, entries: ["params.id range"] } },
  ]),
  ...of("PATCH can set null and never touches absent columns", [
    {
      send: "PATCH /books/5",
      json: { note: "torn", rank: 3 },
      headers: [["if-match", '"1"']],
      expect: { status: 200, headers: { etag: '"2"' }, json: { ...eels, note: "torn", rank: 3, version: 2 } },
    },
    {
      send: "PATCH /books/5",
      json: { note: null },
      expect: { status: 200, headers: { etag: '"3"' }, json: { ...eels, rank: 3, version: 3 } },
    },
    { send: "PATCH /books/5", json: { title: null }, expect: { status: 422, entries: ["body.title type_error"] } },
    { send: "PATCH /books/5", json: { title: "Ants" }, expect: { status: 409, json: taken("title") } },
    { send: "PATCH /books/5", json: { id: 6 }, expect: { status: 422, entries: ["body.id extra_forbidden"] } },
    { send: "PATCH /books/99", json: { note: null }, expect: NOT_FOUND },
  ]),
  ...of("If-Match: a write that comes too late is 412", [
    {
      send: "PATCH /books/5",
      json: { note: "late" },
      headers: [["if-match", '"1"']],
      expect: { status: 412, headers: { etag: '"3"' }, json: CHANGED },
    },
    {
      send: "DELETE /books/5",
      headers: [["if-match", '"1"']],
      expect: { status: 412, headers: { etag: '"3"' }, json: CHANGED },
    },
  ]),
  ...of("PUT replaces", [
    {
      send: "PUT /books/5",
      json: { shelfId: 2, title: "Eels" },
      expect: { status: 200, headers: { etag: '"4"' }, json: { ...eels, shelfId: 2, price: "1.00", version: 4 } },
    },
    { send: "PUT /books/5", json: { title: "Eels" }, expect: { status: 422, entries: ["body.shelfId missing"] } },
    { send: "PUT /books/99", json: { shelfId: 2, title: "None" }, expect: NOT_FOUND },
  ]),
  ...of("destroy answers 204", [
    { send: "DELETE /books/5", expect: { status: 204, body: "" } },
    { send: "DELETE /books/5", expect: NOT_FOUND },
    { send: "DELETE /shelves/low", expect: { status: 409, json: REFERS } },
  ]),
  ...of("Methods that a set has not are 405", [
    {
      send: "POST /books/1",
      json: {},
      expect: { status: 405, headers: { allow: "GET, HEAD, PUT, PATCH, DELETE, OPTIONS" } },
    },
    { send: "OPTIONS /books", expect: { status: 204, headers: { allow: "GET, HEAD, POST, OPTIONS" } } },
    { send: "POST /ranked", json: {}, expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } } },
    { send: "PATCH /written/1", json: {}, expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } } },
  ]),
  ...of("lookup names objects by another unique column; nested rows are read with theirs", [
    {
      send: "GET /shelves/low",
      expect: { status: 200, json: { label: "low", books: [ants, bees] } },
    },
    { send: "GET /shelves/none", expect: NOT_FOUND },
    { send: "GET /shelves/No%20Slug", expect: { status: 422, entries: ["params.label pattern"] } },
    {
      send: "POST /shelves",
      json: { label: "middle" },
      expect: { status: 201, headers: { location: "/shelves/middle" }, json: { id: 3, label: "middle" } },
    },
    {
      send: "PATCH /shelves/middle",
      json: { label: "centre" },
      expect: { status: 200, json: { id: 3, label: "centre" } },
    },
    { send: "DELETE /shelves/centre", expect: { status: 204 } },
  ]),
  ...of("auth and queryset(ctx) narrow, permissions are asked of the object", [
    { send: "GET /mine", expect: { status: 401, json: { detail: "Authentication required" } } },
    { send: "GET /mine", headers: reader, expect: { status: 200, json: [ants, bees] } },
    { send: "GET /mine/1", headers: reader, expect: { status: 200, json: ants } },
    { send: "GET /mine/3", headers: reader, expect: NOT_FOUND },
    { send: "DELETE /mine/3", headers: reader, expect: NOT_FOUND },
    {
      send: "PATCH /mine/1",
      json: { pages: 1 },
      headers: reader,
      expect: { status: 403, json: { detail: "Permission denied" } },
    },
  ]),
  ...of("A hook that fails undoes the write", [
    {
      send: "PATCH /mine/2",
      json: { note: "undo" },
      headers: reader,
      expect: { status: 500, json: { detail: "Internal Server Error" } },
      logs: ["PATCH /mine/:id", "a fault of the hook"],
    },
    { send: "GET /books/2", expect: { status: 200, headers: { etag: '"1"' }, holds: ['"note":null'] } },
  ]),
  ...of("Actions stand on one object or on the collection, under one method or several", [
    { send: "GET /mine/whoami", headers: reader, expect: { status: 200, json: { id: "1" } } },
    { send: "GET /mine/whoami", expect: { status: 401 } },
    {
      send: "POST /mine/2/copy",
      json: { times: 3 },
      headers: reader,
      expect: { status: 200, json: { id: 2, times: 3 } },
    },
    {
      send: "POST /mine/x/copy",
      json: { times: "x" },
      headers: reader,
      expect: { status: 422, entries: ["params.id type_error", "body.times type_error"] },
    },
    { send: "GET /notes/top-ten", expect: { status: 200, json: [1, 2, 3] } },
    { send: "POST /notes/3/shout", expect: { status: 200, json: { id: 3, method: "POST" } } },
    { send: "PUT /notes/3/shout", expect: { status: 200, json: { id: 3, method: "PUT" } } },
    { send: "DELETE /notes/3/shout", expect: { status: 405, headers: { allow: "POST, PUT, OPTIONS" } } },
  ]),
  ...of("viewset: create 201, destroy 204, the others 200", [
    { send: "GET /notes", expect: { status: 200, json: ["first"] } },
    { send: "POST /notes", json: { text: "second" }, expect: { status: 201, json: { text: "second" } } },
    { send: "DELETE /notes/1", expect: { status: 204, body: "" } },
  ]),
  ...of("class style; each request has an instance of its own", [
    { send: "GET /tallies/1", expect: { status: 200, json: { id: 1, calls: 1 } } },
    { send: "GET /tallies/1", expect: { status: 200, json: { id: 1, calls: 1 } } },
    { send: "GET /tallies/x", expect: { status: 422, entries: ["params.id type_error"] } },
    { send: "PUT /tallies/reset", expect: { status: 200, json: { by: "PUT" } } },
    { send: "DELETE /tallies/reset", expect: { status: 200, json: { by: "DELETE" } } },
  ]),
  ...of("Serializers: renamed, computed, nested, validators of fields and of the whole", [
    {
      send: "GET /written/1",
      expect: {
        status: 200,
        json: {
          id: 1,
          shelfId: 1,
          title: "Ants",
          note: "dusty",
          rank: 2,
          pages: 300,
          costs: "9.00",
          version: 1,
          "stands-on": { label: "low" },
          thick: true,
        },
      },
    },
    {
      send: "GET /written?page_size=1",
      expect: { status: 200, holds: ['"items":[{"title":"Ants","stands-on":{"label":"low"},"thick":true}]'] },
    },
    {
      send: "POST /written",
      json: { shelfId: 1, title: " Fox ", costs: "free", rank: 1, pages: 5 },
      expect: { status: 422, entries: ["body.title value_error", "body.costs pattern"] },
    },
    {
      send: "POST /written",
      json: { shelfId: 1, title: "Fox", rank: 1, pages: 5 },
      expect: { status: 422, entries: ["body.rank value_error"] },
    },
    {
      send: "POST /written",
      json: { shelfId: 1, title: "Fox", version: 7 },
      expect: { status: 422, entries: ["body.version extra_forbidden"] },
    },
  ]),
];
