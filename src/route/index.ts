export type { AnyHandler, Handler, HandlerContext, RootScope, ScopeTypes } from "./context.ts";
export { constant, constantValue } from "./constant.ts";
export type { AnswerOf } from "./answers.ts";
export type { AnswerNotes, Contract, Examples } from "./contract.ts";
export type { Defaults, ErrorRule, ResponseValidation, ScopeNode, ScopeOptions } from "./defaults.ts";
export { asDependency, depends, type Dependency, type Needs, type Provider, type ProvidedOf } from "./depends.ts";
export {
  canonicalPath,
  joinPath,
  nativePath,
  normalPath,
  parsePath,
  PathError,
  type PathPattern,
  type Segment,
} from "./path.ts";
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
export { type Nested, Scope } from "./scope.ts";
export type { Placed, RouteSet, SetRoute } from "./set.ts";
export type { ParamsOf, PathNames, SourceOf } from "./sources.ts";
export {
  type DeclareSocket,
  type SocketHandler,
  type SocketOf,
  type SocketRoute,
  type SocketTypes,
  ws,
} from "./socket.ts";
export type { MessageOf, SentOf, SocketContract, SocketDeclaration } from "./socket-contract.ts";
export { type Found, pathStart, PathTree, requestPath } from "./tree.ts";
export { url } from "./url.ts";
