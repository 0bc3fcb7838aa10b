import { HeaderFault } from "./fault.ts";
import { skipBlanks } from "./grammar.ts";

/** A range of bytes, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const COMMA = 44;
const HYPHEN = 45;
const UNIT = "bytes=";

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** The number that the digits make; more of them than a size can have round to a larger number, or to Infinity. */
function decimal(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

/**
 * Reads `Range` for a representation of `size` bytes (RFC 9110 14.2), in the order of the header.
 *
 * Ranges are cut to the size; unsatisfiable ones are dropped, and `"unsatisfiable"` (416) is the answer when none is left.
 * A `HeaderFault` means that the header is to be ignored: `unknown-unit` for any unit but bytes, `invalid-range` when an
 * end lies before its start. Overlaps are kept: how many ranges to serve is the caller's decision.
 *
 * @example
 * parseRange("bytes=0-99,-1", 1000); // [{ start: 0, end: 99 }, { start: 999, end: 999 }]
 * parseRange("bytes=1000-", 1000);   // "unsatisfiable"
 */
export function parseRange(value: string, size: number): readonly ByteRange[] | "unsatisfiable" | HeaderFault {
  // Range units are case-insensitive (RFC 9110 14.1).
  if (!value.startsWith(UNIT) && value.slice(0, UNIT.length).toLowerCase() !== UNIT)
    return new HeaderFault("unknown-unit", 0);
  const ranges: ByteRange[] = [];
  let count = 0;
  let at = skipBlanks(value, UNIT.length);
  while (at < value.length) {
    if (value.charCodeAt(at) === COMMA) {
      at = skipBlanks(value, at + 1);
      continue;
    }
    const from = at;
    const hyphen = digitsEnd(value, from);
    if (value.charCodeAt(hyphen) !== HYPHEN) return new HeaderFault("invalid-character", hyphen);
    const to = digitsEnd(value, hyphen + 1);
    at = skipBlanks(value, to);
    if (at < value.length && value.charCodeAt(at) !== COMMA) return new HeaderFault("invalid-character", at);
    if (hyphen === from && to === hyphen + 1) return new HeaderFault("invalid-range", from);
    count++;
    const last = to === hyphen + 1 ? Infinity : decimal(value, hyphen + 1, to);
    if (hyphen === from) {
      // A suffix: the last N bytes, all of them when there are fewer.
      if (last > 0 && size > 0) ranges.push({ start: Math.max(0, size - last), end: size - 1 });
      continue;
    }
    const first = decimal(value, from, hyphen);
    if (last < first) return new HeaderFault("invalid-range", from);
    if (first < size) ranges.push({ start: first, end: Math.min(last, size - 1) });
  }
  if (count === 0) return new HeaderFault("empty-list", value.length);
  return ranges.length === 0 ? "unsatisfiable" : ranges;
}
