/** Echoes texts: `raw` by hand on `Bun.serve`, the others through a `SocketConnection`. Tells its port, then its CPU for each line that it reads. */
import { Validators } from "../../src/schema/index.ts";
import { t } from "../../src/schema/index.ts";
import {
  type AnySocketHandler,
  bunSocketHandlers,
  type Socket,
  SocketConnection,
  type SocketContext,
  socketProgram,
  Sockets,
  type SocketSettings,
} from "../../src/websocket/index.ts";

const Text = t.Object({ text: t.String(), at: t.Integer() });

const ways: Readonly<Record<string, readonly [SocketSettings, unknown]>> = {
  loop: [
    {},
    async (socket: Socket) => {
      for await (const message of socket) socket.send(message);
    },
  ],
  hooks: [{}, { message: (socket: Socket, message: string) => void socket.send(message) }],
  schema: [
    { message: Text, send: Text },
    async (socket: Socket<unknown, unknown>) => {
      for await (const message of socket) socket.send(message);
    },
  ],
};

const way = process.argv[2] ?? "raw";
const where = { hostname: "127.0.0.1", port: 0 } as const;
const server = way === "raw" || way === "raw-json" ? byHand(way === "raw-json") : bolide();

function byHand(json: boolean) {
  return Bun.serve<undefined, never>({
    ...where,
    fetch: (request, own) => (own.upgrade(request) ? undefined : new Response("", { status: 426 })),
    websocket: {
      idleTimeout: 0,
      message: json
        ? (ws, message) => void ws.send(JSON.stringify(JSON.parse(message as string)))
        : (ws, message) => void ws.send(message),
    },
  });
}

function bolide() {
  const [settings, handle] = ways[way] as readonly [SocketSettings, unknown];
  const log = console.error;
  const program = socketProgram(
    { route: "GET /", settings, handle: handle as AnySocketHandler },
    { validators: new Validators(), sockets: new Sockets({ log }), log },
  );
  return Bun.serve<SocketConnection, never>({
    ...where,
    fetch: (request, own) =>
      own.upgrade(request, {
        data: new SocketConnection(program, { request, server: own } as unknown as SocketContext),
      })
        ? undefined
        : new Response("", { status: 426 }),
    websocket: bunSocketHandlers([settings]),
  });
}

console.log(server.port);
// oxlint-disable-next-line typescript/await-thenable -- lines of standard input, which the types do not know
for await (const _ of console) {
  const { user, system } = process.cpuUsage();
  console.log(user + system);
}
