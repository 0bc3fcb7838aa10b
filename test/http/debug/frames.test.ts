import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { excerptOf, type Frame, framesOf, shortName } from "../../../src/http/debug/frames.ts";
import { html } from "../../../src/http/html.ts";

function withStack(stack: string, message = "boom"): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

describe("a call is read from", () => {
  const table: readonly (readonly [
    line: string,
    name: string,
    file: string,
    at: number,
    column: number,
    own: boolean,
  ])[] = [
    ["    at load (/app/src/users.ts:20:15)", "load", "/app/src/users.ts", 20, 15, true],
    ["    at async load (/app/users.ts:1:2)", "load", "/app/users.ts", 1, 2, true],
    ["    at new User (/app/users.ts:1:2)", "new User", "/app/users.ts", 1, 2, true],
    ["    at <anonymous> (/app/users.ts:1:2)", "<anonymous>", "/app/users.ts", 1, 2, true],
    ["    at /app/users.ts:1:2", "<anonymous>", "/app/users.ts", 1, 2, true],
    ["    at async /app/users.ts:1:2", "<anonymous>", "/app/users.ts", 1, 2, true],
    ["    at f (file:///app/users.ts:1:2)", "f", "/app/users.ts", 1, 2, true],
    ["    at f (C:\\app\\users.ts:1:2)", "f", "C:\\app\\users.ts", 1, 2, true],
    ["    at f (/app/node_modules/kysely/index.js:1:2)", "f", "/app/node_modules/kysely/index.js", 1, 2, false],
    ["    at processTicksAndRejections (native:7:39)", "processTicksAndRejections", "native", 7, 39, false],
    ["    at readFile (node:fs:1:2)", "readFile", "node:fs", 1, 2, false],
    ["    at query (bun:sqlite:1:2)", "query", "bun:sqlite", 1, 2, false],
  ];
  test.each(table)("%s", (line, name, file, at, column, own) => {
    expect(framesOf(withStack(`Error: boom\n${line}`))).toEqual([{ name, file, line: at, column, own }]);
  });
});

test("lines of a message that look like calls are not calls", () => {
  const message = "boom\n    at evil (/etc/passwd.ts:1:1)";
  expect(
    framesOf(withStack(`Error: ${message}\n    at good (/app/a.ts:1:2)`, message)).map((frame) => frame.name),
  ).toEqual(["good"]);
  expect(framesOf(new Error(message)).map((frame) => frame.name)).not.toContain("evil");
});

test("an error without a stack has no calls", () => {
  const error = new Error("boom");
  Object.defineProperty(error, "stack", { value: undefined });
  expect(framesOf(error)).toEqual([]);
});

test("the calls within Bolide are not the application's", () => {
  const odd = {
    toString() {
      throw new Error("boom");
    },
  } as unknown as string;
  let thrown: unknown;
  try {
    html`${odd}`.toString();
  } catch (error) {
    thrown = error;
  }
  const frames = framesOf(thrown as Error);
  expect(frames[0]!.file).toBe(import.meta.path);
  expect(frames[0]!.own).toBe(true);
  expect(frames.find((frame) => frame.file.endsWith("/src/http/html.ts"))!.own).toBe(false);
});

test("a file under the working directory goes by its relative name", () => {
  expect(shortName(join(process.cwd(), "src", "a.ts"))).toBe("src/a.ts");
  expect(shortName("/elsewhere/a.ts")).toBe("/elsewhere/a.ts");
  expect(shortName("node:fs")).toBe("node:fs");
});

describe("the source around a call", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bolide-frames-"));
    await Bun.write(join(folder, "ten.ts"), Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join("\r\n"));
    await Bun.write(join(folder, "wide.js"), "x".repeat(1000));
    await Bun.write(join(folder, "notes.txt"), "secret");
    await Bun.write(join(folder, "large.ts"), " ".repeat(2 * 1024 * 1024 + 1));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const at = (name: string, line: number): Frame => ({
    name: "f",
    file: join(folder, name),
    line,
    column: 1,
    own: true,
  });

  test("is some lines before and after it", () => {
    expect(excerptOf(at("ten.ts", 5), 2)).toEqual({
      first: 3,
      lines: ["line 3", "line 4", "line 5", "line 6", "line 7"],
    });
  });
  test("ends with the file", () => {
    expect(excerptOf(at("ten.ts", 1), 1)).toEqual({ first: 1, lines: ["line 1", "line 2"] });
    expect(excerptOf(at("ten.ts", 10), 1)).toEqual({ first: 9, lines: ["line 9", "line 10"] });
  });
  test("has its longest lines cut", () => {
    expect(excerptOf(at("wide.js", 1))!.lines).toEqual([`${"x".repeat(400)} …`]);
  });
  test.each([
    ["a line that is not there", "ten.ts", 11],
    ["a file that is not there", "none.ts", 1],
    ["a file that is no source", "notes.txt", 1],
    ["a file that is too large", "large.ts", 1],
    ["a folder", ".", 1],
  ])("is not read of %s", (_, name, line) => {
    expect(excerptOf(at(name, line))).toBeUndefined();
  });
});
