import { appendCookies } from "../http/index.ts";
import { andThen, type MaybePromise, type Store } from "../store/index.ts";
import { hashSessionId, newSessionId, type SessionCookie } from "./session-cookie.ts";
import { contents, emptyRecord, formatRecord, merge, parseRecord, type SessionRecord, type StoredUser } from "./session-record.ts";

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
  readonly policy: SessionPolicy;
  readonly request: Request;
  /** The id that the request presented, once opened and found. */
  id: string | undefined;
  /** As the store had it. */
  text: string | undefined;
  record: SessionRecord = emptyRecord();
  opened: MaybePromise<void> | undefined;
  isOpen = false;
  /** A cookie came that belongs to no session. */
  stale = false;
  /** What is there moves to a new id. */
  rotate = false;
  /** Everything that was stored is void. */
  renewed = false;

  constructor(policy: SessionPolicy, request: Request) {
    this.policy = policy;
    this.request = request;
  }

  /** Reads the session that the request presents. At once where the store answers at once. */
  open(): MaybePromise<void> {
    return this.isOpen ? undefined : (this.opened ??= this.#read());
  }

  #read(): MaybePromise<void> {
    const id = this.policy.cookie.read(this.request);
    if (id === undefined || id === null) return this.#found(undefined, undefined, id === null);
    return andThen(this.policy.store.get(keyOf(id)), (text) => this.#found(id, text, text === undefined));
  }

  #found(id: string | undefined, text: string | undefined, stale: boolean): void {
    this.isOpen = true;
    this.stale = stale;
    if (text === undefined) return;
    this.id = id;
    this.text = text;
    this.record = parseRecord(text);
  }

  /** Says who is logged in, under a new id: an id from before the login is worth nothing after it. */
  login(user: StoredUser): void {
    if (this.record.user !== undefined && this.record.user.id !== user.id) this.flush();
    this.record.user = user;
    this.rotate = true;
  }

  flush(): void {
    this.record = emptyRecord();
    this.renewed = true;
    this.rotate = true;
  }

  /** Deletes at once: even where the handler fails afterwards, nobody is logged in any more. */
  logout(): MaybePromise<void> {
    const { id } = this;
    this.flush();
    this.id = undefined;
    this.text = undefined;
    this.stale ||= id !== undefined;
    return id === undefined ? undefined : andThen(this.policy.store.delete(keyOf(id)), () => undefined);
  }

  /** Writes what has changed and sets the cookie on the answer. */
  commit(response: Response): MaybePromise<void> {
    if (!this.isOpen) return undefined;
    // What is in the answer depends on who asked: a shared cache must not give it to others (RFC 9110 12.5.5).
    response.headers.append("vary", "cookie");
    // A handler that failed has promised nothing; a logout has been done already.
    if (response.status >= 500) return this.#drop(response);
    if (this.text === undefined || this.rotate) return this.#begin(response);
    return this.#continue(response, this.id!, this.text);
  }

  #drop(response: Response): void {
    if (this.stale) this.#setCookie(response, undefined);
  }

  /** A new session, or an old one under a new id. */
  #begin(response: Response): MaybePromise<void> {
    const { policy, record, id: old } = this;
    const isEmpty = record.user === undefined && Object.keys(record.data).length === 0;
    const removed = old === undefined ? undefined : policy.store.delete(keyOf(old));
    return andThen(removed as MaybePromise<boolean | undefined>, (was) => {
      // Somebody has logged out meanwhile: what that session held must not come back under another id.
      const isLost = was === false && !this.renewed && record.user !== undefined && !this.#isLogin();
      if (isEmpty || isLost) return old === undefined ? this.#drop(response) : this.#setCookie(response, undefined);
      const id = newSessionId();
      record.end = policy.now() + policy.ttl;
      const written = policy.store.set(keyOf(id), formatRecord(record), policy.ttl);
      return andThen(written, () => this.#setCookie(response, id));
    });
  }

  /** Whether the user was set by this request, not by an earlier one. */
  #isLogin(): boolean {
    return this.text === undefined || parseRecord(this.text).user?.id !== this.record.user?.id || this.loggedIn;
  }

  loggedIn = false;

  #continue(response: Response, id: string, text: string): MaybePromise<void> {
    const { policy, record } = this;
    const at = policy.now();
    const isChanged = !text.endsWith(contents({ user: record.user, data: record.data }));
    const isDue = policy.rolling && record.end - at <= policy.ttl - policy.ttl / EXTENSIONS;
    if (!isChanged && !isDue) return undefined;
    if (policy.rolling) record.end = at + policy.ttl;
    return andThen(this.#write(keyOf(id), text, record, ATTEMPTS), (kept) => {
      if (!kept) this.#setCookie(response, undefined);
      else if (policy.rolling) this.#setCookie(response, id);
    });
  }

  /** Whether the session is there still; what others wrote meanwhile to other keys is kept. */
  #write(key: string, seen: string, record: SessionRecord, attempts: number): MaybePromise<boolean> {
    const { store, now } = this.policy;
    const swapped = store.swap(key, seen, formatRecord(record), Math.max(1, record.end - now()));
    return andThen(swapped, (done) => {
      if (done) return true;
      if (attempts === 1) throw new Error("the session could not be written: others write it all the time");
      return andThen(store.get(key), (fresh) =>
        fresh !== undefined && this.#write(key, fresh, merge(parseRecord(fresh), parseRecord(seen), record), attempts - 1),
      );
    });
  }

  #setCookie(response: Response, id: string | undefined): void {
    const { cookie, ttl } = this.policy;
    appendCookies(response.headers, [id === undefined ? cookie.remove() : cookie.write(id, Math.ceil(ttl / 1000))]);
    // An answer with a cookie of one user is not for a cache.
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  }
}

/** A session's key in the store. */
function keyOf(id: string): string {
  return `session:${hashSessionId(id)}`;
}
