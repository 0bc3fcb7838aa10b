// Makes bench/.venv with the pinned Python peers: `bun bench/python.ts`.
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dir;
const environment = join(folder, ".venv");

async function must(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { cwd: folder, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error(`\`${command.join(" ")}\` failed`);
}

if (Bun.which("python3") === null) {
  console.error("python3 is not on the PATH: Django-Bolt and FastAPI are left out.");
  process.exitCode = 1;
} else {
  if (!existsSync(environment)) await must(["python3", "-m", "venv", environment]);
  await must([
    join(environment, "bin", "python"),
    "-m",
    "pip",
    "install",
    "-q",
    "-r",
    join(folder, "requirements.txt"),
  ]);
}
