/** CPU of the server per echoed message, Bolide's sockets beside `Bun.serve` by hand: `bun bench/sockets.ts`. */
import { join } from "node:path";
import { onCore } from "./process.ts";
import { median } from "./statistics.ts";

const CONNECTIONS = 32;
/** Messages of one connection on their way at once: one is ping-pong, sixteen a busy feed. */
const WINDOWS = [1, 16];
const MESSAGES = 200_000;
const ROUNDS = 5;
const TEXT = JSON.stringify({ text: "x".repeat(70), at: 1_234_567 });

const HANDSHAKE =
  "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** A masked text frame with a mask of zeros: the client's own work should be small. */
const FRAME = Buffer.concat([Buffer.from([0x81, 0x80 | TEXT.length, 0, 0, 0, 0]), Buffer.from(TEXT)]);
const ECHOED = 2 + TEXT.length;

interface Figures {
  /** Messages per second. */
  readonly rate: number;
  /** Microseconds of the server's CPU per message. */
  readonly cpu: number;
}

async function run(way: string, window: number): Promise<Figures> {
  const program = join(import.meta.dir, "servers", "sockets.ts");
  const server = Bun.spawn([...onCore(0), process.execPath, program, way], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async (): Promise<number> => Number((await lines.read()).value);
  const cpu = (): Promise<number> => {
    void server.stdin.write("\n");
    void server.stdin.flush();
    return line();
  };
  const port = await line();
  await echo(port, window, MESSAGES / 4);
  const [before, start] = [await cpu(), performance.now()];
  await echo(port, window, MESSAGES);
  const rate = MESSAGES / ((performance.now() - start) / 1000);
  const spent = (await cpu()) - before;
  server.kill();
  await server.exited;
  return { rate, cpu: spent / MESSAGES };
}

/** Sends so many messages over all connections and waits for each echo. */
async function echo(port: number, window: number, messages: number): Promise<void> {
  const each = messages / CONNECTIONS;
  const volley = Buffer.concat(Array.from({ length: window }, () => FRAME));
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let [open, bytes, left] = [false, 0, each];
      const socket = await Bun.connect({
        hostname: "127.0.0.1",
        port,
        socket: {
          data(connection, chunk) {
            if (!open) {
              open = true;
              connection.write(volley);
              return;
            }
            bytes += chunk.byteLength;
            if (bytes < window * ECHOED) return;
            bytes -= window * ECHOED;
            left -= window;
            if (left > 0) connection.write(volley);
            else resolve();
          },
        },
      });
      socket.write(HANDSHAKE);
      await promise;
      socket.end();
    }),
  );
}

const ways = ["raw", "loop", "hooks", "raw-json", "schema"];
for (const window of WINDOWS) {
  const all = new Map<string, Figures[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++) for (const way of ways) all.get(way)?.push(await run(way, window));
  console.log(`${window} of each connection on their way`);
  for (const way of ways) {
    const against = all.get(way.includes("json") || way === "schema" ? "raw-json" : "raw") ?? [];
    const own = all.get(way) ?? [];
    const ratio = median(own.map(({ cpu }, round) => cpu / (against[round]?.cpu ?? Number.NaN)));
    const [rate, cpu] = [median(own.map((figures) => figures.rate)), median(own.map((figures) => figures.cpu))];
    console.log(`  ${way.padEnd(10)} ${Math.round(rate)} messages/s  ${cpu.toFixed(2)} us  ${ratio.toFixed(2)}`);
  }
}
