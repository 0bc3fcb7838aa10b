// Opens a file that others open at the same time.
import { notes, write } from "../files.ts";

const db = await notes(process.argv[2]);
await write(db, "opened");
await db.destroy();
