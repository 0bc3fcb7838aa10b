import { type AnswerInit, responseHeaders } from "./reply.ts";

/** What {@link stream} sends: pieces of text (as UTF-8) and bytes, as they come. */
export type StreamSource =
  AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

/** What {@link stream} takes beside its source. */
export interface StreamInit extends AnswerInit {
  /** Whether the connection may be silent for longer than the server's idle timeout, default false. */
  readonly keepOpen?: boolean;
}

/**
 * An answer that is sent while it is made.
 *
 * The next piece is asked for when the client has room for it. When the client goes away, a generator's `finally` runs.
 * Content type: `application/octet-stream` unless `init` says otherwise. Errors: `TypeError` for a source that is a string or
 * bytes already; one for a piece that is neither, which breaks the connection off, as an error of the source does.
 *
 * @example
 * ```ts
 * api.get("/count", () => stream((async function* () {
 *   for (let n = 1; n <= 3; n++) yield `${n}\n`;
 * })(), { headers: { "content-type": "text/plain" } }));
 * ```
 */
export function stream(source: StreamSource, init?: StreamInit): Response {
  if (typeof source === "string" || ArrayBuffer.isView(source)) {
    throw new TypeError("stream takes an iterable of pieces, not one piece: answer with text() or bytes()");
  }
  const body = source instanceof ReadableStream ? source : pulled(source);
  const response = new Response(body as ReadableStream<Uint8Array>, {
    status: init?.status ?? 200,
    headers: responseHeaders(init, "application/octet-stream"),
  });
  streamed.add(response);
  return init?.keepOpen === true ? keepOpen(response) : response;
}

/** The answers that are sent while they are made. */
const streamed = new WeakSet<Response>();

/** Whether an answer is sent while it is made: it has no length, and reading it to its end may take forever. */
export function isStreamed(response: Response): boolean {
  return streamed.has(response);
}

/**
 * Calls `done` once an answer has been sent, its client has gone or its source has failed: at once for one that is not streamed.
 * The returned answer takes the place of the given one.
 */
export function whenSent(response: Response, done: () => void): Response {
  if (!isStreamed(response) || response.body === null) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (!next.done) return controller.enqueue(next.value);
          controller.close();
        } catch (error) {
          done();
          throw error;
        }
        done();
      },
      async cancel(reason) {
        try {
          await reader.cancel(reason);
        } finally {
          done();
        }
      },
    },
    { highWaterMark: 0 },
  );
  const copy = new Response(body, { status: response.status, headers: response.headers });
  streamed.add(copy);
  return keepsOpen(response) ? keepOpen(copy) : copy;
}

/** The answers whose connection has no idle timeout. Asking costs 4 to 7 ns, as a property would. */
const kept = new WeakSet<Response>();

/** Marks a streamed answer whose connection may stay silent for as long as it likes; a copy of the answer needs its own mark. */
export function keepOpen(response: Response): Response {
  streamed.add(response);
  kept.add(response);
  return response;
}

/** Whether this answer must have no idle timeout: the server then calls `server.timeout(request, 0)`. */
export function keepsOpen(response: Response): boolean {
  return kept.has(response);
}

const encoder = new TextEncoder();

/** A body that asks a source for one piece at a time, and ends it when the reader goes away. */
export function pulled(
  source: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): ReadableStream<Uint8Array> {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await pieces.next();
          if (next.done === true) controller.close();
          else controller.enqueue(encoded(next.value));
        } catch (error) {
          // A source that has sent something impossible has not ended by itself.
          await pieces.return?.();
          throw error;
        }
      },
      async cancel() {
        await pieces.return?.();
      },
    },
    // Nothing is made ahead: a piece is asked for when the socket wants one.
    { highWaterMark: 0 },
  );
}

function encoded(piece: string | Uint8Array): Uint8Array {
  if (typeof piece === "string") return encoder.encode(piece);
  if (piece instanceof Uint8Array) return piece;
  throw new TypeError(`stream sends strings and bytes, not ${piece === null ? "null" : typeof piece}`);
}
