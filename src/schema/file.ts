import { Kind, OptionalKind } from "@sinclair/typebox";
import type { SchemaOptions, TSchema } from "@sinclair/typebox";
import type { UploadFile } from "./upload.ts";

/** Sizes for `maxSize` and `minSize`, in bytes; a KB is 1,024 of them, as file managers and Django-Bolt count. */
export const FileSize = /* @__PURE__ */ Object.freeze({
  KB_1: 1_024,
  KB_10: 10_240,
  KB_100: 102_400,
  KB_500: 512_000,
  MB_1: 1_048_576,
  MB_2: 2_097_152,
  MB_5: 5_242_880,
  MB_10: 10_485_760,
  MB_20: 20_971_520,
  MB_25: 26_214_400,
  MB_50: 52_428_800,
  MB_100: 104_857_600,
});

/** What `t.File` takes beside a schema's own options. */
export interface FileOptions extends SchemaOptions {
  /** Bytes that the file may have at most; without it the body's limit is the only one. */
  readonly maxSize?: number;
  /** Bytes that it has at least, default 0. */
  readonly minSize?: number;
  /** Media ranges, one of which the file's declared type matches: `image/*`, `application/pdf`. Default: any type. */
  readonly types?: readonly string[];
  /** Whether the leading bytes must be of the declared type too (WHATWG MIME Sniffing section 6), default false. */
  readonly sniff?: boolean;
}

/** What `t.Files` takes: what is said of the size and the type goes for each file. */
export interface FilesOptions extends FileOptions {
  /** Files at most; without it the number of parts is the only limit. */
  readonly maxFiles?: number;
  /** Files at least, default 1. */
  readonly minFiles?: number;
}

/** An uploaded file; in JSON Schema `{ type: "string", format: "binary" }`. */
export interface TFile extends TSchema {
  [Kind]: "File";
  static: UploadFile;
  type: "string";
  format: "binary";
}

/** Uploaded files under one name; in JSON Schema an array. */
export interface TFiles extends TSchema {
  [Kind]: "Files";
  static: UploadFile[];
  type: "array";
  items: { type: "string"; format: "binary" };
}

/** What is asked of the files of one name, every default filled in. */
export interface FileRules {
  /** Whether it is `t.Files`: the value is a list. */
  readonly many: boolean;
  readonly optional: boolean;
  readonly maxSize: number | undefined;
  readonly minSize: number;
  readonly maxFiles: number | undefined;
  readonly minFiles: number;
  /** Media ranges in lower case; empty where any type will do. */
  readonly types: readonly string[];
  readonly sniff: boolean;
}

/** Where a schema keeps what no JSON Schema has keywords for. */
const FileHint = Symbol.for("bolide.File");

/** A media range of RFC 9110 12.5.1, without parameters. */
const MEDIA_RANGE = /^(?:\*\/\*|[\w!#$%&'+.^`|~-]+\/(?:\*|[\w!#$%&'+.^`|~-]+))$/;

/** Makes the schema of one file. A `RangeError` for options that no file can meet. */
export function fileSchema(options: FileOptions = {}): TFile {
  const { maxSize, minSize, types, sniff, ...rest } = options;
  const hint = hintOf("t.File", { maxSize, minSize, types, sniff, many: false });
  return { ...rest, [Kind]: "File", [FileHint]: hint, type: "string", format: "binary" } as unknown as TFile;
}

/** Makes the schema of several files. A `RangeError` for options that no files can meet. */
export function filesSchema(options: FilesOptions = {}): TFiles {
  const { maxSize, minSize, types, sniff, maxFiles, minFiles, ...rest } = options;
  const hint = hintOf("t.Files", { maxSize, minSize, types, sniff, maxFiles, minFiles, many: true });
  return {
    ...rest,
    [Kind]: "Files",
    [FileHint]: hint,
    type: "array",
    items: { type: "string", format: "binary" },
    ...(hint.minFiles === 0 ? {} : { minItems: hint.minFiles }),
    ...(maxFiles === undefined ? {} : { maxItems: maxFiles }),
  } as unknown as TFiles;
}

/** Whether a schema is `t.File()` or `t.Files()`, optional or not. */
export function isFileSchema(schema: TSchema): schema is TFile | TFiles {
  return FileHint in schema;
}

/**
 * What a schema of files asks for. Throws a `TypeError` for any other schema.
 *
 * @example
 * fileRulesOf(t.Optional(t.File({ types: ["image/*"] }))).optional; // true
 */
export function fileRulesOf(schema: TSchema): FileRules {
  if (!isFileSchema(schema)) throw new TypeError(`Expected t.File() or t.Files(), not ${schema[Kind]}`);
  const hint = (schema as unknown as { readonly [FileHint]: Omit<FileRules, "optional"> })[FileHint];
  return { ...hint, optional: OptionalKind in schema };
}

interface Given {
  readonly many: boolean;
  readonly maxSize: number | undefined;
  readonly minSize: number | undefined;
  readonly types: readonly string[] | undefined;
  readonly sniff: boolean | undefined;
  readonly maxFiles?: number | undefined;
  readonly minFiles?: number | undefined;
}

function hintOf(builder: string, given: Given): Omit<FileRules, "optional"> {
  const { many, maxSize, minSize = 0, maxFiles, minFiles = many ? 1 : 0, types = [], sniff = false } = given;
  checkBounds(builder, "Size", "bytes", minSize, maxSize);
  checkBounds(builder, "Files", "files", minFiles, maxFiles);
  if (maxFiles === 0) throw new RangeError(`${builder} takes maxFiles of 1 or more, not 0`);
  for (const type of types) {
    if (!MEDIA_RANGE.test(type)) {
      throw new RangeError(`${builder} takes types as "image/*" or "application/pdf", not ${JSON.stringify(type)}`);
    }
  }
  return { many, maxSize, minSize, maxFiles, minFiles, types: types.map((type) => type.toLowerCase()), sniff };
}

function checkBounds(builder: string, what: string, unit: string, least: number, most: number | undefined): void {
  for (const [name, bound] of [
    [`min${what}`, least],
    [`max${what}`, most],
  ] as const) {
    if (bound !== undefined && (!Number.isSafeInteger(bound) || bound < 0)) {
      throw new RangeError(`${builder} takes ${name} as a whole number of ${unit}, not ${bound}`);
    }
  }
  if (most !== undefined && least > most) {
    throw new RangeError(`${builder} takes min${what} up to max${what}, not ${least} and ${most}`);
  }
}
