// The yardstick on PostgreSQL: one statement.
import { SQL } from "bun";
import { address, POOL } from "./blog.ts";
import type { ArticleRow } from "./conduit.ts";
import { serve } from "./conduit-raw.ts";

const sql = new SQL(address, { max: POOL });

const page = `
  select a."slug", a."title", a."description", a."body", a."createdAt", a."updatedAt", u."username", u."bio", u."image",
    coalesce((select json_agg(t."name") from "articleTags" j join "tags" t on t."id" = j."tagId"
      where j."articleId" = a."id"), '[]') as "tags",
    (select count(*) from "favorites" f where f."articleId" = a."id")::int as "favoritesCount",
    exists (select 1 from "favorites" f where f."userId" = $1 and f."articleId" = a."id") as "favorited",
    exists (select 1 from "follows" f where f."followerId" = $1 and f."followedId" = a."authorId") as "following",
    (select count(*) from "articles")::int as "count"
  from (select * from "articles" order by "id" desc limit $2 offset $3) a join "users" u on u."id" = a."authorId"
  order by a."id" desc`;
const counted = `select count(*)::int as "count" from "articles"`;

interface Counted {
  readonly count: number;
}

serve(
  async (me, limit, offset) => {
    const rows: (ArticleRow & Counted)[] = await sql.unsafe(page, [me, limit, offset]);
    // The count of an empty page stands beside no row.
    const [{ count = 0 } = {}]: Partial<Counted>[] = rows.length > 0 ? rows : await sql.unsafe(counted);
    return { rows, count };
  },
  () => sql.close(),
);
