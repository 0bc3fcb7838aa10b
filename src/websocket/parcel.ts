import type { Message } from "./types.ts";

/** A message to a room on its way between processes. */
export interface Parcel {
  /** The process that sent it. */
  readonly origin: string;
  readonly room: string;
  readonly data: Message;
}

/** `origin`, then `t` or `b`, then the room's length and name, then the text, or the bytes in base64: sliced, not parsed. */
export function pack(origin: string, room: string, data: Message): string {
  return typeof data === "string"
    ? `${origin}t${room.length}:${room}${data}`
    : `${origin}b${room.length}:${room}${data.toBase64()}`;
}

/** What `pack` made of a parcel; `undefined` for what somebody else has published on the channel. */
export function unpack(text: string, originLength: number): Parcel | undefined {
  const kind = text[originLength];
  const colon = text.indexOf(":", originLength);
  const length = colon === -1 ? Number.NaN : Number(text.slice(originLength + 1, colon));
  if ((kind !== "t" && kind !== "b") || !Number.isInteger(length) || length < 1) return undefined;
  const start = colon + 1;
  if (text.length < start + length) return undefined;
  const payload = text.slice(start + length);
  const [origin, room] = [text.slice(0, originLength), text.slice(start, start + length)];
  if (kind === "t") return { origin, room, data: payload };
  try {
    return { origin, room, data: Uint8Array.fromBase64(payload) };
  } catch {
    return undefined;
  }
}
