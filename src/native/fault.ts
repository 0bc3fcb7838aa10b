const KINDS = [
  "expected-token",
  "expected-equals",
  "invalid-character",
  "unterminated-quote",
  "expected-space",
  "expected-slash",
  "invalid-quality",
  "duplicate-parameter",
  "unknown-unit",
  "invalid-range",
  "empty-list",
] as const;

/** What is wrong with a header. The first five are also reported by the library, by their number from 1 on. */
export type HeaderFaultKind = (typeof KINDS)[number];

/**
 * Says where a header leaves its grammar, and how. A value, not an exception: the caller decides whether that is a 400 or nothing.
 *
 * `position` counts characters from 0; a header that ends too early is faulty at its length.
 *
 * @example
 * const range = parseRange("bytes=9-1", 100);
 * if (range instanceof HeaderFault) console.log(range.kind, range.position); // invalid-range 6
 */
export class HeaderFault {
  readonly kind: HeaderFaultKind;
  readonly position: number;

  constructor(kind: HeaderFaultKind, position: number) {
    this.kind = kind;
    this.position = position;
  }
}

/** Turns a status below zero of the library into a fault. */
export function nativeFault(status: number, position: number): HeaderFault {
  const kind = KINDS[-status - 1];
  if (kind === undefined) throw new RangeError(`The native library answered with the unknown status ${status}`);
  return new HeaderFault(kind, position);
}
