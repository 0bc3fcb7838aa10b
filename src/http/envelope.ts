import type { Entry } from "../schema/index.ts";
import { type HttpError, reasonPhrase, ValidationError } from "./errors.ts";

/** How errors are written: our envelope, or RFC 9457 problem details. */
export type ErrorFormat = "detail" | "problem";

/** Bun's own `Response.json` adds a charset, which JSON has not (RFC 8259 11). */
const JSON_HEADERS: Headers = new Headers({ "content-type": "application/json" });

/** The answer to an input that does not fit, in our own envelope. */
export function invalidResponse(entries: readonly Entry[]): Response {
  return Response.json({ detail: entries }, { status: 422, headers: JSON_HEADERS });
}

/**
 * Writes an error as a response: `{"detail": …, "extra"?: …}`, or `application/problem+json` (RFC 9457).
 * A 401 always carries `WWW-Authenticate` (RFC 9110 15.5.2).
 */
export function errorResponse(
  error: HttpError,
  format: ErrorFormat,
  debug?: Readonly<Record<string, unknown>>,
): Response {
  const response = format === "problem" ? problem(error, debug) : envelope(error, debug);
  if (error.headers !== undefined) {
    for (const name in error.headers) response.headers.set(name, error.headers[name]!);
  }
  if (error.status === 401 && !response.headers.has("www-authenticate")) {
    response.headers.set("www-authenticate", "Bearer");
  }
  return response;
}

function envelope(error: HttpError, debug?: Readonly<Record<string, unknown>>): Response {
  const body: Record<string, unknown> = { detail: error.detail };
  if (error.extra !== undefined) body["extra"] = error.extra;
  addMembers(body, error);
  return Response.json(debug === undefined ? body : { ...body, ...debug }, {
    status: error.status,
    headers: JSON_HEADERS,
  });
}

function problem(error: HttpError, debug?: Readonly<Record<string, unknown>>): Response {
  const body: Record<string, unknown> = {
    type: error.type ?? "about:blank",
    title: reasonPhrase(error.status),
    status: error.status,
  };
  if (error instanceof ValidationError) body["errors"] = error.entries;
  else if (typeof error.detail === "string") body["detail"] = error.detail;
  else body["errors"] = error.detail;
  if (error.extra !== undefined) body["extra"] = error.extra;
  addMembers(body, error);
  return new Response(JSON.stringify(debug === undefined ? body : { ...body, ...debug }), {
    status: error.status,
    headers: { "content-type": "application/problem+json" },
  });
}

/** Members of an error's own (RFC 9457 3.2), where the envelope has none of that name. */
function addMembers(body: Record<string, unknown>, { members }: HttpError): void {
  for (const name in members) if (!(name in body)) body[name] = members[name];
}
