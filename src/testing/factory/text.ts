import type { TSchema } from "../../schema/index.ts";
import { textMatching } from "./pattern.ts";
import type { Random } from "./random.ts";

/** A text without bounds has about this many characters. */
const USUAL = 24;
/** Texts that are drawn for a pattern until one has the right length. */
const TRIES = 100;

/** From the beginning of 2020 to the end of 2025. */
const FIRST = Date.UTC(2020, 0, 1);
const LAST = Date.UTC(2025, 11, 31, 23, 59, 59);

/** A moment, to the second. */
export function momentOf(schema: TSchema, random: Random): Date {
  const { minimumTimestamp, maximumTimestamp, exclusiveMinimumTimestamp, exclusiveMaximumTimestamp } =
    schema as Readonly<Record<string, number | undefined>>;
  const above = exclusiveMinimumTimestamp === undefined ? minimumTimestamp : exclusiveMinimumTimestamp + 1;
  const below = exclusiveMaximumTimestamp === undefined ? maximumTimestamp : exclusiveMaximumTimestamp - 1;
  const least = above ?? Math.min(FIRST, below ?? FIRST);
  const most = below ?? Math.max(LAST, least);
  const exact = random.integer(least, most);
  const whole = exact - (exact % 1000);
  return new Date(whole >= least ? whole : exact);
}

/** A text as a schema wants it: of its format, its pattern, its length; `undefined` where none was found. */
export function textOf(schema: TSchema, random: Random): string | undefined {
  const { minLength = 0, maxLength = Infinity } = schema as { minLength?: number; maxLength?: number };
  const pattern = patternOf(schema);
  const expression = pattern && new RegExp(pattern.source, pattern.flags);
  const fits = (text: string | undefined): text is string =>
    text !== undefined && text.length >= minLength && text.length <= maxLength && expression?.test(text) !== false;
  const format = FORMATS[schema["format"] as string];
  if (format === undefined && pattern === undefined) return plainText(random, minLength, maxLength);
  for (let at = 0; at < TRIES; at++) {
    const text = format?.(random) ?? textMatching(pattern!.source, random, 3 + Math.ceil((at * minLength) / TRIES));
    if (fits(text)) return text;
  }
  return undefined;
}

function patternOf(schema: TSchema): { readonly source: string; readonly flags: string } | undefined {
  const { pattern, source, flags = "" } = schema as { pattern?: string; source?: string; flags?: string };
  return pattern === undefined
    ? source === undefined
      ? undefined
      : { source, flags }
    : { source: pattern, flags: "" };
}

function plainText(random: Random, least: number, most: number): string {
  const words = `${random.word()} ${random.word()}`;
  const text = `${words[0]!.toUpperCase()}${words.slice(1)} ${random.code(5)}`;
  const length = Math.min(most, Math.max(least, Math.min(text.length, USUAL)));
  return length < text.length ? random.code(length) : text + random.code(length - text.length);
}

const two = (value: number): string => String(value).padStart(2, "0");

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  email: (random) => `${random.word()}.${random.code(5)}@example.com`,
  hostname: (random) => `${random.word()}-${random.code(5)}.example.com`,
  uri: (random) => `https://example.com/${random.word()}/${random.code(5)}`,
  url: (random) => `https://example.com/${random.word()}/${random.code(5)}`,
  ipv4: (random) => `10.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`,
  ipv6: (random) => `2001:db8::${random.integer(1, 0xffff).toString(16)}:${random.integer(1, 0xffff).toString(16)}`,
  date: (random) => new Date(random.integer(FIRST, LAST)).toISOString().slice(0, 10),
  time: (random) => `${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}Z`,
  "date-time": (random) => new Date(random.integer(FIRST, LAST)).toISOString(),
  duration: (random) => `PT${random.integer(1, 100_000)}S`,
  uuid: uuidOf,
};

/** A random UUID (RFC 9562, version 4). */
export function uuidOf(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toHex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
