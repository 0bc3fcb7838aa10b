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
export {
  type AnyPagination,
  cursor,
  type CursorOptions,
  type CursorOrderBy,
  type Envelope,
  type Enveloped,
  type Filled,
  type Items,
  limitOffset,
  type LimitOffsetOptions,
  links,
  type LinksOptions,
  type LinksSchema,
  type Page,
  type PageContext,
  type Paged,
  pageNumber,
  type PageNumberOptions,
  type Pagination,
  type SizeOptions,
  type Whole,
} from "./pagination/index.ts";
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
