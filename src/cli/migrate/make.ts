import {
  dialectOf,
  type Difference,
  type DatabaseShape,
  type MigrationTools,
  migrationStatus,
  migrationTools,
  type RenameHints,
} from "../../data/index.ts";
import { Failure } from "../failure.ts";
import { namesIn, readSnapshot, writeFiles, writeList } from "./folder.ts";
import { shown } from "./shown.ts";
import type { Target } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/** What is to be made, and how bold. */
export interface MakeOptions {
  readonly name: string | undefined;
  readonly yes: boolean;
  readonly empty: boolean;
}

/** Writes a migration of what the models say and the migrations before it do not. */
export async function makeMigration(
  target: Target,
  { name, yes, empty }: MakeOptions,
  person: Terminal | undefined,
): Promise<number> {
  const tools = await migrationTools();
  const { directory, models, file } = target;
  const before = readSnapshot(directory, tools);
  if (models.length === 0 && !empty)
    throw new Failure(`${file} has no models: give them to database(…), or export them as models`);
  const after = empty ? before : tools.shapeOf(models);
  const asked = await answered(before, after, tools.renameHints(models), person, tools);
  const difference = tools.difference(before, after, asked.hints);
  if (difference.up.length === 0 && !empty) {
    console.log("Nothing to do: the migrations say what the models say.");
    const list = namesIn(directory).length === 0 ? undefined : writeList(directory, tools);
    if (list !== undefined) console.log(`${shown(list)} is written anew: it lists the migrations that are there`);
    return 0;
  }
  for (const line of difference.up.flatMap(tools.describeChange)) console.log(`  ${line}`);
  const warnings = tools.warningsOf(difference.up, difference.before);
  for (const { told } of warnings) console.error(`warning: ${told}`);
  for (const note of await noteDrift(target, before, tools)) console.error(`note: ${note}`);
  for (const question of asked.open) console.error(`note: ${question}`);
  if (!yes && warnings.some(({ kind }) => kind === "loss") && !(await isWanted(person))) {
    console.error(
      "Nothing was written. Say renamedFrom in the models where a name changed, or --yes where data may go.",
    );
    return 1;
  }
  const path = writeFiles(directory, written(difference, name, directory, warnings, tools), tools);
  console.log(`${shown(path)} is written; read it, then run bolide migrate up`);
  return 0;
}

const isWanted = (person: Terminal | undefined): Promise<boolean> =>
  person === undefined ? Promise.resolve(false) : person.confirm("Data is lost by this. Write the migration?");

function written(
  difference: Difference,
  name: string | undefined,
  directory: string,
  warnings: ReturnType<MigrationTools["warningsOf"]>,
  tools: MigrationTools,
) {
  const names = namesIn(directory);
  const number = String(Number(/^\d+/.exec(names.at(-1) ?? "0")?.[0]) + 1).padStart(4, "0");
  const automatic = names.length === 0 ? "initial" : tools.migrationTitle(difference.up);
  const title = (name ?? automatic).replaceAll(/[^A-Za-z0-9_]+/g, "_");
  return { name: `${number}_${title}`, source: tools.writeMigration(difference, warnings), result: difference.result };
}

/** Asks whether what is new is what went under another name. */
async function answered(
  before: DatabaseShape,
  after: DatabaseShape,
  given: RenameHints,
  person: Terminal | undefined,
  { renameQuestions }: MigrationTools,
): Promise<{ readonly hints: RenameHints; readonly open: readonly string[] }> {
  let hints = given;
  const refused = new Set<string>();
  for (;;) {
    const questions = renameQuestions(before, after, hints).flatMap(({ table, name, candidates }) =>
      candidates.map((from) => ({ table, name, from, place: table === undefined ? name : `${table}.${name}` })),
    );
    const next = questions.find(({ place, from }) => !refused.has(`${place} ${from}`));
    if (person === undefined) {
      return {
        hints,
        open: questions.map(({ place, from }) => `${place} may be the former ${from}; renamedFrom would say so`),
      };
    }
    if (next === undefined) return { hints, open: [] };
    const { table, name, from, place } = next;
    if (!(await person.confirm(`Is ${place} the former ${from}, renamed?`))) refused.add(`${place} ${from}`);
    else if (table === undefined) hints = { ...hints, tables: { ...hints.tables, [name]: from } };
    else hints = { ...hints, columns: { ...hints.columns, [place]: from } };
  }
}

/** Where a database that has all migrations is not as they say; one that is away is not asked for. */
async function noteDrift(target: Target, expected: DatabaseShape, tools: MigrationTools): Promise<readonly string[]> {
  try {
    const states = await migrationStatus(target.db, target.migrations);
    if (states.length === 0 || states.some(({ appliedAt, missing }) => appliedAt === undefined || missing)) return [];
    const found = await tools.introspect(target.db);
    return tools.driftOf(dialectOf(target.db), expected, found).map((sentence) => `in the database ${sentence}`);
  } catch {
    return ["the database could not be asked; the migration follows from the models and the migrations alone"];
  }
}
