import {
  migrateDown,
  migrateUp,
  MigrationError,
  migrationStatus,
  migrationTools,
  type Migrations,
  type AnyDatabase,
  resolveMigration,
} from "../../data/index.ts";
import { columns, type Flag, type Values } from "../command.ts";
import { Failure } from "../failure.ts";

/** What can be done with migrations that are written, here and in a binary. */
export const ACTIONS = ["up", "down", "status", "resolve"] as const;
export type Action = (typeof ACTIONS)[number];

export const ACTION_FLAGS = {
  to: { type: "string", value: "<name>", help: "up: the last migration to apply; default all" },
  steps: { type: "string", value: "<number>", help: "down: how many to undo; default 1" },
  applied: { type: "boolean", help: "resolve: enter it as applied" },
  undone: { type: "boolean", help: "resolve: enter it as not applied" },
} as const satisfies Readonly<Record<string, Flag>>;

/** A database and its migrations. */
export interface Migrated {
  readonly db: AnyDatabase;
  readonly migrations: Migrations;
}

/** Does it; resolves to the exit code. */
export async function runAction(
  action: Action,
  name: string | undefined,
  target: Migrated,
  flags: Values<typeof ACTION_FLAGS>,
): Promise<number> {
  if (name !== undefined && action !== "resolve") throw new Failure(`"${name}" is one word too many`, 2);
  try {
    return await RUN[action](target, flags, name);
  } catch (error) {
    if (error instanceof MigrationError) throw new Failure(error.message, 1, { cause: error });
    throw error;
  }
}

type Run = (target: Migrated, flags: Values<typeof ACTION_FLAGS>, name: string | undefined) => Promise<number>;

const onWait = (): void => console.error("Another process is migrating this database; waiting for it.");

const RUN: Readonly<Record<Action, Run>> = {
  up: async ({ db, migrations }, { to }) => {
    if (to !== undefined && !(to in migrations)) throw new Failure(`there is no migration "${to}"`, 2);
    const done = await migrateUp(db, migrations, { onWait, ...(to === undefined ? {} : { to }) });
    told("applied", done);
    return 0;
  },
  down: async ({ db, migrations }, { steps = "1" }) => {
    if (!/^[1-9]\d*$/.test(steps)) throw new Failure(`--steps must be a whole number from 1, not "${steps}"`, 2);
    const done = await migrateDown(db, migrations, { onWait, steps: Number(steps) });
    told("undone", done);
    return 0;
  },
  status: async ({ db, migrations }) => {
    const states = await migrationStatus(db, migrations);
    const rows = states.map(({ name, appliedAt, missing }) => [
      name,
      appliedAt === undefined ? "pending" : `applied ${appliedAt.toISOString().slice(0, 19).replace("T", " ")}`,
      missing ? "MISSING HERE" : "",
    ]);
    console.log(rows.length === 0 ? "There are no migrations." : columns(rows).join("\n"));
    const { interruptedRun } = await migrationTools();
    const interrupted = await interruptedRun(db);
    if (interrupted === undefined) return 0;
    console.error(interrupted.message);
    return 1;
  },
  resolve: async ({ db, migrations }, { applied, undone }, name) => {
    if (name === undefined || (applied === true) === (undone === true))
      throw new Failure("name a migration and say --applied or --undone", 2);
    await resolveMigration(db, migrations, name, applied === true ? "applied" : "undone");
    console.log(`${name} is entered as ${applied === true ? "applied" : "not applied"}.`);
    return 0;
  },
};

function told(what: string, names: readonly string[]): void {
  if (names.length === 0) console.log("Nothing to do.");
  for (const name of names) console.log(`${what} ${name}`);
}
