import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zig } from "../../scripts/native.ts";
import { exportsOf, platformOf } from "./platform.ts";
import { printedAddress, Project } from "./project.ts";

const ROOT = join(import.meta.dir, "../..");
const LINUX = process.platform === "linux";
const JSON_BODY = { "content-type": "application/json" };
const SESSION = "1f0c6a52-8a4e-7bb1-9a51-6f1f1d0b7c11";
/** Long enough for the native reader to take over. */
const COOKIE = `theme=dark; language=en-GB; consent=all; session=${SESSION}`;
const TSCONFIG = {
  compilerOptions: {
    target: "ESNext",
    module: "Preserve",
    moduleResolution: "bundler",
    // No DOM: that is how projects for Bun start, so the declarations must do without.
    lib: ["ESNext"],
    types: ["bun-types"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: false,
  },
  include: ["*.ts"],
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The status of an answer and its JSON. */
async function ask(address: string, init?: RequestInit): Promise<[number, unknown]> {
  const answer = await fetch(address, init);
  return [answer.status, await answer.json()];
}

const project = new Project();
const installed = join(project.folder, "node_modules", "bolide");
const tarball = (): string => {
  const folder = project.place("packed");
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "none");
};
const library = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(installed, "native", name)));

beforeAll(async () => {
  const packed = project.place("packed");
  const pack = Bun.spawnSync([process.execPath, join(ROOT, "scripts/pack.ts"), "--unchecked", "--out", packed], {
    cwd: ROOT,
  });
  if (pack.exitCode !== 0) throw new Error(pack.stderr.toString());
  const { devDependencies }: Manifest = await Bun.file(join(ROOT, "package.json")).json();
  project.write("package.json", { name: "shop", private: true, type: "module" });
  project.write("tsconfig.json", TSCONFIG);
  cpSync(join(import.meta.dir, "shop"), project.folder, { recursive: true });
  for (const options of [[tarball()], ["--dev", `bun-types@${devDependencies?.["bun-types"]}`]]) {
    const added = await project.run("bun", "add", "--exact", ...options);
    if (added.code !== 0) throw new Error(added.err);
  }
}, 180_000);

afterAll(() => project.remove());

