import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "./imports.ts";
import { FLOORS, type Tree, violations } from "./rules.ts";

const SOURCE = join(import.meta.dir, "../../src");

test("the house stands: no upward arrow, no circle, no way around a door, one adapter room for each dependency", () => {
  const files = [...new Bun.Glob("**/*.ts").scanSync({ cwd: SOURCE })].map((path) => path.replaceAll("\\", "/")).sort();
  expect(files).toContain("route/index.ts");
  expect(violations(Object.fromEntries(files.map((file) => [file, readFileSync(join(SOURCE, file), "utf8")])))).toEqual(
    [],
  );
});

test("CONTRIBUTING draws every room, on its floor", () => {
  const drawn: [string, number][] = [];
  const text = readFileSync(join(SOURCE, "../CONTRIBUTING.md"), "utf8");
  // The floor is said once for all rooms on it.
  for (const [, floor = "", room = ""] of text.matchAll(/^\| +(\d?) *\| `([\w.]+)\/?`/gm))
    drawn.push([room, floor === "" ? drawn.at(-1)![1] : Number(floor)]);
  expect(Object.fromEntries(drawn)).toEqual(FLOORS);
});

describe("each rule can fail:", () => {
  const line = 'import { a } from "./a.ts";\n';
  const table: readonly (readonly [rule: string, tree: Tree, found: readonly string[]])[] = [
    [
      "a room may use a lower one by its door",
      { "route/a.ts": 'import { t } from "../schema/index.ts";', "schema/index.ts": "" },
      [],
    ],
    [
      "files of one room see each other",
      { "route/b.ts": 'import { a } from "./deep/a.ts";', "route/deep/a.ts": "" },
      [],
    ],
    ["a room that is a file is its own door", { "cli/a.ts": 'import { Api } from "../api.ts";', "api.ts": "" }, []],
    [
      "an upward arrow",
      { "http/a.ts": 'import { b } from "../route/index.ts";' },
      ["http/a.ts imports ../route/index.ts: route is not below http"],
    ],
    [
      "an upward arrow of a type",
      { "http/a.ts": 'import type { B } from "../api.ts";' },
      ["http/a.ts imports ../api.ts: api.ts is not below http"],
    ],
    [
      "an upward arrow within a type",
      { "http/a.ts": 'export type B = import("../route/index.ts").B;' },
      ["http/a.ts imports ../route/index.ts: route is not below http"],
    ],
    [
      "an arrow to the same floor",
      { "native/a.ts": 'export * from "../schema/index.ts";' },
      ["native/a.ts imports ../schema/index.ts: schema is not below native"],
    ],
    [
      "a way around a door",
      { "route/a.ts": 'import { b } from "../http/errors.ts";' },
      ["route/a.ts imports ../http/errors.ts: it goes around the door of http"],
    ],
    [
      "a circle of files",
      {
        "route/a.ts": 'import type { B } from "./b.ts";',
        "route/b.ts": 'import { c } from "./c.ts";',
        "route/c.ts": line,
      },
      ["route/a.ts -> route/b.ts -> route/c.ts -> route/a.ts: a circle"],
    ],
    [
      "a circle of rooms",
      {
        "route/index.ts": 'import { b } from "../http/index.ts";',
        "http/index.ts": 'import { a } from "../route/index.ts";',
      },
      [
        "http/index.ts imports ../route/index.ts: route is not below http",
        "route/index.ts -> http/index.ts -> route/index.ts: a circle",
      ],
    ],
    [
      "TypeBox outside of schema",
      { "http/a.ts": 'import { Kind } from "@sinclair/typebox/type";' },
      ["http/a.ts imports @sinclair/typebox/type: only schema may"],
    ],
    [
      "memoirist outside of route",
      { "compile/a.ts": 'import { Memoirist } from "memoirist";' },
      ["compile/a.ts imports memoirist: only route may"],
    ],
    [
      "bun:ffi outside of native",
      { "server/a.ts": 'const { dlopen } = await import("bun:ffi");' },
      ["server/a.ts imports bun:ffi: only native may"],
    ],
    [
      "an adapter in its room",
      {
        "schema/a.ts": 'import "@sinclair/typebox";',
        "native/a.ts": 'import "bun:ffi";',
        "route/a.ts": 'import "memoirist";',
      },
      [],
    ],
    [
      "a client that imports a room",
      { "client/a.ts": 'import type { Route } from "../route/index.ts";' },
      ["client/a.ts imports ../route/index.ts: the client imports nothing"],
    ],
    [
      "a client that imports a package",
      { "client/a.ts": 'import "node:fs";' },
      ["client/a.ts imports node:fs: the client imports nothing"],
    ],
    [
      "the house's own face",
      { "http/a.ts": 'import { t } from "bolide";' },
      ["http/a.ts imports bolide: the house does not use its own face"],
    ],
    [
      "a file outside of src",
      { "http/a.ts": 'import x from "../../bench/x.ts";' },
      ["http/a.ts imports ../../bench/x.ts: it lies outside of src"],
    ],
    ["a room that DESIGN does not know", { "utils/a.ts": "" }, ["utils/a.ts: its room has no floor"]],
    ["a file of 400 lines", { "http/a.ts": "\n".repeat(400) }, []],
    [
      "a file of 401 lines",
      { "http/a.ts": "\n".repeat(401) },
      ["http/a.ts has 401 lines: more than 400 are two ideas"],
    ],
  ];
  test.each(table)("%s", (_, tree, found) => expect(violations(tree)).toEqual([...found]));
});

test("every way to write an import is seen, and none that stands in a comment or a string", () => {
  const text = [
    'import a, { type B } from "./1.ts";',
    "import {",
    "  c,",
    '} from "./2.ts";',
    'import "./3.ts";',
    'export * from "./4.ts";',
    'export { type D } from "./5.ts";',
    'const e = await import("./6.ts");',
    'type F = import("./7.ts").F;',
    'const g = require("./8.so");',
    '  import h from "./9.json" with { type: "json" };',
    ' * import { no } from "./comment.ts";',
    '// import { no } from "./comment.ts";',
    "const text = 'import { no } from \"./string.ts\";';",
    "export const b = 1;",
    'const from = "./value.ts";',
  ].join("\n");
  expect(importsOf(text).toSorted()).toEqual([
    "./1.ts",
    "./2.ts",
    "./3.ts",
    "./4.ts",
    "./5.ts",
    "./6.ts",
    "./7.ts",
    "./8.so",
    "./9.json",
  ]);
});
