export { type Action, action, type ActionContract } from "./action.ts";
export { type ContextOf, type Contracts, ViewSet, type ViewSetClass } from "./class.ts";
export { type ViewDefaults, viewset } from "./viewset.ts";
