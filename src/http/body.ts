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
export function readText(request: Request, limit: number, length: string | null): Promise<string | TooLarge> {
  return length === null ? readCounted(request, limit) : request.text();
}

async function readCounted(request: Request, limit: number): Promise<string | TooLarge> {
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) return new TooLarge(limit);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The same request with its body cut off by an error, made by `fail`, once it is longer than `limit` bytes. */
export function limitBody(request: Request, limit: number, fail: () => Error): Request {
  if (request.body === null) return request;
  let size = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > limit) controller.error(fail());
      else controller.enqueue(chunk);
    },
  });
  return new Request(request, { body: request.body.pipeThrough(counted) });
}

/** A body that is not JSON: answered 422. */
export class JsonFault {
  /** `Invalid JSON at line L, column C: …` */
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
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
