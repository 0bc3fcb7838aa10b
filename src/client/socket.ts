/** How a socket was closed (RFC 6455 7.4); 1006 where the connection broke or never was. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** An open connection to a socket's route: `Sent` is what the server takes, `Got` what it sends. */
export interface ClientSocket<Sent = unknown, Got = unknown> extends AsyncIterable<Got> {
  /** Resolves once messages can be sent; rejects where the server refuses, of which a browser tells no more. */
  readonly opened: Promise<void>;
  /** Resolves when the socket is closed, whoever closes it; never rejects. */
  readonly closed: Promise<Closed>;
  /** The subprotocol agreed upon, or `""`. */
  readonly protocol: string;
  /** Sends a message; one that is sent before the socket is open waits for it. */
  send(message: Sent): void;
  /** Closes, with 1000 unless told. */
  close(code?: number, reason?: string): void;
  /** The platform's own socket. */
  readonly socket: WebSocket;
}

/** Texts and bytes go as they are where `raw`; else messages are JSON. */
export function clientSocket(
  socket: WebSocket,
  raw: boolean,
  plain: (key: string, value: unknown) => unknown,
): ClientSocket {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<Closed>();
  // Whoever only iterates does not wait for it.
  opened.promise.catch(() => undefined);
  const waiting: unknown[] = [];
  let wake = Promise.withResolvers<void>();
  let isClosed = false;
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
    waiting.push(typeof data === "string" ? (raw ? data : parsed(data)) : new Uint8Array(data));
    wake.resolve();
  });
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    isClosed = true;
    opened.reject(new Error(`the socket was not opened (${code})`));
    closed.resolve({ code, reason, wasClean });
    wake.resolve();
  });
  const write = (message: unknown) => {
    const bytes = ArrayBuffer.isView(message) || message instanceof ArrayBuffer;
    socket.send(bytes || raw ? (message as string) : JSON.stringify(message, plain));
  };
  return {
    socket,
    opened: opened.promise,
    closed: closed.promise,
    get protocol() {
      return socket.protocol;
    },
    send(message) {
      if (socket.readyState === CONNECTING) void opened.promise.then(() => write(message)).catch(() => undefined);
      else write(message);
    },
    close: (code = 1000, reason = "") => socket.close(code, reason),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift();
        if (isClosed) return;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    },
  };
}

const CONNECTING = 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
