// The yardstick on SQLite: what one would write by hand on Bun for exactly these routes, for speed.
import { Database } from "bun:sqlite";
import type { Article } from "./archive.ts";
import { serve } from "./archive-raw.ts";
import { address, PRAGMAS } from "./blog.ts";

const db = new Database(address, { readwrite: true });
for (const pragma of PRAGMAS) db.run(pragma);

/** SQLite has no booleans. */
type Stored = Omit<Article, "published"> & { published: number | boolean };

const columns = `"id", "authorId", "title", "summary", "views", "published", "createdAt"`;
const all = db.prepare<Stored, [number, number]>(`select ${columns} from "articles" order by "id" limit ? offset ?`);
const countAll = db.prepare<{ count: number }, []>(`select count(*) as "count" from "articles"`);
const ofAuthor = db.prepare<Stored, [number, number, number]>(
  `select ${columns} from "articles" where "authorId" = ? order by "id" limit ? offset ?`,
);
const countOfAuthor = db.prepare<{ count: number }, [number]>(
  `select count(*) as "count" from "articles" where "authorId" = ?`,
);
const newest = db.prepare<Stored, [number]>(
  `select ${columns} from "articles" order by "createdAt" desc, "id" desc limit ?`,
);
const before = db.prepare<Stored, [string, number, number]>(
  `select ${columns} from "articles" where ("createdAt", "id") < (?, ?) order by "createdAt" desc, "id" desc limit ?`,
);
const after = db.prepare<Stored, [string, number, number]>(
  `select ${columns} from "articles" where ("createdAt", "id") > (?, ?) order by "createdAt", "id" limit ?`,
);
const byId = db.prepare<Stored, [number]>(`select ${columns} from "articles" where "id" = ?`);
const insert = db.prepare<Stored, [number, string, string | null, number, boolean]>(
  `insert into "articles" ("authorId", "title", "summary", "views", "published") values (?, ?, ?, ?, ?)
    returning ${columns}`,
);

function article(row: Stored): Article {
  row.published = row.published === 1;
  return row as Article;
}

function articles(rows: Stored[]): Article[] {
  for (const row of rows) row.published = row.published === 1;
  return rows as Article[];
}

serve(
  {
    page: (author, limit, offset) =>
      author === undefined
        ? { items: articles(all.all(limit, offset)), count: countAll.get()?.count ?? 0 }
        : { items: articles(ofAuthor.all(author, limit, offset)), count: countOfAuthor.get(author)?.count ?? 0 },
    feed(at, limit) {
      if (at === undefined) return articles(newest.all(limit));
      return articles((at.backward ? after : before).all(at.createdAt, at.id, limit));
    },
    article(id) {
      const row = byId.get(id);
      return row === null ? undefined : article(row);
    },
    insert: ({ authorId, title, summary, views, published }) =>
      article(insert.get(authorId, title, summary ?? null, views, published)!),
  },
  () => db.close(),
);
