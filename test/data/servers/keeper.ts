import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a server, and outlives whoever started it: input that ends without a word means that they are gone, however they went, so the
 * server ends and its files with it. A word is a signal for the server, whose files stay.
 */
const KEEPER = `trap '' INT TERM HUP
directory=$1; last=$2; shift 2
"$@" </dev/null >&2 & server=$!
exec 2>/dev/null
echo "$server"
if read -r signal; then kill -s "$signal" "$server"; wait "$server"
else kill -s "$last" "$server"; wait "$server"; rm -rf "$directory"; fi`;

/** What tells one kind of server from another. */
export interface ServerKind {
  readonly name: string;
  /** Nobody runs PostgreSQL as root: the user that the packages make, where the tests run as root. */
  readonly user: string;
  /** Makes the files of a new server in an empty directory. */
  readonly install: (directory: string) => readonly string[];
  readonly start: (directory: string, port: number) => readonly string[];
  /** What it prints when it listens. */
  readonly ready: string;
  /** The signals for a clean end, and for an end that only has to be quick. */
  readonly signals: { readonly clean: string; readonly quick: string };
  readonly url: (port: number, database: string) => string;
  /** The database that is there from the beginning. */
  readonly first: string;
}

/** A real database server on a free port of this machine, with its files in a temporary directory. */
export interface DatabaseServer {
  readonly port: number;
  /** The address of a new, empty database. */
  database(): Promise<string>;
  /** Ends it as an administrator would, cleanly. What runs is cancelled; its files stay, and `start` finds them. */
  shutdown(): Promise<void>;
  /** Ends all its processes at once, as the kernel would. Its files stay. */
  kill(): Promise<void>;
  /** Stops all its processes where they are, as a machine that is overwhelmed would. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Starts it again, on the same port and with the same files. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server of a kind. Without {@link DatabaseServer.stop} it ends with this process, even if that is killed. */
export async function startServer(kind: ServerKind): Promise<DatabaseServer> {
  const directory = mkdtempSync(join(tmpdir(), `bolide-${kind.name}-`));
  const root = process.getuid?.() === 0;
  const as = (command: readonly string[]): string[] =>
    root
      ? ["setpriv", `--reuid=${kind.user}`, `--regid=${kind.user}`, "--clear-groups", "--", ...command]
      : [...command];
  try {
    if (root) await finished(["chown", `${kind.user}:`, directory]);
    await finished(as(kind.install(directory)));
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }

  const port = freePort();
  let running = await keep();
  let databases = 0;

  async function keep(): Promise<Keeper> {
    const command = ["sh", "-c", KEEPER, "sh", directory, kind.signals.quick, ...as(kind.start(directory, port))];
    const keeper = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
    keeper.unref();
    await printed(keeper.stderr, kind.ready);
    const lines = keeper.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await lines.read()).value));
    return {
      pid,
      signal: (name) => void keeper.stdin.write(`${name}\n`),
      leave: () => keeper.stdin.end(),
      exited: keeper.exited,
    };
  }

  return {
    port,
    async database() {
      const name = `bolide_${++databases}`;
      const sql = new Bun.SQL(kind.url(port, kind.first), { max: 1 });
      await sql.unsafe(`create database ${name}`);
      await sql.close();
      return kind.url(port, name);
    },
    async shutdown() {
      running.signal(kind.signals.clean);
      await running.exited;
    },
    async kill() {
      const children = childrenOf(running.pid);
      running.signal("KILL");
      for (const child of children) tell(child, "SIGKILL");
      await running.exited;
    },
    async freeze() {
      const pids = [running.pid, ...childrenOf(running.pid)];
      for (const pid of pids) tell(pid, "SIGSTOP");
      while (pids.some(isRunning)) await Bun.sleep(1);
    },
    thaw() {
      for (const pid of [running.pid, ...childrenOf(running.pid)]) tell(pid, "SIGCONT");
    },
    async start() {
      running = await keep();
    },
    async stop() {
      await running.leave();
      await running.exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Keeper {
  readonly pid: number;
  signal(name: string): void;
  leave(): unknown;
  readonly exited: Promise<number>;
}

const text = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

async function finished(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${output}${errors}`);
}

/** Waits for a text, and goes on reading: a full pipe would stop whoever writes to it. */
function printed(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let seen = "";
    for await (const chunk of stream) {
      if (seen.endsWith(text)) continue;
      seen += decoder.decode(chunk, { stream: true });
      if (!seen.includes(text)) continue;
      seen = text;
      resolve();
    }
    reject(new Error(`the server ended before it was ready:\n${seen}`));
  };
  read().catch(reject);
  return promise;
}

/** Another process may take the port in between; the server then says so, and the test fails with its words. */
function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  listener.stop(true);
  return listener.port;
}

/** Linux only: elsewhere a server's processes notice by themselves that the first of them is gone. */
function childrenOf(pid: number): number[] {
  const children = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(children)) return [];
  return readFileSync(children, "utf8").split(" ").filter(Boolean).map(Number);
}

/** Threads notice a stop one after the other. */
function isRunning(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return false;
  return readdirSync(threads).some(
    (thread) => !/^State:\s+T/m.test(readFileSync(join(threads, thread, "status"), "utf8")),
  );
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended by itself in the meantime.
  }
}
