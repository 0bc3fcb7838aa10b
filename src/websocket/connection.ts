import { randomUUIDv7 } from "bun";
import { HttpError } from "../http/index.ts";
import { ABNORMAL, checkClose, CloseCode } from "./codes.ts";
import { Ending } from "./ending.ts";
import { failureOf } from "./failure.ts";
import { type Convert, Inbox, Loop, SKIP } from "./inbox.ts";
import type { SocketProgram } from "./program.ts";
import { bytesOf, isOver, jsonOf, readMessage, textOf, Unreadable, writeMessage } from "./payload.ts";
import { RequestSide } from "./request-side.ts";
import { encode, type FanOut, type Occupant } from "./rooms.ts";
import type { Tracked } from "./sockets.ts";
import type { Member, Message, Socket, SocketClose, SocketContext, Wire } from "./types.ts";

/** What a connection needs beside its route's program. */
export interface ConnectionOptions {
  /** The subprotocol agreed upon; default none, `""`. */
  readonly protocol?: string;
  /** Called once, when the socket is closed and its handler has come to its end: what was made for it can go. */
  readonly ended?: () => void;
  /** Told what a handler threw, beside the log; not a `SocketClosed` of its own. */
  readonly failed?: (error: unknown) => void;
}

/**
 * One connection: what handlers see above, a wire below. Whoever owns the wire calls `opened`, `received`, `flushed`, `heard`, `ended`.
 *
 * Messages are handled one at a time: Bun calls back for each that arrives, whether or not the last one's promise has settled.
 */
export class SocketConnection extends RequestSide implements Socket<unknown, unknown>, Occupant, Tracked {
  readonly protocol: string;
  readonly #program: SocketProgram;
  readonly #options: ConnectionOptions;
  readonly #inbox = new Inbox();
  readonly #ending = new Ending();
  #wire: Wire | undefined;
  /** How this side is closing it: the wire may tell from within `close`. */
  #closing: SocketClose | undefined;
  #isOpen = false;
  /** False where the api was stopping: the handler was never called. */
  #began = false;
  /** Handler code is on its way. */
  #running = false;
  #concluded = false;
  #heardAt = 0;
  #id: string | undefined;
  #data: Record<string, unknown> | undefined;
  #rooms: Set<string> | undefined;
  #draining: PromiseWithResolvers<void>[] | undefined;

  constructor(program: SocketProgram, ctx: SocketContext, options: ConnectionOptions = {}) {
    super(ctx);
    this.#program = program;
    this.#options = options;
    this.protocol = options.protocol ?? "";
  }

