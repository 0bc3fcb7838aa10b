import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotli, Content, unbrotli } from "./content.ts";
import { VIEWERS, type Viewer, type ViewerFile } from "./viewers.ts";

/** A file of a viewer, ready to be served. */
export interface Asset {
  /** With a hash of its content, so that it can be kept for ever: `scalar-1a2b3c4d5e6f7g.js`. */
  readonly name: string;
  readonly content: Content;
}

/** Where the package and the binary keep viewers' files, compressed: beside the code. */
const PACKED = "bolide-pages";

/** The files of viewers, each found and read once. */
export class Assets {
  readonly #found = new Map<string, Promise<Asset | undefined>>();

  /** The files of a viewer; `undefined` where its package is not installed. */
  async of(viewer: Viewer): Promise<readonly Asset[] | undefined> {
    const all = await Promise.all(viewer.files.map((file) => this.#find(viewer, file)));
    return all.every((asset) => asset !== undefined) ? all : undefined;
  }

  /** The file of a name with its hash; `undefined` for any other name. */
  async named(name: string): Promise<Asset | undefined> {
    const found = /^(\w+)-\w+(\.\w+)$/.exec(name);
    const plain = found === null ? "" : `${found[1]}${found[2]}`;
    for (const viewer of Object.values(VIEWERS)) {
      const file = viewer.files.find((one) => one.name === plain);
      const asset = file === undefined ? undefined : await this.#find(viewer, file);
      if (asset !== undefined) return asset.name === name ? asset : undefined;
    }
    return undefined;
  }

  #find(viewer: Viewer, file: ViewerFile): Promise<Asset | undefined> {
    let found = this.#found.get(file.name);
    if (found === undefined) this.#found.set(file.name, (found = find(viewer, file)));
    return found;
  }
}

async function find(viewer: Viewer, file: ViewerFile): Promise<Asset | undefined> {
  const type = `${file.type}; charset=utf-8`;
  const packed = await packedBytes(file.name);
  if (packed !== undefined) return asset(file, packed, new Content(type, () => unbrotli(packed), packed));
  const path = findFile(viewer, file);
  if (path === undefined) return undefined;
  const bytes = await readFile(path, file);
  return asset(file, bytes, new Content(type, async () => bytes));
}

function asset({ name }: ViewerFile, bytes: Uint8Array, content: Content): Asset {
  return { name: name.replace(".", `-${Bun.hash(bytes).toString(36)}.`), content };
}

async function readFile(path: string, { replace }: ViewerFile): Promise<Uint8Array<ArrayBuffer>> {
  const file = Bun.file(path);
  return replace === undefined ? file.bytes() : new TextEncoder().encode((await file.text()).replaceAll(...replace));
}

async function packedBytes(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = Bun.file(`${import.meta.dir}/${PACKED}/${name}.br`);
  return (await file.exists()) ? await file.bytes() : undefined;
}

/**
 * The path of a package's file: the project's own packages come first, then those beside Bolide. Folders are looked into, as Bun's
 * resolver would install a package that is in no `node_modules` above it.
 */
function findFile(viewer: Viewer, { path }: ViewerFile): string | undefined {
  for (const start of [process.cwd(), dirname(Bun.main), import.meta.dir]) {
    for (const folder of withAncestors(start)) {
      const file = join(folder, "node_modules", viewer.package, path);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

function withAncestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...withAncestors(above)];
}

/** What {@link packViewers} makes. */
export interface PackedFile {
  /** The path that it must have from the directory of the code. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Every viewer's file that can be found here, compressed, for a package or a binary to take along. */
export async function packViewers(quality: number, only?: readonly string[]): Promise<readonly PackedFile[]> {
  const files = new Map<string, PackedFile>();
  for (const viewer of Object.values(VIEWERS)) {
    if (only !== undefined && !only.includes(viewer.package)) continue;
    for (const file of viewer.files) {
      if (files.has(file.name)) continue;
      const path = findFile(viewer, file);
      const bytes =
        (await packedBytes(file.name)) ??
        (path === undefined ? undefined : await brotli(await readFile(path, file), quality));
      if (bytes !== undefined) files.set(file.name, { path: `${PACKED}/${file.name}.br`, bytes });
    }
  }
  return [...files.values()];
}
