export { Codec, type Reading } from "./codec.ts";
export type { DecodeRow } from "./decode.ts";
export { JSON_PARAMETERS, Placeholder, type ToJson } from "./json.ts";
export { type Field, type Fields, type Nested, remember } from "./shape.ts";
