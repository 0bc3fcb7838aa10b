import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api, t } from "../../src/index.ts";
import type { CheckFactory } from "../../src/schema/index.ts";
import { checksOf, emitChecks } from "../../src/cli/build/checks.ts";
import { BOLIDE, Program, ROOT, run } from "./program.ts";
import { Project } from "./project.ts";

const API = `import { Api, t } from "bolide";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nativeStatus } from ${JSON.stringify(join(ROOT, "src/native/index.ts"))};
import logo from "./logo.bin" with { type: "file" };

const stamp = async (ctx, next) => { const answer = await next(); answer.headers.set("x-stamp", "1"); return answer; };
export const api = new Api({ title: "Built", version: "3.0.0", use: [stamp] });
export const say = api.post("/say", { body: { name: t.String({ minLength: 2 }) }, response: t.Object({ name: t.String() }) }, ({ body }) => ({ ...body, secret: 1 }));
export const plain = api.get("/plain", { skip: ["stamp"] }, () => "plain");
export const code = api.get("/code", () => { try { return new Function("return 'made'")(); } catch (error) { return String(error); } });
export const native = api.get("/native", () => nativeStatus());
export const files = api.get("/files", () => ({
  logo: readFileSync(logo, "utf8"),
  near: readFileSync(join(import.meta.dir, "sql/1.sql"), "utf8"),
  far: existsSync(join(import.meta.dir, "public/css/a.css")),
  unasked: existsSync(join(import.meta.dir, "public/b.txt")),
}));
export const env = api.get("/env", () => [Bun.env["NODE_ENV"], process.env.NODE_ENV]);
export const bad = api.get("/bad", function namedHandler() { throw new RangeError("far off"); });
`;

/** A mount name space needs privileges that not every machine gives. */
const canRemount = Bun.spawnSync(["unshare", "--mount", "--map-root-user", "true"]).success;
if (!canRemount) console.log("skipped: no mount name space here, so the binary is not tried on a read-only root");

const project = new Project({
  "src/api.ts": API,
  "src/logo.bin": "logo",
  "src/sql/1.sql": "select 1",
  "public/css/a.css": "a {}",
  "public/b.txt": "b",
});
const binary = join(project.directory, "dist/app");

beforeAll(async () => {
  const words = ["build", "src/api.ts", "--outfile", "dist/app", "--assets", "public/**/*.css", "--assets", "src/sql"];
  const { code, out, err } = await run([...BOLIDE, ...words], { cwd: project.directory });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^dist\/app: \d+ MiB, 9 routes, 2 checks, 2 assets; start it with \.\/dist\/app --port 8000\n$/);
}, 60_000);
afterAll(() => project[Symbol.dispose]());

/** Starts the binary far from its project, so that it can find nothing there. */
const start = (words: readonly string[] = ["--port", "0"], env: Readonly<Record<string, string>> = {}) =>
  new Program([binary, ...words], { cwd: tmpdir(), env });

