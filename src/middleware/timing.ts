import type { RequestContext } from "../http/index.ts";
import { type Middleware, middleware } from "./middleware.ts";
import { elapsed, start } from "./started.ts";

/** How {@link timing} tells its figures. */
export interface TimingOptions {
  /** The header that carries them; default `server-timing`. */
  readonly header?: string;
}

const MARKS = "timingMarks";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Tells a client how long its answer took, and which part what: `Server-Timing: total;dur=1.234, db;dur=0.9`.
 *
 * `total` runs from this middleware until the answer's headers are ready, in milliseconds; the others are what {@link mark}
 * has noted. Browsers show them in their network panel. Source: W3C Server Timing.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [timing()] });
 * api.get("/", (ctx) => { mark(ctx, "cache", 0.2, "miss"); return "hi"; }); // server-timing: total;dur=0.31, cache;dur=0.2;desc="miss"
 * ```
 */
export function timing(options?: TimingOptions): Middleware {
  const header = options?.header ?? "server-timing";
  return middleware({
    name: "timing",
    answers: { headers: { [header]: "What took how long, in milliseconds (W3C Server Timing)." } },
    before: start,
    after(ctx, response) {
      const marks = ctx.state[MARKS] as string | undefined;
      response.headers.append(header, `total;dur=${elapsed(ctx)}${marks ?? ""}`);
    },
  });
}

/**
 * Notes how long a part of the request took, for {@link timing} to tell; without `millis`, only that it happened.
 * Errors: `TypeError` for a name that is no token, or a description with control characters.
 */
export function mark(ctx: RequestContext, name: string, millis?: number, description?: string): void {
  if (!TOKEN.test(name)) throw new TypeError(`mark takes a token for a name, not ${JSON.stringify(name)}`);
  let text = `, ${name}`;
  if (millis !== undefined) text += `;dur=${Math.round(millis * 1000) / 1000}`;
  if (description !== undefined) text += `;desc=${quoted(description)}`;
  ctx.state[MARKS] = ((ctx.state[MARKS] as string | undefined) ?? "") + text;
}

/** A quoted-string (RFC 9110 5.6.4) of visible ASCII. */
function quoted(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) throw new TypeError(`mark takes a description in ASCII, not ${JSON.stringify(text)}`);
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
