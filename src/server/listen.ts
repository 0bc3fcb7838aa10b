import type { Server } from "bun";
import type { Program } from "../compile/index.ts";
import { bunSocketHandlers } from "../websocket/index.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 8000; 0 takes a free one. */
  readonly port?: number;
  /** A socket's path instead of host and port. */
  readonly unix?: string;
  readonly tls?: Bun.TLSOptions;
  /** Let several processes share the port, Linux only; without it a port in use is an error. */
  readonly reusePort?: boolean;
  /** Seconds a connection may be idle, 0 to 255; default 30. */
  readonly idleTimeout?: number;
  /** Connections that may wait to be accepted. The kernel's own limit caps it. */
  readonly backlog?: number;
  /** Milliseconds that requests in flight have to finish once `stop()` is called; default 30,000. */
  readonly stopTimeout?: number;
  /** What sockets are closed with then; default 1001, going away. `bolide dev` says 1012, which clients take for: come again. */
  readonly closeCode?: number;
}

/** A listening server. */
export interface RunningServer {
  readonly url: URL;
  readonly port: number | undefined;
  readonly host: string | undefined;
  /** Closes the listener, lets requests in flight finish (deadline `stopTimeout`), then ends what `lifespan` began. */
  stop(): Promise<void>;
  /** Bun's own server. */
  readonly server: Server<unknown>;
}

/** Seconds a connection may be idle unless said otherwise: above the usual proxy's keep-alive pause, below its 60 s. */
const IDLE_SECONDS = 30;

/** A body's size is judged by each route, with the usual envelope: Bun's own limit, a bare 413, is out of the way. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Serves a program on `Bun.serve`. Errors: a clear one where the address is taken or not ours to take. */
export function listen(program: Program, options: ListenOptions = {}): Server<unknown> {
  const where =
    options.unix === undefined
      ? { hostname: options.host ?? "127.0.0.1", port: options.port ?? 8000 }
      : { unix: options.unix };
  try {
    return Bun.serve({
      ...where,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.backlog === undefined ? {} : { backlog: options.backlog }),
      reusePort: options.reusePort ?? false,
      idleTimeout: options.idleTimeout ?? IDLE_SECONDS,
      maxRequestBodySize: NO_LIMIT,
      development: false,
      routes: program.native,
      fetch: program.dispatch,
      ...(program.sockets.length === 0 ? {} : { websocket: bunSocketHandlers(program.sockets) }),
    } as Bun.Serve.Options<unknown>);
  } catch (error) {
    throw listenError(error, options);
  }
}

function listenError(error: unknown, { host = "127.0.0.1", port = 8000, unix }: ListenOptions): unknown {
  const code = (error as { code?: unknown }).code;
  const place = unix ?? `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return new Error(`${place} is in use by another process: stop it, or choose another port with --port or PORT`, {
      cause: error,
    });
  }
  if (code === "EACCES") return new Error(`${place}: not allowed to listen there`, { cause: error });
  return error;
}
