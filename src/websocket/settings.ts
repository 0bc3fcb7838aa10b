import type { SocketSettings } from "./types.ts";

/** Settings with their defaults filled in. */
export interface Limits {
  readonly maxMessageSize: number;
  readonly idleTimeout: number;
  readonly compression: boolean;
  readonly queueSize: number;
  readonly maxBackpressure: number;
}

const MIB = 1024 * 1024;

/** What holds where a contract says nothing. */
const DEFAULTS: Limits = Object.freeze({
  maxMessageSize: MIB,
  idleTimeout: 120,
  compression: false,
  queueSize: 64,
  maxBackpressure: 16 * MIB,
});

/** The limits of one route. */
export function limitsOf(settings: SocketSettings): Limits {
  return Object.freeze({
    maxMessageSize: settings.maxMessageSize ?? DEFAULTS.maxMessageSize,
    idleTimeout: settings.idleTimeout ?? DEFAULTS.idleTimeout,
    compression: settings.compression ?? DEFAULTS.compression,
    queueSize: settings.queueSize ?? DEFAULTS.queueSize,
    maxBackpressure: settings.maxBackpressure ?? DEFAULTS.maxBackpressure,
  });
}

/** A token of RFC 9110 5.6.2, as a subprotocol's name is one (RFC 6455 4.1). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Bun's own limits are 32 bits wide. */
const MOST = 2 ** 32 - 1;

/** Refuses settings that cannot be kept. Errors: `TypeError` or `RangeError` that name the setting. */
export function checkSettings(settings: SocketSettings): void {
  checkCount("maxMessageSize", settings.maxMessageSize, 1);
  checkCount("queueSize", settings.queueSize, 1);
  checkCount("maxBackpressure", settings.maxBackpressure, 1);
  const { idleTimeout, invalid, protocols, origins } = settings;
  if (idleTimeout !== undefined && !(idleTimeout >= 0 && idleTimeout <= MOST)) {
    throw new RangeError(`idleTimeout takes seconds, 0 for never, not ${String(idleTimeout)}`);
  }
  if (invalid !== undefined && invalid !== "error" && invalid !== "close") {
    throw new TypeError(`invalid takes "error" or "close", not ${JSON.stringify(invalid)}`);
  }
  for (const protocol of protocols ?? []) {
    if (!TOKEN.test(protocol)) throw new TypeError(`${JSON.stringify(protocol)} is no name of a subprotocol`);
  }
  if (new Set(protocols).size !== (protocols?.length ?? 0)) throw new TypeError("protocols has a name twice");
  if (origins === undefined || origins === "*") return;
  for (const origin of origins) {
    if (origin instanceof RegExp || (origin === "null" ? "null" : URL.parse(origin)?.origin) === origin) continue;
    throw new TypeError(`${JSON.stringify(origin)} is no origin, as in "https://app.example.com"`);
  }
}

function checkCount(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= MOST)) return;
  throw new RangeError(`${name} takes a whole number from ${least} to ${MOST}, not ${String(value)}`);
}
