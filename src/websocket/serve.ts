import type { ServerWebSocket, WebSocketHandler } from "bun";
import { ABNORMAL, CloseCode } from "./codes.ts";
import type { SocketConnection } from "./connection.ts";
import { limitsOf } from "./settings.ts";
import type { SocketSettings } from "./types.ts";

/**
 * The code that Bun 1.4.5 has sent to a client that broke the protocol: its server is told 1006 and a sentence, "Received invalid opcode". No
 * client can say so itself: 1006 is never sent.
 */
function sentCode(code: number, reason: string): number {
  if (code !== ABNORMAL || !reason.startsWith("Received ")) return code;
  if (reason.includes("too big message")) return CloseCode.tooBig;
  return reason.includes("UTF-8") ? CloseCode.invalidPayload : CloseCode.protocolError;
}

/**
 * The `websocket` part of `Bun.serve` for the given routes' settings; each connection is upgraded with `{ data: connection }`.
 *
 * Bun has one set of limits per server: here they are the widest of all routes', and each connection keeps to its own. Its idle timer is
 * off, and its pings with it: a route may have its own.
 */
export function bunSocketHandlers(settings: readonly SocketSettings[]): WebSocketHandler<SocketConnection> {
  const limits = settings.map(limitsOf);
  return {
    maxPayloadLength: Math.max(0, ...limits.map(({ maxMessageSize }) => maxMessageSize)),
    backpressureLimit: Math.max(0, ...limits.map(({ maxBackpressure }) => maxBackpressure)),
    // What a room sends goes past a connection's own look at its backlog: it must not be dropped in silence.
    closeOnBackpressureLimit: true,
    perMessageDeflate: limits.some(({ compression }) => compression),
    idleTimeout: 0,
    publishToSelf: false,
    open(ws: ServerWebSocket<SocketConnection>) {
      ws.binaryType = "uint8array";
      ws.data.opened(ws);
    },
    message(ws, message) {
      ws.data.received(message);
    },
    drain(ws) {
      ws.data.flushed();
    },
    close(ws, code, reason) {
      ws.data.ended(sentCode(code, reason), reason);
    },
    ping(ws) {
      ws.data.heard();
    },
    pong(ws) {
      ws.data.heard();
    },
  };
}
