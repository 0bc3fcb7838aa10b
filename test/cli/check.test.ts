import { expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { BOLIDE, ROOT, run } from "./program.ts";
import { AMBIENT, Project } from "./project.ts";

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    module: "Preserve",
    moduleResolution: "bundler",
    lib: ["ESNext", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    types: ["bun-types"],
    noEmit: true,
    allowImportingTsExtensions: true,
  },
  include: ["api.ts", AMBIENT],
});
const API =
  'import { Api } from "bolide";\nexport const api = new Api();\nexport const hello = api.get("/", () => "hello");\n';

const RULES = JSON.stringify({ rules: { "no-debugger": "error" } });

async function check(source: string, lint: boolean) {
  // A check script of its own must not be taken for Bun's type checker.
  const manifest = JSON.stringify({ name: "checked", type: "module", scripts: { check: "bolide check api.ts" } });
  using project = new Project({
    "api.ts": source,
    "tsconfig.json": TSCONFIG,
    "package.json": manifest,
    ".oxlintrc.json": RULES,
  });
  if (lint) symlinkSync(join(ROOT, "node_modules/oxlint"), join(project.directory, "node_modules/oxlint"));
  return await run([...BOLIDE, "check", "api.ts"], { cwd: project.directory });
}

test("bolide check passes a sound api, and says what it looked at", async () => {
  const { code, out, err } = await check(API, true);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^ {2}types {5}ok {2}No type errors in \d+ files?\n {2}lint {6}ok {2}found 0 warnings and 0 errors\n {2}start-up {2}ok {2}3 routes compile\n$/,
  );
});

test("without oxlint the lint is skipped, and it says so", async () => {
  expect((await check(API, false)).out).toContain("  lint      ok  skipped: oxlint is not installed\n");
});

test("a type error, a lint error and a route that cannot work are all told in one go", async () => {
  const source = `${API}const n: number = "text";\ndebugger;\napi.get("/:a/:a", () => n);\n`;
  const { code, out } = await check(source, true);
  expect(code).toBe(1);
  expect(out).toContain("api.ts(4,7): error TS2322: Type 'string' is not assignable to type 'number'.");
  expect(out).toContain("no-debugger");
  expect(out).toMatch(/ {2}types {5}FAILED {2}Found 1 error in 1 file/);
  expect(out).toMatch(/ {2}lint {6}FAILED {2}found 0 warnings and 1 error/);
  expect(out).toMatch(/ {2}start-up {2}FAILED {2}.*GET \/:a\/:a: /);
});

test("a file that is not there", async () => {
  expect(await run([...BOLIDE, "check", "none.ts"])).toMatchObject({
    code: 1,
    err: "bolide: none.ts: there is no such file\n",
  });
});
