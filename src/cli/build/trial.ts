import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { TRIAL } from "../binary.ts";
import { Failure } from "../failure.ts";

/**
 * Lets a new binary load its api and compile the routes, far from the files it was built from. A package that makes code from
 * strings, or a file that it reads and that was not embedded, fails now and not where the binary is deployed.
 */
export async function tryBinary(binary: string): Promise<void> {
  const child = Bun.spawn([binary], {
    cwd: tmpdir(),
    env: { ...process.env, [TRIAL]: "1" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const [told] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (child.exitCode === 0) return;
  rmSync(binary, { force: true });
  throw new Failure(`the api does not start in a binary: ${told.trim()}`);
}
