export { hasParts, orderable } from "./asked.ts";
export {
  contains,
  type FilterOperator,
  type FilterParameter,
  filterParameters,
  type Filters,
  type FilterShape,
  likePattern,
} from "./filter.ts";
export { type Order, type OrderBy, orderingSchema, type OrderingShape, orderOf, total } from "./ordering.ts";
