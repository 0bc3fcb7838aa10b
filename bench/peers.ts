import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dir;

/** Installs the pinned peers into `bench/node_modules` when they are not there; without a network the run goes on. */
export async function installPeers(say: (text: string) => void): Promise<void> {
  if (existsSync(join(folder, "node_modules"))) return;
  say("installing the peers of bench/package.json");
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: folder,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const errors = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) say(`the peers could not be installed, the run goes on without them:\n${errors}`);
}
