import { afterAll, beforeAll } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests of a file a temporary directory of their own, so that they can tell what is left in it. */
export function ownTemporaryDirectory(): void {
  const usual = process.env["TMPDIR"];
  let own = "";
  beforeAll(() => {
    own = mkdtempSync(join(tmpdir(), "bolide-uploads-"));
    process.env["TMPDIR"] = own;
  });
  afterAll(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    rmSync(own, { recursive: true });
  });
}

/** The temporary files of uploads that there are. */
export const temporaryFiles = (): string[] => readdirSync(tmpdir()).filter((name) => name.endsWith(".upload"));
