import { type ListenOptions } from "../server/index.ts";
import type { Flag, Values } from "./command.ts";
import { Failure } from "./failure.ts";

/** Where and how to listen: the flags of `serve`, of `dev` and of every built binary. */
export const LISTEN_FLAGS = {
  host: { type: "string", value: "<address>", help: "address to listen on; default HOST, else 127.0.0.1" },
  port: { type: "string", value: "<number>", help: "port to listen on, 0 for a free one; default PORT, else 8000" },
  unix: { type: "string", value: "<path>", help: "listen on a socket file instead of an address and a port" },
  backlog: { type: "string", value: "<number>", help: "connections that may wait to be accepted; the kernel caps it" },
  "keep-alive": {
    type: "string",
    value: "<seconds>",
    help: "how long a connection may be idle, 0 for ever, at most 255; default 30",
  },
  "stop-timeout": {
    type: "string",
    value: "<seconds>",
    help: "how long requests in flight may take once asked to stop; default 30",
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Turns flags into options; a flag wins over its environment variable. Errors: a value that is no such number, exit code 2. */
export function listenOptions(
  flags: Values<typeof LISTEN_FLAGS>,
  env: Readonly<Record<string, string | undefined>>,
): ListenOptions {
  const host = flags.host ?? (env["HOST"] || undefined);
  const port = whole("--port", flags.port, 65_535) ?? whole("PORT", env["PORT"] || undefined, 65_535);
  const backlog = whole("--backlog", flags.backlog, 0x7fff_ffff);
  const idleTimeout = whole("--keep-alive", flags["keep-alive"], 255);
  const stopTimeout = seconds("--stop-timeout", flags["stop-timeout"]);
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(flags.unix === undefined ? {} : { unix: flags.unix }),
    ...(backlog === undefined ? {} : { backlog }),
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
    ...(stopTimeout === undefined ? {} : { stopTimeout }),
  };
}

function whole(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new Failure(`${name} must be a whole number from 0 to ${most}, not "${text}"`, 2);
}

/** Milliseconds of a number of seconds. */
function seconds(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Number.NaN;
  if (value <= 86_400_000) return value;
  throw new Failure(`${name} must be a number of seconds from 0 to 86400, not "${text}"`, 2);
}
