export { Codec, type Reading } from "./codec.ts";
export type { ToJson } from "./json.ts";
export { Placeholder } from "./placeholder.ts";
export { carryOver, remember } from "./expression.ts";
export type { Field, Nested } from "./field.ts";
