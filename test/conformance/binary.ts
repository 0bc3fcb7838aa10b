import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;

function buildCommand(outfile: string): string[] {
  return [process.execPath, "src/cli/main.ts", "build", "test/conformance/main.ts", "--outfile", outfile];
}

/** A running binary: the address of its main api, and how to end it. */
export interface RunningBinary {
  readonly url: URL;
  stop(): Promise<void>;
}

/** Builds the binary into a temporary folder and starts it. Errors: what the build or the program wrote. */
export async function startBinary(): Promise<RunningBinary> {
  const folder = await mkdtemp(join(tmpdir(), "bolide-conformance-"));
  const outfile = join(folder, "app");
  const build = Bun.spawn(buildCommand(outfile), { cwd: ROOT, stdout: "ignore", stderr: "pipe" });
  const told = await new Response(build.stderr).text();
  if ((await build.exited) !== 0) throw new Error(`the binary could not be built:\n${told}`);
  const env = { ...process.env, NODE_ENV: "test" };
  const program = Bun.spawn([outfile, "--port", "0"], { cwd: folder, env, stdout: "pipe", stderr: "inherit" });
  return {
    url: await address(program.stdout),
    async stop() {
      program.kill("SIGTERM");
      await program.exited;
      await rm(folder, { recursive: true });
    },
  };
}

/** The address that a program says it listens on. */
async function address(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<URL> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    const found = /http:\S+/.exec(text);
    if (found !== null && text.includes("\n")) return new URL(found[0]);
  }
  throw new Error(`the binary ended, and had written ${JSON.stringify(text)}`);
}
