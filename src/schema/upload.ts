/** Where uploaded files are kept: a folder, a bucket. Anything with this one method is a storage. */
export interface FileStorage {
  /** Keeps a file, and answers with what finds it again: a path, a key, a URL. */
  save(file: UploadFile): Promise<string>;
}

/**
 * An uploaded file. Small ones are in memory, others in a temporary file that is gone after the response; reading one later
 * is an error.
 *
 * @example
 * const storage: FileStorage = { save: async (file) => (await s3.write(file.filename, await file.arrayBuffer()), file.filename) };
 */
export interface UploadFile {
  /** The name that the client gave, reduced to its base name: no folder, no control character, at most 255 bytes. */
  readonly filename: string;
  /** The media type that the client declared, in lower case, without parameters; `application/octet-stream` where it declared none, or nonsense. */
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  /** The headers of the part that it came in. */
  readonly headers: Headers;
  /** Whether it is in a temporary file, not in memory. */
  readonly onDisk: boolean;
  /** All of it, as bytes. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
  /** The same, under the name that a `Blob` has for it. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** All of it, as bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** All of it, as UTF-8 text; what is no UTF-8 becomes U+FFFD. */
  text(): Promise<string>;
  /** All of it, as JSON. Rejects with a `SyntaxError` where it is none. */
  json(): Promise<unknown>;
  /** Its bytes, piece by piece; each call reads from the start. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Keeps the file: at exactly this path, in a folder that exists, replacing what is there; or in a storage. Answers with the
   * path, or with what the storage answers. Rejects as the file system does, and what was at the path is as it was.
   */
  saveTo(target: string | FileStorage): Promise<string>;
}
