import type { SocketOperation } from "../model.ts";
import type { Lookup } from "./lookup.ts";
import { answerChanges, requestChanges } from "./schema.ts";

/** A socket in its document. */
export interface PlacedSocket {
  readonly lookup: Lookup;
  readonly socket: Partial<SocketOperation>;
}

/** What breaks for clients of a socket beside what does for those of any route: its messages, its subprotocols. */
export function socketChanges(before: PlacedSocket, after: PlacedSocket): string[] {
  const [older, newer] = [before.socket, after.socket];
  const protocols = (older.protocols ?? []).filter((name) => !(newer.protocols ?? []).includes(name));
  return [
    ...protocols.map((name) => `no longer speaks the subprotocol ${name}`),
    ...messageChanges(before, after),
    ...sentChanges(before, after),
  ];
}

function messageChanges(before: PlacedSocket, after: PlacedSocket): string[] {
  const [older, newer] = [before.socket.message, after.socket.message];
  if (newer === undefined) return [];
  if (older === undefined) return ["messages must be JSON of a schema now"];
  return requestChanges(before.lookup, older, after.lookup, newer, "message");
}

function sentChanges(before: PlacedSocket, after: PlacedSocket): string[] {
  const [older, newer] = [before.socket.send, after.socket.send];
  if (older === undefined) return newer === undefined ? [] : ["sends JSON now"];
  if (newer === undefined) return ["no longer says what it sends"];
  return answerChanges(before.lookup, older, after.lookup, newer, "sent message");
}
