// The yardstick on PostgreSQL: Bun.SQL, whose statements are prepared once for each connection and pipelined.
import { SQL } from "bun";
import type { Article } from "./archive.ts";
import { serve } from "./archive-raw.ts";
import { address, POOL } from "./blog.ts";

const sql = new SQL(address, { max: POOL });

const columns = `"id", "authorId", "title", "summary", "views", "published", "createdAt"`;
// The count beside each row: one statement takes less of this process than two.
const all = `select ${columns}, (select count(*) from "articles")::int as "count"
  from "articles" order by "id" limit $1 offset $2`;
const ofAuthor = `select ${columns}, (select count(*) from "articles" where "authorId" = $3)::int as "count"
  from "articles" where "authorId" = $3 order by "id" limit $1 offset $2`;
const countAll = `select count(*)::int as "count" from "articles"`;
const countOfAuthor = `select count(*)::int as "count" from "articles" where "authorId" = $1`;
const newest = `select ${columns} from "articles" order by "createdAt" desc, "id" desc limit $1`;
const before = `select ${columns} from "articles" where ("createdAt", "id") < ($1, $2)
  order by "createdAt" desc, "id" desc limit $3`;
const after = `select ${columns} from "articles" where ("createdAt", "id") > ($1, $2)
  order by "createdAt", "id" limit $3`;
const byId = `select ${columns} from "articles" where "id" = $1`;
const insert = `insert into "articles" ("authorId", "title", "summary", "views", "published")
  values ($1, $2, $3, $4, $5) returning ${columns}`;

/** 64-bit integers are text, and moments are dates. */
type Stored = Omit<Article, "id" | "authorId" | "createdAt"> & {
  id: string;
  authorId: string;
  createdAt: Date;
  count?: number;
};

const article = ({ id, authorId, title, summary, views, published, createdAt }: Stored): Article => ({
  id: Number(id),
  authorId: Number(authorId),
  title,
  summary,
  views,
  published,
  createdAt: createdAt.toISOString(),
});

const rows = async (text: string, values: unknown[]): Promise<Stored[]> => await sql.unsafe(text, values);

serve(
  {
    async page(author, limit, offset) {
      const found =
        author === undefined ? await rows(all, [limit, offset]) : await rows(ofAuthor, [limit, offset, author]);
      // The count of an empty page stands beside no row.
      const [{ count = 0 } = {}] =
        found.length > 0
          ? found
          : author === undefined
            ? await rows(countAll, [])
            : await rows(countOfAuthor, [author]);
      return { items: found.map(article), count };
    },
    async feed(at, limit) {
      const found =
        at === undefined
          ? await rows(newest, [limit])
          : await rows(at.backward ? after : before, [at.createdAt, at.id, limit]);
      return found.map(article);
    },
    async article(id) {
      const [row] = await rows(byId, [id]);
      return row === undefined ? undefined : article(row);
    },
    async insert({ authorId, title, summary, views, published }) {
      const [row] = await rows(insert, [authorId, title, summary ?? null, views, published]);
      return article(row!);
    },
  },
  () => sql.close(),
);
