import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { BOLIDE, Program, run, type Surroundings } from "./program.ts";
import { Project } from "./project.ts";

const HELLO =
  'import { Api } from "bolide";\nexport const api = new Api({ title: "Hello", version: "1.2.3" });\nexport const hello = api.get("/", () => "hello");\n';

/** Answers after half a second, and tells of its beginning and its end. */
const SLOW = `import { Api } from "bolide";
export const api = new Api({ title: "Slow", lifespan: () => async () => { await Bun.sleep(10); console.log("closed"); } });
export const slow = api.get("/slow", async () => { console.log("busy"); await Bun.sleep(500); return "done"; });
export const stuck = api.get("/stuck", async () => { console.log("busy"); await Bun.sleep(60_000); return "never"; });
`;

const serve = (project: Project, words: readonly string[], env: Surroundings["env"] = {}) =>
  new Program([...BOLIDE, "serve", "api.ts", ...words], { cwd: project.directory, env });

describe("bolide serve listens", () => {
  test("on a free port, and says what and where", async () => {
    using project = new Project({ "api.ts": HELLO });
    await using program = serve(project, ["--port", "0"]);
    const [line, address] = await program.wrote(/^Hello 1\.2\.3 listens on (http:\/\/127\.0\.0\.1:\d+)$/m);
    expect(line).not.toContain(":0");
    const answer = await fetch(address!);
    expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
  });

  test("and tells apis of one directory apart by their files, however they are written", async () => {
    const placed = `import { Api, rateLimit } from "bolide";
let place = "";
const store = { name: "own", open: (source) => { place = source.place; return { take: () => ({ passed: true, ahead: 1 }) }; } };
export const api = new Api({ use: [rateLimit({ limit: 1, window: 1, store })] });
export const read = api.get("/", () => place);
`;
    using project = new Project({ "one.ts": placed, "src/other.ts": placed });
    const placeOf = async (file: string): Promise<string> => {
      await using program = new Program([...BOLIDE, "serve", file, "--port", "0"], { cwd: project.directory });
      return (await fetch(await program.address())).text();
    };
    const files = ["one.ts", "./one.ts", join(project.directory, "src/other.ts")];
    expect(await Promise.all(files.map(placeOf))).toEqual([
      "one.ts API GET / 0",
      "one.ts API GET / 0",
      "src/other.ts API GET / 0",
    ]);
  });

  test("on PORT and HOST, and a flag wins over them", async () => {
    using project = new Project({ "api.ts": HELLO });
    await using program = serve(project, ["--host", "127.0.0.1"], { PORT: "0", HOST: "203.0.113.1" });
    expect((await fetch(await program.address())).status).toBe(200);
    expect(await run([...BOLIDE, "serve", "api.ts"], { cwd: project.directory, env: { PORT: "x" } })).toMatchObject({
      code: 2,
      err: 'bolide: PORT must be a whole number from 0 to 65535, not "x"\n',
    });
  });

  test("for an api that is the default export", async () => {
    using project = new Project({
      "api.ts":
        'import { Api } from "bolide";\nconst main = new Api();\nmain.get("/", () => "default");\nexport default main;\n',
    });
    await using program = serve(project, ["--port", "0"]);
    const answer = await fetch(await program.address());
    expect(await answer.text()).toBe("default");
  });

  test("on a socket file, also over one that a killed process left", async () => {
    using project = new Project({ "api.ts": HELLO });
    const unix = join(project.directory, "api.sock");
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      await using program = serve(project, ["--unix", unix]);
      await program.wrote(/ listens on unix:\/\//);
      expect(await (await fetch("http://localhost/", { unix })).text()).toBe("hello");
      program.signal(signal);
      await program.ended();
      expect(existsSync(unix)).toBe(signal === "SIGKILL");
    }
  });

  test("not on a socket file that another process listens on", async () => {
    using project = new Project({ "api.ts": HELLO });
    const unix = join(project.directory, "api.sock");
    await using first = serve(project, ["--unix", unix]);
    await first.wrote(/ listens on /);
    const second = await run([...BOLIDE, "serve", "api.ts", "--unix", unix], { cwd: project.directory });
    expect(second).toMatchObject({ code: 1, out: "" });
    expect(second.err).toStartWith(`bolide: ${unix} is in use by another process`);
    expect(await (await fetch("http://localhost/", { unix })).text()).toBe("hello");
  });

  test("not on a port that is in use", async () => {
    using project = new Project({ "api.ts": HELLO });
    const taken = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    taken.listen(0, "127.0.0.1", resolve);
    await promise;
    const { port } = taken.address() as AddressInfo;
    const refused = await run([...BOLIDE, "serve", "api.ts", "--port", String(port)], { cwd: project.directory });
    taken.close();
    expect(refused).toEqual({
      code: 1,
      signal: null,
      out: "",
      err: `bolide: 127.0.0.1:${port} is in use by another process: stop it, or choose another port with --port or PORT\n`,
    });
  });

  test("without showing exceptions, unless --debug is given", async () => {
    using project = new Project({ "api.ts": `${HELLO}api.get("/bad", () => { throw new Error("a secret"); });\n` });
    const bodies: string[] = [];
    for (const words of [[], ["--debug"]]) {
      await using program = serve(project, ["--port", "0", ...words]);
      bodies.push(await (await fetch(`${await program.address()}/bad`)).text());
    }
    expect(bodies[0]).toBe('{"detail":"Internal Server Error"}');
    expect(bodies[1]).toContain("a secret");
  });
});

