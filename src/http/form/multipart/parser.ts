import { MultipartFault } from "./boundary.ts";
import { MOST_HEAD_BYTES, parseHead, type PartHead } from "./part-head.ts";

/** Takes the bytes of one part, as they come. */
export interface PartSink {
  /** `bytes` lie in memory that may be larger than they are, and are not written to again. */
  data(bytes: Buffer): void;
  end(): void;
}

/** Begins a part: what takes its bytes, `undefined` to read past it, or what ends the reading. */
export type OpenPart = (head: PartHead) => PartSink | MultipartFault | undefined;

const CR = 13;
const LF = 10;
const DASH = 45;
const SPACE = 32;
const TAB = 9;
const CRLF = Buffer.from("\r\n");
const BLANK_LINE = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);
/** `transport-padding` behind a boundary, which nobody has sent since mail gateways (RFC 2046 5.1.1). */
const MOST_PADDING = 1_024;

type State = "preamble" | "boundary" | "head" | "part" | "epilogue";

/**
 * Takes a multipart body apart while it comes (RFC 2046 5.1.1, RFC 7578). However the body is cut into chunks, the parts are the
 * same. Keeps no more of it than a boundary or the headers of one part.
 */
export class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #open: OpenPart;
  #state: State = "preamble";
  /** Bytes that are not understood without those that follow. A boundary at the very start has no line end before it. */
  #rest: Buffer = CRLF;
  #sink: PartSink | undefined;

  constructor(boundary: string, open: OpenPart) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
    this.#open = open;
  }

  /** Takes the next bytes. After a fault nothing more is to be written. */
  write(chunk: Uint8Array): MultipartFault | undefined {
    const next = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = this.#rest.length === 0 ? next : Buffer.concat([this.#rest, next]);
    this.#rest = NOTHING;
    let at: number | MultipartFault = 0;
    // Each step either gets further or keeps the rest for the next chunk.
    while (at < bytes.length) {
      const from: number = at;
      at = this.#step(bytes, from);
      if (at instanceof MultipartFault) return at;
      if (at === WAIT) {
        this.#rest = bytes.subarray(from);
        return undefined;
      }
    }
    return undefined;
  }

  /** The body has ended. */
  end(): MultipartFault | undefined {
    if (this.#state === "epilogue") return undefined;
    if (this.#state === "head" && /(?<!\r)\n/.test(this.#rest.toString("latin1"))) return BARE_LINE_FEED;
    return new MultipartFault(
      this.#state === "preamble" ? "the body has no boundary line" : "the body ends before the closing boundary",
    );
  }

  #step(bytes: Buffer, from: number): number | MultipartFault {
    switch (this.#state) {
      case "preamble":
      case "part":
        return this.#untilDelimiter(bytes, from);
      case "boundary":
        return this.#afterDelimiter(bytes, from);
      case "head":
        return this.#head(bytes, from);
      case "epilogue":
        return bytes.length;
    }
  }

  #untilDelimiter(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(this.#delimiter, from);
    const end = found === -1 ? bytes.length - startedAtEnd(bytes, from, this.#delimiter) : found;
    if (end > from) this.#sink?.data(bytes.subarray(from, end));
    if (found === -1) return end === from ? WAIT : end;
    this.#sink?.end();
    this.#sink = undefined;
    this.#state = "boundary";
    return found + this.#delimiter.length;
  }

  #afterDelimiter(bytes: Buffer, from: number): number | MultipartFault {
    if (bytes.length - from < 2) return WAIT;
    if (bytes[from] === DASH && bytes[from + 1] === DASH) {
      this.#state = "epilogue";
      return from + 2;
    }
    let at = from;
    while (bytes[at] === SPACE || bytes[at] === TAB) at++;
    if (at - from > MOST_PADDING) return new MultipartFault("a boundary line is too long");
    if (bytes[at] === LF) return BARE_LINE_FEED;
    if (at < bytes.length && bytes[at] !== CR) return UNFINISHED_BOUNDARY;
    if (at + 1 >= bytes.length) return WAIT;
    if (bytes[at + 1] !== LF) return UNFINISHED_BOUNDARY;
    this.#state = "head";
    return at + 2;
  }

  #head(bytes: Buffer, from: number): number | MultipartFault {
    if (bytes[from] === CR && bytes[from + 1] === LF) return new MultipartFault("a part has no Content-Disposition");
    const end = bytes.indexOf(BLANK_LINE, from);
    if (end === -1 ? bytes.length - from > MOST_HEAD_BYTES + 3 : end - from > MOST_HEAD_BYTES) {
      return new MultipartFault(`the headers of a part are longer than ${MOST_HEAD_BYTES} bytes`);
    }
    if (end === -1) return WAIT;
    const head = parseHead(bytes.subarray(from, end));
    if (head instanceof MultipartFault) return head;
    const sink = this.#open(head);
    if (sink instanceof MultipartFault) return sink;
    this.#sink = sink;
    this.#state = "part";
    return end + BLANK_LINE.length;
  }
}

/** No step gets further without more bytes. */
const WAIT = -1;
const BARE_LINE_FEED = new MultipartFault("a line ends in a bare line feed");
const UNFINISHED_BOUNDARY = new MultipartFault("a boundary is followed by other bytes on its line");

/** How many bytes at the end could be the start of the delimiter. */
function startedAtEnd(bytes: Buffer, from: number, delimiter: Buffer): number {
  let at = bytes.indexOf(CR, Math.max(from, bytes.length - delimiter.length + 1));
  while (at !== -1) {
    const length = bytes.length - at;
    if (bytes.compare(delimiter, 0, length, at) === 0) return length;
    at = bytes.indexOf(CR, at + 1);
  }
  return 0;
}
