import { Api, apiKey, type LogRecord, type RequestContext, t } from "bolide";
import { belongsTo, type Database, database, hasMany, model, sqlite, type TablesOf } from "bolide/data";
import {
  action,
  cursor,
  limitOffset,
  links,
  modelViewSet,
  nested,
  pageNumber,
  readOnlyModelViewSet,
  serializer,
  ViewSet,
  viewset,
} from "bolide/views";
import { sql } from "kysely";

export const READER = "conformance-reader-key-0123456789";
/** Two secrets: the second signs no more, but its cursors are still read. */
const CURSORS = ["conformance-cursor-secret-of-32-b", "conformance-cursor-secret-of-old-"];

const Shelf = model(
  "shelves",
  { id: t.PrimaryKey(), label: t.Slug({ unique: true }) },
  { name: "Shelf", relations: { books: hasMany("books", "shelfId") } },
);
const Book = model(
  "books",
  {
    id: t.PrimaryKey(),
    shelfId: t.ForeignKey("shelves.id"),
    title: t.String({ minLength: 1, maxLength: 40, unique: true }),
    note: t.Nullable(t.String()),
    rank: t.Nullable(t.Integer()),
    pages: t.Integer({ default: 100, minimum: 1 }),
    price: t.Decimal({ precision: 8, scale: 2, default: "1.00" }),
    code: t.String({ writeOnly: true, default: "none" }),
    version: t.Integer({ default: 1, readOnly: true }),
  },
  { name: "Book", relations: { shelf: belongsTo("shelves", "shelfId") } },
);
const models = { shelves: Shelf, books: Book };

const TABLES = `
  create table shelves (id integer primary key, label text not null unique);
  create table books (id integer primary key, shelfId integer not null references shelves (id), title text not null unique,
    note text, rank integer, pages integer not null default 100, price text not null default '1.00',
    code text not null default 'none', version integer not null default 1);
  insert into shelves values (1, 'low'), (2, 'high');
  insert into books (id, shelfId, title, note, rank, pages, price) values
    (1, 1, 'Ants', 'dusty', 2, 300, '9.00'), (2, 1, 'Bees', null, null, 100, '10.50'),
    (3, 2, 'Crows', null, 2, 200, '100.00'), (4, 2, '100% Dogs', 'torn', 7, 50, '3.00')`;

async function filled(db: Database<TablesOf<typeof models>>): Promise<void> {
  for (const statement of TABLES.split(";")) await sql.raw(statement).execute(db);
}

const Brief = t.Pick(Book.public, ["id", "title"]);

const Shelves = serializer(Shelf).omit("id");
const Books = serializer(Book, {
  name: "BookOnShelf",
  rename: { shelf: "stands-on", price: "costs" },
  fields: { shelf: nested(Shelves) },
  readOnly: ["version"],
  computed: { thick: { type: t.Boolean(), get: ({ pages }) => pages > 150, needs: ["pages"] } },
  validate: {
    field: { title: (title) => (title === title.trim() ? undefined : "Expected no blanks around it") },
    model: ({ pages, rank }) =>
      rank === 1 && (pages ?? 0) < 10 ? { loc: ["rank"], msg: "Expected a thicker book to be the first" } : undefined,
  },
  views: { list: ["title", "thick", "shelf"] },
});

class Tallies extends ViewSet {
  static readonly contracts = {
    retrieve: { params: { id: t.Integer() }, response: t.Object({ id: t.Integer(), calls: t.Integer() }) },
    reset: { detail: false, method: ["PUT", "DELETE"] },
  } as const;
  #calls = 0;

