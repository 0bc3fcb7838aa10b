// Holds the lock for writing until its input ends.
import { database, sqlite } from "../../../../src/data/index.ts";
import { Note } from "../files.ts";

const db = database(sqlite(process.argv[2]!), { notes: Note });
const trx = await db.startTransaction().execute();
await trx.insertInto("notes").values({ text: "of the other process" }).execute();
console.log("held");
await Bun.stdin.text();
await trx.commit().execute();
await db.destroy();
