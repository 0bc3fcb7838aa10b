import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "realworld-binary-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Milliseconds for a build and a start with seeds, on a machine that is busy with other tests. */
const PATIENCE = 120_000;

test(
  "the binary carries its migrations, its seed and its pages, and needs no more than an empty folder",
  async () => {
    const binary = join(folder, "realworld");
    const build = [process.execPath, "src/cli/main.ts", "build", "examples/realworld/api.ts", "--outfile", binary];
    expect(await Bun.spawn(build, { cwd: ROOT, stdout: "ignore", stderr: "inherit" }).exited).toBe(0);

    const env = { PATH: Bun.env["PATH"] ?? "" };
    const migrate = (action: string): string =>
      Bun.spawnSync([binary, "migrate", action], { cwd: folder, env }).stdout.toString();
    expect(migrate("up")).toBe("applied 0001_initial\n");
    expect(migrate("up")).toBe("Nothing to do.\n");
    expect(migrate("status")).toMatch(/^ {2}0001_initial {2}applied 2\d{3}-/);

    const child = Bun.spawn([binary, "--port", "0"], { cwd: folder, env, stdout: "pipe", stderr: "inherit" });
    try {
      let said = "";
      for await (const chunk of child.stdout) {
        said += new TextDecoder().decode(chunk);
        if (said.includes("listens on")) break;
      }
      expect(said).toContain("tokens are signed with a new secret, kept in .bolide/realworld.secret");
      const base = /http:\S+/.exec(said)?.[0] ?? "";
      const list = await (await fetch(`${base}/api/articles?limit=1`)).json();
      expect(list).toMatchObject({ articlesCount: 4000, articles: [{ author: { following: false } }] });
      expect((await fetch(`${base}/docs`)).status).toBe(200);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await child.exited).toBe(0);
    expect(existsSync(join(folder, ".bolide/realworld.db"))).toBe(true);
  },
  PATIENCE,
);
