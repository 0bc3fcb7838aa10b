/**
 * Close codes by name (RFC 6455 7.4.1 and its registry). 3000-3999 are registered by libraries, 4000-4999 are the application's own.
 *
 * @example
 * ```ts
 * socket.close(CloseCode.tryAgainLater, "Too many players");
 * ```
 */
export const CloseCode = Object.freeze({
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  invalidPayload: 1007,
  policyViolation: 1008,
  tooBig: 1009,
  internalError: 1011,
  restart: 1012,
  tryAgainLater: 1013,
});

/** What stands in a close event where there was no close frame: never sent. */
export const ABNORMAL = 1006;

/** A control frame carries at most 125 bytes (RFC 6455 5.5), two of them the code. */
const LONGEST_REASON = 123;

/** Refuses what must not stand in a close frame. Errors: `RangeError`. */
export function checkClose(code: number, reason: string): void {
  // 1010 is the client's alone, 1004 and 1015 are reserved, 1005 and 1006 stand for the absence of a code.
  const sendable =
    (code >= 1000 && code <= 1003) ||
    (code >= 1007 && code <= 1009) ||
    (code >= 1011 && code <= 1014) ||
    (code >= 3000 && code <= 4999);
  if (!Number.isInteger(code) || !sendable) {
    throw new RangeError(`${code} is no close code to send: 1000-1003, 1007-1009, 1011-1014 or 3000-4999`);
  }
  if (reason.length > LONGEST_REASON / 3 && Buffer.byteLength(reason) > LONGEST_REASON) {
    throw new RangeError(`A close reason takes at most ${LONGEST_REASON} bytes, not ${Buffer.byteLength(reason)}`);
  }
}

/** As much of a text as fits a close frame, cut between characters. */
export function fitReason(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST_REASON) return text;
  const bytes = new Uint8Array(LONGEST_REASON);
  return text.slice(0, new TextEncoder().encodeInto(text, bytes).read);
}
