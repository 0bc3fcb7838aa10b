import type { LogRecord } from "../http/index.ts";
import type { Member, Message } from "./types.ts";

/** What a broker needs of the process that it works for. */
export interface BrokerEvents {
  /** Hands a message from another process to the members of a room here. */
  deliver(room: string, data: Message): void;
  /** Who is in which room in this process: told again after the broker was away. */
  members(): Iterable<readonly [room: string, member: Member]>;
  log(record: LogRecord): void;
}

/**
 * Makes rooms span processes and machines. One broker serves one api; nothing it does may throw where a handler could see it:
 * while it cannot be reached, sockets of this process go on.
 */
export interface Broker {
  readonly name: string;
  /** Begins; resolves when messages of other processes arrive, or the first attempt has failed. */
  start(events: BrokerEvents): Promise<void>;
  /** Sends to the room's members in all other processes, in the order of the calls. */
  publish(room: string, data: Message): void;
  join(room: string, member: Member): void;
  leave(room: string, id: string): void;
  /** The room's members in all other processes; rejects while they cannot be known. */
  presence(room: string): Promise<readonly Member[]>;
  close(): Promise<void>;
}
