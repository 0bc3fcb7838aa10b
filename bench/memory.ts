// Resident memory after 200,000 requests of four kinds, above the hand-written program's: `bun bench/memory.ts`.
import { parseArgs } from "node:util";
import { residentMiB } from "./accounting.ts";
import { prepareData } from "./data.ts";
import { machine } from "./machine.ts";
import { start } from "./process.ts";
import { writeSection } from "./readme.ts";
import { type Server, servers } from "./servers.ts";
import { drive, wrkMissing } from "./wrk.ts";
import { workloads } from "./workloads.ts";

const REQUESTS = 200_000;
const SECONDS_EACH = 0.5;
const LONGEST_SECONDS = 60;
const mixed = workloads.filter(({ name }) => ["json", "path-param", "query", "body"].includes(name));
const onBun = ["raw", "bolide", "elysia", "elysia-2", "hono"];

interface Found {
  readonly name: string;
  readonly atStart: number;
  readonly afterwards: number;
}

async function measure(server: Server): Promise<Found> {
  const running = await start(server);
  try {
    const atStart = residentMiB(running.pid);
    let answered = 0;
    const until = Date.now() + LONGEST_SECONDS * 1000;
    for (let turn = 0; answered < REQUESTS && Date.now() < until; turn++) {
      const workload = mixed[turn % mixed.length];
      if (workload !== undefined) answered += (await drive(running.origin, workload, SECONDS_EACH)).requests;
    }
    return { name: server.name, atStart, afterwards: residentMiB(running.pid) };
  } finally {
    await running.stop();
  }
}

function lines(found: readonly Found[]): string {
  const raw = found.find(({ name }) => name === "raw")?.afterwards ?? Number.NaN;
  const rows = found.map(
    ({ name, atStart, afterwards }) =>
      `| ${name} | ${atStart.toFixed(0)} | ${afterwards.toFixed(0)} | ${(afterwards - raw).toFixed(0)} |`,
  );
  return ["| server | MiB at start | MiB after 200,000 requests | above raw |", "|---|---:|---:|---:|", ...rows].join(
    "\n",
  );
}

const { values: options } = parseArgs({ options: { markdown: { type: "boolean", default: false } } });
if (wrkMissing === undefined) {
  await prepareData();
  const found: Found[] = [];
  for (const server of servers) {
    if (server.database === undefined && onBun.includes(server.name) && server.missing() === undefined)
      found.push(await measure(server));
  }
  console.log(lines(found));
  if (options.markdown) await writeSection("memory", `Machine: ${machine()}.\n\n${lines(found)}`);
} else {
  console.error(wrkMissing);
  process.exitCode = 1;
}
