import { availableParallelism } from "node:os";
import { join } from "node:path";
import { family } from "./accounting.ts";
import { results } from "./data.ts";
import type { Server } from "./servers.ts";

/** A server that answers on a port of 127.0.0.1. */
export interface Running {
  readonly server: Server;
  readonly pid: number;
  /** The address of its own database, if it has one. */
  readonly database: string | undefined;
  readonly origin: string;
  stop(): Promise<void>;
}

const READY_WITHIN = 30_000;
const STOP_WITHIN = 3_000;

/** The prefix of a command that keeps it on one core; empty where there is only one. */
export const onCore = (core: number): string[] =>
  availableParallelism() > 1 && Bun.which("taskset") !== null ? ["taskset", "-c", String(core)] : [];

/** Moves this process to some of the cores. */
const move = (cores: string): void =>
  void Bun.spawnSync(["taskset", "--cpu-list", "--pid", cores, String(process.pid)]);

/** Runs something whose child processes stay on one core: they inherit the cores of the thread that starts them. */
export async function keptOnCore<T>(core: number, act: () => Promise<T>): Promise<T> {
  const status = onCore(core).length === 0 ? "" : await Bun.file("/proc/self/status").text();
  const all = /^Cpus_allowed_list:\s+(\S+)/m.exec(status)?.[1];
  if (all === undefined) return act();
  move(String(core));
  try {
    return await act();
  } finally {
    move(all);
  }
}

/** A port that nobody listens on: the kernel's choice, given back at once. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { headers: { connection: "close" } });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Starts a server as a process of its own on core 0 and waits until it answers. */
export async function start(server: Server, database?: string): Promise<Running> {
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = Bun.file(join(results, `${server.name}.log`));
  await Bun.write(log, ""); // a spawned process writes over a file without shortening it
  const child = Bun.spawn([...onCore(0), ...server.command], {
    cwd: server.cwd ?? import.meta.dir,
    env: {
      ...process.env,
      ...server.env,
      PORT: String(port),
      BENCH_DATA: results,
      BENCH_DATABASE: database,
      NODE_ENV: "production",
    },
    stdin: "ignore",
    stdout: "ignore",
    stderr: log,
  });

  async function stop(): Promise<void> {
    // A wrapper (a virtual environment's launcher, a reloader) may leave its children behind.
    const members = family(child.pid);
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN);
    await child.exited;
    clearTimeout(timer);
    for (const member of members.slice(1)) {
      try {
        process.kill(member, "SIGKILL");
      } catch {
        // it has ended with its parent
      }
    }
  }

  const deadline = Date.now() + READY_WITHIN;
  while (!(await answers(origin + (server.ready ?? "/constant")))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      const why = child.exitCode === null ? `did not answer within ${READY_WITHIN / 1000} s` : "ended at its start";
      throw new Error(`${server.name} ${why}:\n${(await log.text()).slice(-2000)}`);
    }
    await Bun.sleep(20);
  }
  return { server, pid: child.pid, database, origin, stop };
}
