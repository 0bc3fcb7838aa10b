import { join } from "node:path";

/** `bun run test`: every check of the repository, one after the other, up to the first that fails. */

const ROOT = join(import.meta.dir, "..");

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the tests that passed and failed from what it printed; most checks run none. */
  readonly count?: (output: string) => Counts;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Milliseconds that a test may take: some start servers, compilers and browsers, on a machine that may be busy with other things. */
const PATIENCE = "60000";

const CHECKS: readonly Check[] = [
  { name: "Zig tests", command: ["scripts/native.ts", "--test"], count: zigCounts },
  { name: "format", command: ["fmt", "--check", "--no-script"] },
  // Its launchers are written for Node, which need not be here: with --bun they run on Bun.
  { name: "lint", command: ["run", "--bun", "oxlint", "--type-aware"] },
  { name: "types", command: ["check", "--no-script"] },
  { name: "tests", command: ["test", "--timeout", PATIENCE, ...process.argv.slice(2)], count: bunCounts },
];

const total = { passed: 0, failed: 0 };
let broken: string | undefined;
for (const { name, command, count } of CHECKS) {
  console.log(`\n— ${name}: bun ${command.join(" ")}`);
  const start = performance.now();
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await Promise.all([echo(child.stdout, process.stdout), echo(child.stderr, process.stderr)]);
  const code = await child.exited;
  const counts = count?.(output.join("\n"));
  total.passed += counts?.passed ?? 0;
  // A check that breaks without a failed test, a type error or a crash, is one failure.
  total.failed += code === 0 ? 0 : counts?.failed || 1;
  if (code !== 0) {
    broken = name;
    break;
  }
  console.log(`— ${name}: ok in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
if (broken !== undefined) console.error(`\n— ${broken}: FAILED`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(broken === undefined ? 0 : 1);

/** Passes a stream on as it comes, and keeps it. */
async function echo(from: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of from) {
    to.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** ` 123 pass`, ` 0 fail`. */
function bunCounts(output: string): Counts {
  const last = (word: string) =>
    Number([...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))].at(-1)?.[1] ?? 0);
  return { passed: last("pass"), failed: last("fail") };
}

/** `5/5 steps succeeded; 26/26 tests passed`. */
function zigCounts(output: string): Counts {
  const [, passed = "0", all = "0"] = /(\d+)\/(\d+) tests passed/.exec(output) ?? [];
  return { passed: Number(passed), failed: Number(all) - Number(passed) };
}