  get id(): string {
    return (this.#id ??= randomUUIDv7());
  }
  get data(): Record<string, unknown> {
    return (this.#data ??= {});
  }
  get isOpen(): boolean {
    return this.#isOpen;
  }
  get rooms(): ReadonlySet<string> {
    return (this.#rooms ??= new Set());
  }
  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  get closed(): Promise<SocketClose> {
    return this.#ending.closed;
  }
  get finished(): Promise<void> {
    return this.#ending.finished;
  }

  // What comes from the wire.

  /** The wire is open: the handler begins. */
  opened(wire: Wire): void {
    const { sockets, handler, hooks } = this.#program;
    this.#wire = wire;
    this.#isOpen = true;
    this.#heardAt = sockets.tick;
    sockets.add(this);
    if (!this.#isOpen) return;
    this.#began = true;
    if (handler !== undefined) this.#perform(() => handler(this, this.ctx), this.#returned);
    else if (hooks?.open !== undefined) this.#perform(() => hooks.open?.(this, this.ctx), this.#next);
  }

  /** A message has arrived. */
  received(message: Message): void {
    if (!this.#isOpen) return;
    const { limits, hooks, sockets } = this.#program;
    this.#heardAt = sockets.tick;
    if (isOver(message, limits.maxMessageSize)) {
      this.#shut(CloseCode.tooBig, `A message takes at most ${limits.maxMessageSize} bytes`);
    } else if (this.#inbox.hand(message)) {
      return;
    } else if (hooks !== undefined && !this.#running) {
      this.#dispatch(message);
    } else if (this.#isFull(message)) {
      this.#shut(CloseCode.tryAgainLater, "Too many messages at once");
    } else {
      this.#inbox.push(message);
    }
  }

  /** Few messages may be large ones: of the bytes that wait there is a bound as well, though one may always wait. */
  #isFull(message: Message): boolean {
    const { queueSize, maxBackpressure } = this.#program.limits;
    const { waiting, size } = this.#inbox;
    return waiting >= queueSize || (waiting > 0 && size + message.length > maxBackpressure);
  }

  /** A sign of life that is no message: a ping or pong. */
  heard(): void {
    this.#heardAt = this.#program.sockets.tick;
  }

  /** Some of what waited for the client is written. */
  flushed(): void {
    if (!this.#isOpen) return;
    if (this.#draining !== undefined && this.#wire?.getBufferedAmount() === 0) {
      const waiting = this.#draining;
      this.#draining = undefined;
      for (const { resolve } of waiting) resolve();
    }
    const drain = this.#program.hooks?.drain;
    if (drain === undefined) return;
    try {
      const result = drain(this, this.ctx);
      if (result instanceof Promise) result.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The wire is closed: by the client, or by nobody (1006). */
  ended(code: number, reason: string): void {
    this.#end(this.#closing ?? { code, reason, wasClean: code !== ABNORMAL }, this.#closing !== undefined);
  }

  sweep(tick: number): void {
    const { idleTimeout, maxBackpressure } = this.#program.limits;
    const silent = tick - this.#heardAt;
    const limit = Math.max(2, Math.ceil(idleTimeout));
    if (idleTimeout > 0 && silent >= limit) {
      // A close frame would not arrive either.
      this.#closing = { code: ABNORMAL, reason: "idle timeout", wasClean: false };
      this.#wire?.terminate();
      this.#end(this.#closing, true);
    } else if (idleTimeout > 0 && silent === limit >> 1) {
      this.#wire?.ping();
    }
    if (this.#isOpen && (this.#wire?.getBufferedAmount() ?? 0) > maxBackpressure) this.#tooSlow();
  }

  // What handlers call.

  receive(): Promise<unknown> {
    return this.#take(this.#typed);
  }
  text(): Promise<string> {
    return this.#take((message) => this.#orClose(textOf(message))) as Promise<string>;
  }
  bytes(): Promise<Uint8Array> {
    return this.#take(bytesOf) as Promise<Uint8Array>;
  }
  json(): Promise<unknown> {
    return this.#take((message) => this.#orClose(jsonOf(message)));
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return new Loop(this.#inbox, this.#typed, () => this.#isOpen);
  }

  send(message: unknown): boolean {
    const { writer } = this.#program;
    if (writer === undefined) {
      if (typeof message === "string" || message instanceof Uint8Array) return this.#write(message);
      throw new TypeError("send takes a text or bytes where the route declares no `send`: use sendJson");
    }
    return this.#write(writeMessage(message, writer));
  }
  sendJson(value: unknown): boolean {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`sendJson takes what JSON can say, not ${typeof value}`);
    return this.#write(text);
  }
  sendBytes(bytes: Uint8Array): boolean {
    return this.#write(bytes);
  }

  drained(): Promise<void> {
    if (!this.#isOpen) return Promise.reject(this.#ending.error);
    if (this.#wire?.getBufferedAmount() === 0) return Promise.resolve();
    const waiting = Promise.withResolvers<void>();
    (this.#draining ??= []).push(waiting);
    return waiting.promise;
  }

  ping(data?: Message): void {
    if (this.#isOpen) this.#wire?.ping(data);
  }

  close(code: number = CloseCode.normal, reason = ""): void {
    checkClose(code, reason);
    this.#shut(code, reason);
  }

  join(room: string, info?: unknown): void {
    if (typeof room !== "string" || room === "") throw new TypeError("a room's name is a text that is not empty");
    if (!this.#isOpen) return;
    (this.#rooms ??= new Set()).add(room);
    this.#program.sockets.rooms.join(room, this, info);
  }
  leave(room: string): void {
    if (this.#rooms?.delete(room) === true) this.#program.sockets.rooms.leave(room, this, this.#isOpen);
  }
  publish(room: string, message: unknown): void {
    const { writer } = this.#program;
    const data = writer === undefined ? encode(message) : writeMessage(message, writer);
    this.#program.sockets.rooms.publish(room, data, this);
  }
  presence(room: string): Promise<readonly Member[]> {
    return this.#program.sockets.presence(room);
  }

  // What rooms call.

  get server(): FanOut | undefined {
    return this.#wire?.publish === undefined ? undefined : this.ctx.server;
  }
  subscribe(room: string): void {
    this.#wire?.subscribe?.(room);
  }
  unsubscribe(room: string): void {
    this.#wire?.unsubscribe?.(room);
  }
  publishOthers(room: string, data: Message): void {
    this.#wire?.publish?.(room, data, this.#program.sockets.compresses);
  }
  deliver(data: Message): void {
    this.#write(data);
  }

  // Reading.

  readonly #typed: Convert = (message) => {
    const { reader, invalid } = this.#program;
    if (reader === undefined) return message;
    const value = readMessage(message, reader);
    if (!(value instanceof Unreadable)) return value;
    if (invalid === "close" || value.entries.length === 0) return this.#orClose(value);
    this.sendJson({ error: value.entries });
    return SKIP;
  };

  #orClose(value: unknown): unknown {
    if (!(value instanceof Unreadable)) return value;
    this.#shut(CloseCode.invalidPayload, value.reason);
    return SKIP;
  }

  #take(convert: Convert): Promise<unknown> {
    const value = this.#inbox.next(convert);
    if (value !== SKIP) return Promise.resolve(value);
    if (!this.#isOpen) return Promise.reject(this.#ending.error);
    return new Promise((resolve, reject) => this.#inbox.wait({ convert, resolve, reject }));
  }

  #dispatch(message: Message): void {
    const value = this.#typed(message);
    if (value === SKIP) return this.#next();
    const { hooks } = this.#program;
    this.#perform(() => hooks?.message?.(this, value, this.ctx), this.#next);
  }

  // Running the handler.

  /** Runs a part of the handler, then goes on; what it throws, and an error that it returns, ends the connection. */
  #perform(part: () => unknown, then: () => void): void {
    this.#running = true;
    let result: unknown;
    try {
      result = part();
    } catch (error) {
      this.#fail(error);
    }
    if (!(result instanceof Promise)) return this.#settle(result, then);
    result.then(
      (value) => this.#settle(value, then),
      (error: unknown) => {
        this.#fail(error);
        then();
      },
    );
  }

  #settle(value: unknown, then: () => void): void {
    if (value instanceof HttpError) this.#fail(value);
    then();
  }

  /** A hook has come to its end: the next message's turn. */
  readonly #next = (): void => {
    this.#running = false;
    const message = this.#inbox.shift();
    if (message !== undefined) this.#dispatch(message);
    else if (!this.#isOpen) this.#conclude();
  };

  /** The handler of iterator style has come to its end. */
  readonly #returned = (): void => {
    this.#running = false;
    if (this.#isOpen) this.#shut(CloseCode.normal, "");
    else this.#conclude();
  };

  #fail(error: unknown): void {
    if (this.#ending.explains(error)) return;
    const { code, reason, message } = failureOf(error);
    const { route, log } = this.#program;
    if (message !== undefined) log({ level: "error", message, route, requestId: this.ctx.id, error });
    this.#options.failed?.(error);
    this.#shut(code, reason);
  }

  // Writing and closing.

  #write(data: Message): boolean {
    if (!this.#isOpen) return false;
    const wire = this.#wire as Wire;
    const { compression, maxBackpressure } = this.#program.limits;
    const written = wire.send(data, compression);
    if (written > 0) return true;
    if (written === -1) {
      if (wire.getBufferedAmount() > maxBackpressure) this.#tooSlow();
      return false;
    }
    if (data.length === 0) return true;
    this.#tooSlow();
    return false;
  }

  #tooSlow(): void {
    this.#shut(CloseCode.tryAgainLater, "The client reads too slowly");
  }

  #shut(code: number, reason: string): void {
    if (!this.#isOpen || this.#closing !== undefined) return;
    this.#closing = { code, reason, wasClean: true };
    // Bun tells of the end from within the call, before it returns.
    this.#wire?.close(code, reason);
    this.#end(this.#closing, true);
  }

  #end(how: SocketClose, drop: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ending.close(how);
    this.#inbox.end(drop, () => this.#ending.error);
    const { rooms } = this.#program.sockets;
    if (this.#rooms !== undefined) for (const room of this.#rooms) rooms.leave(room, this, false);
    this.#rooms?.clear();
    for (const { reject } of this.#draining ?? []) reject(this.#ending.error);
    this.#draining = undefined;
    if (!this.#running) this.#conclude();
  }

  /** Closed, and no handler code on its way: the last hook, then nothing. */
  #conclude(): void {
    if (this.#concluded) return;
    this.#concluded = true;
    const close = this.#program.hooks?.close;
    if (close === undefined || !this.#began) this.#finish();
    else this.#perform(() => close(this, this.#ending.how, this.ctx), this.#finish);
  }

  readonly #finish = (): void => {
    this.#program.sockets.remove(this);
    this.#ending.finish();
    this.#options.ended?.();
  };
}
