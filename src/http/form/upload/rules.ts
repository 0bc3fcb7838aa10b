import type { Entry, FileRules } from "../../../schema/index.ts";
import type { Sniffed } from "./sniff.ts";

/** What is known of a file once it has been read to its end. */
export interface Seen {
  readonly size: number;
  readonly contentType: string;
  /** What its bytes are, where they contradict the declared type. */
  readonly sniffed: Sniffed | undefined;
}

type Fault = Pick<Entry, "msg" | "type" | "ctx">;

/** Everything that is wrong with one file. */
export function fileFaults({ maxSize, minSize, types }: FileRules, seen: Seen): Fault[] {
  const { size, contentType, sniffed } = seen;
  const faults: Fault[] = [];
  if (maxSize !== undefined && size > maxSize) {
    const ctx = { max_size: maxSize, size };
    faults.push({ msg: `Expected a file of at most ${bytesInWords(maxSize)}`, type: "file_too_large", ctx });
  }
  if (size < minSize) {
    const ctx = { min_size: minSize, size };
    faults.push({ msg: `Expected a file of at least ${bytesInWords(minSize)}`, type: "file_too_small", ctx });
  }
  const allowed = types.length === 0 ? {} : { allowed: types };
  if (!isAllowed(contentType, types)) {
    const ctx = { ...allowed, content_type: contentType };
    faults.push({ msg: `Expected a file of type ${inWords(types)}`, type: "file_invalid_content_type", ctx });
  } else if (sniffed !== undefined) {
    const ctx = { ...allowed, content_type: contentType, sniffed: sniffed.type ?? null };
    const msg = `Expected a file whose content is of its declared type, ${contentType}`;
    faults.push({ msg, type: "file_invalid_content_type", ctx });
  }
  return faults;
}

/** What is wrong with the number of files that came under one name. */
export function countFault(rules: FileRules, count: number): Fault | undefined {
  const most = rules.many ? rules.maxFiles : 1;
  if (most !== undefined && count > most) {
    const msg = most === 1 ? "Expected one file" : `Expected at most ${most} files`;
    return { msg, type: "file_too_many", ctx: { max_files: most, files: count } };
  }
  if (count === 0 && rules.optional) return undefined;
  const least = rules.many ? rules.minFiles : 1;
  if (count >= least) return undefined;
  const msg = least === 1 ? "Expected a file" : `Expected at least ${least} files`;
  return { msg, type: "file_missing", ctx: { min_files: least, files: count } };
}

/** Whether a media type, without parameters and in lower case, is in one of the ranges; none given allows all. */
export function isAllowed(contentType: string, types: readonly string[]): boolean {
  if (types.length === 0) return true;
  return types.some(
    (range) =>
      range === "*/*" ||
      range === contentType ||
      (range.endsWith("/*") && contentType.startsWith(range.slice(0, range.length - 1))),
  );
}

const MIB = 1_048_576;
const KIB = 1_024;

/** `5 MB`, `10 KB`, `1,500 bytes`: in the units of `FileSize` where they say it exactly. */
export function bytesInWords(bytes: number): string {
  if (bytes >= MIB && bytes % MIB === 0) return `${bytes / MIB} MB`;
  if (bytes >= KIB && bytes % KIB === 0) return `${bytes / KIB} KB`;
  return bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en")} bytes`;
}

const inWords = (types: readonly string[]): string =>
  types.length < 2 ? types.join("") : `${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;
