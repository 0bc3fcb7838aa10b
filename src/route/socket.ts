import type { AnySocketHandler, Socket, SocketHooks } from "../websocket/index.ts";
import type { AnyHandler, HandlerContext, RootScope, ScopeTypes } from "./context.ts";
import type { Contract } from "./contract.ts";
import type { ScopeNode } from "./defaults.ts";
import type { ProvidedOf } from "./depends.ts";
import { type AnyRoute, makeRoute, type Route, type RouteTypes } from "./route.ts";
import type { MessageOf, SentOf, SocketContract, SocketDeclaration } from "./socket-contract.ts";

/** What of the request that opened it a socket has at hand. */
type AtHand = "params" | "query" | "headers" | "cookies" | "user" | "session" | "state" | "ip" | "url" | "request";

/** A socket as the handler of path `P` and contract `C` in scope `S` sees it. */
export interface SocketOf<P extends string, C, S extends ScopeTypes>
  extends Socket<MessageOf<C>, SentOf<C>>, Pick<HandlerContext<P, C, S>, AtHand> {}

/** The context of the request that opened a socket, with its dependencies; they are there until the socket is closed. */
export type SocketContextOf<P extends string, C, S extends ScopeTypes> = Omit<
  HandlerContext<P, C, S>,
  "body" | "form" | "files"
> &
  S["provided"] &
  (C extends { readonly provide: infer D } ? ProvidedOf<D> : unknown);

/**
 * Who handles a socket: a function for the whole connection, which is closed with 1000 when it returns, or a function for each event.
 */
export type SocketHandler<P extends string, C, S extends ScopeTypes> =
  | ((socket: SocketOf<P, C, S>, ctx: SocketContextOf<P, C, S>) => unknown)
  | SocketHooks<SocketOf<P, C, S>, SocketContextOf<P, C, S>, MessageOf<C>>;

/** What a typed client needs of a socket. */
export interface SocketTypes<P extends string, C> extends RouteTypes<P, C, never> {
  /** What the client sends. */
  readonly message: MessageOf<C>;
  /** What it gets. */
  readonly send: SentOf<C>;
}

/** A route that becomes a socket: it stands among the others as a GET route does. */
export interface SocketRoute<P extends string = string, C extends SocketContract = SocketContract> extends Omit<
  Route<"GET", P>,
  "contract" | "types"
> {
  readonly contract: C & Contract;
  readonly socket: SocketDeclaration;
  readonly types?: SocketTypes<P, C>;
}

/** The ways to declare a socket in scope `S`: with a contract, or with a handler alone. */
export interface DeclareSocket<S extends ScopeTypes> {
  <const P extends string, const C extends SocketContract>(
    path: P,
    contract: C,
    handler: SocketHandler<P, C, S>,
  ): SocketRoute<`${S["prefix"]}${P}`, C>;
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty contract declares nothing
  <const P extends string>(path: P, handler: SocketHandler<P, {}, S>): SocketRoute<`${S["prefix"]}${P}`, {}>;
}

/** A {@link DeclareSocket} that hands each new route to `keep`. */
export function declareSocket<S extends ScopeTypes>(
  scope?: ScopeNode,
  keep?: (route: AnyRoute) => void,
): DeclareSocket<S> {
  const build = (path: string, first: unknown, second?: unknown): AnyRoute => {
    const [contract, handler] = (second === undefined ? [{}, first] : [first, second]) as [
      SocketContract,
      AnySocketHandler,
    ];
    const route = makeRoute(["GET"], path, contract, calledOf(handler), scope, undefined, handler ?? {});
    keep?.(route);
    return route;
  };
  return build as unknown as DeclareSocket<S>;
}

/** The function by which tables and plans name a handler. */
function calledOf(handler: AnySocketHandler): AnyHandler {
  if (typeof handler === "function") return handler as AnyHandler;
  return (handler?.message ?? handler?.open ?? (() => undefined)) as AnyHandler;
}

/**
 * Makes a socket's route without an api, for `api.add(...)`.
 *
 * @example
 * ```ts
 * export const echo = ws("/echo", async (socket) => {
 *   for await (const message of socket) socket.send(message);
 * });
 * ```
 */
export const ws: DeclareSocket<RootScope> = declareSocket();
