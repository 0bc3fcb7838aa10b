import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildNative } from "./native.ts";

/**
 * Brings a checkout to where everything else can run: installs the dependencies, builds the native library; with `--tests` it also
 * installs what tests alone need, which is a process before theirs, as Bun's resolver keeps believing what it saw. It runs before
 * anything is installed, so it imports nothing but what Bun brings along, and says one line for each thing that it did.
 */

const ROOT = join(import.meta.dir, "..");

/** Folders with a package of their own, so that who only serves an example does not install 626 packages more. */
const TESTS = ["test/openapi"];

/** Installs what the lock file of a folder names unless that is what was installed last. Throws when it could not. */
function installDependencies(folder = "."): void {
  const of = folder === "." ? "" : ` of ${folder}`;
  const directory = join(ROOT, folder);
  const modules = join(directory, "node_modules");
  // Inside node_modules, so that it goes when they go.
  const stamp = join(modules, ".bolide-setup");
  const hash = createHash("sha256");
  for (const name of ["package.json", "bun.lock"]) hash.update(readFileSync(join(directory, name)));
  const wanted = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const start = performance.now();
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
    cwd: directory,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  if (exitCode !== 0)
    throw new Error(`The dependencies${of} could not be installed:\n${stdout.toString()}${stderr.toString()}`);
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, wanted);
  console.log(`Installed the dependencies${of} in ${seconds(start)}`);
}

function buildLibrary(): void {
  const start = performance.now();
  if (buildNative({ quiet: true })) console.log(`Built the native library in ${seconds(start)}`);
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

if (import.meta.main) {
  try {
    installDependencies();
    if (process.argv.includes("--tests")) for (const folder of TESTS) installDependencies(folder);
    if (process.env["BOLIDE_NATIVE"] !== "0") buildLibrary();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
