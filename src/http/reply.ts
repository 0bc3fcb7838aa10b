import { type Cookie, serializeCookie } from "./cookies.ts";

/** What every answer helper takes beside its value. */
export interface AnswerInit<S extends number = number> {
  /** The status; without it, the route's own. */
  readonly status?: S;
  /** Headers to set. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Cookies to set, one `Set-Cookie` each. */
  readonly cookies?: readonly Cookie[];
}

/**
 * A value with a status, headers and cookies, not yet written: the route's `response` schema for that status still checks it.
 * Made by {@link json}, {@link created}, {@link accepted}, {@link status} and {@link noContent}.
 */
export class Reply<S extends number = number, T = unknown> {
  readonly status: S | undefined;
  readonly value: T;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly cookies: readonly Cookie[] | undefined;

  constructor(status: S | undefined, value: T, init?: AnswerInit) {
    this.status = status;
    this.value = value;
    this.headers = init?.headers;
    this.cookies = init?.cookies;
  }
}

/**
 * A JSON answer with headers or cookies; without `status` it has the route's own (200 unless declared).
 *
 * @example
 * ```ts
 * api.get("/me", () => json({ name: "Ada" }, { headers: { "cache-control": "no-store" } }));
 * ```
 */
export function json<T, S extends number = 200>(value: T, init?: AnswerInit<S>): Reply<S, T> {
  return new Reply(init?.status, value, init);
}

/** 201 with the new resource; give its address as `headers: { location }`. */
export function created<T>(value: T, init?: Omit<AnswerInit, "status">): Reply<201, T> {
  return new Reply(201 as const, value, init);
}

/** 202: taken, not yet done. */
export function accepted<T = undefined>(value?: T, init?: Omit<AnswerInit, "status">): Reply<202, T> {
  return new Reply(202 as const, value as T, init);
}

/** 204: done, and nothing to say. */
export function noContent(init?: Omit<AnswerInit, "status">): Reply<204, undefined> {
  return new Reply(204 as const, undefined, init);
}

/**
 * Any status with a value.
 *
 * @example
 * ```ts
 * return status(207, { results });
 * ```
 */
export function status<S extends number, T = undefined>(
  code: S,
  value?: T,
  init?: Omit<AnswerInit, "status">,
): Reply<S, T> {
  return new Reply(code, value as T, init);
}

/** `text/plain; charset=utf-8`. */
export function text(value: string, init?: AnswerInit): Response {
  return rawResponse(value, "text/plain; charset=utf-8", init);
}

/** `application/xml; charset=utf-8`. */
export function xml(markup: string, init?: AnswerInit): Response {
  return rawResponse(markup, "application/xml; charset=utf-8", init);
}

/** Bytes: `application/octet-stream`, or the blob's own type. */
export function bytes(value: Uint8Array<ArrayBuffer> | ArrayBuffer | Blob, init?: AnswerInit): Response {
  if (value instanceof Blob && value.type !== "")
    return new Response(value, { status: init?.status ?? 200, headers: responseHeaders(init, value.type) });
  return rawResponse(value, "application/octet-stream", init);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Sends the client elsewhere: 307 by default, which keeps the method and the body (RFC 9110 15.4.8).
 * Errors: `RangeError` for a status that is no redirect, `TypeError` for a location with control characters.
 *
 * @example
 * ```ts
 * api.get("/old", () => redirect("/new", { status: 308 }));
 * ```
 */
export function redirect(location: string | URL, init?: AnswerInit<301 | 302 | 303 | 307 | 308>): Response {
  const status = init?.status ?? 307;
  if (!REDIRECTS.has(status)) throw new RangeError(`redirect takes 301, 302, 303, 307 or 308, not ${status}`);
  const target = locationOf(String(location));
  if (init === undefined) return new Response(null, { status, headers: { location: target } });
  const headers = responseHeaders(init);
  headers.set("location", target);
  return new Response(null, { status, headers });
}

/** A URI reference as a header value: what a URI cannot hold is percent-encoded (RFC 3986 2.1). */
function locationOf(text: string): string {
  if (!/[^!-~]/.test(text)) return text;
  // oxlint-disable-next-line no-control-regex -- they are what must be refused
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new TypeError("redirect location has a control character");
  return encodeURI(text).replaceAll("%25", "%");
}

/** Inits of answers without any of their own, by content type: `Headers` made once cost half of a header object per answer. */
const PLAIN_INITS = new Map<string, ResponseInit>();

/** A `Response` of a given type with the init's status, headers and cookies. */
export function rawResponse(
  body: ConstructorParameters<typeof Response>[0],
  contentType: string,
  init?: AnswerInit,
): Response {
  if (init !== undefined)
    return new Response(body, { status: init.status ?? 200, headers: responseHeaders(init, contentType) });
  let plain = PLAIN_INITS.get(contentType);
  if (plain === undefined)
    PLAIN_INITS.set(contentType, (plain = { headers: new Headers({ "content-type": contentType }) }));
  return new Response(body, plain);
}

/** The init's headers and cookies as `Headers`; the content type is a default that the init may replace. */
export function responseHeaders(init?: AnswerInit, contentType?: string): Headers {
  const headers = new Headers(init?.headers);
  if (contentType !== undefined && !headers.has("content-type")) headers.set("content-type", contentType);
  if (init?.cookies !== undefined) appendCookies(headers, init.cookies);
  return headers;
}

/** Adds one `Set-Cookie` per cookie; several survive side by side (RFC 9110 5.3). */
export function appendCookies(headers: Headers, cookies: readonly Cookie[]): void {
  for (const cookie of cookies) headers.append("set-cookie", serializeCookie(cookie));
}
