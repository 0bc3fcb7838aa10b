export { Codec, type Reading } from "./codec.ts";
export type { DecodeRow } from "./decode.ts";
export { JSON_PARAMETERS, type ToJson } from "./json.ts";
export { Placeholder } from "./placeholder.ts";
export { carryOver, remember } from "./expression.ts";
export type { Field, Fields, Nested } from "./field.ts";
