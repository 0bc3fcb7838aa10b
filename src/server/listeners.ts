import type { Server } from "bun";
import type { Program } from "../compile/index.ts";
import { drain } from "./drain.ts";
import type { Hub } from "./hub.ts";
import { listen, type ListenOptions, type RunningServer } from "./listen.ts";

/** Milliseconds that requests in flight have to finish. */
const STOP_TIMEOUT = 30_000;

/** The servers of one api: each stops alone, with the sockets that came by it, and the last one lets go of what they share. */
export class Listeners {
  readonly #hub: Hub;
  readonly #running = new Set<Server<unknown>>();
  readonly #stopping = new Set<Server<unknown>>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Whether this server is being stopped; without one, whether all are. */
  isStopping(server: Server<unknown> | undefined): boolean {
    if (server !== undefined) return this.#stopping.has(server);
    return this.#running.size > 0 && this.#stopping.size === this.#running.size;
  }

  /** Listens. `end` runs once the server has stopped, or where it could not listen. */
  async open(program: Program, options: ListenOptions, end: () => Promise<void>): Promise<RunningServer> {
    let server: Server<unknown>;
    try {
      if (program.sockets.length > 0) await this.#hub.sockets.start();
      server = listen(program, options);
    } catch (error) {
      await this.#end(undefined, end);
      throw error;
    }
    this.#running.add(server);
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      this.#stopping.add(server);
      const { stopTimeout = STOP_TIMEOUT, closeCode } = options;
      await Promise.all([this.#hub.close(server, closeCode, stopTimeout), drain(server, stopTimeout)]);
      await this.#end(server, end);
    };
    return { server, url: server.url, port: server.port, host: server.hostname, stop: () => (stopped ??= stop()) };
  }

  /** Lets go of what was begun without a listener. Errors: where there is one. */
  async release(): Promise<void> {
    if (this.size > 0) throw new Error("the api is listening: stop its server, which releases it");
    await this.#hub.stop();
  }

  async #end(server: Server<unknown> | undefined, end: () => Promise<void>): Promise<void> {
    try {
      await end();
    } finally {
      if (server !== undefined) {
        this.#running.delete(server);
        this.#stopping.delete(server);
      }
      // Until then they may publish, and so may what another server answers.
      if (this.size === 0) await this.#hub.stop();
    }
  }
}
