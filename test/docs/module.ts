import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Block } from "./page.ts";

/** A `ts` block, written as a module of its own. */
export interface Module {
  readonly block: Block;
  readonly file: string;
  /** Only type-checked: it is marked so, or it would listen and not stop. */
  readonly runs: boolean;
}

const ROOT = join(import.meta.dir, "../..");

/** A new folder for the modules, inside the repository so that its packages and its tsconfig are found. */
export function makeFolder(): string {
  const parent = join(ROOT, ".bolide/docs");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(`${parent}/`);
}

/**
 * Writes each `ts` block into the folder of its page: under the name that follows the language, or under its line, and line by
 * line where the page has it, so that an error's position needs no translation but the line of the block.
 */
export async function writeModules(folder: string, blocks: readonly Block[]): Promise<Module[]> {
  const config = {
    extends: join(ROOT, "tsconfig.json"),
    include: [".", join(ROOT, "src/native/files.d.ts")],
    exclude: [],
  };
  await Bun.write(join(folder, "tsconfig.json"), JSON.stringify(config));
  const modules = blocks
    .filter(({ info }) => info[0] === "ts")
    .map((block): Module => {
      const name = block.info.find((word) => word.endsWith(".ts")) ?? `line-${block.line}.ts`;
      return {
        block,
        file: join(folder, block.page.replace(/\.md$/, ""), name),
        runs: !block.info.includes("no-run") && !staysOpen(block.text),
      };
    });
  // A file without an import or export would share its names with all others.
  for (const { block, file } of modules) await Bun.write(file, `${block.text}\nexport {};\n`);
  return modules;
}

/** Whether a block is a file of tests, which `bun test` runs. */
export const isTest = ({ block }: Module): boolean => /from "bun:test"/.test(block.text);

/** Runs it, and resolves to the exit code. */
export async function runTests({ file }: Module): Promise<number> {
  const child = Bun.spawn([process.execPath, "test", file], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const told = await new Response(child.stderr).text();
  const code = await child.exited;
  if (code !== 0) process.stderr.write(told);
  return code;
}

/** A server of a block that runs takes a free port and is stopped. */
function staysOpen(text: string): boolean {
  return /\.listen\(|Bun\.serve\(/.test(text) && !(/port: 0/.test(text) && /\.stop\(/.test(text));
}

/**
 * What the type checker says of the modules, each complaint under the page and line that it is about. What it says of the rest
 * of the repository is for `bun run check`.
 */
export async function typeErrors(folder: string, modules: readonly Module[]): Promise<string[]> {
  const command = [process.execPath, "check", "--no-script", "--no-pretty", "--all", "-p", folder];
  const child = Bun.spawn(command, { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) === 0) return [];
  const found = [...`${out}${err}`.matchAll(/^(\S+?)\((\d+),\d+\): (error .*)$/gm)];
  if (found.length === 0) return [`bun check failed: ${out}${err}`];
  return found.flatMap(([, path = "", line, told]) => {
    const module = modules.find(({ file }) => file === join(ROOT, path));
    return module === undefined ? [] : [`${module.block.page}:${module.block.line + Number(line) - 1}: ${told}`];
  });
}

/** What a block says that it prints: the comment after each `console.log`, in order. */
export function promisedLines({ text }: Block): string[] {
  return [...text.matchAll(/^\s*console\.log\(.*\);\s*\/\/ (.*)$/gm)].map((match) => match[1]!);
}
