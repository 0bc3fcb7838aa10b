import { Validators } from "../../src/schema/index.ts";
import {
  type AnySocketHandler,
  type Broker,
  bunSocketHandlers,
  type ConnectionOptions,
  type Message,
  type Socket,
  SocketConnection,
  type SocketContext,
  type SocketHooks,
  socketProgram,
  Sockets,
  type SocketSettings,
  type Wire,
} from "../../src/websocket/index.ts";
import type { LogRecord } from "../../src/http/index.ts";

/** What the handlers of these tests see. */
export type AnySocket = Socket<any, any> & SocketContext;
export type Handle = ((socket: AnySocket, ctx: SocketContext) => unknown) | SocketHooks<AnySocket, SocketContext, any>;

/** A wire that writes down what is done with it. */
class FakeWire implements Wire {
  readonly sent: Message[] = [];
  readonly calls: string[] = [];
  /** What the next sends answer; then the length. */
  answers: number[] = [];
  buffered = 0;
  send(data: Message): number {
    this.sent.push(data);
    return this.answers.shift() ?? data.length;
  }
  close(code: number, reason: string): void {
    this.calls.push(`close ${code} ${reason}`.trim());
  }
  terminate(): void {
    this.calls.push("terminate");
  }
  ping(data?: Message): void {
    this.calls.push(data === undefined ? "ping" : `ping ${String(data)}`);
  }
  getBufferedAmount(): number {
    return this.buffered;
  }
}

export interface Sided {
  readonly settings?: SocketSettings;
  readonly user?: unknown;
  readonly broker?: Broker;
  readonly sockets?: Sockets;
  readonly options?: ConnectionOptions;
}

function contextOf(request: Request, server?: unknown, user?: unknown): SocketContext {
  return {
    request,
    server,
    user,
    url: new URL(request.url),
    id: undefined,
    headers: request.headers,
    params: {},
    query: {},
    cookies: {},
    session: undefined,
    state: {},
    ip: undefined,
    signal: request.signal,
  } as unknown as SocketContext;
}

/** What the sockets of one route share, and what they log. */
function programOf(handle: Handle, { settings = {}, broker, sockets }: Sided) {
  const logged: LogRecord[] = [];
  const log = (record: LogRecord) => void logged.push(record);
  const all = sockets ?? new Sockets({ log, broker });
  const program = socketProgram(
    { route: "GET /test", settings, handle: handle as AnySocketHandler },
    { validators: new Validators(), sockets: all, log },
  );
  return { program, logged, all };
}

/** An open connection over a fake wire. */
export function connect(handle: Handle, sided: Sided = {}) {
  const { user, options } = sided;
  const { program, logged, all } = programOf(handle, sided);
  const ctx = contextOf(new Request("http://localhost/test"), undefined, user);
  const connection = new SocketConnection(program, ctx, options);
  const wire = new FakeWire();
  connection.opened(wire);
  return { connection, wire, logged, sockets: all };
}

/** A real server with one route for all paths. */
export function serve(handle: Handle, sided: Sided = {}) {
  const { settings = {} } = sided;
  const { program, logged, all } = programOf(handle, sided);
  const connections: WeakRef<SocketConnection>[] = [];
  const server = Bun.serve<SocketConnection>({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, server) {
      const connection = new SocketConnection(program, contextOf(request, server));
      connections.push(new WeakRef(connection));
      return server.upgrade(request, { data: connection }) ? undefined : new Response("", { status: 426 });
    },
    websocket: bunSocketHandlers([settings]),
  });
  const stop = async () => {
    await all.stop();
    await server.stop(true);
  };
  return {
    url: `ws://127.0.0.1:${server.port}/`,
    port: server.port as number,
    stop,
    sockets: all,
    logged,
    connections,
    server,
  };
}

/** A client that remembers all. */
export class Client {
  readonly messages: (string | Uint8Array)[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<string>;
  readonly #opened: Promise<void>;
  #waiting: (() => void) | undefined;
  constructor(url: string, options?: ConstructorParameters<typeof WebSocket>[1]) {
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<string>();
    this.#opened = opened.promise;
    this.closed = closed.promise;
    this.socket = new WebSocket(url, options);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => opened.resolve());
    this.socket.addEventListener("message", ({ data }) => {
      this.messages.push(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
      this.#waiting?.();
    });
    this.socket.addEventListener("close", ({ code, reason }) => {
      opened.resolve();
      closed.resolve(`${code} ${reason}`.trim());
    });
  }
  static async open(url: string, options?: ConstructorParameters<typeof WebSocket>[1]): Promise<Client> {
    const client = new Client(url, options);
    await client.#opened;
    return client;
  }
  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.socket.send(data);
  }
  /** Waits until so many messages have come. */
  async has(count: number): Promise<readonly (string | Uint8Array)[]> {
    while (this.messages.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      await promise;
    }
    return this.messages;
  }
}

/** Lets everything that waits for a microtask or the loop's next turn happen. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
