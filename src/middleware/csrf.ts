import { originCheck, SAFE_METHODS } from "../auth/index.ts";
import { cookie, Forbidden, inProduction, type RequestContext, serializeCookie } from "../http/index.ts";
import { cookieReader } from "../native/index.ts";
import type { Middleware } from "./middleware.ts";

/** What {@link csrf} lets through. */
export interface CsrfOptions {
  /** Other origins whose pages may send, as in `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** Asks for a token as well: signs it, 32 bytes at least. Without one, where a request comes from decides alone. */
  readonly secret?: string;
  /** The cookie that hands the token to the page's script; default `csrf`, in production `__Host-csrf`. */
  readonly cookie?: string;
  /** The header in which the token comes back; default `x-csrf-token`. */
  readonly header?: string;
  /** Whose token it is, so that one visitor's is worth nothing to another: `sessions.key`. */
  readonly session?: (ctx: RequestContext) => string | undefined;
  /** Seconds that a token is good for; default a day. */
  readonly ttl?: number;
}

/** The middleware of {@link csrf}, and its tokens. */
export interface Csrf extends Middleware {
  /** The token of this request's visitor, to be put into a page; needs `secret`. */
  token(ctx: RequestContext): string;
}

/** What Bun's tokens look like: its reader would skip a line break. */
const WELL_FORMED = /^[\w-]{1,256}$/;
const SHORTEST_SECRET = 32;
const DAY = 86_400;
/** The owner of a token where there is no session. */
const NOBODY = "-";

/**
 * Refuses requests that another site made the browser send: 403 for an unsafe method that is not from a page of ours.
 *
 * `Sec-Fetch-Site` decides (W3C Fetch Metadata), else `Origin` against the request's own; behind a proxy `trustProxy` says what that is.
 * A request with neither is not from a browser of this decade: it passes without cookies, and with them only by a token. With a
 * `secret`, a request that has cookies must repeat the token cookie in a header (signed double submit, as OWASP's CSRF Prevention
 * Cheat Sheet describes it). Errors: `TypeError` for a short secret or an origin that is none.
 *
 * @example
 * ```ts
 * const api = new Api({ use: [csrf({ origins: ["https://app.example.com"] })] });
 * ```
 */
export function csrf(options: CsrfOptions = {}): Csrf {
  const check = originCheck(options.origins ?? []);
  const tokens = options.secret === undefined ? undefined : doubleSubmit(options, options.secret);

  return Object.freeze({
    name: "csrf",
    answers: { statuses: { 403: "CSRF check failed" } },
    before(ctx: RequestContext) {
      if (SAFE_METHODS.has(ctx.method)) return undefined;
      const { headers } = ctx.request;
      const isKnown = headers.has("origin") || headers.has("sec-fetch-site");
      if (isKnown) check(ctx);
      if (!headers.has("cookie")) return undefined;
      if (tokens !== undefined) return tokens.check(ctx);
      if (!isKnown) throw new Forbidden("CSRF check failed: neither Origin nor Sec-Fetch-Site was sent");
      return undefined;
    },
    ...(tokens === undefined ? {} : { after: tokens.hand }),
    token(ctx: RequestContext) {
      if (tokens === undefined) throw new TypeError("csrf: tokens need a secret");
      return tokens.of(ctx);
    },
  });
}

/** The tokens of one `csrf()`: a cookie that scripts of our pages can read, and no others, is to be repeated in a header. */
function doubleSubmit(options: CsrfOptions, secret: string) {
  if (Buffer.byteLength(secret) < SHORTEST_SECRET) {
    throw new TypeError(`csrf: the secret is under ${SHORTEST_SECRET} bytes`);
  }
  const { header = "x-csrf-token", ttl = DAY, session } = options;
  const name = options.cookie ?? (inProduction() ? "__Host-csrf" : "csrf");
  const attributes = { maxAge: ttl, httpOnly: false, ...(name.startsWith("__") ? { secure: true } : {}) };
  cookie(name, "", attributes);
  const read = cookieReader([name]);
  const slot = `token of ${name}`;

  const presented = (ctx: RequestContext): string | undefined => {
    const value = read(ctx.request.headers.get("cookie") ?? "")[0];
    return value !== undefined && WELL_FORMED.test(value) ? value : undefined;
  };
  const isGood = (ctx: RequestContext, token: string): boolean =>
    Bun.CSRF.verify(token, { secret, maxAge: ttl * 1000, sessionId: session?.(ctx) ?? NOBODY });
  const of = (ctx: RequestContext): string => {
    const known = ctx.state[slot] ?? presented(ctx);
    // The session may have changed since: after a login the token is another.
    if (typeof known === "string" && isGood(ctx, known)) return known;
    const made = Bun.CSRF.generate(secret, { expiresIn: ttl * 1000, sessionId: session?.(ctx) ?? NOBODY });
    ctx.state[slot] = made;
    return made;
  };

  return {
    of,
    check(ctx: RequestContext): undefined {
      const token = presented(ctx);
      const repeated = ctx.request.headers.get(header) ?? "";
      if (token === undefined || !areEqual(token, repeated) || !isGood(ctx, token)) {
        throw new Forbidden(`CSRF check failed: ${header} does not hold the token of the cookie`);
      }
    },
    hand(ctx: RequestContext, response: Response): undefined {
      const token = of(ctx);
      if (token === presented(ctx)) return;
      response.headers.append("set-cookie", serializeCookie(cookie(name, token, attributes)));
      response.headers.append("vary", "cookie");
    },
  };
}

function areEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && crypto.timingSafeEqual(left, right);
}
