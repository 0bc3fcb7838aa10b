import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildNative } from "./native.ts";

/**
 * Brings a checkout to where everything else can run: installs the dependencies, builds the native library. It runs before
 * anything is installed, so it imports nothing but what Bun brings along, and says one line for each thing that it did.
 */

const ROOT = join(import.meta.dir, "..");
const MODULES = join(ROOT, "node_modules");
/** Inside node_modules, so that it goes when they go. */
const STAMP = join(MODULES, ".bolide-setup");

/** Installs what the lock file names unless that is what was installed last. Returns whether it had to. */
export function installDependencies(): boolean {
  const hash = createHash("sha256");
  for (const name of ["package.json", "bun.lock"]) hash.update(readFileSync(join(ROOT, name)));
  const wanted = hash.digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return false;
  const start = performance.now();
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  if (exitCode !== 0)
    throw new Error(`The dependencies could not be installed:\n${stdout.toString()}${stderr.toString()}`);
  mkdirSync(MODULES, { recursive: true });
  writeFileSync(STAMP, wanted);
  console.log(`Installed the dependencies in ${seconds(start)}`);
  return true;
}

function buildLibrary(): void {
  const start = performance.now();
  if (buildNative({ quiet: true })) console.log(`Built the native library in ${seconds(start)}`);
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

if (import.meta.main) {
  try {
    installDependencies();
    if (process.env["BOLIDE_NATIVE"] !== "0") buildLibrary();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
