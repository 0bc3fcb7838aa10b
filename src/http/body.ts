import { BadRequest } from "./errors.ts";
import { jsonPosition } from "./json-fault.ts";

/** A body that is larger than allowed: answered 413. */
export class TooLarge {
  readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
}

/**
 * Reads a body's text within a limit in bytes: decided from `Content-Length` where present, while reading where not (RFC 9112 6.3).
 * The caller has checked `Content-Length` already; a chunked body is counted as it comes.
 */
export function readText(
  request: Request,
  limit: number,
  length: string | null,
): Promise<string | TooLarge | JsonFault> {
  return length === null ? readCounted(request, limit) : request.text();
}

async function readCounted(request: Request, limit: number): Promise<string | TooLarge | JsonFault> {
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) return new TooLarge(limit);
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  return notUtf8(text, size) ?? text;
}

/** A body that broke off: the client is gone, or what it sent is no framing (RFC 9112 8). Nobody's fault here, so no 500. */
export function brokenOff(cause: unknown): BadRequest {
  return new BadRequest("The body ended early", { cause });
}

/**
 * The same request with its body cut off by an error, made by `fail`, once it is longer than `limit` bytes. Nothing of the body is
 * read before somebody asks for it, where a `TransformStream` asks for a chunk ahead.
 */
export function limitBody(request: Request, limit: number, fail: () => Error): Request {
  if (request.body === null) return request;
  const reader = request.body.getReader();
  let size = 0;
  const counted = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        size += value.byteLength;
        if (size <= limit) return controller.enqueue(value);
        controller.error(fail());
        await reader.cancel();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Request(request, { method: request.method, body: counted });
}

/** A body that is not JSON: answered 422. */
export class JsonFault {
  /** `Invalid JSON at line L, column C: …` */
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/**
 * The fault of a text that was no UTF-8 of `size` bytes (RFC 8259 8.1): its decoder has put U+FFFD, three bytes, where there were
 * one or two. Three bytes of a character of four are not told from a U+FFFD that was sent.
 */
export function notUtf8(text: string, size: number): JsonFault | undefined {
  const at = text.indexOf("\uFFFD");
  if (at === -1 || Buffer.byteLength(text) === size) return undefined;
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return new JsonFault(`Invalid JSON at line ${line}, column ${at - before.lastIndexOf("\n")}: not UTF-8`);
}

/** Parses JSON (RFC 8259); a fault names the line and column where it stops being JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column, reason } = jsonPosition(text);
    return new JsonFault(`Invalid JSON at line ${line}, column ${column}: ${reason}`);
  }
}
