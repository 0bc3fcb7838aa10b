import { appendCookies } from "../http/index.ts";
import { andThen, hashed, type MaybePromise, type Store } from "../store/index.ts";
import { newSessionId, type SessionCookie } from "./session-cookie.ts";
import {
  emptyRecord,
  formatRecord,
  holdsSame,
  merge,
  parseRecord,
  type SessionRecord,
  type StoredUser,
} from "./session-record.ts";

/** What all visits of one session backend share. */
export interface SessionPolicy {
  readonly store: Store;
  readonly cookie: SessionCookie;
  /** Milliseconds. */
  readonly ttl: number;
  readonly rolling: boolean;
  readonly now: () => number;
}

/** A busy session is written for its rolling end at most this often in its lifetime. */
const EXTENSIONS = 10;
/** Attempts to write over what others wrote meanwhile. */
const ATTEMPTS = 20;

/** One request's use of a session: read at first use, written after the answer where it has changed. */
export class Visit {
  readonly #policy: SessionPolicy;
  readonly #request: Request;
  #opening: MaybePromise<void> | undefined;
  #isOpen = false;
  /** The session that the request presented and the store had; undefined for none, and after a logout. */
  #stored: { readonly id: string; readonly text: string } | undefined;
  #record = emptyRecord();
  #isStale = false;
  /** Its data was in reach of the handler: it may have changed. */
  #isTouched = false;
  /** What is there moves to a new id. */
  #moves = false;
  #nextId: string | undefined;
  /** What is there is this request's own doing, not the stored session's. */
  #isNew = false;
  /** The answer is made: what changes from now on would be lost. */
  #isOver = false;

