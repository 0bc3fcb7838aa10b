import type { Subprocess } from "bun";
import { type Report, WATCHED } from "./protocol.ts";

/** How the served process is to listen; `port` is kept once a free one was found. */
export interface Address {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly unix: string | undefined;
  readonly backlog: number | undefined;
  readonly idleTimeout: number | undefined;
  /** Milliseconds. */
  readonly stopTimeout: number;
}

/** Milliseconds in which more changes count as the same: editors write a file in several steps, formatters several files. */
const SETTLE = 10;

/** Milliseconds after its own deadline in which a process must have ended, before it is killed. */
const PATIENCE = 3000;

/** Without tail calls the line that made a query is on the stack also where the handler only returns it. */
const KEEP_FRAMES = { BUN_JSC_useTailCalls: "0" };

/** Keeps one process serving a file: starts it, stops it in order before the next one starts, and says what happened. */
export class Supervisor {
  /** Called with every file that the program has read. */
  onFiles: (files: readonly string[]) => void = () => {};
  readonly #file: string;
  readonly #address: Address;
  #port: number | undefined;
  #used: ReadonlySet<string> = new Set();
  #up = false;
  #changed: { readonly since: number; readonly files: Set<string> } | undefined;
  #wake = Promise.withResolvers<void>();
  #signal: NodeJS.Signals | undefined;

  constructor(file: string, address: Address) {
    this.#file = file;
    this.#address = address;
    this.#port = address.port;
  }

  /** Whether a change of this file matters: the program has read it, or has not come up and any source file may be why. */
  uses(path: string): boolean {
    return this.#used.has(path) || (!this.#up && /\.(?:[cm]?[jt]sx?|json)$/.test(path));
  }

  restart(file: string): void {
    this.#changed ??= { since: performance.now(), files: new Set() };
    this.#changed.files.add(file);
    this.#wake.resolve();
  }

  /** Serves until a signal; resolves to it. */
  async run(): Promise<NodeJS.Signals> {
    const stop = (signal: NodeJS.Signals) => {
      // The second signal ends this process at once, and the served one sees its end.
      process.off("SIGINT", stop).off("SIGTERM", stop);
      this.#signal = signal;
      this.#wake.resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    while (this.#signal === undefined) {
      const change = this.#changed;
      this.#changed = undefined;
      this.#wake = Promise.withResolvers();
      const child = this.#start(change);
      await Promise.race([this.#wake.promise, child.exited]);
      if (this.#signal === undefined && this.#changed === undefined) this.#down(child);
      await this.#wake.promise;
      await this.#settle();
      await this.#stop(child);
    }
    return this.#signal;
  }

  #start(change: { readonly since: number; readonly files: ReadonlySet<string> } | undefined): Subprocess {
    this.#up = false;
    const child = Bun.spawn(
      [process.execPath, ...process.execArgv, Bun.main, "serve", this.#file, "--debug", ...this.#flags()],
      {
        env: { ...process.env, [WATCHED]: "1", ...KEEP_FRAMES },
        stdio: ["inherit", "inherit", "inherit"],
        serialization: "json",
        ipc: (message: Report) => {
          if (message.kind === "files") {
            this.#used = new Set(message.files);
            this.onFiles(message.files);
            return;
          }
          this.#up = true;
          this.#port = message.port;
          if (change === undefined) console.log(`${message.line}, watching for changes`);
          else
            console.log(
              `${[...change.files].join(", ")} changed: restarted in ${Math.round(performance.now() - change.since)} ms`,
            );
        },
      },
    );
    return child;
  }

  /** Waits until nothing has changed for a moment. */
  async #settle(): Promise<void> {
    let seen: number | undefined;
    while (seen !== this.#changed?.files.size) {
      seen = this.#changed?.files.size;
      await Bun.sleep(SETTLE);
    }
  }

  async #stop(child: Subprocess): Promise<void> {
    if (child.exitCode === null) child.kill("SIGTERM");
    const timer = setTimeout(() => {
      console.error(`${this.#file} does not end: killed`);
      child.kill("SIGKILL");
    }, this.#address.stopTimeout + PATIENCE);
    await child.exited;
    clearTimeout(timer);
  }

  #down({ exitCode, signalCode }: Subprocess): void {
    const how = this.#up ? `stopped with ${signalCode ?? `exit code ${exitCode}`}` : "did not start";
    this.#up = false;
    console.error(`${this.#file} ${how}: waiting for a change`);
  }

  #flags(): string[] {
    const { host, unix, backlog, idleTimeout, stopTimeout } = this.#address;
    const given = {
      host,
      port: this.#port,
      unix,
      backlog,
      "keep-alive": idleTimeout,
      "stop-timeout": stopTimeout / 1000,
    };
    return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  }
}
