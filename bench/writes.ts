import { ask } from "./answers.ts";
import { written } from "./databases.ts";
import type { Running } from "./process.ts";
import type { Workload } from "./workloads.ts";

/** How what a request has written differs from what it should write, looked at in the database itself. */
export async function unwritten(running: Running, workload: Workload): Promise<string | undefined> {
  const { writes, rows } = workload;
  if (writes === undefined || rows === undefined || running.database === undefined) return undefined;
  const before = await written(running.database, rows);
  await ask(running, workload, false);
  const after = await written(running.database, rows);
  for (const [what, wanted] of Object.entries(writes)) {
    const added = Number(after[what]) - Number(before[what]);
    if (added !== wanted) return `adds ${added} to "${what}", not ${wanted}`;
  }
  return undefined;
}
