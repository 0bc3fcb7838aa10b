import type { LogRecord } from "../http/index.ts";
import type { Broker } from "./broker.ts";
import { CloseCode } from "./codes.ts";
import { encode, type FanOut, Rooms } from "./rooms.ts";
import type { Member } from "./types.ts";

/** What the sockets of an api need. */
export interface SocketsOptions {
  readonly log: (record: LogRecord) => void;
  /** Makes rooms span processes; without one they are of this process. */
  readonly broker?: Broker | undefined;
}

/** A connection as its api sees it. */
export interface Tracked {
  readonly isOpen: boolean;
  /** The server that it came by, where that is a real one. */
  readonly server: FanOut | undefined;
  /** Called once a second: pings a silent client, cuts a dead one. */
  sweep(tick: number): void;
  close(code: number, reason: string): void;
  /** Resolves when it is closed and its handler has come to its end. */
  readonly finished: Promise<void>;
}

/** Milliseconds between two looks at all connections: one timer for all costs a message nothing but to note the tick. */
const SWEEP_MILLIS = 1000;

/** Milliseconds that handlers have whose sockets nobody has closed before the end. */
const LAST_DEADLINE = 5000;

/** All sockets of one running api, and their rooms. */
export class Sockets {
  readonly rooms: Rooms;
  /** Seconds since the first socket, about. */
  tick = 0;
  /** Whether some route compresses: a room's messages are compressed for those that can read it. */
  compresses = false;
  readonly #broker: Broker | undefined;
  readonly #log: (record: LogRecord) => void;
  readonly #tracked = new Set<Tracked>();
  #timer: Timer | undefined;
  #started: Promise<void> | undefined;
  #isServed = false;
  /** By the server that is being stopped; `undefined` stands for all. */
  readonly #closing = new Map<FanOut | undefined, readonly [code: number, reason: string]>();

  constructor({ log, broker }: SocketsOptions) {
    this.#broker = broker;
    this.#log = log;
    this.rooms = new Rooms(
      broker,
      log,
      () => this.start(),
      () => this.compresses,
    );
  }

  /** Connections that are open or whose handler has not come to its end. */
  get size(): number {
    return this.#tracked.size;
  }

  /** Connects to the broker, if there is one; the first use of a room does it too. Never rejects. */
  start(): Promise<void> {
    if (this.#broker === undefined) return NOTHING;
    return (this.#started ??= this.#broker
      .start({
        deliver: (room, data) => this.rooms.deliver(room, data),
        members: () => this.rooms.members(),
        log: this.#log,
      })
      .then(() => void (this.#isServed = true))
      .catch((error: unknown) =>
        this.#log({ level: "error", message: `${this.#broker?.name ?? "the broker"} did not start`, error }),
      ));
  }

  /** Sends to all in a room, wherever they are connected: a text or bytes as they are, anything else as JSON. */
  publish(room: string, message: unknown): void {
    this.rooms.publish(room, encode(message));
  }

  presence(room: string): Promise<readonly Member[]> {
    return this.rooms.presence(room);
  }

  /**
   * Closes all, or those of one server, closes at once what comes later, and waits for the handlers, at most `deadline` milliseconds.
   */
  async closeAll(
    code: number = CloseCode.goingAway,
    reason = "",
    deadline = LAST_DEADLINE,
    server?: FanOut,
  ): Promise<void> {
    this.#closing.set(server, [code, reason]);
    const all = [...this.#tracked];
    await this.#close(server === undefined ? all : all.filter((one) => one.server === server), code, reason, deadline);
  }

  async #close(connections: readonly Tracked[], code: number, reason: string, deadline: number): Promise<void> {
    // All at once would be one long turn of the loop: a thousand close frames are 2 ms.
    for (const [index, connection] of connections.entries()) {
      if (connection.isOpen) connection.close(code, reason);
      if (index % 1000 === 999) await new Promise((next) => setImmediate(next));
    }
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, deadline);
    await Promise.race([Promise.all(connections.map(({ finished }) => finished)), late]);
    clearTimeout(timer);
  }

  /** Ends: closes what is still open, and the broker. Another `start` begins anew. */
  async stop(): Promise<void> {
    // Whoever has closed the others has waited for their handlers already.
    const open = [...this.#tracked].filter(({ isOpen }) => isOpen);
    if (open.length > 0) await this.#close(open, CloseCode.goingAway, "", LAST_DEADLINE);
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#closing.clear();
    if (this.#started === undefined) return;
    await this.#started;
    this.#started = undefined;
    // One that did not start may be another api's.
    if (this.#isServed) await this.#broker?.close();
    this.#isServed = false;
  }

  /** @internal */
  add(connection: Tracked): void {
    this.#tracked.add(connection);
    this.#timer ??= setInterval(() => this.sweep(), SWEEP_MILLIS).unref();
    const closing = this.#closing.get(connection.server) ?? this.#closing.get(undefined);
    if (closing !== undefined) connection.close(...closing);
  }

  /** @internal */
  remove(connection: Tracked): void {
    this.#tracked.delete(connection);
    if (this.#tracked.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @internal Lets a second go by. */
  sweep(): void {
    this.tick++;
    for (const connection of this.#tracked) if (connection.isOpen) connection.sweep(this.tick);
  }
}

const NOTHING = Promise.resolve();
