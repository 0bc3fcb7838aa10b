export {
  type Action,
  action,
  type ActionContract,
  type ActionRoute,
  setRoute,
  STANDARD_NAMES,
  type StandardName,
} from "./action.ts";
export { type ContextOf, type Contracts, ViewSet } from "./class.ts";
export type { ActionsOf, AuthOf, Implied } from "./scope.ts";
export { actionsIn, viewset } from "./viewset.ts";
