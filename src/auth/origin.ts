import { Forbidden, type RequestContext } from "../http/index.ts";

/** They must not change anything (RFC 9110 9.2.1), so whoever had the browser send them gains nothing, and they need no proof. */
export const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);

/**
 * Makes the check of credentials in a cookie, which a browser sends unasked: an unsafe request must come from a page of the same origin, or
 * of one in the list. `Sec-Fetch-Site` decides, else `Origin`; where a browser sends neither, nothing speaks for the request.
 *
 * The check throws `Forbidden`. Errors: `TypeError` for an origin in the list that is none.
 */
export function originCheck(origins: readonly string[]): (ctx: RequestContext) => void {
  const trusted = new Set(origins.map(checkOrigin));
  return (ctx) => {
    if (!SAFE_METHODS.has(ctx.method) && !isOwn(ctx, trusted)) {
      throw new Forbidden("Credentials in a cookie are not taken from another site");
    }
  };
}

function isOwn({ request: { headers }, url }: RequestContext, trusted: ReadonlySet<string>): boolean {
  const origin = headers.get("origin");
  if (origin !== null && trusted.has(origin)) return true;
  const site = headers.get("sec-fetch-site");
  // `none` is the user's own doing: an address typed in, a form sent again.
  if (site !== null) return site === "same-origin" || site === "none";
  return origin !== null && origin === url.origin;
}

function checkOrigin(origin: string): string {
  if (URL.parse(origin)?.origin === origin) return origin;
  throw new TypeError(`${JSON.stringify(origin)} is no origin, as in "https://app.example.com"`);
}
