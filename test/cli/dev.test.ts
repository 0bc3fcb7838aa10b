import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { BOLIDE, Program } from "./program.ts";
import { Project } from "./project.ts";

const API = `import { Api } from "bolide";
import { word } from "./word.ts";
export const api = new Api({
  title: "Dev",
  lifespan: () => {
    console.log("begin");
    return async () => {
      await Bun.sleep(5);
      console.log("end");
    };
  },
});
export const say = api.get("/", () => word);
export const bad = api.get("/bad", () => { throw new Error("inner trouble"); });
`;

const project = (files: Readonly<Record<string, string>> = {}) =>
  new Project({ "src/api.ts": API, "src/word.ts": 'export const word = "one";\n', ...files });

const dev = ({ directory }: Project) =>
  new Program([...BOLIDE, "dev", "src/api.ts", "--port", "0"], { cwd: directory });

const text = async (address: string) => (await fetch(address, { keepalive: false })).text();

test("bolide dev serves the new program at the old address when a file that it reads has changed", async () => {
  using app = project();
  await using program = dev(app);
  const address = await program.address();
  expect(await text(address)).toBe("one");
  for (const word of ["two", "three"]) {
    app.write("src/word.ts", `export const word = "${word}";\n`);
    await program.wrote(new RegExp(`(?:src/word\\.ts changed: restarted in \\d+ ms[^]*){${word === "two" ? 1 : 2}}`));
    expect(await text(address)).toBe(word);
  }
  program.signal("SIGTERM");
  const { code, out } = await program.ended();
  // Each program ends what it began before the next one begins.
  expect([code, out.match(/begin|end/g)]).toEqual([0, ["begin", "end", "begin", "end", "begin", "end"]]);
});

test("a program that cannot start is told, and the next change tries again", async () => {
  using app = project();
  await using program = dev(app);
  const address = await program.address();
  app.write("src/word.ts", 'export const word = "tw\n');
  await program.wrote(/bolide: src\/api\.ts could not be loaded: src\/word\.ts:1:21: Unterminated string literal/);
  await program.wrote(/src\/api\.ts did not start: waiting for a change/);
  app.write("src/word.ts", 'export const word = "two";\n');
  await program.wrote(/restarted in/);
  expect(await text(address)).toBe("two");
});

test("a program that never started is tried again as well, also when a new directory brings what it misses", async () => {
  using app = project({ "src/word.ts": 'export { word } from "./words/first.ts";\n' });
  await using program = dev(app);
  await program.wrote(
    /Cannot find module '\.\/words\/first\.ts' imported from src\/word\.ts[^]*waiting for a change|waiting for a change/,
  );
  app.write("src/words/first.ts", 'export const word = "found";\n');
  await program.wrote(/src\/words\/first\.ts changed: restarted in/);
});

test("a program that ends by itself is told", async () => {
  using app = project({
    "src/word.ts":
      'export const word = "one";\nif (process.env["STAY"] === undefined) setTimeout(() => process.exit(4), 50);\n',
  });
  await using program = dev(app);
  await program.wrote(/src\/api\.ts stopped with exit code 4: waiting for a change/);
});

test("a file that the program does not read changes nothing, and one that it no longer has does", async () => {
  using app = project({ "src/other.ts": "export {};\n", "data.json": "{}\n", ".env": "A=1\n" });
  await using program = dev(app);
  await program.address();
  app.write("src/other.ts", "export const other = 1;\n");
  app.write("data.json", '{ "written": "by the program itself" }\n');
  app.write(".env", "A=2\n");
  expect((await program.wrote(/(.*) changed: restarted/))[1]).toBe(".env");
  rmSync(join(app.directory, "src/word.ts"));
  await program.wrote(/Cannot find module '\.\/word\.ts'/);
});

test("exceptions are shown as a page", async () => {
  using app = project();
  await using program = dev(app);
  const answer = await fetch(`${await program.address()}/bad`, { headers: { accept: "text/html" } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "text/html; charset=utf-8"]);
  expect(await answer.text()).toContain("inner trouble");
});

test("the served process does not outlive the one that watches over it", async () => {
  using app = project();
  await using program = dev(app);
  const address = await program.address();
  program.signal("SIGKILL");
  await program.wrote(/end/);
  await expect(fetch(address)).rejects.toThrow();
});

const messageOf = (socket: WebSocket) =>
  new Promise<MessageEvent<string>>((resolve) => socket.addEventListener("message", resolve, { once: true }));
const closeOf = (socket: WebSocket) =>
  new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve, { once: true }));

test("a restart closes sockets with 1012, which says: come again", async () => {
  const SOCKET = `import { Api } from "bolide";
import { word } from "./word.ts";
export const api = new Api();
api.ws("/live", async (socket) => {
  socket.send(word);
  for await (const message of socket) socket.send(message);
});
`;
  using app = project({ "src/api.ts": SOCKET });
  await using program = dev(app);
  const address = (await program.address()).replace(/^http/, "ws").replace(/\/?$/, "/live");
  const socket = new WebSocket(address);
  const { data } = await messageOf(socket);
  expect(data).toBe("one");
  const closed = closeOf(socket);
  app.write("src/word.ts", 'export const word = "two";\n');
  expect((await closed).code).toBe(1012);
  await program.wrote(/restarted in/);
  const next = new WebSocket(address);
  expect((await messageOf(next)).data).toBe("two");
  next.close();
});
