export { type FilterOperator, type Filters } from "./filter/index.ts";
export {
  type Hooks,
  type Inputs,
  modelViewSet,
  type ModelViewOptions,
  type Outputs,
  readOnlyModelViewSet,
  type ViewContext,
  type WriteContext,
} from "./model/index.ts";
export * from "./pagination/index.ts";
export * from "./serializer/index.ts";
export {
  type Action,
  action,
  type ActionContract,
  type ContextOf,
  type Contracts,
  ViewSet,
  viewset,
} from "./viewset/index.ts";
