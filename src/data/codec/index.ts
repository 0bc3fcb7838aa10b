export { Codec, type Reading } from "./codec.ts";
export type { DecodeRow } from "./decode.ts";
export { JSON_PARAMETERS, Placeholder, type ToJson } from "./json.ts";
export { remember } from "./expression.ts";
export type { Field, Fields, Nested } from "./shape.ts";
