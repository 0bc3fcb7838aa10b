import net from "node:net";

/** An answer as it came, whichever way the request went. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The socket was closed before an answer had come whole. */
export class Closed extends Error {
  /** What had come until then. */
  readonly received: string;
  constructor(received: string) {
    super(`the connection was closed after ${JSON.stringify(received.slice(0, 200))}`);
    this.received = received;
  }
}

/**
 * One connection that speaks HTTP/1.1 (RFC 9112) exactly as told: `fetch` would resolve dot segments, encode paths and
 * refuse the very headers that a hostile client sends.
 */
export class Connection {
  readonly #socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
    socket.on("error", () => {});
  }

  static async open(url: URL): Promise<Connection> {
    const socket = net.connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    const connection = new Connection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return connection;
  }

  /** Writes bytes; text as latin-1, one byte per character. Resolves when the kernel has them or the peer is gone. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    if (this.#closed || this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("drain", resolve);
      this.#socket.once("close", () => resolve());
    });
  }

  /** The next answer. `bodiless` for the answer to HEAD. Errors: {@link Closed} where the peer ends the connection first. */
  async receive(bodiless = false): Promise<Answer> {
    for (;;) {
      const answer = this.#take(bodiless);
      if (answer !== undefined) return answer;
      if (this.#closed) throw new Closed(this.#received.toString("latin1"));
      await this.#more();
    }
  }

  /** Waits until the peer ends the connection; gives what came. */
  async closed(): Promise<string> {
    while (!this.#closed) await this.#more();
    return this.#received.toString("latin1");
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Whether bytes have come that no answer was read from. */
  get hasReceived(): boolean {
    return this.#received.length > 0;
  }

  /** Ends the connection at once. */
  close(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(bodiless: boolean): Answer | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    const [line = "", ...lines] = this.#received.toString("latin1", 0, end).split("\r\n");
    const status = Number(line.split(" ")[1]);
    const headers = new Headers();
    for (const field of lines)
      headers.append(field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1).trim());
    const empty = bodiless || status < 200 || status === 204 || status === 304;
    const start = end + 4;
    if (empty) return this.#taken({ status, headers, body: new Uint8Array() }, start);
    if (headers.get("transfer-encoding") === "chunked") {
      const whole = dechunked(this.#received.subarray(start));
      return whole && this.#taken({ status, headers, body: whole.body }, start + whole.length);
    }
    const length = headers.get("content-length");
    if (length === null)
      return this.#closed
        ? this.#taken({ status, headers, body: this.#received.subarray(start) }, this.#received.length)
        : undefined;
    const stop = start + Number(length);
    return this.#received.length < stop
      ? undefined
      : this.#taken({ status, headers, body: this.#received.subarray(start, stop) }, stop);
  }

  #taken(answer: Answer, length: number): Answer {
    this.#received = this.#received.subarray(length);
    return answer;
  }
}

/** Joins the chunks of a chunked body (RFC 9112 7.1); `undefined` where it is not all there. */
function dechunked(data: Buffer): { readonly body: Uint8Array; readonly length: number } | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = data.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(data.toString("latin1", at, line), 16);
    const start = line + 2;
    if (data.length < start + size + 2) return undefined;
    at = start + size + 2;
    if (size === 0) return { body: Buffer.concat(chunks), length: at };
    chunks.push(data.subarray(start, start + size));
  }
}

/** A request's head and body as they go out; `Host` and, with a body, `Content-Length` are added unless given. */
export function written(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
  body?: Uint8Array,
): Uint8Array {
  const has = (name: string) => headers.some(([given]) => given.toLowerCase() === name);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(has("host") ? [] : ["Host: localhost"]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || has("content-length") || has("transfer-encoding")
      ? []
      : [`Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body ?? new Uint8Array()]);
}

/** Texts as the chunks of a chunked body, the last one included (RFC 9112 7.1). */
export function chunkedBody(chunks: readonly string[]): Uint8Array {
  return Buffer.from(
    [...chunks, ""].map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join(""),
  );
}
