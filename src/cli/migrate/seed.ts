import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import { openTarget, TARGET_FLAGS } from "./target.ts";

/** `bolide seed`: calls what a module exports as `seed` with its database. */
export const seedCommand = command({
  name: "seed",
  summary: "Fills the database by the seed function that the app exports",
  operands: [],
  flags: TARGET_FLAGS,
  notes: ["bolide seed --app src/api.ts", "", "The module exports it: export async function seed(db) { … }"],
  run: async (_, flags) => {
    await using target = await openTarget(flags);
    const { seed } = target.module;
    if (typeof seed !== "function") throw new Failure(`${target.file} exports no function named seed`);
    await (seed as (db: unknown) => unknown)(target.db);
    return 0;
  },
});
