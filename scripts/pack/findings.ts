import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { ROOT } from "./entries.ts";

/** Bytes of the client, minified, before compression. */
const CLIENT_LIMIT = 4096;

/** The whole of the package: a file that is none of these is there by mistake. */
const ALLOWED = [
  /^package\.json$/,
  /^(?:README\.md|CHANGELOG\.md|LICENSE|NOTICE)$/,
  /^(?:index|client|data|views|testing|openapi|cli|binary)\.js$/,
  /^types\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/,
  /^bolide-pages\/scalar\.js\.br$/,
  /^native\/bolide-(?:linux-(?:x64|arm64)\.so|darwin-(?:x64|arm64)\.dylib|windows-(?:x64|arm64)\.dll)$/,
];

const REQUIRED = [
  ..."package.json README.md CHANGELOG.md LICENSE NOTICE index.js client.js data.js views.js testing.js openapi.js cli.js binary.js".split(
    " ",
  ),
  "bolide-pages/scalar.js.br",
  ..."linux-x64.so linux-arm64.so darwin-x64.dylib darwin-arm64.dylib windows-x64.dll windows-arm64.dll"
    .split(" ")
    .map((name) => `native/bolide-${name}`),
];

/** Files by their path in the package. */
export type Contents = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What is in a tarball. */
export async function unpack(tarball: string): Promise<Contents> {
  const files = await new Bun.Archive(await Bun.file(tarball).bytes()).files();
  const entries = [...files].map(async ([name, file]) => [name.replace(/^package\//, ""), await file.bytes()] as const);
  return new Map(await Promise.all(entries));
}

export function fileList(files: Contents): string[] {
  const strange = [...files.keys()].filter((name) => !ALLOWED.some((pattern) => pattern.test(name)));
  const missing = REQUIRED.filter((name) => !files.has(name));
  return [
    ...strange.map((name) => `${name} does not belong into the package`),
    ...missing.map((name) => `${name} is missing`),
  ];
}

/** Paths of the machine that packed, which a bundler or a compiler may have written down: this checkout, any home. */
export function absolutePaths(files: Contents): string[] {
  const paths = [`${ROOT}/`, `${homedir()}/`, "/home/", "/Users/", "C:\\Users\\"];
  return [...files].flatMap(([name, bytes]) => {
    const found = paths.find((path) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(path));
    return found === undefined ? [] : [`${name} names ${found}`];
  });
}

/** The client runs in browsers: small, and nothing of the server in it. */
export function clientBundle(files: Contents): string[] {
  const bytes = files.get("client.js") ?? new Uint8Array();
  const imports = new Bun.Transpiler({ loader: "js" }).scanImports(bytes).map(({ path }) => path);
  const text = new TextDecoder().decode(bytes);
  return [
    ...(bytes.length < CLIENT_LIMIT
      ? []
      : [`client.js has ${bytes.length} bytes; under ${CLIENT_LIMIT} is the promise`]),
    ...imports.map((path) => `client.js imports ${path}`),
    ...["Bun.", "process.", "require("].filter((name) => text.includes(name)).map((name) => `client.js uses ${name}`),
  ];
}

export async function publintFindings(tarball: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: await Bun.file(tarball).arrayBuffer() }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/**
 * Are the types wrong? The package is ES modules for Bun and bundlers, so what `require` and Node 10 would find is not asked:
 * that is the profile `esm-only`.
 */
export const attwFindings = (tarball: string): string[] =>
  run("attw", tarball, "--profile", "esm-only", "--no-emoji", "--no-color");

/** Files, exports and dependencies of the repository that nothing uses: knip.json names its entries. */
export const knipFindings = (): string[] => run("knip", "--no-progress");

function run(command: string, ...options: readonly string[]): string[] {
  const manifest = join(ROOT, "node_modules", command === "attw" ? "@arethetypeswrong/cli" : command, "package.json");
  if (!existsSync(manifest)) return [`${command} is not installed`];
  const { bin }: { bin: Readonly<Record<string, string>> } = JSON.parse(readFileSync(manifest, "utf8"));
  const program = join(manifest, "..", bin[command] ?? "");
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, program, ...options], { cwd: ROOT });
  return exitCode === 0 ? [] : [`${stdout.toString()}${stderr.toString()}`.trim()];
}
