import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;

/** How the binary is built: one place, so that `bolide build` can stand here once it exists. */
function buildCommand(outfile: string): string[] {
  const entry = join(ROOT, "test/conformance/main.ts");
  return [process.execPath, "build", "--compile", "--minify", "--bytecode", "--format=esm", entry, "--outfile", outfile];
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
  if ((await build.exited) !== 0) throw new Error(`the binary could not be built:\n${await build.stderr.text()}`);
  const program = Bun.spawn([outfile], { cwd: folder, stdout: "pipe", stderr: "inherit" });
  const { main } = JSON.parse(await firstLine(program.stdout)) as { readonly main: string };
  return {
    url: new URL(main),
    async stop() {
      program.kill("SIGTERM");
      await program.exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the binary ended, and had written ${JSON.stringify(text)}`);
    text += value;
  }
  return text.slice(0, text.indexOf("\n"));
}
