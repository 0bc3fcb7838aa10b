import { type Parameter, readParameter, skipBlanks, startsParameter, tokenEnd } from "./grammar.ts";

/** Negotiation without the library: the same choices as native/accept.zig, which documents the order. */

export const NONE = -1;
export const MALFORMED = -2;

const COMMA = 44;
const DOT = 46;
const SLASH = 47;
const STAR = 42;
const ZERO = 48;

/** A qvalue (RFC 9110 12.4.2) in thousandths, or `MALFORMED`. */
export function thousandths(text: string, from: number, to: number): number {
  const first = text.charCodeAt(from) - ZERO;
  if (to === from || to - from > 5 || (first !== 0 && first !== 1)) return MALFORMED;
  let sum = first * 1000;
  if (to === from + 1) return sum;
  if (text.charCodeAt(from + 1) !== DOT) return MALFORMED;
  let weight = 100;
  for (let at = from + 2; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return MALFORMED;
    sum += weight * digit;
    weight /= 10;
  }
  return sum > 1000 ? MALFORMED : sum;
}

/** What the last `readTail` saw. One object for all calls: a pair of results per list element would be garbage. */
const tail = { quality: 1000, hasParameters: false };
const parameter: Parameter = { name: "", start: 0, end: 0 };

/** Reads the parameters of an element of a lower-case header; returns the offset behind them, or `MALFORMED`. */
function readTail(text: string, from: number): number {
  tail.quality = 1000;
  tail.hasParameters = false;
  let isWeighed = false;
  let at = skipBlanks(text, from);
  while (startsParameter(text, at)) {
    const end = readParameter(text, at, parameter);
    if (typeof end !== "number") return MALFORMED;
    at = end;
    if (isWeighed || parameter.name === "") continue;
    isWeighed = parameter.name === "q";
    if (isWeighed) tail.quality = thousandths(text, parameter.start, parameter.end);
    else tail.hasParameters = true;
    if (tail.quality < 0) return MALFORMED;
  }
  return at === text.length || text.charCodeAt(at) === COMMA ? at : MALFORMED;
}

interface Standing {
  specificity: number;
  quality: number;
  position: number;
}

/** The index of the best of `offered` (lower case, no parameters), or `NONE`, or `MALFORMED`. */
export function selectType(header: string, offered: readonly string[]): number {
  const text = header.toLowerCase();
  const standings: Standing[] = [];
  for (let index = 0; index < offered.length; index++) standings.push({ specificity: -1, quality: 0, position: 0 });
  let isEmpty = true;
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    if (text.charCodeAt(at) === COMMA) {
      at = skipBlanks(text, at + 1);
      continue;
    }
    const slash = tokenEnd(text, at);
    if (slash === at || slash === text.length || text.charCodeAt(slash) !== SLASH) return MALFORMED;
    const end = tokenEnd(text, slash + 1);
    if (end === slash + 1) return MALFORMED;
    const next = readTail(text, end);
    if (next < 0) return MALFORMED;
    if (!tail.hasParameters) note(standings, offered, text, at, slash, end);
    isEmpty = false;
    at = next;
  }
  return isEmpty ? 0 : best(standings);
}

/** Raises the standing of each offered type for which this range is the most specific so far. */
function note(
  standings: readonly Standing[],
  offered: readonly string[],
  text: string,
  position: number,
  slash: number,
  end: number,
): void {
  const anySubtype = end === slash + 2 && text.charCodeAt(slash + 1) === STAR;
  const any = anySubtype && slash === position + 1 && text.charCodeAt(position) === STAR;
  const specificity = any ? 0 : anySubtype ? 1 : 2;
  const range = any ? "" : text.slice(position, anySubtype ? slash + 1 : end);
  for (let index = 0; index < offered.length; index++) {
    const standing = standings[index] as Standing;
    if (specificity <= standing.specificity) continue;
    const type = offered[index] as string;
    if (!(specificity === 2 ? type === range : type.startsWith(range))) continue;
    standing.specificity = specificity;
    standing.quality = tail.quality;
    standing.position = position;
  }
}

function best(standings: readonly Standing[]): number {
  let winner = NONE;
  let leader: Standing = { specificity: -1, quality: 0, position: 0 };
  for (let index = 0; index < standings.length; index++) {
    const each = standings[index] as Standing;
    if (each.quality === 0) continue;
    const lead =
      each.quality - leader.quality || each.specificity - leader.specificity || leader.position - each.position;
    if (lead <= 0) continue;
    winner = index;
    leader = each;
  }
  return winner;
}

/** The index of the best of `supported` (lower case), its length for identity, or `NONE`, or `MALFORMED`. */
export function selectEncoding(header: string, supported: readonly string[]): number {
  const text = header.toLowerCase();
  const weights: number[] = [];
  for (let index = 0; index < supported.length; index++) weights.push(-1);
  let star = -1;
  let identity = -1;
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    if (text.charCodeAt(at) === COMMA) {
      at = skipBlanks(text, at + 1);
      continue;
    }
    const end = tokenEnd(text, at);
    if (end === at) return MALFORMED;
    const next = readTail(text, end);
    if (next < 0 || tail.hasParameters) return MALFORMED;
    const index = indexAt(supported, text, at, end);
    if (index >= 0) weights[index] = (weights[index] as number) < 0 ? tail.quality : (weights[index] as number);
    else if (end === at + 1 && text.charCodeAt(at) === STAR) star = star < 0 ? tail.quality : star;
    else if (identity < 0 && indexAt(IDENTITY, text, at, end) === 0) identity = tail.quality;
    at = next;
  }
  if (identity < 0) identity = star;
  let winner = identity === 0 ? NONE : supported.length;
  let leader = Math.max(identity, 1) - 1;
  for (let index = 0; index < supported.length; index++) {
    const weight = (weights[index] as number) < 0 ? star : (weights[index] as number);
    if (weight <= leader) continue;
    winner = index;
    leader = weight;
  }
  return winner;
}

const IDENTITY = ["identity"];

/** Which name stands between `from` and `to`; compares in place, as a slice per list element costs 40 ns. */
function indexAt(names: readonly string[], text: string, from: number, to: number): number {
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (name.length === to - from && text.startsWith(name, from)) return index;
  }
  return -1;
}
