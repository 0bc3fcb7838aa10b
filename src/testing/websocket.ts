import type { Server } from "bun";
import { type Message, SocketClosed, type SocketClose, type SocketConnection, type Wire } from "../websocket/index.ts";

/** How a test opens a socket. */
export interface TestSocketRequest {
  /** Added to the path's own query, as for any request of the client. */
  readonly query?: Readonly<Record<string, unknown>>;
  /** `origin` among them, where the test is a page of some site. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Subprotocols, the preferred one first. */
  readonly protocols?: readonly string[];
}

/** The api has answered the handshake with something else than a socket. */
export class UpgradeRefused extends Error {
  override readonly name = "UpgradeRefused";
  readonly status: number;
  readonly headers: Headers;
  /** Of a JSON answer the value, else the text. */
  readonly body: unknown;
  constructor({ status, headers }: Response, text: string) {
    super(`the socket was refused: ${status} ${text}`);
    this.status = status;
    this.headers = headers;
    this.body = /[/+]json\b/.test(headers.get("content-type") ?? "") ? (JSON.parse(text) as unknown) : text;
  }
}

/**
 * The client's end of a socket in this process. What the handler threw is thrown by whatever waits for it here, unless the client
 * was made with `raise: false`.
 */
export class TestSocket implements AsyncIterable<Message> {
  /** The subprotocol agreed upon, or `""`. */
  readonly protocol: string;
  /** Of the answer that opened the socket. */
  readonly headers: Headers;
  /** Resolves when the socket is closed, by whomever. */
  readonly closed: Promise<SocketClose>;
  readonly #line: TestLine;

  /** @internal */
  constructor(line: TestLine, { headers }: Response) {
    this.#line = line;
    this.headers = headers;
    this.protocol = headers.get("sec-websocket-protocol") ?? "";
    this.closed = line.closed.promise;
  }

  get isOpen(): boolean {
    return this.#line.how === undefined;
  }

  /** Sends a message; none where the socket is closed. */
  send(message: Message): void {
    this.#line.toServer(message);
  }

  sendJson(value: unknown): void {
    this.send(JSON.stringify(value));
  }

  /** The next message. Errors: `SocketClosed` where none comes any more. */
  receive(): Promise<Message> {
    return this.#line.next();
  }

  /** The next message, which must be a text. */
  async text(): Promise<string> {
    const message = await this.receive();
    if (typeof message !== "string") throw new TypeError("expected a text, received bytes");
    return message;
  }

  /** The next message, which must be bytes. */
  async bytes(): Promise<Uint8Array> {
    const message = await this.receive();
    if (typeof message === "string") throw new TypeError(`expected bytes, received ${JSON.stringify(message)}`);
    return message;
  }

  /** The next message parsed as JSON. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  /** Messages until the socket is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    for (;;) {
      try {
        yield await this.receive();
      } catch (error) {
        if (error instanceof SocketClosed) return;
        throw error;
      }
    }
  }

  /** Closes, with 1000 unless told; resolves to how it was closed once the handler has come to its end. */
  async close(code = 1000, reason = ""): Promise<SocketClose> {
    this.#line.hangUp({ code, reason, wasClean: true });
    await this.#line.finished();
    return this.closed;
  }

  /** Breaks the connection without a close frame, as a lost network does: the server sees 1006. */
  cut(): void {
    this.#line.hangUp({ code: 1006, reason: "", wasClean: false });
  }
}

/** Both ends of a connection in this process. */
export class TestLine {
  readonly closed = Promise.withResolvers<SocketClose>();
  how: SocketClose | undefined;
  readonly #messages: Message[] = [];
  readonly #readers: PromiseWithResolvers<Message>[] = [];
  readonly #run: (call: () => void) => void;
  readonly #failure: () => unknown;
  #connection: SocketConnection | undefined;

  /** `run` surrounds whatever calls the server's end; `failure` tells what the handler threw, if anything. */
  constructor(run: (call: () => void) => void, failure: () => unknown) {
    this.#run = run;
    this.#failure = failure;
    // Whoever waits for a message learns of it there.
    this.closed.promise.catch(() => undefined);
  }

  /** A server that knows how to upgrade, and nothing else. */
  get server(): Server<unknown> {
    const upgrade = (_: Request, { data }: { readonly data: SocketConnection }): boolean => {
      this.#connection = data;
      data.opened(this.#wire());
      return true;
    };
    return { upgrade, requestIP: () => null, timeout: () => undefined } as unknown as Server<unknown>;
  }

  toServer(message: Message): void {
    if (this.how !== undefined) return;
    this.#run(() => this.#connection?.received(typeof message === "string" ? message : message.slice()));
  }

  hangUp(how: SocketClose): void {
    if (this.how !== undefined) return;
    this.how = how;
    this.#run(() => this.#connection?.ended(how.code, how.reason));
    this.#end(how);
  }

  /** Resolves when the handler has come to its end; rejects with what it threw. */
  async finished(): Promise<void> {
    await this.#connection?.finished;
    const failed = this.#failure();
    if (failed !== undefined) throw failed;
  }

  next(): Promise<Message> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.how !== undefined) return Promise.reject(this.#reason(this.how));
    const reader = Promise.withResolvers<Message>();
    this.#readers.push(reader);
    return reader.promise;
  }

  #wire(): Wire {
    return {
      send: (data) => {
        if (this.how !== undefined) return 0;
        const message = typeof data === "string" ? data : data.slice();
        const reader = this.#readers.shift();
        if (reader === undefined) this.#messages.push(message);
        else reader.resolve(message);
        return data.length;
      },
      close: (code, reason) => this.#ended({ code, reason, wasClean: true }),
      terminate: () => this.#ended({ code: 1006, reason: "", wasClean: false }),
      ping: () => this.#connection?.heard(),
      getBufferedAmount: () => 0,
    };
  }

  #ended(how: SocketClose): void {
    if (this.how !== undefined) return;
    this.how = how;
    this.#end(how);
  }

  #end(how: SocketClose): void {
    const failed = this.#failure();
    if (failed === undefined) this.closed.resolve(how);
    else this.closed.reject(failed);
    for (const reader of this.#readers.splice(0)) reader.reject(this.#reason(how));
  }

  #reason(how: SocketClose): unknown {
    return this.#failure() ?? new SocketClosed(how);
  }
}

/** What a handshake carries (RFC 6455 4.1); the key is the RFC's own example. */
export function handshakeHeaders(protocols: readonly string[] = []): Record<string, string> {
  return {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocols.length === 0 ? {} : { "sec-websocket-protocol": protocols.join(", ") }),
  };
}
