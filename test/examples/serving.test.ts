import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withPlaces } from "./asking.ts";
import { encode, subset } from "./subset.ts";

const ROOT = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "places-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Milliseconds for a start with an import, on a machine that is busy with other tests. */
const PATIENCE = 120_000;

/** Starts a server in the folder and resolves with what it says once it says where it listens. */
async function started(command: string[], env: Record<string, string>) {
  const child = Bun.spawn(command, {
    cwd: folder,
    env: { PATH: Bun.env["PATH"] ?? "", PORT: "0", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk, { stream: true });
    if (said.includes("/stats'") || (command.length === 1 && said.includes("\n"))) break;
  }
  const [base = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
  return { child, said: said.split("\n"), base };
}

test(
  "bun run serve places tells what to open, keeps its port for itself, and ends at SIGTERM",
  async () => {
    const path = join(folder, "subset.db");
    const data = encode(await subset());
    await withPlaces(path, { data: async () => data }, () => {});
    const serve = [process.execPath, join(ROOT, "scripts/serve.ts"), "places"];
    const { child, said, base } = await started(serve, { PLACES_DB: path });
    try {
      expect(said).toContain(`Places 1.0.0 listens on ${base}`);
      const curls = said.filter((line) => line.startsWith("  curl "));
      expect(curls.length).toBe(5);
      for (const curl of curls) expect((await fetch(/'(.*)'/.exec(curl)?.[1] ?? "")).status).toBe(200);

      const { port } = new URL(base);
      const second = Bun.spawn(serve, {
        env: { ...Bun.env, PORT: port, PLACES_DB: path },
        stdout: "pipe",
        stderr: "pipe",
      });
      expect(await new Response(second.stderr).text()).toStartWith(`127.0.0.1:${port} is in use by another process`);
      expect(await second.exited).toBe(1);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await child.exited).toBe(0);
  },
  PATIENCE,
);

test(
  "the binary carries the data along, and makes its database where it is started",
  async () => {
    const binary = join(folder, "bin", "places");
    mkdirSync(join(folder, "bin"));
    const build = Bun.spawn(
      [process.execPath, "src/cli/main.ts", "build", "examples/places/api.ts", "--outfile", binary],
      {
        cwd: ROOT,
        stdout: "ignore",
        stderr: "inherit",
      },
    );
    expect(await build.exited).toBe(0);
    const migrate = (action: string) => {
      const { stdout, stderr } = Bun.spawnSync([binary, "migrate", action], { cwd: folder });
      return (stdout.toString() + stderr.toString()).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "then");
    };
    expect(migrate("status")).toBe("  0001_initial  pending\n  0002_indexes  pending\n");
    const { child, base } = await started([binary], {});
    try {
      expect(await (await fetch(`${base}/places/search?q=lodz&limit=1`)).json()).toMatchObject({
        items: [{ name: "Łódź" }],
      });
      expect(await (await fetch(`${base}/stats?limit=0`)).json()).toMatchObject({ places: 135_233, countries: 246 });
    } finally {
      child.kill("SIGTERM");
    }
    expect(await child.exited).toBe(0);
    expect(migrate("status")).toBe("  0001_initial  applied then\n  0002_indexes  applied then\n");
    expect(migrate("up")).toBe("Nothing to do.\n");
    expect(await Bun.file(join(folder, ".bolide/places.db")).exists()).toBe(true);
  },
  PATIENCE,
);