  constructor(policy: SessionPolicy, request: Request) {
    this.#policy = policy;
    this.#request = request;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A cookie came that belongs to no session. */
  get isStale(): boolean {
    return this.#isStale;
  }

  get user(): StoredUser | undefined {
    return this.#record.user;
  }

  /** The data, to be read and changed. */
  get data(): Record<string, unknown> {
    this.#isTouched = true;
    return this.#record.data;
  }

  /** Names the session as it will be after this request: a hash of its id. */
  get key(): string | undefined {
    const id = this.#moves ? (this.#nextId ??= newSessionId()) : this.#stored?.id;
    return id === undefined ? undefined : hashed(id);
  }

  /** Refuses a change that nothing would write. Errors: `TypeError` once the answer has been made. */
  checkChangeable(): void {
    if (this.#isOver)
      throw new TypeError(
        "the session is saved with the answer, which is out: as in a socket, a stream, a background task",
      );
  }

  /** Reads the session that the request presents. At once where the store answers at once. */
  open(): MaybePromise<void> {
    return this.#isOpen ? undefined : (this.#opening ??= this.#read());
  }

  /** Says who is logged in, under a new id: an id from before the login is worth nothing after it. */
  login(user: StoredUser): void {
    this.checkChangeable();
    if (this.user !== undefined && this.user.id !== user.id) this.#empty();
    this.#record.user = user;
    this.#isNew = true;
    this.#moves = true;
  }

  /** The same contents under a new id. */
  cycle(): void {
    this.checkChangeable();
    this.#moves = true;
  }

  /** Nothing and nobody, under a new id. */
  flush(): void {
    this.checkChangeable();
    this.#empty();
  }

  #empty(): void {
    this.#record = emptyRecord();
    this.#isNew = true;
    this.#moves = true;
  }

  /** Deletes at once: even where the handler fails afterwards, nobody is logged in any more. */
  logout(): MaybePromise<void> {
    const stored = this.#stored;
    this.#empty();
    if (stored === undefined) return undefined;
    this.#stored = undefined;
    this.#isStale = true;
    return andThen(this.#policy.store.delete(keyOf(stored.id)), () => undefined);
  }

  /** Writes what has changed and sets the cookie on the answer. */
  commit(response: Response): MaybePromise<void> {
    this.#isOver = true;
    if (!this.#isOpen) return undefined;
    // The answer depends on who asked: a shared cache must not give it to others (RFC 9110 12.5.5).
    response.headers.append("vary", "cookie");
    // A handler that failed has promised nothing; a logout has been done already.
    if (response.status >= 500) return this.#forget(response);
    if (this.#stored === undefined || this.#moves) return this.#begin(response);
    return this.#continue(response, this.#stored.id, this.#stored.text);
  }

  #read(): MaybePromise<void> {
    const id = this.#policy.cookie.read(this.#request);
    if (id === undefined || id === null) return this.#found("", undefined, id === null);
    return andThen(this.#policy.store.get(keyOf(id)), (text) => this.#found(id, text, text === undefined));
  }

  #found(id: string, text: string | undefined, isStale: boolean): void {
    this.#isOpen = true;
    this.#isStale = isStale;
    if (text === undefined) return;
    this.#stored = { id, text };
    this.#record = parseRecord(text);
  }

  #begin(response: Response): MaybePromise<void> {
    const stored = this.#stored;
    const record = this.#record;
    const { store, now, ttl, rolling } = this.#policy;
    const isEmpty = record.user === undefined && Object.keys(record.data).length === 0;
    const removed: MaybePromise<boolean> = stored === undefined || store.delete(keyOf(stored.id));
    return andThen(removed, (was) => {
      if (isEmpty) return stored === undefined ? this.#forget(response) : this.#setCookie(response, undefined);
      // Ended by another request meanwhile: it must not come back under another id.
      if (!was && !this.#isNew) return undefined;
      const id = (this.#nextId ??= newSessionId());
      const at = now();
      // The end that was fixed at the beginning moves along with what is kept.
      if (rolling || this.#isNew || stored === undefined) record.end = at + ttl;
      const written = store.set(keyOf(id), formatRecord(record), Math.max(1, record.end - at));
      return andThen(written, () => this.#setCookie(response, id));
    });
  }

  #continue(response: Response, id: string, text: string): MaybePromise<void> {
    const { now, ttl, rolling } = this.#policy;
    const record = this.#record;
    const at = now();
    const isChanged = this.#isTouched && !holdsSame(text, record);
    const isDue = rolling && record.end - at <= ttl - ttl / EXTENSIONS;
    if (!isChanged && !isDue) return undefined;
    if (rolling) record.end = at + ttl;
    return andThen(this.#write(keyOf(id), text, record, ATTEMPTS), (kept) => {
      // Of a session that ended meanwhile the cookie is left to the answer that ended it.
      if (kept && rolling) this.#setCookie(response, id);
    });
  }

  /** Whether the session is there still; what others wrote meanwhile to other keys is kept. */
  #write(key: string, seen: string, record: SessionRecord, attempts: number): MaybePromise<boolean> {
    const { store, now } = this.#policy;
    const swapped = store.swap(key, seen, formatRecord(record), Math.max(1, record.end - now()));
    return andThen(swapped, (done) => {
      if (done) return true;
      if (attempts === 1) throw new Error("the session was not written: others write it all the time");
      return andThen(store.get(key), (fresh) => {
        if (fresh === undefined) return false;
        return this.#write(key, fresh, merge(parseRecord(fresh), parseRecord(seen), record), attempts - 1);
      });
    });
  }

  #forget(response: Response): void {
    if (this.#isStale) this.#setCookie(response, undefined);
  }

  #setCookie(response: Response, id: string | undefined): void {
    const { cookie, now } = this.#policy;
    const seconds = Math.ceil(Math.max(0, this.#record.end - now()) / 1000);
    appendCookies(response.headers, [id === undefined ? cookie.remove() : cookie.write(id, seconds)]);
    // An answer with one user's cookie is not for a cache.
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  }
}

/** A session's key in the store: whoever reads the store cannot take over a session. */
function keyOf(id: string): string {
  return `session:${hashed(id)}`;
}
