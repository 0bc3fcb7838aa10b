import { isSchema, type Shape, type StaticOf, t, type TSchema } from "../schema/index.ts";
import { type AnySocketHandler, checkSettings, type Message, type SocketSettings } from "../websocket/index.ts";
import { type Contract, CONTRACT_KEYS } from "./contract.ts";

/** What a socket's contract has of any route's: all but what is about a body and an answer. */
const SHARED = [
  "tags",
  "use",
  "auth",
  "guards",
  "provide",
  "onError",
  "responseHeaders",
  "params",
  "query",
  "headers",
  "cookies",
  "errors",
  "skip",
  "summary",
  "description",
  "operationId",
  "deprecated",
  "externalDocs",
  "hidden",
] as const satisfies readonly (keyof Contract)[];

/**
 * What a socket's route declares: what the request that opens it carries, who may send it, what the messages are.
 * `message` and `send` are schemas, or records of them for an object.
 */
export interface SocketContract
  extends Pick<Contract, (typeof SHARED)[number]>, Omit<SocketSettings, "message" | "send"> {
  /** Each message that comes in: JSON of this schema. Without it messages are texts and bytes as they come. */
  readonly message?: Shape;
  /** Each message that goes out, checked and stripped of what it does not name, as answers are. */
  readonly send?: Shape;
}

/** The messages that a handler gets. */
export type MessageOf<C> = C extends { readonly message: infer X extends Shape } ? StaticOf<X> : Message;

/** The messages that `send` takes. */
export type SentOf<C> = C extends { readonly send: infer X extends Shape } ? StaticOf<X> : Message;

/** What makes a route a socket: how its messages are, and who handles them, by one function or by one for each event. */
export interface SocketDeclaration {
  readonly settings: SocketSettings;
  readonly handler: AnySocketHandler;
}

const SETTINGS = [
  "message",
  "send",
  "invalid",
  "protocols",
  "origins",
  "maxMessageSize",
  "idleTimeout",
  "compression",
  "queueSize",
  "maxBackpressure",
] as const satisfies readonly (keyof SocketSettings)[];

const SOCKET_KEYS: ReadonlySet<string> = new Set<keyof SocketContract>([...SHARED, ...SETTINGS]);

/** What is wrong with a key of a socket's contract; `undefined` where nothing is. */
export function keyFault(key: string): string | undefined {
  if (SOCKET_KEYS.has(key)) return undefined;
  return CONTRACT_KEYS.has(key)
    ? `declares ${key}, which a socket has not: message and send are the schemas of its messages`
    : `unknown key "${key}" in its contract`;
}

/** A socket's contract and handler taken apart. Errors: `TypeError` and `RangeError` for what is no handler or no setting. */
export function declarationOf(contract: SocketContract, handler: AnySocketHandler): SocketDeclaration {
  if (typeof handler !== "function" && (typeof handler !== "object" || Object.keys(handler).length === 0))
    throw new TypeError("needs a handler: a function, or functions for open, message, drain and close");
  return Object.freeze({ settings: settingsOf(contract), handler });
}

function settingsOf(contract: SocketContract): SocketSettings {
  const given = SETTINGS.map((key) => [key, contract[key]] as const).filter(([, value]) => value !== undefined);
  const { message, send, ...rest } = Object.fromEntries(given) as SocketContract;
  const settings: SocketSettings = {
    ...rest,
    ...(message === undefined ? {} : { message: schemaOf(message) }),
    ...(send === undefined ? {} : { send: schemaOf(send) }),
  };
  checkSettings(settings);
  return Object.freeze(settings);
}

function schemaOf(shape: Shape): TSchema {
  return isSchema(shape) ? shape : t.Object(shape);
}
