import { describe, expect, test } from "bun:test";
import { absolutePaths, clientBundle, type Contents, fileList } from "../../scripts/pack/findings.ts";
import { homedir } from "node:os";

const WHOLE = [
  ..."package.json README.md CHANGELOG.md LICENSE NOTICE types/http/errors.d.ts".split(" "),
  ..."index.js client.js data.js views.js testing.js openapi.js cli.js binary.js bolide-pages/scalar.js.br".split(" "),
  ..."native/bolide-linux-x64.so native/bolide-linux-arm64.so native/bolide-darwin-x64.dylib".split(" "),
  ..."native/bolide-darwin-arm64.dylib native/bolide-windows-x64.dll native/bolide-windows-arm64.dll".split(" "),
];

const contents = (files: Readonly<Record<string, string>>): Contents =>
  new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
const named = (names: readonly string[]): Contents => contents(Object.fromEntries(names.map((name) => [name, ""])));

describe("the list of files", () => {
  test("is accepted when it is whole", () => {
    expect(fileList(named(WHOLE))).toEqual([]);
  });

  test.each([
    "src/api.ts",
    "index.js.map",
    "native/all.hash",
    "types/index.ts",
    ".env",
    "test/native/programs/load.zig",
  ])("is refused with %s", (name) => {
    expect(fileList(named([...WHOLE, name]))).toEqual([`${name} does not belong into the package`]);
  });

  test.each(["README.md", "cli.js", "native/bolide-windows-arm64.dll"])("is refused without %s", (name) => {
    expect(fileList(named(WHOLE.filter((each) => each !== name)))).toEqual([`${name} is missing`]);
  });
});

describe("a path of the machine that packed is found", () => {
  test.each([
    ["in code", "index.js", `const at = "${homedir()}/project";`, `${homedir()}/`],
    ["in a library", "native/bolide-linux-x64.so", "\0\0/home/somebody/native/root.zig\0", "/home/"],
  ])("%s", (_, name, text, path) => {
    expect(absolutePaths(contents({ [name]: text }))).toEqual([`${name} names ${path}`]);
  });

  test("and a path of the web is none", () => {
    expect(absolutePaths(contents({ "index.js": 'fetch("/users/1"); "https://example.com/home"' }))).toEqual([]);
  });
});

describe("the client's bundle", () => {
  test("is accepted when it is small and alone", () => {
    expect(clientBundle(contents({ "client.js": "export const client=()=>fetch('/')" }))).toEqual([]);
  });

  test.each([
    [
      "is too large",
      `export const client="${"x".repeat(4096)}"`,
      "client.js has 4118 bytes; under 4096 is the promise",
    ],
    ["imports the server", 'import{Api}from"./index.js";export const client=Api', "client.js imports ./index.js"],
    ["asks for Bun", "export const client=()=>Bun.env", "client.js uses Bun."],
  ])("is refused when it %s", (_, text, finding) => {
    expect(clientBundle(contents({ "client.js": text }))).toEqual([finding]);
  });
});
