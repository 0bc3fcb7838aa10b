import type { Server } from "bun";
import { HttpError, ServiceUnavailable, whenSent } from "../../http/index.ts";
import type { MaybePromise } from "../../middleware/index.ts";
import {
  checkHandshake,
  checkOrigin,
  chooseProtocol,
  SocketConnection,
  type SocketProgram,
  socketProgram,
} from "../../websocket/index.ts";
import { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { Kit } from "../kit.ts";
import type { Plan, StepOf } from "../plan.ts";
import type { Sent } from "./dependencies.ts";
import { guarded, type Run, type Stage } from "./run.ts";

/** What a request knows of the socket that it becomes. */
interface Becoming {
  /** Disposes of the dependencies. */
  ending: (() => void) | undefined;
  /** Stands in for the server, who does not know the client's address any more once the connection is no HTTP. */
  peer: Server<unknown> | undefined;
  connection: SocketConnection | undefined;
}

/** Not a name: those are for dependencies, and `connection` may well be one. */
const SOCKET: unique symbol = Symbol("socket");

/** A request that may become a socket, and then lives as long as that does. */
export class SocketContext extends Context {
  readonly [SOCKET]: Becoming = { ending: undefined, peer: undefined, connection: undefined };

  /** Of the connection: what the request waits for is over once it is open. */
  override get signal(): AbortSignal {
    return this[SOCKET].connection?.signal ?? super.signal;
  }

  override get ip(): string | undefined {
    return this.shared.address.client(this.arrived, this[SOCKET].peer ?? this.server);
  }

  override get url(): URL {
    return this.shared.address.url(this.arrived, this[SOCKET].peer ?? this.server);
  }
}

/** Folds what a handshake must be in front of `next`: nobody is asked for credentials who speaks another protocol. */
export function foldHandshake({ settings }: StepOf<"handshake">, next: Run, fail: Fail, { stopping }: Kit): Run {
  const { origins } = settings;
  return guarded((ctx) => {
    checkHandshake(ctx.arrived);
    checkOrigin(ctx, origins);
    if (stopping(ctx.server)) throw new ServiceUnavailable("The server stops");
    if (ctx.server === undefined) throw new ServiceUnavailable(NO_SERVER);
    return next(ctx);
  }, fail);
}

const NO_SERVER = "A WebSocket needs a server that listens: api.listen(), or websocket() of a test client";

/** What stands in for a handler: the answer that says yes, which middleware sees and adds to. */
export function foldSwitch({ socket, headers }: StepOf<"socket">): Stage {
  const { protocols } = socket.settings;
  return (ctx) => {
    const protocol = chooseProtocol(ctx.arrived, protocols);
    return new Response(null, {
      status: SWITCHING,
      headers: { ...headers, ...(protocol === "" ? {} : { [PROTOCOL]: protocol }) },
    });
  };
}

const SWITCHING = 101;
const PROTOCOL = "sec-websocket-protocol";

/** Dependencies of a socket are there until it has closed. */
export const whenClosed: Sent = (ctx, response, done) => {
  if (response.status !== SWITCHING) return whenSent(response, done);
  (ctx as SocketContext)[SOCKET].ending = done;
  return response;
};

/** What all sockets of a route share. */
export function foldSockets({ name }: Plan, { socket }: StepOf<"socket">, kit: Kit): SocketProgram {
  const { validators, log } = kit;
  return socketProgram(
    { route: name, settings: socket.settings, handle: socket.handler },
    { validators, log, sockets: kit.sockets() },
  );
}

/**
 * Folds the upgrade behind everything else: what middleware has set on the answer, cookies too, goes out with it, and where one has
 * answered otherwise there is no socket.
 */
export function foldUpgrade(run: Run, program: SocketProgram, fail: Fail): Run {
  const upgrade = (ctx: SocketContext, response: Response): MaybePromise<Response> => {
    const { server, arrived } = ctx;
    if (response.status !== SWITCHING || server === undefined) {
      ctx[SOCKET].ending?.();
      return response;
    }
    const address = server.requestIP(arrived);
    ctx[SOCKET].peer = { requestIP: () => address } as unknown as Server<unknown>;
    const { ending } = ctx[SOCKET];
    const connection = new SocketConnection(program, ctx, {
      protocol: response.headers.get(PROTOCOL) ?? "",
      ...(ending === undefined ? {} : { ended: ending }),
    });
    ctx[SOCKET].connection = connection;
    // Bun agrees to the first one that a client asks for, unless told that there is none.
    if (connection.protocol === "" && arrived.headers.has(PROTOCOL)) response.headers.set(PROTOCOL, "");
    try {
      if (!server.upgrade(arrived, { headers: response.headers, data: connection })) throw gone();
    } catch (error) {
      ending?.();
      return fail(ctx, error);
    }
    return response;
  };
  return (ctx) => {
    const response = run(ctx);
    return response instanceof Promise
      ? response.then((settled) => upgrade(ctx as SocketContext, settled))
      : upgrade(ctx as SocketContext, response);
  };
}

/** HTTP/2 has no upgrade, and whoever has gone away meanwhile needs none. */
function gone(): HttpError {
  return new HttpError(426, "This connection cannot be upgraded", { headers: { upgrade: "websocket" } });
}
