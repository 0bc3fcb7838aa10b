import { type ByteRange, HeaderFault, parseRange } from "../native/index.ts";
import { pulled } from "./stream.ts";

/** More ranges than a reader has use for: the whole is sent instead (RFC 9110 14.2, 17.15). */
const MOST_RANGES = 64;

/**
 * What a `Range` header asks of `size` bytes: some ranges, `unsatisfiable` (416), or `undefined` where it is to be ignored:
 * another unit, bad syntax, too many ranges. Overlapping ranges are joined.
 */
export function selectRanges(header: string, size: number): readonly ByteRange[] | "unsatisfiable" | undefined {
  const ranges = parseRange(header, size);
  if (ranges instanceof HeaderFault) return undefined;
  if (ranges === "unsatisfiable") return ranges;
  return ranges.length > MOST_RANGES ? undefined : joined(ranges);
}

/** Joins ranges that overlap, in the order of the bytes; without an overlap the order stays that of the request. */
function joined(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const sorted = ranges.toSorted((one, other) => one.start - other.start || one.end - other.end);
  if (!sorted.some((range, index) => index > 0 && range.start <= sorted[index - 1]!.end)) return ranges;
  const runs: ByteRange[] = [];
  for (const range of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && range.start <= last.end + 1) {
      runs[runs.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else runs.push(range);
  }
  return runs;
}

/** The value of `Content-Range` (RFC 9110 14.4). */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end}/${size}`;
}

/** These bytes of a blob, not yet read. */
export function slice(blob: Blob, range: ByteRange): Blob {
  return blob.slice(range.start, range.end + 1);
}

/** A body with its media type and its length in bytes. */
export interface MultipartRanges {
  readonly type: string;
  readonly length: number;
  readonly body: ReadableStream<Uint8Array>;
}

/** Several ranges of a blob as `multipart/byteranges` (RFC 9110 14.6), read when they are sent. */
export function multipartRanges(blob: Blob, ranges: readonly ByteRange[], contentType: string): MultipartRanges {
  const boundary = crypto.randomUUID();
  const heads = ranges.map((range, index) =>
    Buffer.from(
      `${index === 0 ? "" : "\r\n"}--${boundary}\r\ncontent-type: ${contentType}\r\n` +
        `content-range: ${contentRange(range, blob.size)}\r\n\r\n`,
    ),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce(
    (sum, range, index) => sum + heads[index]!.length + range.end - range.start + 1,
    tail.length,
  );

  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const [index, range] of ranges.entries()) {
      yield heads[index]!;
      yield* slice(blob, range).stream();
    }
    yield tail;
  }
  return { type: `multipart/byteranges; boundary=${boundary}`, length, body: pulled(parts()) };
}