  retrieve({ params }: { readonly params: { readonly id: number } }) {
    this.#calls += 1;
    return { id: params.id, calls: this.#calls };
  }

  reset() {
    return { by: this.ctx.method };
  }
}

/** Sections 10 and 11: books on shelves, in every kind of view, and their document. */
export function library(log: (record: LogRecord) => void): Api {
  const db = database(sqlite(":memory:"), models);
  const ready = filled(db);
  const seeded = async (_: RequestContext, next: () => Promise<Response>): Promise<Response> => {
    await ready;
    return next();
  };
  const api = new Api({ log, title: "Library", version: "2.0.0", health: false, use: [seeded] });
  const key = apiKey({ keys: [{ id: "1", key: READER }] });

  api.viewset(
    "/books",
    modelViewSet(db, Book, {
      output: { list: Brief },
      filter: {
        shelfId: ["exact", "in"],
        pages: "range",
        price: ["exact", "range"],
        note: "null",
        title: "contains",
        "shelf.label": true,
      },
      search: ["title", "note"],
      ordering: ["title", "price", "pages"],
      pagination: pageNumber({ pageSize: 2, maxPageSize: 3 }),
      version: "version",
    }),
  );
  api.viewset(
    "/shelves",
    modelViewSet(db, Shelf, {
      lookup: "label",
      output: {
        retrieve: t.Object({ label: t.String(), books: t.Array(Brief) }),
        list: Shelf.public,
        write: Shelf.public,
      },
      pagination: limitOffset({ pageSize: 1, maxPageSize: 5 }),
    }),
  );
  api.viewset(
    "/ranked",
    readOnlyModelViewSet(db, Book, {
      output: { list: Brief },
      filter: { shelfId: true },
      pagination: cursor({ orderBy: [["rank", "desc"]], pageSize: 2, maxPageSize: 3, secret: CURSORS }),
    }),
  );
  api.viewset(
    "/linked",
    modelViewSet(db, Book, {
      only: ["list"],
      output: { list: Brief },
      filter: { shelfId: true },
      pagination: pageNumber({ pageSize: 1, envelope: links() }),
    }),
  );
  api.viewset(
    "/uncounted",
    modelViewSet(db, Book, {
      only: ["list"],
      output: { list: Brief },
      pagination: limitOffset({ pageSize: 3, withoutCount: true }),
    }),
  );
  api.viewset("/all", modelViewSet(db, Shelf, { only: ["list"], pagination: false, orderBy: ["-label"] }));
  api.viewset(
    "/mine",
    modelViewSet(db, Book, {
      auth: key,
      tags: ["mine"],
      output: { list: Brief, retrieve: Brief },
      queryset: (query, { user }) => query.where("shelfId", "=", Number(user.id)),
      permission: (book, _, name) => name === "retrieve" || book.title !== "Ants",
      beforeUpdate: (changes) => (changes.note === "undo" ? Promise.reject(new Error("a fault of the hook")) : changes),
      pagination: false,
      actions: (own) => ({
        whoami: own({ detail: false, method: "GET", response: t.Object({ id: t.String() }) }, ({ user }) => user),
        copy: own({ body: { times: t.Integer() } }, ({ params, body }) => ({ id: params.id, times: body.times })),
      }),
    }),
  );
  api.viewset("/written", modelViewSet(db, Book, { serializer: Books, only: ["list", "retrieve", "create"] }));
  api.viewset(
    "/notes",
    viewset({
      list: () => ["first"],
      create: action({ body: { text: t.String() } }, ({ body }) => body),
      destroy: action({ response: { 204: t.Null() } }, () => {}),
      actions: {
        topTen: action({ detail: false, method: "GET" }, () => [1, 2, 3]),
        shout: action({ params: { id: t.Integer() }, method: ["POST", "PUT"] }, ({ params, method }) => ({
          ...params,
          method,
        })),
      },
    }),
  );
  api.viewset("/tallies", viewset(Tallies));
  return api;
}

/** Section 11: a document that is elsewhere, for those who have a key. */
export function unlisted(log: (record: LogRecord) => void): Api {
  const api = new Api({
    log,
    health: false,
    openapi: {
      path: "/schema",
      pages: { docs: "/reference", redoc: false },
      auth: apiKey({ keys: [{ id: "1", key: READER }] }),
    },
  });
  api.get("/things", { tags: ["things"], deprecated: true, response: t.Array(t.String()) }, () => []);
  api.get("/secret", { hidden: true }, () => "kept");
  return api;
}
