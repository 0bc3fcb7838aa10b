import { SocketClosed } from "./closed.ts";
import { ABNORMAL } from "./codes.ts";
import type { SocketClose } from "./types.ts";

/** The end of a connection and who waits for it. What nobody asks for is not made: an echo needs no signal. */
export class Ending {
  #how: SocketClose | undefined;
  #isFinished = false;
  #abort: AbortController | undefined;
  #closed: PromiseWithResolvers<SocketClose> | undefined;
  #finished: PromiseWithResolvers<void> | undefined;

  get how(): SocketClose {
    return this.#how ?? { code: ABNORMAL, reason: "", wasClean: false };
  }
  get error(): SocketClosed {
    return new SocketClosed(this.how);
  }
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#how !== undefined) this.#abort.abort(this.error);
    }
    return this.#abort.signal;
  }
  get closed(): Promise<SocketClose> {
    if (this.#closed === undefined) {
      this.#closed = Promise.withResolvers();
      if (this.#how !== undefined) this.#closed.resolve(this.#how);
    }
    return this.#closed.promise;
  }
  get finished(): Promise<void> {
    if (this.#finished === undefined) {
      this.#finished = Promise.withResolvers();
      if (this.#isFinished) this.#finished.resolve();
    }
    return this.#finished.promise;
  }

  close(how: SocketClose): void {
    this.#how = how;
    this.#abort?.abort(this.error);
    this.#closed?.resolve(how);
  }

  finish(): void {
    this.#isFinished = true;
    this.#finished?.resolve();
  }

  /** Whether an error is no more than what the end brought about in who waited for the connection. */
  explains(error: unknown): boolean {
    if (this.#how === undefined) return false;
    if (error instanceof SocketClosed) return true;
    if (this.#abort === undefined || !(error instanceof Error)) return false;
    // What was given the signal throws its reason, as `fetch` does, or an error of its own with that as the cause, as timers do.
    const { reason } = this.#abort.signal as { readonly reason: unknown };
    return error === reason || error.cause === reason;
  }
}
