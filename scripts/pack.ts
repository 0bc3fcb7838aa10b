import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packViewers } from "../src/openapi/index.ts";
import { buildNative } from "./native.ts";
import { bundle } from "./pack/bundle.ts";
import { declarations } from "./pack/declarations.ts";
import { DOCUMENTS, ENTRIES, ROOT } from "./pack/entries.ts";
import * as check from "./pack/findings.ts";
import { manifest, repository } from "./pack/manifest.ts";
import { notice } from "./pack/notice.ts";

/**
 * Makes the tarball that users install: `bun run pack` writes dist/package and dist/bolide-<version>.tgz and checks them;
 * `--unchecked` leaves the checks out, `--out <folder>` writes elsewhere.
 */

const LIBRARY = /^bolide-.*\.(?:so|dylib|dll)$/;

/** Brotli's quality of the one page that comes along: 11 takes seven seconds for a tenth less than 5. */
const PAGE_QUALITY = { checked: 11, unchecked: 5 } as const;
const PAGE = "@scalar/api-reference";

/** Writes the package and its tarball under `folder`, and gives the tarball's path. */
async function pack(folder: string, pageQuality: number): Promise<string> {
  const contents = join(folder, "package");
  rmSync(contents, { recursive: true, force: true });
  mkdirSync(contents, { recursive: true });
  buildNative({ all: true });
  const libraries = join(ROOT, "dist", "native");
  for (const name of readdirSync(libraries).filter((each) => LIBRARY.test(each)))
    cpSync(join(libraries, name), join(contents, "native", name));
  const [{ inside, outside }, mentioned, pages] = await Promise.all([
    bundle(ENTRIES, contents),
    declarations(ENTRIES, join(contents, "types")),
    packViewers(pageQuality, [PAGE]),
  ]);
  for (const { path, bytes } of pages) await Bun.write(join(contents, path), bytes);
  for (const name of DOCUMENTS) if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(contents, name));
  const from = await repository();
  await Bun.write(join(contents, "NOTICE"), notice(from.name, new Set([...inside, PAGE])));
  await Bun.write(
    join(contents, "package.json"),
    `${JSON.stringify(manifest(from, ENTRIES, outside.union(mentioned)), null, 2)}\n`,
  );
  for (const { bin, file } of ENTRIES) if (bin !== undefined) chmodSync(join(contents, file), 0o755);
  const packed = Bun.spawnSync([process.execPath, "pm", "pack", "--quiet", "--destination", folder], { cwd: contents });
  if (packed.exitCode !== 0) throw new Error(`The tarball could not be made:\n${packed.stderr.toString()}`);
  return join(folder, `${from.name}-${from.version}.tgz`);
}

async function findings(tarball: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = await check.unpack(tarball);
  return new Map([
    ["file list", check.fileList(files)],
    ["absolute paths", check.absolutePaths(files)],
    ["client", check.clientBundle(files)],
    ["publint", await check.publintFindings(tarball)],
    ["attw", check.attwFindings(tarball)],
    ["knip", check.knipFindings()],
  ]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: "string", default: join(ROOT, "dist") }, unchecked: { type: "boolean", default: false } },
  });
  const tarball = await pack(resolve(values.out), PAGE_QUALITY[values.unchecked ? "unchecked" : "checked"]);
  const unpacked = [...(await check.unpack(tarball)).values()].reduce((sum, bytes) => sum + bytes.length, 0);
  console.log(`${tarball}: ${kibibytes(Bun.file(tarball).size)} packed, ${kibibytes(unpacked)} unpacked`);
  if (values.unchecked) return;
  for (const [name, found] of await findings(tarball)) {
    console.log(`${name}: ${found.length === 0 ? "clean" : `\n${found.join("\n")}`}`);
    if (found.length > 0) process.exitCode = 1;
  }
}

const kibibytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;

await main();
