// Counts up the first note, each time in a transaction of its own; the last ones of many at once.
import { sql } from "kysely";
import { database, sqlite } from "../../../../src/data/index.ts";
import { Note } from "../files.ts";

const [path, times] = process.argv.slice(2) as [string, string];
const db = database(sqlite(path), { notes: Note });
const increment = () =>
  db.transaction().execute(async (trx) => {
    const { text } = await trx.selectFrom("notes").select("text").where("id", "=", 1).executeTakeFirstOrThrow();
    await trx
      .updateTable("notes")
      .set({ text: String(Number(text) + 1) })
      .where("id", "=", 1)
      .execute();
  });
const count = Number(times);
for (let done = 0; done < count / 2; done++) await increment();
await Promise.all(Array.from({ length: count / 2 }, increment));
for (let done = 0; done < count; done++) await sql`update notes set text = text + 1 where id = 2`.execute(db);
await db.destroy();
