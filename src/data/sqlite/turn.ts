import { ServiceUnavailable } from "../../http/index.ts";

/** Lets one at a time through, in the order of asking. */
export class Turn {
  #taken = false;
  readonly #waiting: ((granted: boolean) => void)[] = [];

  /** Takes the turn if nobody has it and nobody waits for it. */
  take(): boolean {
    if (this.#taken) return false;
    return (this.#taken = true);
  }

  /** Waits for the turn; after `patience` ms a 503. */
  async wait(patience: number): Promise<void> {
    if (this.take()) return;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push(resolve);
    const timer = setTimeout(() => {
      const index = this.#waiting.indexOf(resolve);
      if (index !== -1) this.#waiting.splice(index, 1);
      resolve(false);
    }, patience);
    const granted = await promise;
    clearTimeout(timer);
    if (!granted) throw new ServiceUnavailable(`The database was busy for ${patience} ms`);
  }

  /** Gives the turn to the next who waits. */
  pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next(true);
  }
}
