export {
  type Action,
  action,
  type ActionContract,
  type ActionRoute,
  setRoute,
  STANDARD_NAMES,
  type StandardName,
} from "./action.ts";
export { type ContextOf, type Contracts, ViewSet, type ViewSetClass } from "./class.ts";
export { type ViewDefaults, viewset } from "./viewset.ts";
