// What Bolide adds to a driver, in one process, and what an export of 1,000,000 rows keeps in memory: `bun bench/queries.ts`.
import { parseArgs } from "node:util";
import { prepareData, results } from "./data.ts";
import { postgresMissing, startDatabases } from "./databases.ts";
import { type Added, EXPORTED, exportMemory } from "./export-memory.ts";
import { machine } from "./machine.ts";
import { overRaw, type Versus } from "./queries-sqlite.ts";
import { inFlight } from "./queries-postgres.ts";
import { writeSection } from "./readme.ts";

const { values: options } = parseArgs({
  options: { markdown: { type: "boolean", default: false }, quick: { type: "boolean", default: false } },
});

const MOST = { added: 500, throughput: 0.9, memory: 64 } as const;

const told = (met: boolean): string => (met ? "met" : "not met");
const micros = (nanos: number): string => (nanos / 1000).toFixed(2);

function timings(rows: readonly Versus[]): string[] {
  return [
    "| SQLite, one call | raw us | prepared us | added us | bar |",
    "|---|---:|---:|---:|---|",
    ...rows.map(({ name, raw, bolide, bar }) => {
      const met = bar ? `at most 0.5: ${told(bolide - raw <= MOST.added)}` : "";
      return `| ${name} | ${micros(raw)} | ${micros(bolide)} | ${micros(bolide - raw)} | ${met} |`;
    }),
  ];
}

function throughputs(rows: readonly Versus[]): string[] {
  return [
    "| PostgreSQL, 64 in flight | raw queries/s | prepared queries/s | ratio | bar |",
    "|---|---:|---:|---:|---|",
    ...rows.map(({ name, raw, bolide, ratio }) => {
      const met = `at least ${MOST.throughput}: ${told(ratio >= MOST.throughput)}`;
      return `| ${name} | ${raw.toFixed(0)} | ${bolide.toFixed(0)} | ${ratio.toFixed(2)} | ${met} |`;
    }),
  ];
}

function exports(found: readonly Added[]): string[] {
  return [
    `| export of ${EXPORTED.toLocaleString("en")} rows | MiB sent | MiB before | MiB added at most | seconds | bar |`,
    "|---|---:|---:|---:|---:|---|",
    ...found.map(({ database, sentMiB, beforeMiB, addedMiB, seconds }) => {
      const figures = [sentMiB.toFixed(0), beforeMiB.toFixed(0), addedMiB.toFixed(0), seconds.toFixed(1)];
      return `| ${database} | ${figures.join(" | ")} | under ${MOST.memory}: ${told(addedMiB < MOST.memory)} |`;
    }),
  ];
}

await prepareData();
const missing = await postgresMissing();
if (missing !== undefined) console.error(`without PostgreSQL: ${missing}`);
const names = missing === undefined ? (["sqlite", "postgres"] as const) : (["sqlite"] as const);
const databases = await startDatabases(names.map((database) => ({ database, rows: "blog" })));
try {
  const parts = [timings(await overRaw(await databases.fresh("sqlite", "blog", "queries"), results, options.quick))];
  if (missing === undefined) {
    parts.push(throughputs(await inFlight(await databases.fresh("postgres", "blog", "queries"), options.quick)));
  }
  const added: Added[] = [];
  for (const name of names) added.push(await exportMemory(name, await databases.fresh(name, "blog", "export")));
  parts.push(exports(added));
  const text = parts.map((lines) => lines.join("\n")).join("\n\n");
  console.log(text);
  if (options.markdown) await writeSection("queries", `Machine: ${machine()}.\n\n${text}`);
} finally {
  await databases.stop();
}
