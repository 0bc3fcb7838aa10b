// From the start of a process to its first answer: `bun bench/startup.ts [--markdown]`.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "./machine.ts";
import { freePort } from "./process.ts";
import { writeSection } from "./readme.ts";
import { available, compile, type Name, names, writePrograms } from "./startup-programs.ts";
import { median } from "./statistics.ts";

const STARTS = 15;
const PATIENCE_MILLIS = 10_000;

async function answered(origin: string): Promise<boolean> {
  try {
    return (await fetch(origin, { headers: { connection: "close" } })).ok;
  } catch {
    return false; // nobody listens yet
  }
}

/** Milliseconds from the start of the process to its first answer. */
async function oneStart(command: readonly string[]): Promise<number> {
  const port = freePort();
  const from = performance.now();
  const child = Bun.spawn([...command], {
    env: { ...process.env, PORT: String(port), NODE_ENV: "production" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  try {
    while (!(await answered(`http://127.0.0.1:${port}/`))) {
      if (child.exitCode !== null || performance.now() - from > PATIENCE_MILLIS) {
        throw new Error(`${command.join(" ")} never answered`);
      }
      await Bun.sleep(0.5);
    }
    return performance.now() - from;
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** The median per program; the programs take turns, so that a drift of the machine meets all of them alike. */
async function starts(commands: ReadonlyMap<Name, readonly string[]>): Promise<ReadonlyMap<Name, number>> {
  const times = new Map<Name, number[]>();
  for (let turn = 0; turn <= STARTS; turn++) {
    for (const [name, command] of commands) {
      const millis = await oneStart(command);
      // The first start of each only fills the page cache.
      if (turn > 0) times.set(name, [...(times.get(name) ?? []), millis]);
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

const { values: options } = parseArgs({ options: { markdown: { type: "boolean", default: false } } });
const folder = await writePrograms();
const present = names.filter(available);
const rows: string[] = [];
for (const [program, about] of [
  ["hello", "hello world"],
  ["thousand", "1,000 routes with distinct schemas"],
] as const) {
  const source = (name: Name): string => join(folder, `${program}-${name}.ts`);
  const fromSource = await starts(new Map(present.map((name) => [name, [process.execPath, source(name)]])));
  const binaries = new Map<Name, readonly string[]>();
  for (const name of present) binaries.set(name, [await compile(source(name))]);
  const asBinary = await starts(binaries);
  for (const [kind, found] of [
    ["from source", fromSource],
    ["binary", asBinary],
  ] as const) {
    rows.push(`| ${about}, ${kind} | ${present.map((name) => found.get(name)?.toFixed(1) ?? "").join(" | ")} |`);
  }
}
const head = `| ms to the first answer | ${present.join(" | ")} |\n|---|${"---:|".repeat(present.length)}`;
const text = [head, ...rows].join("\n");
console.log(text);
if (options.markdown) await writeSection("startup", `Machine: ${machine()}. Median of ${STARTS} starts.\n\n${text}`);