describe("the installed package", () => {
  test("brings three other packages along, pinned", async () => {
    const manifest: Manifest = await Bun.file(join(installed, "package.json")).json();
    const own: Manifest = await Bun.file(join(ROOT, "package.json")).json();
    const { "@sinclair/typebox": typebox = "", jose = "", kysely = "" } = own.dependencies ?? {};
    expect(manifest.dependencies).toEqual({ "@sinclair/typebox": typebox, jose, kysely });
    expect(Object.keys(manifest).filter((key) => ["devDependencies", "scripts", "private"].includes(key))).toEqual([]);
    expect(readdirSync(join(project.folder, "node_modules", "@sinclair"))).toEqual(["typebox"]);
  });

  test("finds no Zig here, and needs none", () => {
    expect(Bun.which("zig", { PATH: project.place("bin") })).toBeNull();
    expect(readdirSync(join(project.folder, "node_modules")).filter((name) => /zig/.test(name))).toEqual([]);
  });

  test("names the licences of what is bundled into it", () => {
    const headings = readFileSync(join(installed, "NOTICE"), "utf8").match(/^## \S+/gm);
    expect(headings).toEqual(["## @scalar/api-reference", "## @sinclair/typebox", "## memoirist"]);
  });

  test("holds one Api and one HttpError, whichever entry point names them", () => {
    const bundles = readdirSync(installed).filter((name) => name.endsWith(".js"));
    const defining = (name: string): string[] =>
      bundles.filter((file) => new RegExp(`^class ${name}\\b`, "m").test(readFileSync(join(installed, file), "utf8")));
    expect([defining("Api"), defining("HttpError")]).toEqual([["index.js"], ["index.js"]]);
  });

  test("type-checks an app and its client strictly, libraries included, without the DOM", async () => {
    const { out, err, code } = await project.run("bun", "check");
    expect([code, `${out}${err}`.match(/error TS.*/g)]).toEqual([0, null]);
  });

  test("points at the field of an answer that has the wrong type", async () => {
    const line = 'new Api().get("/price", { response: t.Object({ cents: t.Integer() }) }, () => ({ cents: "12" }));';
    await Bun.write(join(project.place("project/wrong"), "api.ts"), `import { Api, t } from "bolide";\n${line}\n`);
    project.write("wrong/tsconfig.json", { extends: "../tsconfig.json", include: ["*.ts"] });
    const { out, err, code } = await project.run("bun", "check", "--project", "wrong");
    const place = `(2,${line.indexOf('cents: "12"') + 1})`;
    expect([code, `${out}${err}`.match(/api\.ts.*error.*/g)]).toEqual([
      1,
      [`api.ts${place}: error TS2322: Type 'string' is not assignable to type 'number'.`],
    ]);
  });

  test("serves with `bunx bolide serve` and the native library beside its code, and ends in order", async () => {
    const server = project.start(["bunx", "bolide", "serve", "api.ts", "--host", "127.0.0.1", "--port", "0"]);
    try {
      const address = await printedAddress(server);
      expect(await ask(`${address}/items/7`)).toEqual([200, { id: 7, name: "item 7" }]);
      expect(await ask(`${address}/items/404`)).toEqual([404, { detail: "No such item" }]);
      expect(await ask(`${address}/items`, { method: "POST", body: "{}", headers: JSON_BODY })).toEqual([
        422,
        { detail: [{ loc: ["body", "name"], msg: "Expected required property", type: "missing" }] },
      ]);
      const native = LINUX ? [join(installed, "native", `bolide-linux-${process.arch}.so`)] : [];
      const answer = await ask(`${address}/libraries`, { headers: { cookie: COOKIE } });
      expect(answer).toEqual([200, { session: SESSION, mapped: native }]);
    } finally {
      server.kill("SIGTERM");
    }
    expect([await server.exited, await new Response(server.stderr).text()]).toEqual([0, ""]);
  });

  test("builds a binary with `bunx bolide build` that serves elsewhere, with the library inside", async () => {
    const binary = join(project.place("deployed"), "shop");
    const built = await project.run("bunx", "bolide", "build", "api.ts", "--outfile", binary);
    expect([built.code, built.err]).toEqual([0, ""]);
    const server = project.start([binary, "--host", "127.0.0.1", "--port", "0"], "deployed");
    try {
      const address = await printedAddress(server);
      const made = await ask(`${address}/items`, { method: "POST", body: '{"name":"cup"}', headers: JSON_BODY });
      expect(made).toEqual([201, { id: 1, name: "cup" }]);
      const extracted = LINUX ? [expect.stringMatching(/\/\.bun-[\w-]+\.so$|memfd:bolide/)] : [];
      const answer = await ask(`${address}/libraries`, { headers: { cookie: COOKIE } });
      expect(answer).toEqual([200, { session: SESSION, mapped: extracted }]);
    } finally {
      server.kill("SIGTERM");
    }
    expect([await server.exited, await new Response(server.stderr).text()]).toEqual([0, ""]);
  }, 60_000);

  test("shows its document by what it brings along, and says how to add the other pages", async () => {
    const asking = `import { api } from "./api.ts";
      const ask = async (path) => (await api.handle(new Request("http://localhost" + path))).text();
      const page = await ask("/docs");
      const script = await ask("/" + /src="([^"]+)"/.exec(page)[1]);
      const command = /bun add [^<]+/.exec(await ask("/swagger"))[0];
      console.log(JSON.stringify([JSON.parse(await ask("/openapi.json")).openapi, script.length > 4_000_000, command]));`;
    const { out, err } = await project.run("bun", "--eval", asking);
    expect([JSON.parse(out), err]).toEqual([["3.1.1", true, "bun add swagger-ui-dist@5"], ""]);
  });

  test("makes a project with `bunx bolide new` that installs, checks and passes its own tests", async () => {
    const made = await project.run("bunx", "bolide", "new", project.place("fresh"), "--bolide", tarball());
    expect([made.code, made.err]).toEqual([0, ""]);
    for (const command of ["install", "test", "check"]) {
      const { out, err, code } = await project.runIn(
        "fresh",
        "bun",
        ...(command === "check" ? ["run", command] : [command]),
      );
      expect([command, code, code === 0 ? "" : `${out}${err}`]).toEqual([command, 0, ""]);
    }
  }, 60_000);

  test("gives a page a client without code of the server", async () => {
    const built = await Bun.build({ entrypoints: [join(project.folder, "page.ts")], target: "browser", minify: true });
    const [page] = built.outputs;
    const text = (await page?.text()) ?? "";
    expect([text.includes("fetch"), text.length < 4096, /Bun\.|dlopen|TypeBox/.test(text)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("each library in the package is for the platform of its name", () => {
  test.each([
    "linux-x64.so",
    "linux-arm64.so",
    "darwin-x64.dylib",
    "darwin-arm64.dylib",
    "windows-x64.dll",
    "windows-arm64.dll",
  ])("bolide-%s", (name) => {
    expect(`bolide-${platformOf(library(`bolide-${name}`))}${/\.\w+$/.exec(name)?.[0]}`).toBe(`bolide-${name}`);
  });

  test("and exports the same on arm64 as on x64", () => {
    const names = exportsOf(library("bolide-linux-x64.so"));
    expect(names).toContain("abi_version");
    expect(exportsOf(library("bolide-linux-arm64.so"))).toEqual(names);
  });

  const emulator = Bun.which("qemu-aarch64") ?? Bun.which("qemu-aarch64-static");
  if (emulator === null)
    console.log("skipped: the arm64 library is not loaded, as qemu-aarch64 (Debian: qemu-user) is not installed");
  test.skipIf(emulator === null)(
    "and the one for arm64 reads a cookie under an emulator",
    () => {
      const program = join(project.place("arm64"), "load");
      // A program without libc: the library needs none, so no arm64 system has to be installed.
      const source = join(ROOT, "test/native/programs/load.zig");
      zig("build-exe", "-target", "aarch64-linux-none", `-femit-bin=${program}`, source);
      expect(existsSync(program)).toBe(true);
      const { stderr, exitCode } = Bun.spawnSync([
        emulator ?? "",
        program,
        join(installed, "native/bolide-linux-arm64.so"),
      ]);
      expect([stderr.toString(), exitCode]).toEqual(["abi 1, found 1: abc\n", 0]);
    },
    60_000,
  );
});
