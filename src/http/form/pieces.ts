const NOTHING = new Uint8Array(0);

/**
 * Bytes that come in pieces. One piece is kept as it is; more are copied into one growing array, so that a client who sends byte by
 * byte costs bytes, not objects.
 */
export class Pieces {
  #bytes: Uint8Array = NOTHING;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    if (this.#size === 0) this.#bytes = piece;
    else {
      const size = this.#size + piece.length;
      // The first piece is a view of somebody's memory: it is copied too.
      if (size > this.#bytes.length) {
        const larger = new Uint8Array(Math.max(size, this.#size * 2));
        larger.set(this.#bytes.subarray(0, this.#size));
        this.#bytes = larger;
      }
      this.#bytes.set(piece, this.#size);
    }
    this.#size += piece.length;
  }

  /** All bytes so far; good until the next piece is added. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size) as Uint8Array<ArrayBuffer>;
  }

  clear(): void {
    this.#bytes = NOTHING;
    this.#size = 0;
  }
}
