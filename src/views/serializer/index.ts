export { type Needs, needsOf } from "./needs.ts";
export type { Rename } from "./rename.ts";
export type { ComputedField } from "./definition.ts";
export { nested, serializer } from "./serializer.ts";
export type { InputOf, Nested, NestedOptions, OutputOf, Partly, RowOf, Serializer, Spec } from "./types.ts";
