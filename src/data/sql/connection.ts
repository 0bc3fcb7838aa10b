import { type ReservedSQL, SQL } from "bun";
import { fault } from "./fault.ts";
import type { Family, Result } from "./family.ts";

/**
 * How long a statement takes: quick ones are sent together on few connections, which halves what each costs this process (16 at once:
 * 4.7 us instead of 8.3); steady ones share where no connection is free; behind slow ones nothing is sent.
 */
export type Pace = "quick" | "steady" | "slow";

/** Milliseconds up to which a statement is quick, and from which it is slow. A lookup by key takes 0.05 to 0.5. */
const QUICK = 0.5;
const SLOW = 10;

/** A statement's text, and what is known of it by now. */
export class Work {
  readonly text: string;
  readonly #reads: boolean;
  /** The least that it took lately: a busy process notices answers late, but none too early. */
  #took = Number.POSITIVE_INFINITY;

  /** What does not only `read` may wait for a lock at any time, and is never quick. */
  constructor(text: string, reads: boolean) {
    this.text = text;
    this.#reads = reads;
  }

  get pace(): Pace {
    if (this.#took > SLOW) return "slow";
    return this.#reads && this.#took < QUICK ? "quick" : "steady";
  }

  took(milliseconds: number): void {
    this.#took = Math.min(milliseconds, this.#took * 1.1 + 0.02);
  }
}

/** Whoever has the connections is told when there is more or less to do. */
export interface Owner {
  /** The first statement was sent to a connection that was idle. */
  busy(): void;
  /** A statement ended, or a connection was lost. */
  changed(): void;
}

/**
 * One connection, as a Bun.SQL client with a pool of one. Bun's own pool of ten deals statements out by turns, so that of 20
 * short ones beside 9 sleeping ones 18 waited for a sleeper (504 ms against 23); here it is known which connection is free.
 */
export class Connection {
  /** The server's own number for it. */
  id = 0;
  /** Open and greeted. */
  ready = false;
  /** One session's own. */
  held = false;
  /** Its statements may take any time. */
  unhurried = false;
  /** Statements without an answer yet: Bun sends them all at once, the server takes them in turn. */
  sent = 0;
  /** How many of them are of which pace. */
  readonly running: Record<Pace, number> = { quick: 0, steady: 0, slow: 0 };
  /** When the oldest of them began to run, in the time of `performance.now()`. */
  since = 0;
  readonly #family: Family;
  readonly #options: SQL.Options;
  readonly #statementTimeout: number;
  readonly #owner: Owner;
  #sql: SQL;
  #opening: Promise<void> | undefined;
  /** How many connections there were before. */
  #losses = 0;

  constructor(family: Family, options: SQL.Options, statementTimeout: number, owner: Owner) {
    this.#family = family;
    this.#options = options;
    this.#statementTimeout = statementTimeout;
    this.#owner = owner;
    this.#sql = this.#client();
  }

  get opening(): boolean {
    return this.#opening !== undefined;
  }

  open(): Promise<void> {
    return (this.#opening ??= this.greet(this.#sql).finally(() => (this.#opening = undefined)));
  }

  /** What a session starts with has to be said anew to each connection that the client makes. */
  async greet(client: SQL): Promise<void> {
    const losses = this.#losses;
    this.#begin();
    try {
      const send = (text: string): Promise<Result> => client.unsafe<Result>(text, []);
      this.id = await this.#family.greet(send, this.#statementTimeout);
      this.ready = losses === this.#losses;
    } catch (error) {
      throw fault(error);
    } finally {
      this.sent--;
    }
  }

  /** Whether answers come at a pace at which one more can wait for its own. */
  get flowing(): boolean {
    return this.running.slow === 0 && performance.now() - this.since < SLOW;
  }

  /** Sends at once, behind what was sent before. `client` is the session's, where one holds the connection. */
  send<T>(work: Work, parameters: readonly unknown[], take: (result: Result) => T, client = this.#sql): Promise<T> {
    const query = client.unsafe<Result>(work.text, parameters as unknown[]);
    const { pace } = work;
    this.running[pace]++;
    this.#begin();
    return query.then(
      (result) => {
        this.#ended(work, pace);
        return take(result);
      },
      (error: unknown) => {
        this.#ended(work, pace);
        throw fault(error);
      },
    );
  }

  #begin(): void {
    if (this.sent++ > 0) return;
    this.since = performance.now();
    this.#owner.busy();
  }

  #ended(work: Work, pace: Pace): void {
    const now = performance.now();
    work.took(now - this.since);
    this.since = now;
    this.sent--;
    this.running[pace]--;
    this.#owner.changed();
  }

  /** A client that fails for good once this connection is lost: a transaction cannot go on in another. */
  reserve(): Promise<ReservedSQL> {
    return this.#sql.reserve();
  }

  /** Gives up on a server that no longer answers: what waits for it fails now. */
  abandon(): void {
    const lost = this.#sql;
    this.#sql = this.#client();
    this.#lose();
    void lost.close({ timeout: 0 });
  }

  #lose(): void {
    this.ready = false;
    this.#losses++;
  }

  close(seconds: number): Promise<void> {
    return this.#sql.close({ timeout: seconds });
  }

  #client(): SQL {
    const client: SQL = new SQL({
      ...this.#options,
      max: 1,
      onclose: () => {
        if (client !== this.#sql) return;
        this.#lose();
        this.#owner.changed();
      },
    } as SQL.Options);
    return client;
  }
}
