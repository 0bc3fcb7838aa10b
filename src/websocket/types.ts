import type { RequestContext } from "../http/index.ts";
import type { TSchema } from "../schema/index.ts";

/** A message where no schema is declared: a text, or bytes. */
export type Message = string | Uint8Array;

/** What a socket's contract says beside what any route's says. */
export interface SocketSettings {
  /** Each message is JSON of this schema. */
  readonly message?: TSchema;
  /** What `send` and `publish` take: checked, and undeclared properties removed, as answers are. */
  readonly send?: TSchema;
  /** An invalid message is answered by a frame `{"error":[entries]}` (default), or by close 1007. */
  readonly invalid?: "error" | "close";
  /** Subprotocols (`Sec-WebSocket-Protocol`), the preferred one first. */
  readonly protocols?: readonly string[];
  /** Who may connect from a browser beside the api's own origin; `"*"` is everybody. */
  readonly origins?: readonly (string | RegExp)[] | "*";
  /** Bytes of one message; default 1 MiB. A longer one closes 1009. */
  readonly maxMessageSize?: number;
  /** Seconds without a sign of life, a message, ping or pong, after which the connection is cut; default 120, 0 never. A silent client is pinged halfway. */
  readonly idleTimeout?: number;
  /** Compress what is sent (permessage-deflate, RFC 7692); default false. */
  readonly compression?: boolean;
  /** Messages that may wait for the handler; default 64. One more closes 1013. */
  readonly queueSize?: number;
  /** Bytes that may wait for the client, and as many for the handler; default 16 MiB. More close 1013. */
  readonly maxBackpressure?: number;
}

/** What stands for the connection below a socket: Bun's `ServerWebSocket`, or one end of a pair in a test. */
export interface Wire {
  /** As Bun: the bytes written, 0 where the message was dropped, -1 where it waits for the client. */
  send(data: Message, compress?: boolean): number;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(data?: Message): unknown;
  /** Bytes that wait for the client. */
  getBufferedAmount(): number;
  /** These only where the server fans out by itself; all three or none. */
  subscribe?(topic: string): unknown;
  unsubscribe?(topic: string): unknown;
  publish?(topic: string, data: Message, compress?: boolean): unknown;
}

/** How a socket was closed. */
export interface SocketClose {
  /** RFC 6455 7.4; 1005 where the close frame had none, 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether a close frame was sent or received. */
  readonly wasClean: boolean;
}

/** Somebody in a room. */
export interface Member {
  /** The socket's `id`. */
  readonly id: string;
  /** The id of who is signed in on it, where somebody is. */
  readonly user?: string;
  /** What it joined with. */
  readonly info?: unknown;
}

/** What handlers see of a connection; a route types it further. `I` is what comes in, `O` what may be sent. */
export interface Socket<I = Message, O = Message> extends AsyncIterable<I> {
  /** A version 7 UUID. */
  readonly id: string;
  /** The subprotocol agreed upon, or `""`. */
  readonly protocol: string;
  /** The application's own, of this connection; empty at first. */
  readonly data: Record<string, unknown>;
  /** Aborted when the socket closes, whoever closes it. */
  readonly signal: AbortSignal;
  /** Resolves when the socket is closed; never rejects. */
  readonly closed: Promise<SocketClose>;
  readonly isOpen: boolean;
  /** The rooms it is in. */
  readonly rooms: ReadonlySet<string>;
  /** The next message. Throws `SocketClosed` once closed and all that came before is read. */
  receive(): Promise<I>;
  /** The next message as a text; bytes that are no UTF-8 close 1007. */
  text(): Promise<string>;
  /** The next message as bytes; a text is encoded. */
  bytes(): Promise<Uint8Array>;
  /** The next message parsed as JSON, not checked; what is no JSON closes 1007. */
  json(): Promise<unknown>;
  /** Sends a message: JSON where `send` is a schema. `false` says that the client reads slower than you write: await `drained()`. */
  send(message: O): boolean;
  /** Sends JSON, checked by no schema. */
  sendJson(value: unknown): boolean;
  /** Sends bytes, checked by no schema. */
  sendBytes(bytes: Uint8Array): boolean;
  /** Resolves when what waits for the client is written; throws `SocketClosed` once closed. */
  drained(): Promise<void>;
  ping(data?: Message): void;
  /** Closes: 1000 unless told. Errors: `RangeError` for a code that RFC 6455 7.4 keeps to itself, or a reason over 123 bytes. */
  close(code?: number, reason?: string): void;
  /** Joins a room; others see `info` in `presence`. */
  join(room: string, info?: unknown): void;
  leave(room: string): void;
  /** Sends to all others in the room, wherever they are connected; a member or not. */
  publish(room: string, message: unknown): void;
  /** Who is in the room, wherever they are connected. */
  presence(room: string): Promise<readonly Member[]>;
}

/** The hooks of a socket; `message` is called for one message at a time, in order. All may be async. */
export interface SocketHooks<S, C, I = unknown> {
  open?(socket: S, ctx: C): unknown;
  message?(socket: S, message: I, ctx: C): unknown;
  /** What waited for the client is written. */
  drain?(socket: S, ctx: C): unknown;
  close?(socket: S, close: SocketClose, ctx: C): unknown;
}

/** A handler in iterator style: the socket is open when it is called, and closed (1000) when it returns. */
export type SocketHandler<S, C> = (socket: S, ctx: C) => unknown;

/** What handles a socket, its types erased. */
export type AnySocketHandler = SocketHandler<never, never> | SocketHooks<never, never, never>;

/** What of the request's context a socket hands on. */
export interface SocketContext extends RequestContext {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly cookies: unknown;
  readonly user: unknown;
  readonly session: unknown;
}
