export type { CheckFactory, PrebuiltChecks } from "./compile.ts";
export { describe } from "./describe.ts";
export { type Entry, type EntryType, Invalid, MAX_ENTRIES, SchemaError, type Source } from "./entry.ts";
export { asObject, isOptional, isSchema, type Shape, type StaticOf, type WireOf } from "./shape.ts";
export type { TextReader } from "./text.ts";
export { BigIntBounds, CsvHint, t, type TStringEnum } from "./types.ts";
export { type AnswerWriter, type JsonReader, Validators } from "./validators.ts";
export type { Static, TObject, TOptional, TProperties, TSchema } from "@sinclair/typebox";
