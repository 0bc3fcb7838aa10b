import { parseArgs } from "node:util";
import { compared, difference } from "./answers.ts";
import { authMarkdown } from "./auth-report.ts";
import { prepareData } from "./data.ts";
import { type Databases, postgresMissing, startDatabases } from "./databases.ts";
import { dataMarkdown } from "./data-report.ts";
import { viewsMarkdown } from "./views-report.ts";
import { machine } from "./machine.ts";
import { type Entry, type Figures, measure, type Pace } from "./measure.ts";
import { installPeers } from "./peers.ts";
import { type Running, start } from "./process.ts";
import { type OverOpen, overOpenEntries, overOpenTable } from "./over-open.ts";
import { writeSection } from "./readme.ts";
import { markdown, type Report, rounded, table } from "./report.ts";
import { type Server, servers } from "./servers.ts";
import { wrkMissing } from "./wrk.ts";
import { type Workload, workloads } from "./workloads.ts";
import { unwritten } from "./writes.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    servers: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
  },
});

/** Above this share of waiting, a run on this machine is worth repeating; a quiet one shows about 0.01. */
const BUSY = 0.1;

/** Ends the run with one sentence and status 1. */
class Refusal extends Error {}

// Standard output is the report's alone, so that `--json` can be piped.
const say = (text: string): void => console.error(text);

const pace: Pace = options.quick
  ? { rounds: 1, seconds: 0.3, warmUpSeconds: 0.2, warmUpRequests: 0 }
  : { rounds: Number(options.rounds), seconds: Number(options.seconds), warmUpSeconds: 1, warmUpRequests: 50_000 };

/** A workload is asked for by its name, the name it has on every database, or its section. */
const names = ({ name, group, section }: Workload): (string | undefined)[] => [name, group, section];

async function chosenWorkloads(): Promise<readonly Workload[]> {
  for (const name of positionals) {
    if (!workloads.some((one) => names(one).includes(name))) {
      throw new Refusal(`No workload is called ${name}; there are ${workloads.map((one) => one.name).join(", ")}.`);
    }
  }
  const chosen =
    positionals.length === 0
      ? workloads
      : workloads.filter((one) => names(one).some((name) => positionals.includes(name ?? "")));
  if (!chosen.some(({ database }) => database === "postgres")) return chosen;
  const missing = await postgresMissing();
  if (missing === undefined) return chosen;
  say(`without the workloads on PostgreSQL: ${missing}`);
  return chosen.filter(({ database }) => database !== "postgres");
}

/** What a quick run measures on databases; the rest differs by little, and its answers are compared all the same. */
const QUICK: readonly (string | undefined)[] = ["db-10-joined", "list-page"];

/** What a run measures of the chosen. */
const measured = (chosen: readonly Workload[]): readonly Workload[] =>
  options.quick && positionals.length === 0
    ? chosen.filter(({ database, group }) => database === undefined || QUICK.includes(group))
    : chosen;

/** The servers asked for, the yardstick first; one that was not asked for by name may be missing. */
function chosenServers(chosen: readonly Workload[]): readonly Server[] {
  const able = servers.filter((server) => chosen.some((one) => runs(server, one)));
  const wanted = options.servers?.split(",");
  for (const name of wanted ?? []) {
    const known = able.find((one) => one.name === name);
    if (known === undefined) {
      const all = [...new Set(able.map((one) => one.name))].join(", ");
      throw new Refusal(`No server of these workloads is called ${name}; there are ${all}.`);
    }
    const advice = known.missing();
    if (advice !== undefined) throw new Refusal(`${name} cannot run: ${advice}.`);
  }
  return able.filter((one) => {
    if (wanted !== undefined) return one.name === "raw" || wanted.includes(one.name);
    const advice = one.missing();
    if (advice !== undefined) say(`without ${one.name}${on(one)}: ${advice}`);
    return advice === undefined;
  });
}

/** Whether a server is for a workload: it has its database, with its rows. */
const runs = (server: Server, workload: Workload): boolean =>
  server.database === workload.database && server.rows === workload.rows;

const on = ({ database }: Server): string => (database === undefined ? "" : ` on ${database}`);

/** Every difference that is not declared, and every declared one that is none. */
async function faults(running: readonly Running[], workload: Workload): Promise<string[]> {
  const [yardstick, ...others] = running;
  if (yardstick === undefined) return [];
  const found: string[] = [];
  for (const one of [yardstick, ...others]) {
    if (one.server.without?.[workload.name] !== undefined) continue;
    const declared = one.server.differs?.[workload.name];
    const note = one.server.notes?.[workload.name];
    if (note !== undefined) say(`${one.server.name}, ${workload.name}: ${note}`);
    const seen = (await difference(one, yardstick, workload)) ?? (await unwritten(one, workload));
    if (seen === undefined && declared !== undefined) {
      found.push(`${one.server.name}, ${workload.name}: declared to differ (${declared}) but does not`);
    } else if (seen !== undefined && declared === undefined) {
      found.push(`${one.server.name}, ${workload.name}: ${seen}`);
    } else if (declared !== undefined) say(`${one.server.name}, ${workload.name} differs: ${declared}`);
  }
  return found;
}

