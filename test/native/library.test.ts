import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zig } from "../../scripts/native.ts";
import { libraryFile } from "../../src/native/library-file.ts";

const ROOT = join(import.meta.dir, "../..");
const PROGRAM = join(import.meta.dir, "programs/status.ts");
const FILE = libraryFile(process.platform, process.arch) ?? "none";
const LIBRARY = join(ROOT, "dist/native", FILE);
const WARNING = "bolide: the native library is not in use, TypeScript does its work: ";
const COOKIES = [" x", "2"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bolide-native-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly status: { loaded: boolean; path?: string; cpu?: string; reason?: string };
  readonly cookies: unknown;
  readonly warnings: string[];
}

function run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Outcome {
  const { BOLIDE_NATIVE: _, ...inherited } = process.env;
  const { stdout, stderr, exitCode } = Bun.spawnSync([...command], {
    cwd: folder,
    env: { ...inherited, ...environment },
  });
  if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${exitCode}: ${stderr.toString()}`);
  return { ...JSON.parse(stdout.toString()), warnings: stderr.toString().split("\n").filter(Boolean) };
}

/** The program and the room it needs, in a folder of their own: a source tree without a library. */
function sourceTree(name: string): string {
  const tree = join(folder, name);
  cpSync(join(ROOT, "src/native"), join(tree, "src/native"), { recursive: true });
  mkdirSync(join(tree, "test/native/programs"), { recursive: true });
  cpSync(PROGRAM, join(tree, "test/native/programs/status.ts"));
  return join(tree, "test/native/programs/status.ts");
}

function compile(entry: string, name: string): string {
  const binary = join(folder, name);
  const { exitCode, stderr } = Bun.spawnSync(
    [process.execPath, "build", "--compile", "--minify", "--bytecode", "--format=esm", entry, "--outfile", binary],
    { cwd: folder },
  );
  if (exitCode !== 0) throw new Error(stderr.toString());
  return binary;
}

describe("the native library", () => {
  test("is the local build in a source tree", () => {
    const { status, cookies, warnings } = run([process.execPath, PROGRAM]);
    expect({ loaded: status.loaded, path: status.path, cookies, warnings }).toEqual({
      loaded: true,
      path: LIBRARY,
      cookies: COOKIES,
      warnings: [],
    });
    expect(["baseline", "x86-64-v3"]).toContain(status.cpu as string);
  });

  test("is off, without a word, when BOLIDE_NATIVE is 0", () => {
    expect(run([process.execPath, PROGRAM], { BOLIDE_NATIVE: "0" })).toEqual({
      status: { loaded: false, reason: "BOLIDE_NATIVE=0" },
      cookies: COOKIES,
      warnings: [],
    });
  });

  test("is replaced by TypeScript with one warning where there is none", () => {
    const reason = `no library for ${process.platform} ${process.arch} was found`;
    expect(run([process.execPath, sourceTree("without")])).toEqual({
      status: { loaded: false, reason },
      cookies: COOKIES,
      warnings: [WARNING + reason],
    });
  });

  test("is replaced by TypeScript with one warning where it is no library", () => {
    const program = sourceTree("broken");
    mkdirSync(join(folder, "broken/dist/native"), { recursive: true });
    writeFileSync(join(folder, "broken/dist/native", FILE), "not a library");
    const { status, cookies, warnings } = run([process.execPath, program]);
    expect([status.loaded, cookies, warnings]).toEqual([false, COOKIES, [WARNING + status.reason]]);
    expect(status.reason).toContain("Failed to open library");
  });

  test("is replaced by TypeScript with one warning where it speaks another version of the ABI", () => {
    const program = sourceTree("newer");
    const path = join(folder, "newer/dist/native", FILE);
    mkdirSync(dirname(path), { recursive: true });
    const names = [
      "cpu_level",
      "names_compile",
      "cookie_find",
      "cookie_check",
      "authorization_split",
      "accept_type",
      "accept_encoding",
      "hmac_compile",
      "jwt_verify",
      "jws_verify",
      "bucket_take",
    ];
    const source = names.map((name) => `export fn ${name}() void {}`).join("\n");
    writeFileSync(join(folder, "newer.zig"), `export fn abi_version() u32 { return 999; }\n${source}\n`);
    zig("build-lib", "-dynamic", "-O", "ReleaseSmall", "-fstrip", `-femit-bin=${path}`, join(folder, "newer.zig"));
    const reason = `${path} speaks version 999 of the ABI, this code version 1`;
    expect(run([process.execPath, program])).toEqual({
      status: { loaded: false, reason },
      cookies: COOKIES,
      warnings: [WARNING + reason],
    });
  });
});

describe("the native library of a package", () => {
  test("stands in native/ beside the bundle", async () => {
    const bundle = await packageBundle("package");
    const { status, cookies, warnings } = run([process.execPath, bundle]);
    expect([status.path, cookies, warnings]).toEqual([join(dirname(bundle), "native", FILE), COOKIES, []]);
  });

  test("is embedded when a program is compiled from the bundle", async () => {
    const binary = compile(await packageBundle("compiled-package"), "from-package");
    const { status, cookies, warnings } = run([binary], temporary("from-package-tmp"));
    expect([status.loaded, cookies, warnings]).toEqual([true, COOKIES, []]);
    expect(status.path).toStartWith("/$bunfs/");
  });
});

describe("the native library of a compiled binary", () => {
  let binary = "";
  beforeAll(() => {
    binary = compile(PROGRAM, "binary");
  });

  test("is embedded and leaves the source tree behind", () => {
    const { status, cookies, warnings } = run([binary], temporary("binary-tmp"));
    expect([status.loaded, cookies, warnings]).toEqual([true, COOKIES, []]);
    expect(status.path).toStartWith("/$bunfs/");
  });

  test("embeds the library of its own platform and no other", () => {
    const { stdout } = Bun.spawnSync(["grep", "-a", "-o", "-E", "bunfs/root/bolide-[a-z]+-[a-z0-9]+-", binary]);
    expect([...new Set(stdout.toString().trim().split("\n"))]).toEqual([`bunfs/root/${FILE.replace(/\..*/, "-")}`]);
  });

  test.if(process.platform === "linux")("is opened from memory where there is no temporary directory", () => {
    const missing = join(folder, "missing");
    const { status, cookies, warnings } = run([binary], { TMPDIR: missing, BUN_TMPDIR: missing });
    expect([status.loaded, cookies, warnings]).toEqual([true, COOKIES, []]);
    expect(status.path).toMatch(/^\/proc\/self\/fd\/\d+$/);
    expect(existsSync(missing)).toBe(false);
  });

  test("is replaced by TypeScript with one warning where it was not there to embed", () => {
    const reason = `no library for ${process.platform} ${process.arch} was found`;
    expect(run([compile(sourceTree("unbuilt"), "unbuilt-binary")])).toEqual({
      status: { loaded: false, reason },
      cookies: COOKIES,
      warnings: [WARNING + reason],
    });
  });
});

/** An empty temporary directory, so that a test finds no extracted file of another. */
function temporary(name: string): Record<string, string> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return { TMPDIR: path, BUN_TMPDIR: path };
}

/** The layout of the published package: one bundled file, the libraries in native/ beside it. */
async function packageBundle(name: string): Promise<string> {
  const outdir = join(folder, name);
  await Bun.build({
    entrypoints: [PROGRAM],
    outdir,
    target: "bun",
    naming: "index.js",
    external: ["*.so", "*.dylib", "*.dll"],
  });
  mkdirSync(join(outdir, "native"), { recursive: true });
  cpSync(LIBRARY, join(outdir, "native", FILE));
  return join(outdir, "index.js");
}
