import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { columns, command } from "./command.ts";
import { describeError, Failure } from "./failure.ts";
import { apiOf, loadModule } from "./load.ts";

/** `bolide check`: everything that can be known of an api without a request. */
export const checkCommand = command({
  name: "check",
  summary: "Checks types, lint and whether every route compiles",
  operands: ["<file>"],
  flags: {},
  notes: ["bolide check src/api.ts"],
  run: async ([file]) => {
    if (!existsSync(file!)) throw new Failure(`${file}: there is no such file`);
    const directory = dirname(resolve(file!));
    const project = nearest(directory, "tsconfig.json") ?? nearest(directory, "package.json") ?? directory;
    const outcomes = [await checkTypes(project), await checkLint(project), await checkStart(file!)];
    for (const { output } of outcomes) if (output !== undefined) console.log(`${output}\n`);
    console.log(columns(outcomes.map(({ name, passed, told }) => [name, passed ? "ok" : "FAILED", told])).join("\n"));
    return outcomes.every(({ passed }) => passed) ? 0 : 1;
  },
});

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  /** One line. */
  readonly told: string;
  /** What a tool found, where it found something. */
  readonly output?: string;
}

/** `--no-script`: a project may have a script of its own called check, which calls this command. */
async function checkTypes(project: string): Promise<Outcome> {
  const { passed, output } = await run([process.execPath, "check", "--no-script"], project);
  const told = /✓ (.*?)(?: \[.*)?$/m.exec(output)?.[1] ?? /^(Found .*?)(?: \[.*)?$/m.exec(output)?.[1] ?? "";
  return passed ? { name: "types", passed, told } : { name: "types", passed, told, output };
}

const OXLINT = join("node_modules", "oxlint", "bin", "oxlint");

async function checkLint(project: string): Promise<Outcome> {
  const home = nearest(project, OXLINT);
  if (home === undefined) return { name: "lint", passed: true, told: "skipped: oxlint is not installed" };
  // Its launcher is written for Node, which need not be here.
  const { passed, output } = await run(
    [process.execPath, "--bun", join(home, OXLINT), "--ignore-pattern", "node_modules"],
    project,
  );
  const told = (/^(Found .*?)\.?$/m.exec(output)?.[1] ?? "").toLowerCase();
  // Warnings pass, and are shown all the same.
  return told === CLEAN ? { name: "lint", passed, told } : { name: "lint", passed, told, output };
}

const CLEAN = "found 0 warnings and 0 errors";

async function checkStart(file: string): Promise<Outcome> {
  try {
    const api = apiOf(await loadModule(file), file);
    const { plans } = api.compile();
    // Names that are given twice and examples that do not match are found when the document is written.
    await api.document();
    return { name: "start-up", passed: true, told: `${plans.length} routes compile` };
  } catch (error) {
    return { name: "start-up", passed: false, told: describeError(error) };
  }
}

async function run(
  words: readonly string[],
  cwd: string,
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const child = Bun.spawn([...words], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { passed: child.exitCode === 0, output: `${out}${err}`.trim() };
}

/** The nearest directory upwards that has such a file. */
function nearest(from: string, name: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, name))) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}
