/**
 * Counts requests in a table of fixed size by the generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling): a bucket is
 * the moment at which its key has its whole burst again, in steps of time, and a request moves it one interval on.
 *
 * A bucket is one word: 20 bits of the key's hash, 44 of the moment. Every change of it is one compare-and-exchange, so that any number
 * of processes count exactly, and one that dies in the middle leaves nothing locked. A new key takes the place of its group whose
 * bucket is fullest: an empty one, one whose burst is back, else that of the key that has asked for least; the clock has no part in
 * it, so that all processes choose the same. Two keys are one where group and 20 bits agree: 8 in a million of new keys in a table
 * that is full. The seed is secret, so that nobody can aim at that. native/buckets.zig does the same to the same tables.
 */

/** Keys that a table can hold at once. */
const CAPACITY = 65_536;

/** A header of 64 bytes: mark, seed, and until when the table matters; then one word of 64 bits for each key. */
const HEADER = 8;
const SEED = 1;
const UNTIL = 2;

/** The bytes of a header. */
export const BUCKETS_HEADER: number = HEADER * 8;

/** The bytes of a table: 512 KiB and a header. */
export const BUCKETS_BYTES: number = (HEADER + CAPACITY) * 8;

/** A key lives in one of eight places beside each other: one cache line. */
const GROUP = 8;
const GROUPS = CAPACITY / GROUP;

/** Of a word's upper half, the bits that belong to the moment. */
const MOMENT_BITS = 12;
const MOMENT_HIGH = 2 ** MOMENT_BITS - 1;

/** Marks memory as a table of this layout. */
const MAGIC: bigint = new BigUint64Array(Uint8Array.from("bolide-1", (letter) => letter.charCodeAt(0)).buffer)[0]!;

/** An empty table: its mark, a seed of its own, and nothing. */
export function newBuckets(): Uint8Array<ArrayBuffer> {
  const words = new BigUint64Array(HEADER + CAPACITY);
  words[0] = MAGIC;
  words[SEED] = crypto.getRandomValues(new BigUint64Array(1))[0]!;
  return new Uint8Array(words.buffer);
}

/** Whether memory holds a table of this layout. */
export function areBuckets(bytes: Uint8Array<ArrayBuffer>): boolean {
  return bytes.byteLength === BUCKETS_BYTES && isMarked(bytes);
}

/** Until when a table is worth keeping, in milliseconds since 1970, of its header; 0 where nobody has said, or it is none. */
export function bucketsMatterUntil(header: Uint8Array<ArrayBuffer>): number {
  return isMarked(header) ? new Float64Array(header.buffer, header.byteOffset, HEADER)[UNTIL]! : 0;
}

/** Says so in a table, unless it is to be kept for longer already. */
export function keepBuckets(bytes: Uint8Array<ArrayBuffer>, until: number): void {
  if (bucketsMatterUntil(bytes) < until) new Float64Array(bytes.buffer, bytes.byteOffset, HEADER)[UNTIL] = until;
}

function isMarked(bytes: Uint8Array<ArrayBuffer>): boolean {
  return new BigUint64Array(bytes.buffer, bytes.byteOffset, 1)[0] === MAGIC;
}

/** What a request takes, and how much may be taken ahead, in steps: whole numbers. */
export interface BucketRate {
  readonly interval: number;
  readonly burst: number;
}

/** Counts a request of a key at a step: the steps that it is ahead if it passed, else, below zero, those that it was. */
export type TakeBucket = (key: string, at: number) => number;

/** Counts in a table. */
export function scriptBuckets(bytes: Uint8Array<ArrayBuffer>, { interval, burst }: BucketRate): TakeBucket {
  const table = new BigInt64Array(bytes.buffer, bytes.byteOffset, HEADER + CAPACITY);
  const halves = new Int32Array(bytes.buffer, bytes.byteOffset, 2 * (HEADER + CAPACITY));
  const seed = BigInt.asUintN(64, table[SEED]!);
  // Words are taken apart and put together in memory: shifts of bigints would make four more of them.
  const word = new BigInt64Array(1);
  const half = new Uint32Array(word.buffer);
  const hash = new BigUint64Array(1);
  const hashHalf = new Uint32Array(hash.buffer);

  let fullest = 0;
  /** The place of a key: where its print stands, else the fullest bucket of its group, and then `fullest` is its moment. */
  const placeOf = (first: number, print: number): number => {
    let place = first;
    fullest = Infinity;
    for (let at = first; at < first + GROUP; at++) {
      const high = Atomics.load(halves, 2 * at + 1);
      if (high >>> MOMENT_BITS === print) return at;
      const moment = momentOf(Atomics.load(halves, 2 * at) >>> 0, high);
      if (moment < fullest) [place, fullest] = [at, moment];
    }
    return place;
  };

  return (key, at) => {
    hash[0] = Bun.hash(key, seed) as bigint;
    const first = HEADER + (hashHalf[0]! % GROUPS) * GROUP;
    const print = hashHalf[1]! >>> MOMENT_BITS || 1;
    for (;;) {
      const place = placeOf(first, print);
      const seen = (word[0] = Atomics.load(table, place));
      let moment = momentOf(half[0]!, half[1]!);
      if (half[1]! >>> MOMENT_BITS !== print) {
        // Of a bucket that has changed since it was looked at, nobody knows whether it is the fullest.
        if (moment !== fullest) continue;
        moment = 0;
      }
      const owed = Math.max(0, moment - at);
      const ahead = Math.min(owed, burst);
      const passed = ahead + interval <= burst;
      // A moment beyond the burst was written before the clock was set back: it is brought in, so that nobody waits for longer.
      if (!passed && owed <= burst) return -ahead;
      const next = ahead + (passed ? interval : 0);
      half[0] = (at + next) % 2 ** 32;
      half[1] = print * 2 ** MOMENT_BITS + Math.floor((at + next) / 2 ** 32);
      if (Atomics.compareExchange(table, place, seen, word[0]) === seen) return passed ? next : -next;
    }
  };
}

/** The moment of a bucket, of the two halves of its word. */
function momentOf(low: number, high: number): number {
  return (high & MOMENT_HIGH) * 2 ** 32 + low;
}