describe("a built binary", () => {
  test("is one file", () => {
    expect(readdirSync(join(project.directory, "dist"))).toEqual(["app"]);
    expect(readdirSync(join(project.directory, "src")).toSorted()).toEqual(["api.ts", "logo.bin", "sql"]);
  });

  test("serves with the flags of bolide serve and PORT, and stops in order", async () => {
    await using program = start([], { PORT: "0" });
    const [, address] = await program.wrote(/^Built 3\.0\.0 listens on (http:\/\/127\.0\.0\.1:\d+)\n/);
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: "ok" });
    program.signal("SIGTERM");
    expect(await program.ended()).toMatchObject({ code: 0, out: expect.stringContaining("SIGTERM: stopping") });
    expect(await run([binary, "--port", "http"])).toMatchObject({
      code: 2,
      err: 'app: --port must be a whole number from 0 to 65535, not "http"\n',
    });
    expect((await run([binary, "--help"])).out).toStartWith(
      "Built 3.0.0: serves until it is told to stop\n\n  app [flags]\n",
    );
  });

  test("makes no code from strings, and checks what comes in and what goes out all the same", async () => {
    await using program = start();
    const address = await program.address();
    expect(await (await fetch(`${address}/code`)).text()).toBe(
      "EvalError: Code generation from strings disallowed for this context",
    );
    const say = async (name: string) => {
      const answer = await fetch(`${address}/say`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
      });
      return [answer.status, await answer.json()];
    };
    expect(await say("Ada")).toEqual([200, { name: "Ada" }]);
    expect(await say("A")).toMatchObject([422, { detail: [{ loc: ["body", "name"], type: "too_short" }] }]);
  });

  test("keeps the names that behaviour and logs go by, and maps its traces to the sources", async () => {
    await using program = start();
    const address = await program.address();
    expect((await fetch(`${address}/plain`)).headers.get("x-stamp")).toBeNull();
    expect((await fetch(`${address}/code`)).headers.get("x-stamp")).toBe("1");
    await fetch(`${address}/bad`);
    await program.wrote(/RangeError: far off[^]*at namedHandler \(src\/api\.ts:20:/);
  });

  test("has its assets inside: what it imports, and what --assets names", async () => {
    await using program = start();
    const answer = await fetch(`${await program.address()}/files`);
    expect(await answer.json()).toEqual({ logo: "logo", near: "select 1", far: true, unasked: false });
  });

  test("runs in production unless it is told otherwise", async () => {
    for (const [given, seen] of [
      [undefined, "production"],
      ["staging", "staging"],
    ] as const) {
      await using program = start(["--port", "0"], given === undefined ? {} : { NODE_ENV: given });
      expect(await (await fetch(`${await program.address()}/env`)).json()).toEqual([seen, "production"]);
    }
  });

  test.skipIf(process.platform !== "linux")(
    "uses the native library, also where there is no temporary directory",
    async () => {
      for (const TMPDIR of [tmpdir(), "/nonexistent"]) {
        await using program = start(["--port", "0"], { TMPDIR, BUN_TMPDIR: TMPDIR });
        expect(await (await fetch(`${await program.address()}/native`)).json()).toMatchObject({ loaded: true });
      }
    },
  );

  test.skipIf(!canRemount)("runs where nothing but TMPDIR can be written", async () => {
    const temporary = join(project.directory, "tmp");
    mkdirSync(temporary, { recursive: true });
    // All that is mounted becomes read-only in a name space of its own, and one directory in memory is put into it.
    const script =
      'mount --make-rprivate / && mount -t tmpfs none "$1" && mount -o remount,bind,ro / && ! touch "$2" 2>/dev/null && TMPDIR="$1" exec "$3" --port 0';
    await using program = new Program([
      "unshare",
      "--mount",
      "--map-root-user",
      "sh",
      "-c",
      script,
      "sh",
      temporary,
      join(ROOT, "read-only-probe"),
      binary,
    ]);
    const address = await program.address();
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${address}/native`)).json()).toMatchObject({ loaded: true });
  });
});

const build = (...words: readonly string[]) =>
  run([...BOLIDE, "build", "src/api.ts", ...words], { cwd: project.directory });

describe("bolide build refuses", () => {
  test("an unknown platform", async () => {
    const { code, err } = await build("--outfile", "dist/other", "--target", "bun-plan9-x64");
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^bolide: --target "bun-plan9-x64" is no platform: use bun-linux-x64, /),
    ]);
  });

  test("a pattern that matches nothing, and a file outside", async () => {
    expect(await build("--outfile", "dist/other", "--assets", "*.png")).toMatchObject({
      code: 1,
      err: 'bolide: --assets "*.png" matches no file\n',
    });
    expect((await build("--outfile", "dist/other", "--assets", join(ROOT, "LICENSE"))).err).toContain(
      "lies outside of the directory in which you build",
    );
  });

  test("a directory as the output", async () => {
    expect(await build("--outfile", "dist")).toMatchObject({
      code: 2,
      err: "bolide: dist is a directory: name the file with --outfile\n",
    });
    expect(statSync(join(project.directory, "dist")).isDirectory()).toBe(true);
  });

  test("a package that makes code from strings while it loads, as it could not start", async () => {
    using broken = new Project({
      "api.ts":
        'import { Api } from "bolide";\nexport const api = new Api();\nexport const add = new Function("a", "b", "return a + b");\n',
    });
    const { code, err } = await run([...BOLIDE, "build", "api.ts", "--outfile", "app"], { cwd: broken.directory });
    expect(code).toBe(1);
    expect(err).toStartWith("bolide: the api does not start in a binary: ");
    expect(err).toContain("EvalError: Code generation from strings disallowed for this context");
    expect(readdirSync(broken.directory)).not.toContain("app");
  });

  test("a route that cannot work", async () => {
    using broken = new Project({
      "api.ts":
        'import { Api } from "bolide";\nexport const api = new Api();\napi.get("/a", { skip: ["x"] }, () => 1);\n',
    });
    expect(await run([...BOLIDE, "build", "api.ts"], { cwd: broken.directory })).toMatchObject({
      code: 1,
      err: 'bolide: GET /a: skips "x", and no middleware of its scopes has that name\n',
    });
  });
});

test("the emitted checks are the ones that the running api asks for, every one", async () => {
  const Point = t.Object({ x: t.Number(), y: t.Number() });
  const make = () => {
    const api = new Api({ health: false });
    api.post(
      "/a",
      { body: { name: t.String({ minLength: 1 }), at: t.Array(Point) }, response: { 200: Point, 201: t.Array(Point) } },
      ({ body }) => body.at[0]!,
    );
    api.get("/b", { response: Point, responseValidation: "strip" }, () => ({ x: 1, y: 2 }));
    api.get("/c", { query: { q: t.Integer() } }, ({ query }) => query);
    api.ws(
      "/d",
      { message: { n: t.Integer() }, send: Point },
      { message: (socket, { n }) => socket.send({ x: n, y: 2 }) },
    );
    return api;
  };
  const { plans } = make().compile();
  expect(checksOf(plans).map(({ of }) => of)).toEqual(["body", "answer", "answer", "body", "answer"]);

  using place = new Project({ "checks.js": emitChecks(plans) });
  const emitted = ((await import(join(place.directory, "checks.js"))) as { default: Map<string, CheckFactory> })
    .default;
  const asked: [name: string, found: boolean][] = [];
  class Spy extends Map<string, CheckFactory> {
    override get(name: string) {
      asked.push([name, super.has(name)]);
      return super.get(name);
    }
  }
  const { dispatch } = make().compile({ checks: new Spy(emitted) });
  const body = JSON.stringify({ name: "n", at: [{ x: 1, y: 2 }] });
  const answer = await dispatch(
    new Request("http://localhost/a", { method: "POST", body, headers: { "content-type": "application/json" } }),
    undefined,
  );
  expect(await answer.json()).toEqual({ x: 1, y: 2 });
  const sent: unknown[] = [];
  const wire = { send: (data: unknown) => sent.push(data), getBufferedAmount: () => 0 };
  const upgrade = (
    _: Request,
    {
      data,
    }: {
      readonly data: {
        opened(to: object): void;
        received(text: string): void;
        ended(code: number, reason: string): void;
      };
    },
  ) => {
    data.opened(wire);
    data.received('{"n":1}');
    data.ended(1000, "");
    return true;
  };
  const headers = {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  await dispatch(new Request("http://localhost/d", { headers }), { upgrade, requestIP: () => null } as never);
  expect(sent).toEqual(['{"x":1,"y":2}']);
  expect([...new Set(asked.map(([, found]) => found))]).toEqual([true]);
  expect(new Set(asked.map(([name]) => name)).size).toBe(3);
});
