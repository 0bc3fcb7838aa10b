import { texts, write } from "../files.ts";
import { database, sqlite } from "../../../../src/data/index.ts";
import { Note } from "../files.ts";

const db = database(sqlite(process.argv[2]!), { notes: Note });
console.log(JSON.stringify(await texts(db)));
console.log(await write(db, "b").catch((error: { code?: string }) => error.code));
