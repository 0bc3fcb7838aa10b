const folder = import.meta.dir;

/** Brings `bench/node_modules` to the pinned peers (some milliseconds when it is there already); without a network the run goes on. */
export async function installPeers(say: (text: string) => void): Promise<void> {
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: folder,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const errors = await new Response(child.stderr).text();
  if ((await child.exited) !== 0)
    say(`the peers could not be installed, the run goes on with what is there:\n${errors}`);
}
