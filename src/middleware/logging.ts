import { type RequestContext, stdoutLines, type WriteLine } from "../http/index.ts";
import { type Middleware, middleware } from "./middleware.ts";
import { REDACTED, redactedNames, redactQuery } from "./redact.ts";
import { elapsed, start } from "./started.ts";

/** How much an answer matters: `error` from status 500, `warn` from 400, `info` otherwise. */
export type LogLevel = "info" | "warn" | "error";

/** What {@link logging} writes, and where. */
export interface LoggingOptions {
  /** Takes each line, without a line end; default a buffer in front of stdout, flushed every 100 ms and at exit. */
  readonly write?: WriteLine;
  /** Query keys and headers whose values are replaced by `[redacted]`, besides the usual ones (authorization, cookie, token …). */
  readonly redact?: readonly string[];
  /** Request headers to log; default none. */
  readonly headers?: readonly string[];
  /** The part of the requests that is logged, from 0 to 1; default 1. An answer from status 500 is always logged. */
  readonly sample?: number;
  /** Logs only what took at least this many milliseconds, and every answer from status 500. */
  readonly slowOnly?: number;
  /** Logs from this level up; default `info`. */
  readonly level?: LogLevel;
  /** One JSON object per line, or a line for eyes; default `json`. */
  readonly format?: "json" | "pretty";
}

const RANK: Readonly<Record<LogLevel, number>> = { info: 0, warn: 1, error: 2 };

/**
 * Writes one line per request:
 * `{"time":…,"level":"info","method":"GET","path":"/users/7","route":"GET /users/:id","status":200,"duration":0.42,"id":…,"ip":…}`.
 *
 * `duration` is in milliseconds, until the answer's headers are ready; `query`, `bytes` (where `Content-Length` tells them),
 * `id`, `ip` and `headers` are there when known. Errors: `RangeError` for a sample outside of 0 to 1.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [requestId(), logging({ sample: 0.1, redact: ["email"] })] });
 * ```
 */
export function logging(options?: LoggingOptions): Middleware {
  const sample = options?.sample ?? 1;
  if (!(sample >= 0 && sample <= 1)) throw new RangeError(`logging takes a sample from 0 to 1, not ${sample}`);
  const slowOnly = options?.slowOnly ?? 0;
  const lowest = RANK[options?.level ?? "info"];
  const names = redactedNames(options?.redact);
  const headers = (options?.headers ?? []).map((name) => name.toLowerCase());
  const line = options?.format === "pretty" ? prettyLine : jsonLine;

  return middleware({
    name: "logging",
    before: start,
    after(ctx, response) {
      const { status } = response;
      const level: LogLevel = status >= 500 ? "error" : status >= 400 ? "warn" : "info";
      if (RANK[level] < lowest) return;
      const duration = elapsed(ctx);
      if (status < 500 && (duration < slowOnly || (sample < 1 && Math.random() >= sample))) return;
      const write = options?.write ?? stdoutLines();
      write(line({ ctx, response, level, duration, names: including(names, ctx.credentialNames), headers }));
    },
  });
}

/** The names that are redacted on a route whose backends read credentials from these. */
function including(names: ReadonlySet<string>, credentials: readonly string[]): ReadonlySet<string> {
  return credentials.every((name) => names.has(name)) ? names : new Set([...names, ...credentials]);
}

interface Logged {
  readonly ctx: RequestContext;
  readonly response: Response;
  readonly level: LogLevel;
  readonly duration: number;
  readonly names: ReadonlySet<string>;
  readonly headers: readonly string[];
}

function jsonLine({ ctx, response, level, duration, names, headers }: Logged): string {
  const query = queryOf(ctx, names);
  const bytes = response.headers.get("content-length");
  let line = `{"time":"${timestamp(Date.now())}","level":"${level}","method":"${ctx.method}","path":${quoted(ctx.path)}`;
  if (query !== "") line += `,"query":${quoted(query)}`;
  if (ctx.route !== undefined) line += `,"route":${quoted(ctx.route)}`;
  line += `,"status":${response.status},"duration":${decimal(duration)}`;
  if (bytes !== null) line += `,"bytes":${Number(bytes)}`;
  if (ctx.id !== undefined) line += `,"id":${quoted(ctx.id)}`;
  if (ctx.ip !== undefined) line += `,"ip":"${ctx.ip}"`;
  if (headers.length > 0) line += `,"headers":${JSON.stringify(headersOf(ctx.request, headers, names))}`;
  return `${line}}`;
}

const NOT_PLAIN = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** A string as JSON; plain text, which paths and ids are, needs no escapes: 40 ns against 60. */
function quoted(text: string): string {
  return NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Milliseconds to the microsecond, by way of whole numbers: 20 ns against 70 for a fraction. */
function decimal(millis: number): string {
  const micros = Math.round(millis * 1000);
  const whole = Math.floor(micros / 1000);
  const rest = micros - whole * 1000;
  return rest === 0 ? `${whole}` : `${whole}.${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}`;
}

function prettyLine({ ctx, response, duration, names }: Logged): string {
  const query = queryOf(ctx, names);
  const at = timestamp(Date.now()).slice(11, 23);
  const target = query === "" ? ctx.path : `${ctx.path}?${query}`;
  const id = ctx.id === undefined ? "" : `  ${ctx.id}`;
  return `${at}  ${response.status}  ${ctx.method.padEnd(6)} ${target}  ${duration} ms${id}`;
}

function queryOf(ctx: RequestContext, names: ReadonlySet<string>): string {
  const { url } = ctx.request;
  const mark = url.indexOf("?");
  return mark < 0 ? "" : redactQuery(url.slice(mark + 1), names);
}

function headersOf(request: Request, wanted: readonly string[], names: ReadonlySet<string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of wanted) {
    const value = request.headers.get(name);
    if (value !== null) found[name] = names.has(name) ? REDACTED : value;
  }
  return found;
}

let second = 0;
let secondText = "";

/** RFC 3339 in UTC; the text of a second is kept: 20 ns against 143 of `toISOString`. */
function timestamp(millis: number): string {
  const whole = Math.floor(millis / 1000);
  if (whole !== second) {
    second = whole;
    secondText = new Date(whole * 1000).toISOString().slice(0, 20);
  }
  return `${secondText}${String(millis - whole * 1000).padStart(3, "0")}Z`;
}
