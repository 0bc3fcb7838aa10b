import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative, zig } from "../../scripts/native.ts";

const LIBRARY = join(import.meta.dir, "../../dist/native/bolide-linux-arm64.so");
const emulator = Bun.which("qemu-aarch64") ?? Bun.which("qemu-aarch64-static");

test.skipIf(emulator === null)(
  "the library for arm64 finds a cookie under an emulator",
  () => {
    buildNative({ all: true, quiet: true });
    const folder = mkdtempSync(join(tmpdir(), "bolide-arm64-"));
    try {
      const program = join(folder, "load");
      zig(
        "build-exe",
        "-O",
        "ReleaseSmall",
        "-fstrip",
        "-target",
        "aarch64-linux-none",
        `-femit-bin=${program}`,
        join(import.meta.dir, "programs/load.zig"),
      );
      const { stderr, exitCode } = Bun.spawnSync([emulator ?? "", program, LIBRARY]);
      expect([stderr.toString(), exitCode]).toEqual(["abi 1, found 1: abc\n", 0]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
