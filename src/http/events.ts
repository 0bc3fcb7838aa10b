import { type AnswerInit, responseHeaders } from "./reply.ts";
import { keepOpen } from "./stream.ts";

/** One event with its fields (HTML Living Standard 9.2.6); at least one of them is given. */
export interface ServerSentEvent {
  /** Its type, which a client listens for; without it, `message`. */
  readonly event?: string;
  /** What a client repeats as `Last-Event-ID` when it comes back. */
  readonly id?: string | number;
  /** How long a client waits before it comes back, in milliseconds. */
  readonly retry?: number;
  /** A string is sent as it is, one `data:` per line; anything else as JSON. */
  readonly data?: unknown;
  /** What clients skip: good for keeping a connection alive. */
  readonly comment?: string;
}

/** What {@link events} takes beside its source. */
export interface EventsInit extends AnswerInit {
  /** Milliseconds between two comments that keep the connection alive, default 15,000; 0 sends none. */
  readonly ping?: number;
}

const PING = ": ping\n\n";
const PING_MILLIS = 15_000;
/**
 * A server sends the headers with the first piece, and an EventSource opens with the headers: where the source is silent, the
 * first comment goes out this early.
 */
const OPENING_MILLIS = 250;

/**
 * Server-sent events from whatever can be iterated.
 *
 * A value is sent as `data: <json>`, a string included. An object with no other keys than `event id retry data comment` is
 * one event with these fields; there a string `data` is sent as it is, one `data:` per line. (A value that only looks like
 * one is sent as `{ data: value }`.) Headers: `content-type: text/event-stream`, `cache-control: no-cache`,
 * `x-accel-buffering: no`. The connection has no idle timeout; a comment keeps it alive every 15 s. When the client goes
 * away, the generator's `finally` runs. Errors: a field that cannot be sent (a line break in `event` or `id`) ends the stream.
 *
 * @example
 * ```ts
 * api.get("/ticks", () => events((async function* () {
 *   yield { n: 1 };                                  // data: {"n":1}
 *   yield { event: "done", id: 7, data: "all\nsent" }; // event: done / id: 7 / data: all / data: sent
 * })()));
 * ```
 */
export function events(source: AsyncIterable<unknown> | Iterable<unknown>, init?: EventsInit): Response {
  const headers = responseHeaders(init, "text/event-stream");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-cache");
  if (!headers.has("x-accel-buffering")) headers.set("x-accel-buffering", "no");
  const body = eventStream(source, init?.ping ?? PING_MILLIS);
  return keepOpen(new Response(body, { status: init?.status ?? 200, headers }));
}

/** The id of the last event that a returning client has seen, if it says so. */
export function lastEventId(request: Request): string | undefined {
  return request.headers.get("last-event-id") ?? undefined;
}

/** Writes one value as {@link events} sends it. */
export function writeEvent(value: unknown): string {
  if (!isEvent(value)) return `data: ${JSON.stringify(value, jsonValue) ?? "null"}\n\n`;
  let text = "";
  if (value.comment !== undefined) text += lines(": ", value.comment);
  if (value.event !== undefined) text += `event: ${oneLine("event", value.event)}\n`;
  if (value.id !== undefined) text += `id: ${oneLine("id", String(value.id))}\n`;
  if (value.retry !== undefined) text += `retry: ${millis(value.retry)}\n`;
  if (value.data !== undefined) {
    text += lines(
      "data: ",
      typeof value.data === "string" ? value.data : (JSON.stringify(value.data, jsonValue) ?? "null"),
    );
  }
  return `${text}\n`;
}

const FIELDS: ReadonlySet<string> = new Set(["event", "id", "retry", "data", "comment"]);

function isEvent(value: unknown): value is ServerSentEvent {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  // A lone `id` is rather a row of one column than an event without data.
  return keys.every((key) => FIELDS.has(key)) && keys.some((key) => key !== "id");
}

function jsonValue(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** The three line ends that an event stream knows (9.2.5). */
const LINE_END = /\r\n|\n|\r/;

function lines(field: string, text: string): string {
  return text
    .split(LINE_END)
    .map((line) => `${field}${line}\n`)
    .join("");
}

function oneLine(field: string, text: string): string {
  // A NUL makes a client ignore the id (9.2.6).
  if (/[\r\n\0]/.test(text)) throw new TypeError(`An event's ${field} is one line, not ${JSON.stringify(text)}`);
  return text;
}

function millis(retry: number): number {
  if (!Number.isSafeInteger(retry) || retry < 0)
    throw new TypeError(`An event's retry is whole milliseconds, not ${retry}`);
  return retry;
}

const encoder = new TextEncoder();

function eventStream(source: AsyncIterable<unknown> | Iterable<unknown>, ping: number): ReadableStream<Uint8Array> {
  const values = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let opening: Timer | undefined;
  let pinging: Timer | undefined;

  function begin(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const send = (): void => {
      // A client that does not read gets no comments on top of what waits for it.
      if ((controller.desiredSize ?? -1) >= 0) controller.enqueue(encoder.encode(PING));
    };
    opening = setTimeout(send, Math.min(OPENING_MILLIS, ping)).unref();
    pinging = setInterval(send, ping).unref();
  }

  function stop(): void {
    clearTimeout(opening);
    clearInterval(pinging);
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Not before the first reader: an answer that is never sent leaves no timers behind.
        if (pinging === undefined && ping > 0) begin(controller);
        try {
          const next = await values.next();
          clearTimeout(opening);
          if (next.done !== true) return controller.enqueue(encoder.encode(writeEvent(next.value)));
          stop();
          return controller.close();
        } catch (error) {
          stop();
          await values.return?.();
          throw error;
        }
      },
      async cancel() {
        stop();
        await values.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