describe("a signal", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s closes the listener, lets a request finish, ends the lifespan, and the exit code is 0",
    async (signal) => {
      using project = new Project({ "api.ts": SLOW });
      await using program = serve(project, ["--port", "0"]);
      const address = await program.address();
      const answer = fetch(`${address}/slow`);
      await program.wrote(/busy/);
      program.signal(signal);
      await program.wrote(new RegExp(`${signal}: stopping`));
      await expect(fetch(`${address}/slow`)).rejects.toThrow();
      expect(await (await answer).text()).toBe("done");
      const { code, out } = await program.ended();
      expect([code, out.split("\n").slice(1)]).toEqual([
        0,
        ["busy", `${signal}: stopping once the requests in flight have finished`, "closed", ""],
      ]);
    },
  );

  test("turns readiness to 503 while requests in flight finish", async () => {
    const source = SLOW.replace(
      'return "done"',
      'return (await api.handle(new Request("http://localhost/ready"))).status',
    );
    using project = new Project({ "api.ts": source });
    await using program = serve(project, ["--port", "0"]);
    const answer = fetch(`${await program.address()}/slow`);
    await program.wrote(/busy/);
    program.signal("SIGTERM");
    expect(await (await answer).json()).toBe(503);
  });

  test("cuts what is not finished at the deadline", async () => {
    using project = new Project({ "api.ts": SLOW });
    await using program = serve(project, ["--port", "0", "--stop-timeout", "0.05"]);
    const answer = fetch(`${await program.address()}/stuck`).then(
      () => "answered",
      () => "cut",
    );
    await program.wrote(/busy/);
    program.signal("SIGTERM");
    expect(await answer).toBe("cut");
    expect(await program.ended()).toMatchObject({ code: 0, out: expect.stringContaining("closed") });
  });

  test("may come the moment that the address is told", async () => {
    // The program is its own reader: it sends the signal while the line is being written.
    const told = `const { log } = console;
console.log = (line) => { log(line); if (line.includes("listens on")) process.kill(process.pid, "SIGTERM"); };
`;
    using project = new Project({ "api.ts": SLOW + told });
    await using program = serve(project, ["--port", "0"]);
    expect(await program.ended()).toMatchObject({ code: 0, signal: null, out: expect.stringContaining("closed") });
  });

  test("that comes a second time ends the process at once", async () => {
    using project = new Project({ "api.ts": SLOW });
    await using program = serve(project, ["--port", "0"]);
    fetch(`${await program.address()}/stuck`).catch(() => {});
    await program.wrote(/busy/);
    program.signal("SIGTERM");
    await program.wrote(/stopping/);
    program.signal("SIGINT");
    const { code, signal, out } = await program.ended();
    expect([code, signal, out.includes("closed")]).toEqual([null, "SIGINT", false]);
  });
});

describe("a program that cannot start is told in words, with exit code 1:", () => {
  const table: readonly (readonly [fault: string, source: string, told: string])[] = [
    [
      "a syntax error",
      "export const a = ;\n",
      "api.ts could not be loaded: api.ts:1:18: Unexpected ;\n  export const a = ;\n                   ^",
    ],
    [
      "two syntax errors",
      'export const a: = "x\n',
      'api.ts could not be loaded: api.ts:1:17: Unexpected =\n  export const a: = "x\n                  ^\napi.ts:1:19: Unterminated string literal\n  export const a: = "x\n                    ^',
    ],
    [
      "a missing file",
      'import "./nope.ts";\n',
      "api.ts could not be loaded: Cannot find module './nope.ts' imported from api.ts",
    ],
    [
      "no api",
      "export const app = 1;\n",
      'api.ts exports no api: write "export const api = new Api()", or export it by default (it exports app)',
    ],
    [
      "no export",
      "globalThis.x = 1;\n",
      'api.ts exports no api: write "export const api = new Api()", or export it by default (it exports nothing)',
    ],
    [
      "an exception",
      'function open() {\n  throw new TypeError("no database");\n}\nopen();\n',
      "api.ts could not be loaded: TypeError: no database\n  at open (api.ts:2:13)\n  at api.ts:4:1",
    ],
    [
      "a route declared twice",
      `${HELLO}api.get("/", () => 1);\n`,
      "GET /: is registered twice: GET / answers the same requests",
    ],
    [
      "a lifespan that fails",
      'import { Api } from "bolide";\nexport const api = new Api({ lifespan: () => { throw new Error("no disk"); } });\n',
      "no disk\n  at lifespan (api.ts:2:58)",
    ],
  ];
  test.concurrent.each(table)("%s", async (_, source, told) => {
    using project = new Project({ "api.ts": source });
    expect(await run([...BOLIDE, "serve", "api.ts", "--port", "0"], { cwd: project.directory })).toEqual({
      code: 1,
      signal: null,
      out: "",
      err: `bolide: ${told}\n`,
    });
  });

  test("a file that is not there, and one that is a directory", async () => {
    using project = new Project({ "src/api.ts": HELLO });
    expect(await run([...BOLIDE, "serve", "app.ts"], { cwd: project.directory })).toMatchObject({
      code: 1,
      err: "bolide: app.ts: there is no such file\n",
    });
    expect(await run([...BOLIDE, "serve", "src"], { cwd: project.directory })).toMatchObject({
      code: 1,
      err: "bolide: src is a directory: name the file that exports the api\n",
    });
  });
});
