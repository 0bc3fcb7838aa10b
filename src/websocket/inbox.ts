import type { Message } from "./types.ts";

/** Told by a conversion that the message was no message, though it may have closed the socket: the next one is waited for. */
export const SKIP: unique symbol = Symbol("skip");

/** Makes a value of a message, or tells to skip it. */
export type Convert = (message: Message) => unknown;

/** What an iterator tells at its end. */
const END: IteratorResult<unknown, undefined> = Object.freeze({ value: undefined, done: true });

type Resolve = (value: unknown) => void;

/** Who waits for a message. */
interface Reader {
  readonly convert: Convert;
  resolve: Resolve | undefined;
  /** Absent for a loop, which is told `{ value, done }`. */
  readonly reject: Resolve | undefined;
}

/** Messages on their way to whoever reads them, in order: those that wait for a reader, or readers that wait for a message. */
export class Inbox {
  #messages: Message[] = [];
  #size = 0;
  /** Nearly always the only one: kept apart, it costs no array. */
  #reader: Reader | undefined;
  #others: Reader[] | undefined;

  get waiting(): number {
    return this.#messages.length;
  }

  /** Bytes of the messages that wait; of a text its length, which is no more than its bytes. */
  get size(): number {
    return this.#size;
  }

  /** Hands a message to a waiting reader, if there is one. */
  hand(message: Message): boolean {
    const reader = this.#reader;
    if (reader === undefined) return false;
    const value = reader.convert(message);
    if (value === SKIP) return true;
    this.#reader = this.#others?.shift();
    const { resolve } = reader;
    reader.resolve = undefined;
    resolve?.(reader.reject === undefined ? { value, done: false } : value);
    return true;
  }

  push(message: Message): void {
    this.#messages.push(message);
    this.#size += message.length;
  }

  shift(): Message | undefined {
    if (this.#messages.length === 0) return undefined;
    const message = this.#messages.shift() as Message;
    this.#size -= message.length;
    return message;
  }

  /** The next message that is one, or `SKIP` where none waits. */
  next(convert: Convert): unknown {
    for (let message = this.shift(); message !== undefined; message = this.shift()) {
      const value = convert(message);
      if (value !== SKIP) return value;
    }
    return SKIP;
  }

  /** Waits for the next message. */
  wait(reader: Reader): void {
    if (this.#reader === undefined) this.#reader = reader;
    else (this.#others ??= []).push(reader);
  }

  /** No message follows; those that wait stay readable unless dropped. */
  end(drop: boolean, error: () => unknown): void {
    if (drop) {
      this.#messages = [];
      this.#size = 0;
    }
    const readers = this.#reader === undefined ? [] : [this.#reader, ...(this.#others ?? [])];
    this.#reader = undefined;
    this.#others = undefined;
    for (const { resolve, reject } of readers) {
      if (reject === undefined) resolve?.(END);
      else reject(error());
    }
  }
}

/** One loop over an inbox: it waits again for each message, so that it is its own reader. */
export class Loop implements AsyncIterator<unknown, undefined>, Reader {
  readonly #inbox: Inbox;
  readonly #isOpen: () => boolean;
  readonly convert: Convert;
  readonly reject = undefined;
  resolve: Resolve | undefined = undefined;
  readonly #wait = (resolve: Resolve): void => {
    this.resolve = resolve;
    this.#inbox.wait(this);
  };

  constructor(inbox: Inbox, convert: Convert, isOpen: () => boolean) {
    this.#inbox = inbox;
    this.#isOpen = isOpen;
    this.convert = convert;
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    const value = this.#inbox.waiting === 0 ? SKIP : this.#inbox.next(this.convert);
    if (value !== SKIP) return Promise.resolve({ value, done: false });
    if (!this.#isOpen()) return Promise.resolve(END);
    // Asked again before the first message has come: no loop does, but an iterator may be used by hand.
    if (this.resolve !== undefined) return new Loop(this.#inbox, this.convert, this.#isOpen).next();
    return new Promise(this.#wait as (resolve: (value: IteratorResult<unknown, undefined>) => void) => void);
  }

  /** Leaving the loop leaves the socket as it is: another loop goes on with the next message. */
  return(): Promise<IteratorResult<unknown, undefined>> {
    return Promise.resolve(END);
  }
}
