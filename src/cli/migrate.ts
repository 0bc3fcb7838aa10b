import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { makeMigration } from "./migrate/make.ts";
import { checkMigrations, unlistedIn } from "./migrate/check.ts";
import { type Action, ACTIONS, ACTION_FLAGS, runAction } from "./migrate/run.ts";
import { openTarget, TARGET_FLAGS } from "./migrate/target.ts";
import { terminal } from "./migrate/terminal.ts";

/** `bolide migrate`: makes migrations of models, and runs them. */
export const migrateCommand = command({
  name: "migrate",
  summary: "Makes migrations from models, applies and undoes them",
  operands: ["<action>", "[name]"],
  flags: {
    ...TARGET_FLAGS,
    ...ACTION_FLAGS,
    empty: { type: "boolean", help: "make: a migration without changes, to be written by hand" },
    yes: { type: "boolean", help: "make: also where data is lost, without a question" },
  },
  notes: [
    "bolide migrate make [name]      writes a migration of what the models say and the migrations do not yet",
    "bolide migrate up [--to name]   applies what is pending",
    "bolide migrate down [--steps n] undoes what was applied last",
    "bolide migrate status           lists what is applied and what is pending",
    "bolide migrate check            exit code 1 when models, migrations and database differ: for CI",
    "bolide migrate resolve <name> --applied | --undone   after a migration was finished or undone by hand",
  ],
  run: async ([action, name], flags) => {
    if (!isKnown(action!))
      throw new Failure(`"${action}" is none of ${KNOWN.join(", ")}; see bolide migrate --help`, 2);
    await using target = await openTarget(flags, action === "make");
    if (action === "make") {
      return await makeMigration(target, { name, yes: flags.yes === true, empty: flags.empty === true }, terminal());
    }
    if (action === "check") return await checkMigrations(target);
    for (const unlisted of unlistedIn(target)) console.error(`note: ${unlisted}; bolide migrate make lists it`);
    return await runAction(action, name, target, flags);
  },
});

const KNOWN = ["make", ...ACTIONS, "check"] as const;

const isKnown = (word: string): word is Action | "make" | "check" => (KNOWN as readonly string[]).includes(word);