/** Processes live for one workload: memory, compiled code and what is in its database are that workload's alone. */
async function inFreshProcesses<T>(
  list: readonly Server[],
  databases: Databases,
  use: (running: readonly Running[]) => Promise<T>,
): Promise<T> {
  const running: Running[] = [];
  try {
    for (const server of list) {
      const { name, database, rows } = server;
      const own = database && rows && (await databases.fresh(database, rows, name));
      running.push(await start(server, own));
    }
    return await use(running);
  } finally {
    await Promise.all(running.map((one) => one.stop()));
  }
}

async function checkAnswers(list: readonly Server[], chosen: readonly Workload[], databases: Databases): Promise<void> {
  say(`comparing ${compared}`);
  const found: string[] = [];
  for (const [first, ...rest] of Map.groupBy(chosen, ({ database, rows }) => `${database} ${rows}`).values()) {
    if (first === undefined) continue;
    const own = [first, ...rest];
    const taking = list.filter((one) => runs(one, first));
    await inFreshProcesses(taking, databases, async (running) => {
      for (const workload of own) found.push(...(await faults(running, workload)));
    });
  }
  if (found.length > 0) throw new Refusal(`The answers differ:\n${found.join("\n")}`);
}

/** Says which servers are left out of which workloads, reason by reason. */
function sayLeftOut(list: readonly Server[], chosen: readonly Workload[]): void {
  for (const { name, without = {} } of list) {
    const left = chosen.filter((one) => without[one.name] !== undefined);
    const reasons = Map.groupBy(left, (one) => without[one.name]);
    for (const [reason, of] of reasons)
      say(`${name} is left out of ${of.map((one) => one.name).join(", ")}: ${reason}`);
  }
}

/** Its processes live side by side, one for each workload, so that every round has them all. */
async function measureOverOpen(
  list: readonly Server[],
  chosen: readonly Workload[],
  databases: Databases,
): Promise<OverOpen[]> {
  const found: OverOpen[] = [];
  const auth = overOpenEntries(chosen);
  const both = list.filter(({ name, database }) => database === undefined && (name === "bolide" || name === "raw"));
  for (const server of auth.length < 2 ? [] : both) {
    const { figures } = await inFreshProcesses(
      auth.map(() => server),
      databases,
      (running) => measure(entriesOf(running, auth), pace),
    );
    found.push({
      name: server.name,
      workloads: figures.map(rounded).map(({ cpuMicros, ratioToRaw: ratio }, at) => ({
        name: auth[at]?.name ?? "",
        cpuMicros,
        ratio,
      })),
    });
  }
  return found;
}

const entriesOf = (running: readonly Running[], chosen: readonly Workload[]): Entry[] =>
  running.flatMap((one, at) => {
    const workload = chosen[at] ?? chosen[0];
    return workload === undefined ? [] : [{ running: one, workload }];
  });

async function main(): Promise<void> {
  if (wrkMissing !== undefined) throw new Refusal(wrkMissing);
  const chosen = await chosenWorkloads();
  if (!options.quick) await installPeers(say);
  const list = chosenServers(chosen);
  await prepareData();
  const databases = await startDatabases(chosen);
  try {
    await report(list, chosen, databases);
  } finally {
    await databases.stop();
  }
}

async function report(list: readonly Server[], chosen: readonly Workload[], databases: Databases): Promise<void> {
  sayLeftOut(list, chosen);
  await checkAnswers(list, chosen, databases);
  // Standard output is the report's alone where it is JSON.
  const show = options.json ? say : (text: string): void => console.log(text);
  const found: { name: string; servers: readonly Figures[] }[] = [];
  for (const workload of measured(chosen)) {
    const taking = list.filter((server) => runs(server, workload) && server.without?.[workload.name] === undefined);
    const { figures, waited } = await inFreshProcesses(taking, databases, (running) =>
      measure(entriesOf(running, [workload]), pace),
    );
    found.push({ name: workload.name, servers: figures.map(rounded) });
    if (waited > BUSY)
      say(
        `${workload.name}: raw waited ${(waited * 100).toFixed(0)} % of the time for its core; others were busy on it`,
      );
    show(table(`${workload.name}: ${workload.about}`, figures));
  }
  const overOpen = await measureOverOpen(list, chosen, databases);
  for (const one of overOpen) show(overOpenTable(one));
  const all: Report = {
    machine: machine(),
    workloads: found,
    ...(overOpen.length === 0 ? {} : { overOpen }),
  };
  if (options.json) console.log(JSON.stringify(all));
  if (options.markdown) await writeTables(all);
}

const TABLES = { results: markdown, auth: authMarkdown, data: dataMarkdown, views: viewsMarkdown } as const;

/** Each section of README.md of which a workload was measured. */
async function writeTables({ machine: where, workloads: figures, overOpen }: Report): Promise<void> {
  for (const section of ["results", "auth", "data", "views"] as const) {
    const own = figures.filter(({ name }) =>
      workloads.some((one) => one.name === name && (one.section ?? "results") === section),
    );
    if (own.length === 0) continue;
    const part = { machine: where, workloads: own, ...(overOpen === undefined ? {} : { overOpen }) };
    await writeSection(section, `Machine: ${where}.\n\n${TABLES[section](part)}`);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
