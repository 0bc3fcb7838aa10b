import { expect, test } from "bun:test";

const MODULE = new URL("../../src/http/line-sink.ts", import.meta.url).pathname;

async function stdoutOf(script: string): Promise<readonly [code: number, text: string]> {
  const child = Bun.spawn(
    [process.execPath, "-e", `import { stdoutLines } from ${JSON.stringify(MODULE)}; ${script}`],
    {
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const text = await new Response(child.stdout).text();
  return [await child.exited, text];
}

test("lines reach stdout when the process ends, in order", async () => {
  expect(await stdoutOf('const write = stdoutLines(); write("one"); write("two é");')).toEqual([0, "one\ntwo é\n"]);
});

test("lines reach stdout when the process is ended", async () => {
  expect(await stdoutOf('stdoutLines()("one"); process.exit(3);')).toEqual([3, "one\n"]);
});

test("lines reach stdout while the process goes on", async () => {
  const child = Bun.spawn(
    [
      process.execPath,
      "-e",
      `import { stdoutLines } from ${JSON.stringify(MODULE)}; stdoutLines()("one"); setInterval(() => {}, 1000);`,
    ],
    { stdout: "pipe" },
  );
  try {
    const { value } = await child.stdout.getReader().read();
    expect(new TextDecoder().decode(value)).toBe("one\n");
  } finally {
    child.kill();
    await child.exited;
  }
});

test("many lines come whole", async () => {
  const [code, text] = await stdoutOf(
    'const write = stdoutLines(); for (let n = 0; n < 50000; n++) write("line " + n);',
  );
  expect(code).toBe(0);
  const lines = text.split("\n");
  expect(lines).toHaveLength(50_001);
  expect(lines.findIndex((line, n) => n < 50_000 && line !== `line ${n}`)).toBe(-1);
});

test("everyone shares the one buffer", async () => {
  expect(await stdoutOf("console.log(stdoutLines() === stdoutLines());")).toEqual([0, "true\n"]);
});

test("a reader that goes away does not end the process", async () => {
  const child = Bun.spawn(
    [
      process.execPath,
      "-e",
      `import { stdoutLines } from ${JSON.stringify(MODULE)};
       const write = stdoutLines();
       for (let n = 0; n < 20; n++) { write("x".repeat(70000)); await Bun.sleep(10); }
       process.stderr.write("alive");`,
    ],
    { stdout: "pipe", stderr: "pipe" },
  );
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  expect(await new Response(child.stderr).text()).toBe("alive");
  expect(await child.exited).toBe(0);
});
