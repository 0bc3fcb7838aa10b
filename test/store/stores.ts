import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, redisStore, sqliteStore, type Store } from "../../src/store/index.ts";

/** One of the stores, empty, with a way to let time go by. */
export interface Stand {
  readonly store: Store;
  /** Another way to the same entries: a second connection where there is one. */
  readonly other: Store;
  /** Lets this many milliseconds go by. */
  readonly pass: (milliseconds: number) => Promise<void> | void;
  readonly end: () => Promise<void> | void;
}

/** Every store that this machine can run, by name. */
export const STANDS: readonly (readonly [name: string, open: () => Promise<Stand> | Stand])[] = [
  ["memory", memory],
  ["sqlite", sqlite],
  ...(Bun.which("redis-server") === null ? [] : [["redis", redis] as const]),
];

if (Bun.which("redis-server") === null && process.env["CI"] === "true")
  throw new Error("redis-server is not installed (apt-get install redis-server)");
if (Bun.which("redis-server") === null) console.log("redis store: skipped, there is no redis-server on PATH");

/** Standing still until it is moved. */
export function clock(at = 1_700_000_000_000): { now: () => number; pass: (milliseconds: number) => void } {
  let time = at;
  return { now: () => time, pass: (milliseconds) => void (time += milliseconds) };
}

function memory(): Stand {
  const { now, pass } = clock();
  const store = memoryStore({ now });
  return { store, other: store, pass, end: () => store.close() };
}

function sqlite(): Stand {
  const directory = mkdtempSync(join(tmpdir(), "bolide-store-"));
  const { now, pass } = clock();
  const [store, other] = [sqliteStore(join(directory, "a.db"), { now }), sqliteStore(join(directory, "a.db"), { now })];
  const end = () => {
    store.close();
    other.close();
    rmSync(directory, { recursive: true });
  };
  return { store, other, pass, end };
}

/** A server of its own on a socket in a temporary directory: no port, nothing kept. */
export async function redisServer(directory: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const socket = join(directory, "redis.sock");
  const server = Bun.spawn(
    ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", directory],
    { stdout: "pipe", stderr: "inherit" },
  );
  const stop = async () => {
    server.kill();
    await server.exited;
  };
  for await (const line of server.stdout) {
    if (new TextDecoder().decode(line).includes(`at ${socket}`)) return { url: `redis+unix://${socket}`, stop };
  }
  throw new Error("redis-server did not start");
}

async function redis(): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), "bolide-redis-"));
  const { url, stop } = await redisServer(directory);
  const [store, other] = [redisStore(url), redisStore(url)];
  const end = async () => {
    store.close();
    other.close();
    await stop();
    rmSync(directory, { recursive: true });
  };
  return { store, other, pass: (milliseconds) => Bun.sleep(milliseconds), end };
}
