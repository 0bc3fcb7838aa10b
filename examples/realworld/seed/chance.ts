/** Chance that is the same at every start: xorshift with 32 bits (Marsaglia, 2003). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to just under 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to below `end`; with a `skew` over 1 low ones come more often. */
  below(end: number, skew = 1): number {
    return Math.floor(this.next() ** skew * end);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Different integers from 0 to below `end`, as many as are found in `count` attempts. */
  several(count: number, end: number, skew = 1): number[] {
    return [...new Set(Array.from({ length: count }, () => this.below(end, skew)))];
  }
}
