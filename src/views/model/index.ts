export type { Hooks, WriteContext } from "./hooks.ts";
export { modelViewSet, readOnlyModelViewSet } from "./model-viewset.ts";
export type { Inputs, ModelViewOptions, Outputs, ViewContext } from "./options.ts";
