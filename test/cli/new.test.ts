import { expect, test } from "bun:test";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { BOLIDE, Program, ROOT, run } from "./program.ts";
import { AMBIENT, Project } from "./project.ts";

const FILES = ["package.json", "tsconfig.json", ".gitignore", "README.md", "src/api.ts", "test/api.test.ts"];

test("bolide new makes a project that is formatted, type-checks, lints, tests and serves", async () => {
  using place = new Project({});
  const made = await run([...BOLIDE, "new", "My App"], { cwd: place.directory });
  expect([made.code, made.err]).toEqual([0, ""]);
  expect(made.out).toStartWith(`My App: ${FILES.join(", ")}\n`);
  const cwd = join(place.directory, "My App");
  expect(FILES.filter((file) => !existsSync(join(cwd, file)))).toEqual([]);
  expect(JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"))).toMatchObject({
    name: "my-app",
    dependencies: { bolide: `^${manifest.version}` },
  });

  // What `bun install` would have brought.
  symlinkSync(join(place.directory, "node_modules"), join(cwd, "node_modules"));
  symlinkSync(join(ROOT, "node_modules/oxlint"), join(place.directory, "node_modules/oxlint"));
  expect(await run([process.execPath, "fmt", "--check"], { cwd })).toMatchObject({ code: 0 });
  const tsconfig = JSON.parse(readFileSync(join(cwd, "tsconfig.json"), "utf8")) as {
    compilerOptions: object;
    include: string[];
  };
  const checked = {
    compilerOptions: { ...tsconfig.compilerOptions, lib: ["ESNext", "DOM", "DOM.Iterable", "DOM.AsyncIterable"] },
    include: [...tsconfig.include, AMBIENT],
  };
  await Bun.write(join(cwd, "tsconfig.json"), JSON.stringify(checked));
  expect(await run([...BOLIDE, "check", "src/api.ts"], { cwd })).toMatchObject({
    code: 0,
    out: expect.stringContaining("lint      ok  found 0 warnings and 0 errors"),
  });
  expect(await run([process.execPath, "test"], { cwd })).toMatchObject({
    code: 0,
    err: expect.stringContaining(" 3 pass\n 0 fail\n"),
  });

  await using program = new Program([...BOLIDE, "serve", "src/api.ts", "--port", "0"], { cwd });
  const address = await program.address();
  expect(await (await fetch(`${address}/notes/1`)).json()).toEqual({ id: 1, text: "Hello, Bolide!" });
});

test("--bolide says what package.json asks for, and the directory may be the one it runs in", async () => {
  using place = new Project({});
  const cwd = join(place.directory, "empty");
  await Bun.write(join(place.directory, "empty/.keep"), "");
  await Bun.file(join(cwd, ".keep")).delete();
  expect((await run([...BOLIDE, "new", ".", "--bolide", "file:../bolide.tgz"], { cwd })).code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"))).toMatchObject({
    name: "empty",
    dependencies: { bolide: "file:../bolide.tgz" },
  });
});

test("a directory that is not empty, a file, and a name that is none are refused", async () => {
  using place = new Project({ "full/a.txt": "a" });
  const refusals = ["full", "full/a.txt", "???"].map(async (name) =>
    run([...BOLIDE, "new", name], { cwd: place.directory }),
  );
  expect((await Promise.all(refusals)).map(({ code, err }) => [code, err])).toEqual([
    [1, "bolide: full is not empty\n"],
    [1, "bolide: full/a.txt is a file\n"],
    [1, 'bolide: "???" cannot name a package: use letters, digits and hyphens\n'],
  ]);
  expect(existsSync(join(place.directory, "???"))).toBe(false);
});
