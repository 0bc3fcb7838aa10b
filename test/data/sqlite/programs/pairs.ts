// Writes notes in pairs, a transaction each, and says which pair is committed, until it is killed.
import { writeSync } from "node:fs";
import { database, sqlite } from "../../../../src/data/index.ts";
import { Note } from "../files.ts";

const db = database(sqlite(process.argv[2]!), { notes: Note });
for (let pair = 0; ; pair++) {
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto("notes")
      .values({ text: `${pair} left` })
      .execute();
    await Bun.sleep(pair % 3);
    await trx
      .insertInto("notes")
      .values({ text: `${pair} right` })
      .execute();
  });
  writeSync(1, `${pair}\n`);
}
