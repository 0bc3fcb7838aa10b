import { JsonFault, parseJson } from "../http/index.ts";
import { type AnswerWriter, type Entry, Invalid, type JsonReader } from "../schema/index.ts";
import type { Message } from "./types.ts";

/** Why a message is not what it should be. */
export class Unreadable {
  readonly reason: string;
  /** The entries to tell where the schema is at fault; empty where there is no text or no JSON at all and none is declared. */
  readonly entries: readonly Entry[];
  constructor(reason: string, entries: readonly Entry[] = []) {
    this.reason = reason;
    this.entries = entries;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A message as a text; Bun has checked a text frame's UTF-8 already (RFC 6455 8.1). */
export function textOf(message: Message): string | Unreadable {
  if (typeof message === "string") return message;
  try {
    return utf8.decode(message);
  } catch {
    return new Unreadable("Not UTF-8");
  }
}

export function bytesOf(message: Message): Uint8Array {
  return typeof message === "string" ? encoder.encode(message) : message;
}

/** A message parsed as JSON, unchecked. */
export function jsonOf(message: Message): unknown {
  const text = textOf(message);
  if (text instanceof Unreadable) return text;
  const value = parseJson(text);
  return value instanceof JsonFault
    ? new Unreadable("Invalid JSON", [{ loc: ["message"], msg: value.message, type: "json_invalid" }])
    : value;
}

/** A message read as JSON of a schema; the entries' `loc` begins with `message`. */
export function readMessage(message: Message, reader: JsonReader): unknown {
  const parsed = jsonOf(message);
  if (parsed instanceof Unreadable) return parsed;
  const value = reader.read(parsed);
  return value instanceof Invalid ? new Unreadable("Invalid message", renamed(value.entries, "message")) : value;
}

/** A message as JSON of a schema. Errors: `TypeError` that tells what does not match, for the log alone. */
export function writeMessage(message: unknown, writer: AnswerWriter): string {
  const value = writer.write(message);
  if (!(value instanceof Invalid)) return JSON.stringify(value);
  const told = renamed(value.entries, "send").map(({ loc, msg }) => `${loc.join(".")}: ${msg}`);
  throw new TypeError(`what is sent does not match its schema: ${told.join("; ")}`);
}

/** Entries with another word for the source in front. */
function renamed(entries: readonly Entry[], source: string): readonly Entry[] {
  return entries.map((entry) => ({ ...entry, loc: [source, ...entry.loc.slice(1)] }));
}

/** Whether a message is over a limit in bytes; a text is measured only where its length leaves it open. */
export function isOver(message: Message, limit: number): boolean {
  if (typeof message !== "string") return message.byteLength > limit;
  // A UTF-16 unit is one to three bytes of UTF-8.
  if (message.length * 3 <= limit) return false;
  return message.length > limit || Buffer.byteLength(message) > limit;
}
