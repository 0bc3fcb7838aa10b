import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Exports } from "../load.ts";
import { type Action, ACTION_FLAGS, ACTIONS, runAction } from "./run.ts";
import { targetOf } from "./target.ts";

/** `app migrate` of a binary: runs the migrations that the app's module exports as `migrations`. */
export const embeddedMigrate = (module: Exports, program: string) =>
  command({
    name: "migrate",
    summary: "Applies and undoes the migrations that are in this program",
    operands: ["<action>", "[name]"],
    flags: ACTION_FLAGS,
    notes: [
      `${program} migrate up [--to name]   applies what is pending`,
      `${program} migrate down [--steps n] undoes what was applied last`,
      `${program} migrate status           lists what is applied and what is pending`,
    ],
    run: async ([action, name], flags) => {
      if (!(ACTIONS as readonly string[]).includes(action!))
        throw new Failure(`"${action}" is none of ${ACTIONS.join(", ")}; see ${program} migrate --help`, 2);
      const { migrations } = module;
      if (migrations === undefined)
        throw new Failure(
          `it was built without migrations: export them from its module, export { migrations } from "./migrations/index.ts"`,
        );
      await using target = targetOf(module, { file: program, name: undefined, migrations, directory: "" });
      return await runAction(action as Action, name, target, flags);
    },
  });
