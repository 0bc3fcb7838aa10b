import { dialectOf, migrationStatus, migrationTools } from "../../data/index.ts";
import { namesIn, readSnapshot } from "./folder.ts";
import { shown } from "./shown.ts";
import type { Target } from "./target.ts";

/** Says where models, migrations and database differ; 1 where they do. */
export async function checkMigrations({ db, models, migrations, directory }: Target): Promise<number> {
  const tools = await migrationTools();
  const snapshot = readSnapshot(directory, tools);
  const { up } = tools.difference(snapshot, tools.shapeOf(models), tools.renameHints(models));
  const states = await migrationStatus(db, migrations);
  const pending = states.filter(({ appliedAt }) => appliedAt === undefined);
  const missing = states.filter((state) => state.missing);
  const interrupted = await tools.interruptedRun(db);
  const drift =
    pending.length + missing.length > 0 ? [] : tools.driftOf(dialectOf(db), snapshot, await tools.introspect(db));
  const faults = [
    ...up.flatMap(tools.describeChange).map((change) => `the models need a migration: ${change}`),
    ...unlistedIn({ migrations, directory }),
    ...(interrupted === undefined ? [] : [interrupted.message]),
    ...pending.map(({ name }) => `${name} is not applied`),
    ...missing.map(({ name }) => `${name} is applied, and no migration here has that name`),
    ...drift.map((sentence) => `in the database ${sentence}`),
  ];
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) return 1;
  console.log(`Models, migrations and database agree: ${states.length} applied.`);
  return 0;
}

/** Migrations that are there and would never be run. */
export const unlistedIn = ({ migrations, directory }: Pick<Target, "migrations" | "directory">): readonly string[] =>
  namesIn(directory)
    .filter((name) => !(name in migrations))
    .map((name) => `${shown(directory)}/index.ts does not list ${name}`);
