export type { Broker, BrokerEvents } from "./broker.ts";
export { CloseCode } from "./codes.ts";
export { SocketClosed } from "./closed.ts";
export { type ConnectionOptions, SocketConnection } from "./connection.ts";
export { checkHandshake, checkOrigin, chooseProtocol } from "./handshake.ts";
export { socketProgram, type SocketProgram, type SocketDeclaration } from "./program.ts";
export { redisBroker, type RedisBrokerOptions } from "./redis.ts";
export { bunSocketHandlers } from "./serve.ts";
export { checkSettings, limitsOf } from "./settings.ts";
export { Sockets, type SocketsOptions } from "./sockets.ts";
export type {
  AnySocketHandler,
  Member,
  Message,
  Socket,
  SocketClose,
  SocketContext,
  SocketHandler,
  SocketHooks,
  SocketSettings,
  Wire,
} from "./types.ts";
