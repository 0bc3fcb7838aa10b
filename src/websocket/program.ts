import type { LogRecord } from "../http/index.ts";
import type { AnswerWriter, JsonReader, Validators } from "../schema/index.ts";
import { type Limits, checkSettings, limitsOf } from "./settings.ts";
import type { Sockets } from "./sockets.ts";
import type { AnySocketHandler, SocketClose, SocketHandler, SocketHooks, SocketSettings } from "./types.ts";

/** A socket route, as far as its sockets care. */
export interface SocketDeclaration {
  /** For the log, as in `GET /chat/:room`. */
  readonly route: string;
  readonly settings: SocketSettings;
  readonly handle: AnySocketHandler;
}

/** What all sockets of one route share; made once, before the first request. */
export interface SocketProgram {
  readonly route: string;
  readonly limits: Limits;
  readonly handler: SocketHandler<unknown, unknown> | undefined;
  readonly hooks: SocketHooks<unknown, unknown> | undefined;
  readonly reader: JsonReader | undefined;
  readonly writer: AnswerWriter | undefined;
  /** What an invalid message comes to. */
  readonly invalid: "error" | "close";
  readonly sockets: Sockets;
  readonly log: (record: LogRecord) => void;
}

/** Folds a declaration into what its sockets run. Errors: `SchemaError`, and what `checkSettings` throws. */
export function socketProgram(
  { route, settings, handle }: SocketDeclaration,
  kit: {
    readonly validators: Validators;
    readonly sockets: Sockets;
    readonly log: (record: LogRecord) => void;
  },
): SocketProgram {
  checkSettings(settings);
  const limits = limitsOf(settings);
  kit.sockets.compresses ||= limits.compression;
  const called = typeof handle === "function";
  return {
    route,
    limits,
    handler: called ? (handle as SocketHandler<unknown, unknown>) : undefined,
    hooks: called ? undefined : hooksOf(handle as SocketHooks<unknown, unknown>),
    reader: settings.message === undefined ? undefined : kit.validators.json(settings.message, "body"),
    writer: settings.send === undefined ? undefined : kit.validators.answer(settings.send, "strict"),
    invalid: settings.invalid ?? "error",
    sockets: kit.sockets,
    log: kit.log,
  };
}

const HOOKS: ReadonlySet<string> = new Set(["open", "message", "drain", "close"]);

/** Bound, so that hooks may be the methods of an object; a misspelt one would never be called. */
function hooksOf(hooks: SocketHooks<unknown, unknown>): SocketHooks<unknown, unknown> {
  const isPlain = Object.getPrototypeOf(hooks) === Object.prototype;
  for (const [name, hook] of Object.entries(hooks)) {
    if (isPlain && !HOOKS.has(name)) throw new TypeError(`a socket has no hook "${name}": open, message, drain, close`);
    if (HOOKS.has(name) && hook !== undefined && typeof hook !== "function") {
      throw new TypeError(`the hook "${name}" is no function`);
    }
  }
  const { open, message, drain, close } = hooks;
  return {
    ...(open === undefined ? {} : { open: (socket: unknown, ctx: unknown) => open.call(hooks, socket, ctx) }),
    ...(message === undefined
      ? {}
      : { message: (socket: unknown, value: unknown, ctx: unknown) => message.call(hooks, socket, value, ctx) }),
    ...(drain === undefined ? {} : { drain: (socket: unknown, ctx: unknown) => drain.call(hooks, socket, ctx) }),
    ...(close === undefined
      ? {}
      : { close: (socket: unknown, how: SocketClose, ctx: unknown) => close.call(hooks, socket, how, ctx) }),
  };
}
