import { type Pointer, ptr } from "bun:ffi";

/**
 * The memory through which JavaScript and the library speak: an input that a header is written into, and numbers that come back.
 *
 * Both are allocated at the first crossing of a thread and their pointers taken once. `encodeInto` copies 20 to 500
 * characters in about 20 ns (`bun run bench:native`), and a character outside ASCII shows in its `written`.
 */

/** Longer headers are read in TypeScript; Bun answers 431 to a header block of more than about 16 KB. */
const LONGEST_INPUT = 16_384;

/** `names.padding` in native/names.zig: the bytes behind an input that a vector load may touch. */
const PADDING = 64;

export const RESULTS = 1024;

interface Crossing {
  readonly input: Pointer;
  readonly results: Int32Array;
  readonly resultsPointer: Pointer;
  /** Writes a header; false when it does not fit or is not ASCII, and then the library must not be asked. */
  write(header: string): boolean;
}

let crossing: Crossing | undefined;

export function openCrossing(): Crossing {
  return (crossing ??= allocate());
}

function allocate(): Crossing {
  const input = new Uint8Array(LONGEST_INPUT + PADDING);
  const results = new Int32Array(RESULTS);
  const encoder = new TextEncoder();
  return {
    input: ptr(input),
    results,
    resultsPointer: ptr(results),
    write: (header) => header.length <= LONGEST_INPUT && encoder.encodeInto(header, input).written === header.length,
  };
}
