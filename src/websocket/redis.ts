import { randomUUIDv7, RedisClient } from "bun";
import type { Broker, BrokerEvents } from "./broker.ts";
import { pack, unpack } from "./parcel.ts";
import type { Member, Message } from "./types.ts";

/** How {@link redisBroker} uses Redis. */
export interface RedisBrokerOptions {
  /** Goes before every key and channel; default `bolide:ws:`. Two apis on one Redis need one each. */
  readonly prefix?: string;
  /** Milliseconds until the members of a process that died vanish from `presence`; default 30,000. */
  readonly presenceTtl?: number;
}

/** A pair of connections: one that has subscribed takes no other commands. */
interface Link {
  readonly commands: RedisClient;
  readonly channel: RedisClient;
}

const ORIGIN_LENGTH = 36;
/** Milliseconds between attempts to reach Redis: doubled each time, up to the second. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** Milliseconds that somebody waits for the members of a room. */
const PATIENCE = 2000;
/** Commands of one write; more would hold up what is published meanwhile. */
const BATCH = 500;

/** A command to a connection that is away fails at once; the broker itself opens new ones. */
const FAIL_EARLY = { autoReconnect: false, connectionTimeout: 2000, enableOfflineQueue: false };

/**
 * Makes rooms span all processes and machines that reach one Redis (6.2 or newer, or Valkey), by publish and subscribe and a hash per room.
 *
 * A message is delivered at most once, in the order of its publisher; every process is sent every message, and keeps those of its rooms. While Redis is away rooms are of each process alone: that is logged
 * once, messages to other processes are lost, and members are told of again when it is back.
 *
 * @example
 * ```ts
 * const api = new Api({ title: "Chat", broker: redisBroker("redis://localhost:6379") });
 * ```
 */
export function redisBroker(url: string, options: RedisBrokerOptions = {}): Broker {
  return new RedisBroker(url, options);
}

class RedisBroker implements Broker {
  readonly name = "redis";
  readonly #url: string;
  readonly #prefix: string;
  readonly #ttl: number;
  #origin = randomUUIDv7();
  #events: BrokerEvents | undefined;
  #link: Link | undefined;
  #reaching: Promise<void> | undefined;
  /** What was sent while the first connection was being made: nothing says yet that it is lost. */
  #early: (readonly [room: string, data: Message])[] = [];
  #pause = FIRST_PAUSE;
  #timer: Timer | undefined;
  #beat: Timer | undefined;
  #isAway = false;
  #isRefused = false;
  #isBeating = false;

  constructor(url: string, { prefix = "bolide:ws:", presenceTtl = 30_000 }: RedisBrokerOptions) {
    if (!Number.isInteger(presenceTtl) || presenceTtl < 100) {
      throw new RangeError(`presenceTtl takes milliseconds from 100, not ${presenceTtl}`);
    }
    this.#url = url;
    this.#prefix = prefix;
    this.#ttl = presenceTtl;
  }

