import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrebuiltChecks, t, Validators } from "../../src/schema/index.ts";
import { outcomes } from "./emission.ts";

const directory = mkdtempSync(join(tmpdir(), "bolide-emit-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function emitted(): Promise<string> {
  const validators = new Validators();
  outcomes(validators);
  const file = join(directory, `checks-${Bun.hash(validators.emit())}.mjs`);
  await Bun.write(file, validators.emit());
  return file;
}

/** Runs the same values in a process of its own, where generating code from strings is an error. */
async function strict(checks: string): Promise<{ exit: number; stdout: string; stderr: string }> {
  const child = Bun.spawn({
    cmd: [
      process.execPath,
      "--disallow-code-generation-from-strings=strict",
      join(import.meta.dir, "emission.ts"),
      checks,
    ],
    stdout: "pipe",
    stderr: "pipe",
  });
  const [exit, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { exit, stdout, stderr };
}

describe("emitted checks", () => {
  test("are all taken from the module, and answer as the generated ones do", async () => {
    const file = await emitted();
    const { default: checks } = (await import(file)) as { default: PrebuiltChecks };
    const asked = new Set<string>();
    const spy = {
      get(name: string) {
        asked.add(name);
        if (!checks.has(name)) throw new Error(`No check ${name}`);
        return checks.get(name);
      },
    } as unknown as PrebuiltChecks;
    expect(outcomes(new Validators(spy))).toEqual(outcomes(new Validators()));
    expect(asked).toEqual(new Set(checks.keys()));
  });

  test("run where code generation is forbidden", async () => {
    const { exit, stdout, stderr } = await strict(await emitted());
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      generation: "EvalError",
      outcomes: JSON.parse(JSON.stringify(outcomes(new Validators()))),
    });
  });

  test("that are missing are judged without code generation where that is forbidden", async () => {
    const empty = join(directory, "empty.mjs");
    await Bun.write(empty, new Validators().emit());
    const { exit, stdout, stderr } = await strict(empty);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      generation: "EvalError",
      outcomes: JSON.parse(JSON.stringify(outcomes(new Validators()))),
    });
  });

  test("are the same text whatever recursive types were made before", () => {
    const [first, second] = [new Validators(), new Validators()];
    outcomes(first);
    t.Recursive((This) => t.Array(This));
    outcomes(second);
    expect(second.emit()).toBe(first.emit());
  });
});
