export type { Hooks, WriteContext } from "./hooks.ts";
export { modelViewSet, readOnlyModelViewSet } from "./model-viewset.ts";
export type { ModelViewOptions, ViewContext } from "./options.ts";
export type { Inputs, Outputs } from "./schemas.ts";
