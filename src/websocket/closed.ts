import type { SocketClose } from "./types.ts";

/**
 * Thrown by `receive()`, `text()`, `bytes()`, `json()` and `drained()` of a socket that is closed. A handler may let it pass: it is no failure.
 *
 * @example
 * ```ts
 * try {
 *   for (;;) socket.send(await socket.receive());
 * } catch (error) {
 *   if (!(error instanceof SocketClosed)) throw error;
 *   console.log("closed", error.code, error.reason);
 * }
 * ```
 */
export class SocketClosed extends Error implements SocketClose {
  override readonly name = "SocketClosed";
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  constructor({ code, reason, wasClean }: SocketClose) {
    super(reason === "" ? `the socket is closed (${code})` : `the socket is closed (${code}: ${reason})`);
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}
