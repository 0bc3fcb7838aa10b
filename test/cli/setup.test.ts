import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "../house/imports.ts";
import { ROOT, run } from "./program.ts";

test("the setup script runs before anything is installed: it imports what Bun brings along, and so does what it imports", () => {
  const foreign = ["setup.ts", "native.ts"].flatMap((name) =>
    importsOf(readFileSync(join(ROOT, "scripts", name), "utf8")).filter((specifier) => !specifier.startsWith("node:")),
  );
  expect(foreign).toEqual(["./native.ts"]);
});

test.each([[], ["--tests"]])("the setup script says nothing where nothing is to be done %p", async (...options) => {
  const words = [process.execPath, join(ROOT, "scripts/setup.ts"), ...options];
  expect((await run(words)).code).toBe(0);
  expect(await run(words)).toEqual({ code: 0, signal: null, out: "", err: "" });
});
