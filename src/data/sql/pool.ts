import { SQL } from "bun";
import { ServiceUnavailable } from "../../http/index.ts";
import { Connection, type Owner, type Pace, type Work } from "./connection.ts";
import type { Family, Result } from "./family.ts";
import { fault } from "./fault.ts";

/** How a pool is used, in milliseconds where it is time. */
export interface PoolSettings {
  readonly max: number;
  readonly patience: number;
  readonly statementTimeout: number;
}

/** Quick statements that go to one connection before an idle one is looked for. */
const TOGETHER = 8;

/** Statements without an answer that one connection may have: of a lost one all of them fail. */
const DEEPEST = 32;

/** Milliseconds before a server that refused one more connection is asked for one again. */
const PAUSE = 1000;

/** Milliseconds past the statement timeout until a statement is cancelled from here, and until its connection is given up. */
const GRACE = { cancel: 1000, abandon: 5000 };

/** Milliseconds between two looks for statements past their time, while any runs. */
const LOOK = 1000;

/** What is asked of a connection: to take a statement of some pace, or to be a session's own. */
type Wish = Pace | "alone";

interface Waiter {
  readonly wish: Wish;
  readonly until: number;
  start(connection: Connection): void;
  fail(error: unknown): void;
}

/**
 * The connections of one database. Quick statements go behind each other, any other to an idle connection if there is one, else
 * behind those of another; where there are only slow ones it waits its turn, and not for longer than the pool's patience.
 */
export class Pool implements Owner {
  readonly #family: Family;
  readonly #options: SQL.Options;
  readonly #settings: PoolSettings;
  readonly #connections: Connection[] = [];
  readonly #waiting: Waiter[] = [];
  #expiry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #refused = -PAUSE;
  #control: SQL | undefined;
  #closed = false;

  constructor(family: Family, options: SQL.Options, settings: PoolSettings) {
    this.#family = family;
    this.#options = options;
    this.#settings = settings;
  }

  run<T>(work: Work, parameters: readonly unknown[], take: (result: Result) => T): Promise<T> {
    const connection = this.#waiting.length === 0 ? this.#find(work.pace) : undefined;
    if (connection !== undefined) return connection.send(work, parameters, take);
    return new Promise((resolve, reject) =>
      this.#wait(work.pace, (free) => resolve(free.send(work, parameters, take)), reject),
    );
  }

  /** A connection for one session, until it is given back by {@link release}. */
  hold(): Promise<Connection> {
    const connection = this.#waiting.length === 0 ? this.#find("alone") : undefined;
    if (connection !== undefined) {
      connection.held = true;
      return Promise.resolve(connection);
    }
    return new Promise((resolve, reject) =>
      this.#wait(
        "alone",
        (free) => {
          free.held = true;
          resolve(free);
        },
        reject,
      ),
    );
  }

  release(connection: Connection): void {
    connection.held = false;
    connection.unhurried = false;
    this.changed();
  }

  /** Ends what a connection runs, from another one, which is opened for it and not counted in `max`. */
  async cancel({ id }: Connection): Promise<void> {
    this.#control ??= new SQL({ ...this.#options, max: 1, idleTimeout: 10 } as SQL.Options);
    try {
      await this.#control.unsafe(this.#family.cancel(id));
    } catch (error) {
      throw fault(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#expiry);
    this.#failAll(closed());
    // A session that nobody gives back would hold this up for ever.
    const seconds = Math.ceil((this.#settings.statementTimeout || 30_000) / 1000);
    await Promise.all(this.#connections.map((connection) => connection.close(seconds)));
    clearInterval(this.#watch);
    await this.#control?.close({ timeout: 0 });
  }

  busy(): void {
    if (this.#watch !== undefined || this.#settings.statementTimeout === 0) return;
    this.#watch = setInterval(() => this.#look(), LOOK);
    this.#watch.unref();
  }

  changed(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const connection = this.#find(first.wish);
      if (connection === undefined) return;
      this.#waiting.shift();
      first.start(connection);
    }
  }

  #find(wish: Wish): Connection | undefined {
    if (this.#closed) return undefined;
    let best: Connection | undefined;
    let absent = this.#settings.max;
    for (const connection of this.#connections) {
      if (!connection.ready) continue;
      absent--;
      if (connection.held) continue;
      const { sent, running } = connection;
      if (sent === 0) return connection;
      if (wish === "alone" || !connection.flowing) continue;
      if (wish === "quick" && running.quick === sent && sent < TOGETHER) return connection;
      if (sent < (best?.sent ?? DEEPEST)) best = connection;
    }
    if (absent > 0) this.#grow();
    return best;
  }

  /** Opens one connection more, beside the statements that can run; not more at once than somebody waits for. */
  #grow(): void {
    const opening = this.#connections.filter((connection) => connection.opening).length;
    if (opening >= Math.max(1, this.#waiting.length)) return;
    if (performance.now() - this.#refused < PAUSE && this.#connections.some(({ ready }) => ready)) return;
    let connection = this.#connections.find(({ ready, opening, held }) => !ready && !opening && !held);
    if (connection === undefined) {
      if (this.#connections.length >= this.#settings.max) return;
      connection = new Connection(this.#family, this.#options, this.#settings.statementTimeout, this);
      this.#connections.push(connection);
    }
    connection.open().then(
      () => this.changed(),
      (error: unknown) => this.#notOpened(error),
    );
  }

  /** While other connections are there, whoever waits may yet have one of them. */
  #notOpened(error: unknown): void {
    this.#refused = performance.now();
    if (!this.#connections.some(({ ready, opening, held }) => ready || opening || held)) this.#failAll(error);
  }

  #wait(wish: Wish, start: Waiter["start"], fail: Waiter["fail"]): void {
    if (this.#closed) return fail(closed());
    this.#waiting.push({ wish, start, fail, until: performance.now() + this.#settings.patience });
    if (this.#waiting.length === 1) this.#expire();
    this.#grow();
  }

  /** All have the same patience, so the first is the first to lose it. */
  #expire(): void {
    clearTimeout(this.#expiry);
    const first = this.#waiting[0];
    if (first === undefined) return;
    this.#expiry = setTimeout(
      () => {
        const now = performance.now();
        const { patience } = this.#settings;
        while (this.#waiting[0] !== undefined && this.#waiting[0].until <= now)
          this.#waiting.shift()?.fail(new ServiceUnavailable(`No database connection became free in ${patience} ms`));
        this.#expire();
      },
      Math.max(1, Math.ceil(first.until - performance.now())),
    );
  }

  #failAll(error: unknown): void {
    for (const waiter of this.#waiting.splice(0)) waiter.fail(error);
  }

  /** The server ends statements past their time. Where it cannot (writes on MySQL), or is gone without a word, this does. */
  #look(): void {
    const now = performance.now();
    const running = this.#connections.filter(({ sent, unhurried }) => sent > 0 && !unhurried);
    for (const connection of running) {
      const over = now - connection.since - this.#settings.statementTimeout;
      if (over > GRACE.abandon) connection.abandon();
      else if (over > GRACE.cancel && connection.ready) this.cancel(connection).catch(() => {});
    }
    if (running.length > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }
}

const closed = (): Error => new Error("The database was closed");
