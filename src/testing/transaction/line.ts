/** Lets one transaction in at a time. */
export class Line {
  readonly #patience: number;
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Waits for whoever is inside. Errors: after `patience` ms, one that tells what keeps it waiting. */
  async enter(): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      reject(
        new Error(
          `A transaction waited ${this.#patience} ms for another: in a test they share one connection. Nest with transaction(trx, …)`,
        ),
      );
    }, this.#patience);
    await promise.finally(() => clearTimeout(timer));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}
