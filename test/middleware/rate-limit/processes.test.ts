import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(import.meta.dir, "programs/limited.ts");

async function start(directory: string): Promise<{ url: string; stop: () => Promise<number> }> {
  const child = Bun.spawn([process.execPath, program, directory], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const stop = async () => {
    await child.stdin.end();
    return child.exited;
  };
  return { url: `http://127.0.0.1:${Number(value)}`, stop };
}

test.skipIf(process.platform !== "linux")(
  "processes of one program share its limits, and a restart keeps them",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "bolide-limited-"));
    const servers = await Promise.all([start(directory), start(directory)]);
    const statuses = async (path: string, each: number): Promise<Record<number, number>> => {
      const all = await Promise.all(
        servers.flatMap(({ url }) => Array.from({ length: each }, async () => (await fetch(url + path)).status)),
      );
      return Object.fromEntries(Object.entries(Object.groupBy(all, String)).map(([key, of]) => [key, of!.length]));
    };
    expect(await statuses("/few", 50)).toEqual({ 200: 40, 429: 60 });
    expect(await statuses("/many", 50)).toEqual({ 200: 100 });
    expect(readdirSync(directory)).toHaveLength(2);
    expect(await servers.pop()!.stop()).toBe(0);
    servers.push(await start(directory));
    expect(await statuses("/few", 5)).toEqual({ 429: 10 });
    expect(await Promise.all(servers.map(({ stop }) => stop()))).toEqual([0, 0]);
    rmSync(directory, { recursive: true });
  },
);