  async start(events: BrokerEvents): Promise<void> {
    if (this.#events !== undefined) throw new Error("a broker serves one api: make another for the second");
    this.#events = events;
    this.#beat = setInterval(() => this.#heartbeat(), this.#ttl / 3).unref();
    await this.#reach();
  }

  publish(room: string, data: Message): void {
    const { commands } = this.#link ?? {};
    if (commands === undefined) {
      if (this.#events !== undefined && !this.#isAway) this.#early.push([room, data]);
      return;
    }
    commands.publish(`${this.#prefix}rooms`, pack(this.#origin, room, data)).catch(this.#lost);
  }

  join(room: string, member: Member): void {
    this.#link?.commands.send("HSET", this.#entry(room, member)).catch(this.#lost);
    this.#link?.commands.pexpire(this.#key(room), this.#ttl).catch(this.#lost);
  }

  leave(room: string, id: string): void {
    this.#link?.commands.hdel(this.#key(room), `${this.#origin}${id}`).catch(this.#lost);
  }

  async presence(room: string): Promise<readonly Member[]> {
    const { commands } = this.#link ?? {};
    if (commands === undefined) throw new Error("Redis is away");
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("redis does not answer")), PATIENCE);
    try {
      return await Promise.race([this.#others(commands, room), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #others(commands: RedisClient, room: string): Promise<readonly Member[]> {
    const found = Object.entries((await commands.hgetall(this.#key(room))) ?? {});
    const others = found.filter(([field]) => !field.startsWith(this.#origin));
    const origins = [...new Set(others.map(([field]) => field.slice(0, ORIGIN_LENGTH)))];
    if (origins.length === 0) return [];
    const lives = await commands.mget(...origins.map((origin) => this.#life(origin)));
    const alive = new Set(origins.filter((_, index) => lives[index] !== null));
    const dead = others.filter(([field]) => !alive.has(field.slice(0, ORIGIN_LENGTH))).map(([field]) => field);
    if (dead.length > 0) commands.send("HDEL", [this.#key(room), ...dead]).catch(this.#lost);
    return others
      .filter(([field]) => alive.has(field.slice(0, ORIGIN_LENGTH)))
      .map(([, value]) => JSON.parse(value) as Member);
  }

  async close(): Promise<void> {
    const events = this.#events;
    clearInterval(this.#beat);
    clearTimeout(this.#timer);
    this.#events = undefined;
    await this.#reaching;
    const link = this.#link;
    this.#link = undefined;
    this.#isAway = false;
    if (link === undefined) return;
    const gone = [...(events?.members() ?? [])].map(([room, { id }]) =>
      link.commands.hdel(this.#key(room), `${this.#origin}${id}`),
    );
    await Promise.allSettled([...gone, link.commands.del(this.#life(this.#origin))]);
    shut(link);
  }

  /** Opens both connections, or comes back to it later. Never rejects. */
  #reach(): Promise<void> {
    return (this.#reaching ??= this.#open().finally(() => (this.#reaching = undefined)));
  }

  async #open(): Promise<void> {
    const link = { commands: new RedisClient(this.#url, FAIL_EARLY), channel: new RedisClient(this.#url, FAIL_EARLY) };
    try {
      await Promise.all([link.commands.connect(), link.channel.connect()]);
      // Another name: whoever left meanwhile stays behind under the old one, which is dead.
      const before = this.#origin;
      this.#origin = randomUUIDv7();
      await link.commands.del(this.#life(before));
      await link.channel.subscribe(`${this.#prefix}rooms`, (text) => this.#arrived(text));
    } catch (error) {
      shut(link);
      this.#away(error);
      return;
    }
    if (this.#events === undefined) return shut(link);
    this.#link = link;
    onClose(link, this.#lost);
    this.#pause = FIRST_PAUSE;
    for (const [room, data] of this.#early.splice(0)) this.publish(room, data);
    if (this.#isAway) this.#events.log({ level: "info", message: "redis is back: rooms span processes again" });
    this.#isAway = false;
    await this.#tell(link.commands).catch(this.#lost);
  }

  /** Redis neither answers nor hangs up, as behind a cut cable: what is under way would wait for minutes. */
  #heartbeat(): void {
    const link = this.#link;
    this.#isRefused = false;
    if (link === undefined) return;
    if (this.#isBeating) {
      this.#give(link, new Error("redis has not answered the last heartbeat"));
      return;
    }
    this.#isBeating = true;
    const done = (): void => void (this.#isBeating = false);
    this.#tell(link.commands).catch(this.#lost).finally(done);
  }

  #give(link: Link, error: unknown): void {
    this.#link = undefined;
    this.#isBeating = false;
    shut(link);
    this.#away(error);
  }

  /** A connection has ended: both are given up, and new ones opened. Or Redis has refused a command, which is told once a heartbeat. */
  readonly #lost = (error: unknown): void => {
    const link = this.#link;
    if (link === undefined) return;
    if (link.commands.connected && link.channel.connected) {
      if (!this.#isRefused)
        this.#events?.log({ level: "error", message: "redis refused a command of the rooms", error });
      this.#isRefused = true;
      return;
    }
    this.#give(link, error);
  };

  #away(error: unknown): void {
    if (this.#events === undefined) return;
    if (!this.#isAway) {
      const message = "redis is away: rooms are of this process alone until it is back";
      this.#events.log({ level: "error", message, error });
    }
    this.#isAway = true;
    this.#early = [];
    this.#timer = setTimeout(() => void this.#reach(), this.#pause).unref();
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  #arrived(text: string): void {
    if (text.startsWith(this.#origin)) return;
    const parcel = unpack(text, ORIGIN_LENGTH);
    if (parcel !== undefined) this.#events?.deliver(parcel.room, parcel.data);
  }

  /** Tells that this process lives, and who is in it. */
  async #tell(commands: RedisClient): Promise<void> {
    await commands.send("SET", [this.#life(this.#origin), "1", "PX", String(this.#ttl)]);
    let batch: Promise<unknown>[] = [];
    for (const [room, member] of this.#events?.members() ?? []) {
      batch.push(commands.send("HSET", this.#entry(room, member)), commands.pexpire(this.#key(room), this.#ttl));
      if (batch.length < BATCH) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
  }

  #key(room: string): string {
    return `${this.#prefix}room:${room}`;
  }
  #life(origin: string): string {
    return `${this.#prefix}process:${origin}`;
  }
  #entry(room: string, member: Member): string[] {
    return [this.#key(room), `${this.#origin}${member.id}`, JSON.stringify(member)];
  }
}

function shut(link: Link): void {
  onClose(link, null);
  link.commands.close();
  link.channel.close();
}

function onClose({ commands, channel }: Link, listener: ((error: Error) => void) | null): void {
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a RedisClient is no EventTarget
  commands.onclose = listener;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- as above
  channel.onclose = listener;
}
