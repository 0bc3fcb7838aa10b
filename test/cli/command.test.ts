import { describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { columns, command, describeCommand, runCommand } from "../../src/cli/command.ts";
import { Failure } from "../../src/cli/failure.ts";
import { BOLIDE, run } from "./program.ts";

test("bolide --help lists the commands, and without a word it fails as well", async () => {
  const asked = await run([...BOLIDE, "--help"]);
  expect([asked.code, asked.err]).toEqual([0, ""]);
  for (const name of [
    "new <directory>",
    "dev <file>",
    "serve <file>",
    "build <file>",
    "routes <file> [path]",
    "check <file>",
  ]) {
    expect(asked.out).toContain(`\n  ${name} `);
  }
  expect(await run(BOLIDE)).toMatchObject({ code: 2, out: asked.out });
});

test("bolide --version prints the version", async () => {
  expect(await run([...BOLIDE, "--version"])).toMatchObject({ code: 0, out: `${manifest.version}\n` });
});

describe("what is written wrong is one sentence, and exit code 2:", () => {
  const table: readonly (readonly [words: string, sentence: string])[] = [
    [
      "dance",
      "unknown command dance: the commands are new, dev, serve, build, routes, check, migrate, seed, inspect, openapi; see bolide --help",
    ],
    [
      "--dance",
      "unknown flag --dance: the commands are new, dev, serve, build, routes, check, migrate, seed, inspect, openapi; see bolide --help",
    ],
    [
      "toString",
      "unknown command toString: the commands are new, dev, serve, build, routes, check, migrate, seed, inspect, openapi; see bolide --help",
    ],
    ["serve", "<file> is missing; see bolide serve --help"],
    ["serve a.ts b.ts", '"b.ts" is one word too many; see bolide serve --help'],
    ["serve a.ts --prot 80", "unknown flag --prot; see bolide serve --help"],
    ["serve a.ts -p 80", "unknown flag -p; see bolide serve --help"],
    ["serve a.ts --port", "--port needs a value, --port <number>; see bolide serve --help"],
    ["serve a.ts --port --host ::1", "--port needs a value, --port <number>; see bolide serve --help"],
    ["serve a.ts --port=", "--port needs a value, --port <number>; see bolide serve --help"],
    ["serve a.ts --debug=yes", "--debug takes no value; see bolide serve --help"],
    ["serve a.ts --port 65536", '--port must be a whole number from 0 to 65535, not "65536"'],
    ["serve a.ts --port 8e3", '--port must be a whole number from 0 to 65535, not "8e3"'],
    ["serve a.ts --keep-alive 256", '--keep-alive must be a whole number from 0 to 255, not "256"'],
    ["serve a.ts --backlog many", '--backlog must be a whole number from 0 to 2147483647, not "many"'],
    ["serve a.ts --stop-timeout soon", '--stop-timeout must be a number of seconds from 0 to 86400, not "soon"'],
    ["routes a.ts /b", '"/b" is one word too many; see bolide routes --help'],
  ];
  test.concurrent.each(table)("bolide %s", async (words, sentence) => {
    expect(await run([...BOLIDE, ...words.split(" ")])).toEqual({
      code: 2,
      signal: null,
      out: "",
      err: `bolide: ${sentence}\n`,
    });
  });
});

describe("a command is data", () => {
  const seen: unknown[] = [];
  const sample = command({
    name: "sample",
    summary: "Does nothing",
    operands: ["<file>", "[more]"],
    flags: {
      one: { type: "string", value: "<n>", help: "a number" },
      all: { type: "string", multiple: true, help: "again" },
      loud: { type: "boolean", help: "shout" },
    },
    notes: ["sample x"],
    run: (operands, flags) => {
      seen.push(operands, flags);
      return Promise.resolve(7);
    },
  });

  test("its words reach it, repeated flags as a list", async () => {
    expect(
      await runCommand(sample, ["a", "--one", "1", "--all", "1", "--loud", "--all=2", "--", "--b"], "x sample"),
    ).toBe(7);
    expect(seen).toEqual([["a", "--b"], { one: "1", all: ["1", "2"], loud: true }]);
  });

  test("its help shows every flag with its value", () => {
    expect(describeCommand(sample, "x sample").split("\n")).toEqual([
      "Does nothing",
      "",
      "  x sample <file> [more] [flags]",
      "",
      "  --one <n>      a number",
      "  --all <value>  again",
      "  --loud         shout",
      "",
      "  sample x",
    ]);
  });

  test("what it refuses is a failure of the second kind", () => {
    expect(runCommand(sample, ["--two"], "x sample")).rejects.toEqual(
      new Failure("unknown flag --two; see x sample --help", 2),
    );
  });

  test("columns are as wide as their widest cell", () => {
    expect(
      columns([
        ["a", "b", ""],
        ["long", "", "c"],
      ]),
    ).toEqual(["  a     b", "  long     c"]);
  });
});
