// The yardstick on SQLite: two statements, of which one brings everything about 20 articles.
import { Database } from "bun:sqlite";
import { address, PRAGMAS } from "./blog.ts";
import type { ArticleRow } from "./conduit.ts";
import { serve } from "./conduit-raw.ts";

const db = new Database(address, { readwrite: true });
for (const pragma of PRAGMAS) db.run(pragma);

const page = db.prepare<ArticleRow, [number, number, number, number]>(`
  select a."slug", a."title", a."description", a."body", a."createdAt", a."updatedAt", u."username", u."bio", u."image",
    (select json_group_array(t."name") from "articleTags" j join "tags" t on t."id" = j."tagId"
      where j."articleId" = a."id") as "tags",
    (select count(*) from "favorites" f where f."articleId" = a."id") as "favoritesCount",
    exists (select 1 from "favorites" f where f."userId" = ?1 and f."articleId" = a."id") as "favorited",
    exists (select 1 from "follows" f where f."followerId" = ?2 and f."followedId" = a."authorId") as "following"
  from (select * from "articles" order by "id" desc limit ?3 offset ?4) a join "users" u on u."id" = a."authorId"
  order by a."id" desc`);
const count = db.prepare<{ count: number }, []>(`select count(*) as "count" from "articles"`);

serve(
  (me, limit, offset) => ({ rows: page.all(me, me, limit, offset), count: count.get()?.count ?? 0 }),
  () => db.close(),
);
