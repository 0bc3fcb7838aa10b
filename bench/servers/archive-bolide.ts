// Bolide: views of a model, on either database.
import { Api, constant, t } from "bolide";
import { database, type DatabaseSource, model, postgres, sqlite } from "bolide/data";
import { cursor, modelViewSet, readOnlyModelViewSet } from "bolide/views";
import { MOST_OF_FEED } from "./archive.ts";
import { address, POOL } from "./blog.ts";

const Author = model("authors", { id: t.PrimaryKey(), name: t.String({ maxLength: 100 }) });

const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    authorId: t.ForeignKey("authors.id", { index: true }),
    title: t.String({ minLength: 1, maxLength: 200 }),
    summary: t.Nullable(t.String({ maxLength: 500 })),
    views: t.Integer({ format: "int32", minimum: 0 }),
    published: t.Boolean(),
    createdAt: t.Timestamp({ default: "now", readOnly: true }),
  },
  { indexes: [["createdAt", "id"]] },
);

const source: DatabaseSource = address.startsWith("postgres:") ? postgres(address, { max: POOL }) : sqlite(address);
const db = database(source, { authors: Author, articles: Article });

const api = new Api({ title: "Archive", version: "1.0.0" });

api.get("/constant", constant("Hello, World!"));
api.viewset("/articles", modelViewSet(db, Article, { filter: { authorId: "exact" } }));
api.viewset(
  "/feed",
  readOnlyModelViewSet(db, Article, {
    pagination: cursor({
      orderBy: [["createdAt", "desc"]],
      maxPageSize: MOST_OF_FEED,
      secret: "a secret of the benchmarks, for cursors too",
    }),
  }),
);

await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
