export type { AnyHandler, Handler, HandlerContext, RootScope, ScopeTypes } from "./context.ts";
export { constant, constantValue } from "./constant.ts";
export type {
  AnswerOf,
  Contract,
  Defaults,
  ErrorHandler,
  ErrorRule,
  ParamsOf,
  PathNames,
  ResponseValidation,
  SourceOf,
  StatusOf,
} from "./contract.ts";
export { asDependency, depends, type Dependency, type Needs, type Provider, type ProvidedOf } from "./depends.ts";
export { canonicalPath, joinPath, nativePath, normalPath, parsePath, PathError, type PathPattern, type Segment } from "./path.ts";
export {
  type AnyRoute,
  type Declare,
  del,
  get,
  head,
  makeRoute,
  type Method,
  METHODS,
  options,
  patch,
  post,
  put,
  query,
  type Route,
  RouteError,
  routeName,
} from "./route.ts";
export { type Nested, Scope, type ScopeNode, type ScopeOptions } from "./scope.ts";
export { type Found, pathStart, PathTree, requestPath } from "./tree.ts";
export { url } from "./url.ts";
