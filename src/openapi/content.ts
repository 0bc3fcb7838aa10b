import { file, type FileReply, NotAcceptable } from "../http/index.ts";
import { encodingNegotiator } from "../native/index.ts";

/** A content coding that is made ahead. */
type Coding = "br" | "gzip";

const choose = encodingNegotiator(["br", "gzip"]);

/** Bytes that are served again and again, each coding of them made once. */
export class Content {
  readonly type: string;
  readonly #plain: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly #made = new Map<Coding | "identity", Promise<Blob>>();

  /** `brotli` is the compressed form, where somebody has made it already. */
  constructor(type: string, plain: () => Promise<Uint8Array<ArrayBuffer>>, brotli?: Uint8Array<ArrayBuffer>) {
    this.type = type;
    this.#plain = plain;
    if (brotli !== undefined) this.#made.set("br", Promise.resolve(new Blob([brotli])));
  }

  /** Answers a request in the coding that it likes best; 304 where it has it already. Errors: `NotAcceptable` where it takes none. */
  async respond(request: Request, cacheControl: string): Promise<FileReply> {
    const coding = choose(request.headers.get("accept-encoding")) as Coding | "identity" | undefined;
    if (coding === undefined) throw new NotAcceptable();
    let made = this.#made.get(coding);
    if (made === undefined) this.#made.set(coding, (made = this.#make(coding)));
    return file(await made, {
      contentType: this.type,
      headers: {
        "cache-control": cacheControl,
        vary: "accept-encoding",
        "x-content-type-options": "nosniff",
        ...(coding === "identity" ? {} : { "content-encoding": coding }),
      },
    });
  }

  async #make(coding: Coding | "identity"): Promise<Blob> {
    const bytes = await this.#plain();
    if (coding === "identity") return new Blob([bytes]);
    return new Blob([coding === "gzip" ? await gzip(bytes) : await brotli(bytes)]);
  }
}

/**
 * Brotli, off this thread. Of Scalar's 4.2 MB quality 5 makes 1.09 MB in a tenth of a second, 11 makes 0.94 MB in six.
 */
export function brotli(bytes: Uint8Array, quality = 5): Promise<Uint8Array<ArrayBuffer>> {
  const { brotliCompress, constants } = process.getBuiltinModule("node:zlib");
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return settled((done) => brotliCompress(bytes, { params }, done));
}

/** What was compressed with {@link brotli}. */
export function unbrotli(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { brotliDecompress } = process.getBuiltinModule("node:zlib");
  return settled((done) => brotliDecompress(bytes, done));
}

function gzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { gzip } = process.getBuiltinModule("node:zlib");
  return settled((done) => gzip(bytes, done));
}

function settled(
  start: (done: (error: Error | null, result: Uint8Array<ArrayBuffer>) => void) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => start((error, result) => (error === null ? resolve(result) : reject(error))));
}
