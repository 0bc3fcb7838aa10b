/** CPU of one publish to a room of 1,000 members, clients included: `bun bench/rooms.ts`. */
import { Validators } from "../src/schema/index.ts";
import {
  type AnySocketHandler,
  bunSocketHandlers,
  type Socket,
  SocketConnection,
  type SocketContext,
  socketProgram,
  Sockets,
} from "../src/websocket/index.ts";
import { median } from "./statistics.ts";

const MEMBERS = 1000;
const ROUNDS = 7;
const TURNS = 60;
const TEXT = "x".repeat(100);
const HANDSHAKE =
  "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

const log = console.error;
const sockets = new Sockets({ log });
const members: Socket[] = [];
const handle = (socket: Socket) => {
  members.push(socket);
  socket.join("room");
  return socket.closed;
};
const program = socketProgram(
  { route: "GET /", settings: {}, handle: handle as AnySocketHandler },
  { validators: new Validators(), sockets, log },
);
const server = Bun.serve<SocketConnection>({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, own) =>
    own.upgrade(request, { data: new SocketConnection(program, { request, server: own } as unknown as SocketContext) })
      ? undefined
      : new Response("", { status: 426 }),
  websocket: bunSocketHandlers([{}]),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const clients = await Promise.all(
  Array.from({ length: MEMBERS }, async () => {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port: server.port as number, socket: { data() {} } });
    socket.write(HANDSHAKE);
    return socket;
  }),
);
while (members.length < MEMBERS) await turn();

async function cpuOf(publish: () => void, burst: number): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < TURNS; index++) {
    for (let count = 0; count < burst; count++) publish();
    await turn();
  }
  await Bun.sleep(100);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TURNS / burst;
}

const ways: Readonly<Record<string, () => void>> = {
  "server.publish by hand": () => void server.publish("room", TEXT),
  "a room": () => sockets.publish("room", TEXT),
  "one send after the other": () => {
    for (const member of members) member.send(TEXT);
  },
};

for (const burst of [1, 10]) {
  for (const [name, publish] of Object.entries(ways)) {
    const all: number[] = [];
    for (let round = 0; round < ROUNDS; round++) all.push(await cpuOf(publish, burst));
    console.log(`${burst} at once  ${name.padEnd(26)} ${median(all).toFixed(2)} ms`);
  }
}

for (const client of clients) client.end();
await sockets.stop();
await server.stop(true);
