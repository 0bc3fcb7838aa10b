import { Api } from "bolide";
import { database, sqlite } from "bolide/data";
import { cursor, limitOffset, modelViewSet, readOnlyModelViewSet } from "bolide/views";
import { sql } from "kysely";
import { Article, models, Tag, Writer } from "../views/model/shop.ts";

/** Views of models, over a database in memory that has a row of each. */
export async function shop(): Promise<Api> {
  const db = database(sqlite(":memory:"), models);
  for (const statement of [
    sql`create table writers (id integer primary key, name text not null unique, password text not null)`,
    sql`create table articles (id integer primary key, writerId integer not null references writers, title text not null,
        note text, rating integer not null default 3, published integer not null default 0, version integer not null default 1,
        writtenAt text not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now')))`,
    sql`create table tags (id integer primary key, name text not null unique)`,
  ])
    await statement.execute(db);
  await db.insertInto("writers").values({ name: "Ada", password: "a" }).execute();
  await db.insertInto("articles").values({ writerId: 1, title: "On engines", note: null }).execute();
  await db.insertInto("tags").values({ name: "math" }).execute();
  const api = new Api({ title: "Shop" });
  api.viewset("/writers", modelViewSet(db, Writer));
  api.viewset(
    "/articles",
    modelViewSet(db, Article, {
      version: "version",
      filter: { writerId: ["exact", "in"], writtenAt: "range", note: ["null", "contains"] },
      search: ["title"],
      ordering: ["writtenAt", "rating"],
      pagination: limitOffset(),
      permission: () => true,
    }),
  );
  const secret = "a secret of 32 bytes for cursors";
  api.viewset("/tags", readOnlyModelViewSet(db, Tag, { pagination: cursor({ orderBy: [["name", "asc"]], secret }) }));
  return api as unknown as Api;
}
