/** Numbers that look random and are the same for the same seed, in every process (mulberry32, T. Ettinger). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to but without 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    return Math.min(most, least + Math.floor(this.fraction() * (most - least + 1)));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.integer(0, from.length - 1)]!;
  }

  /** Letters and digits. */
  code(length: number): string {
    return Array.from({ length }, () => this.integer(0, 35).toString(36)).join("");
  }

  /** Made of syllables, so that it can be read out. */
  word(): string {
    const syllable = () => this.pick(["ba", "den", "fi", "ka", "lo", "mir", "na", "pe", "ro", "su", "ta", "vel"]);
    return Array.from({ length: this.integer(2, 3) }, syllable).join("");
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(0, 255));
  }
}

/** The random numbers of one row: they do not depend on what was made before it. */
export const rowRandom = (table: string, seed: number, row: number): Random =>
  new Random(Number(Bun.hash(`${table} ${seed} ${row}`) & 0xffff_ffffn));
