import type { Server } from "bun";
import type { MaybePromise } from "../middleware/index.ts";
import { type Broker, type Member, Sockets, type SocketsOptions } from "../websocket/index.ts";

/**
 * Where an api's sockets and rooms are: with itself, made when they are first asked for, and with the apis that it is mounted in,
 * which serve its routes.
 */
export class Hub {
  readonly #make: () => SocketsOptions;
  readonly #above = new Set<Hub>();
  #own: Sockets | undefined;

  constructor(log: SocketsOptions["log"], broker: Broker | undefined) {
    this.#make = () => ({ log, broker });
  }

  get sockets(): Sockets {
    return (this.#own ??= new Sockets(this.#make()));
  }

  /** Says that the routes are served by another api, too. */
  under(other: Hub): void {
    this.#above.add(other);
  }

  publish(room: string, message: unknown): void {
    for (const sockets of this.#all()) sockets.publish(room, message);
  }

  async presence(room: string): Promise<readonly Member[]> {
    const found = await Promise.all([...this.#all()].map((sockets) => sockets.presence(room)));
    return found.flat();
  }

  /** Closes every socket of a server; resolves when their handlers have ended, or after `timeout` milliseconds. */
  close(server: Server<unknown>, code: number | undefined, timeout: number): MaybePromise<void> {
    return this.#own?.closeAll(code, "", timeout, server);
  }

  /** Closes what is open still, and lets go of the broker; whatever comes next begins anew. */
  stop(): MaybePromise<void> {
    return this.#own?.stop();
  }

  #all(): ReadonlySet<Sockets> {
    const above = [...this.#above].flatMap((hub) => [...hub.#all()]);
    const own = this.#own ?? (above.length === 0 ? this.sockets : undefined);
    return new Set(own === undefined ? above : [own, ...above]);
  }
}
