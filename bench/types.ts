// What the types of many routes cost: `bun run bench:types [--markdown] [bolide elysia hono]`.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { results } from "./data.ts";
import { machine } from "./machine.ts";
import { installPeers } from "./peers.ts";
import { writeSection } from "./readme.ts";
import { type Framework, frameworks, programs } from "./types-programs.ts";

const COUNTS = [100, 300, 1000];
const PATIENCE_MILLIS = 180_000;
const root = join(import.meta.dir, "..");
const folder = join(results, "types");
const declarations = join(folder, "declarations");
const tsc = join(root, "node_modules", ".bin", "tsc");

interface Cost {
  readonly tscSeconds: number;
  readonly instantiations: number;
  readonly mebibytes: number;
  readonly errors: number;
}

const options = {
  target: "ESNext",
  module: "Preserve",
  moduleResolution: "bundler",
  lib: ["ESNext", "DOM", "DOM.Iterable"],
  types: ["bun-types"],
  typeRoots: [join(root, "node_modules")],
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  paths: {
    bolide: [join(declarations, "index.d.ts")],
    "bolide/client": [join(declarations, "client", "index.d.ts")],
  },
};

/** Bolide's types as its package has them: declarations, which the checker of a user's project does not check again. */
async function declare(): Promise<void> {
  const project = join(folder, "declarations.json");
  const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: declarations };
  const rootDir = join(root, "src");
  const paths = { extends: join(root, "tsconfig.json"), include: [rootDir] };
  await Bun.write(project, JSON.stringify({ ...paths, compilerOptions: { ...emit, rootDir } }));
  const child = Bun.spawn([tsc, "-p", project, "--pretty", "false"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0)
    throw new Error(`the declarations of Bolide could not be written:\n${text.slice(0, 2000)}`);
}

async function write(framework: Framework, count: number): Promise<string> {
  const here = join(folder, `${framework}-${count}`);
  mkdirSync(here, { recursive: true });
  const { api, client } = programs[framework](count);
  await Bun.write(join(here, "api.ts"), api);
  await Bun.write(join(here, "client.ts"), client);
  await Bun.write(join(here, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["client.ts"] }));
  return here;
}

/** Seconds that `bun check` takes, which is what users run; median of three. */
async function wall(project: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const child = Bun.spawn([process.execPath, "check", "--no-script", "--no-pretty", "-p", project], {
      cwd: project,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      timeout: PATIENCE_MILLIS,
    });
    await child.exited;
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[1]!;
}

/** `tsc` counts what its checker does, which `bun check` does not tell. */
async function check(project: string): Promise<Cost> {
  const child = Bun.spawn([tsc, "-p", project, "--extendedDiagnostics", "--pretty", "false"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    timeout: PATIENCE_MILLIS,
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  const figure = (label: string): number => {
    const found = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(text)?.[1];
    return found === undefined ? Number.NaN : Number(found);
  };
  const errors = text.match(/error TS\d+.*/g) ?? [];
  for (const line of errors.slice(0, 3)) console.error(`  ${line}`);
  return {
    tscSeconds: figure("Total time"),
    instantiations: figure("Instantiations"),
    mebibytes: figure("Memory used") / 1024,
    errors: errors.length,
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: "boolean", default: false } },
});
await installPeers(console.error);
rmSync(folder, { recursive: true, force: true });

const rows: string[] = [];
for (const framework of frameworks) {
  const where =
    framework === "bolide" ? join(root, "src", "index.ts") : join(import.meta.dir, "node_modules", framework);
  if (!existsSync(where) || (positionals.length > 0 && !positionals.includes(framework))) continue;
  if (framework === "bolide") await declare();
  for (const count of COUNTS) {
    const project = await write(framework, count);
    const seconds = await wall(project);
    const { tscSeconds, instantiations, mebibytes, errors } = await check(project);
    const note = errors === 0 ? "" : `, ${errors} errors`;
    const each = Math.round(instantiations / count);
    rows.push(
      `| ${framework} | ${count} | ${seconds.toFixed(2)} | ${tscSeconds.toFixed(2)}${note} | ${instantiations} | ${each} | ${mebibytes.toFixed(0)} |`,
    );
    console.log(rows.at(-1));
  }
}
const head =
  "| types of | routes | `bun check` s | `tsc` s | instantiations | per route | MiB |\n|---|---:|---:|---:|---:|---:|---:|";
const text = [head, ...rows].join("\n");
if (values.markdown) await writeSection("types", `Machine: ${machine()}.\n\n${text}`);
