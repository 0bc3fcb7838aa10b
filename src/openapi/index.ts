export type * from "./model.ts";
export type { OpenApiOptions, PageName, Webhook } from "./options.ts";
export type { Documented } from "./documented.ts";
export type { BreakingChange } from "./diff/change.ts";
export type { PackedFile } from "./assets.ts";
export { isDoubtful } from "./doubts.ts";
export { breakingChanges, documentOf, packViewers } from "./late.ts";
export { openapiRoutes, requireTyped } from "./routes.ts";
