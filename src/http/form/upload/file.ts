import type { FileStorage, UploadFile } from "../../../schema/index.ts";
import { fileSystem, paths } from "../../on-demand.ts";
import { diskStream } from "./disk-stream.ts";
import { Spool } from "./spool.ts";

/** What is known of an uploaded file beside its bytes. */
export interface UploadInit {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  readonly lines: readonly (readonly [name: string, value: string])[];
}

/** An uploaded file, in memory or in a {@link Spool}, until it is disposed of. */
export class Upload implements UploadFile {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  readonly onDisk: boolean;
  readonly #lines: UploadInit["lines"];
  #headers: Headers | undefined;
  #spool: Spool | undefined;
  /** Undefined once it is gone. */
  #blob: Blob | undefined;

  constructor(init: UploadInit, content: readonly Uint8Array<ArrayBuffer>[] | Spool) {
    this.filename = init.filename;
    this.contentType = init.contentType;
    this.size = init.size;
    this.#lines = init.lines;
    this.onDisk = content instanceof Spool;
    if (content instanceof Spool) {
      this.#spool = content;
      this.#blob = Bun.file(content.path, { type: init.contentType });
    } else this.#blob = new Blob([...content], { type: init.contentType });
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#lines.map(([name, value]): [string, string] => [name, asBytes(value)]));
    return this.#headers;
  }

  async read(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.#content().arrayBuffer());
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.read();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#content().arrayBuffer();
  }

  async text(): Promise<string> {
    return this.#content().text();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const content = this.#content();
    return this.#spool === undefined ? content.stream() : diskStream(this.#spool.path);
  }

  async saveTo(target: string | FileStorage): Promise<string> {
    const content = this.#content();
    if (typeof target !== "string") return target.save(this);
    const spool = this.#spool;
    if (spool === undefined) await writtenWhole(target, (path) => Bun.write(path, content, { createPath: false }));
    else if (moved(spool.path, target)) {
      this.#spool = undefined;
      this.#blob = Bun.file(target, { type: this.contentType });
    } else await writtenWhole(target, (path) => fileSystem().promises.copyFile(spool.path, path));
    return target;
  }

  /** Lets go of the bytes and removes the temporary file, unless `saveTo` moved it away. */
  dispose(): void {
    this.#blob = undefined;
    this.#spool?.remove();
    this.#spool = undefined;
  }

  #content(): Blob {
    if (this.#blob === undefined) {
      throw new Error("An uploaded file was read after its request had ended: keep it with saveTo before answering");
    }
    return this.#blob;
  }
}

/** Headers carry bytes (Fetch 2.2): UTF-8 in a name is in them as a client sent it. */
function asBytes(value: string): string {
  // oxlint-disable-next-line no-control-regex -- all but ASCII is what it finds
  return /[^\x00-\x7f]/.test(value) ? Buffer.from(value).toString("latin1") : value;
}

/**
 * Renames a temporary file, with the permissions that a new file would have; false where that is another file system. Synchronous, so that
 * the end of the request finds it either here or there.
 */
function moved(from: string, to: string): boolean {
  const { chmodSync, renameSync } = fileSystem();
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "EXDEV") return false;
    throw error;
  }
  chmodSync(to, permissions());
  return true;
}

/** Those of a new file. */
const permissions = (): number => 0o666 & ~process.umask();

/** Writes a file under another name in its folder, and renames it: at its path are all of its bytes or none, on a full disk too. */
async function writtenWhole(to: string, write: (path: string) => Promise<unknown>): Promise<void> {
  const { chmod, rename, rm } = fileSystem().promises;
  const beside = paths().join(paths().dirname(to), `.bolide-${crypto.randomUUID()}.part`);
  try {
    await write(beside);
    await chmod(beside, permissions());
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
