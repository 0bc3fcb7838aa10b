import { expect, test } from "bun:test";
import { t } from "../../../src/schema/index.ts";
import {
  alterTable,
  belongsTo,
  columnTypes,
  database,
  loadFixtures,
  migrateUp,
  model,
  sqlite,
} from "../../../src/data/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  name: t.String({ unique: true }),
  at: t.Timestamp({ default: "now" }),
});
const Note = model(
  "notes",
  { id: t.PrimaryKey(), userId: t.ForeignKey("users.id"), extra: t.Nullable(t.Json(t.Object({ a: t.Integer() }))) },
  { relations: { user: belongsTo("users", "userId") } },
);

test("a database with models, a transaction of it and its models are taken as they are", async () => {
  await using db = database(sqlite(":memory:"), { users: User, notes: Note });
  const type = columnTypes(db);
  expect(
    await migrateUp(db, {
      "0001": {
        async up(trx) {
          await trx.schema.createTable("users").addColumn("id", type.integer, type.identity).execute();
          await alterTable(trx, "users").addColumn("name", type.text()).addColumn("at", type.timestamp).execute();
        },
      },
    }),
  ).toEqual(["0001"]);
  expect(await db.transaction().execute((trx) => loadFixtures(trx, User, [{ name: "Ada" }]))).toBe(1);
  expect(await loadFixtures(db, User, [{ name: "Zoe" }])).toBe(1);
  expect(await db.selectFrom("users").select("name").execute()).toEqual([{ name: "Ada" }, { name: "Zoe" }]);
  // @ts-expect-error -- a name of a table is no model
  expect(await loadFixtures(db, "users", []).catch((error: Error) => error.name)).toBe("TypeError");
});
