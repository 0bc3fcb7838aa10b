export type { CheckFactory, PrebuiltChecks } from "./compile.ts";
export { kindName, nonNull, textsOf } from "./kind.ts";
export { describe } from "./describe.ts";
export { type Entry, type EntryType, Invalid, MAX_ENTRIES, SchemaError, type Source } from "./entry.ts";
export { asObject, isOptional, isSchema, type Shape, type StaticOf, type WireOf } from "./shape.ts";
export type { TextReader } from "./text.ts";
export { t } from "./t.ts";
export { BigIntBounds, CsvHint, type TStringEnum } from "./types.ts";
export {
  type ColumnHints,
  type ColumnReference,
  type HasOption,
  hintsOf,
  type ReferentialAction,
  refusedOf,
  refusing,
} from "./column.ts";
export {
  type FileOptions,
  type FileRules,
  fileRulesOf,
  FileSize,
  type FilesOptions,
  isFileSchema,
  type TFile,
  type TFiles,
} from "./file.ts";
export type { FileStorage, UploadFile } from "./upload.ts";
export { type Problem, type Problems, problemsOf, type Refine, refinementsOf } from "./refine.ts";
export { type AnswerWriter, type JsonReader, Validators } from "./validators.ts";
export type {
  Static,
  TArray,
  TBoolean,
  TInteger,
  TNull,
  TObject,
  TOptional,
  TProperties,
  TSchema,
  TString,
  TUndefined,
  TUnion,
  TUnknown,
  TUnsafe,
} from "@sinclair/typebox";
