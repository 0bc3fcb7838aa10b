/** What a cookie may carry beside its name and value (RFC 6265bis 4.1). */
export interface CookieOptions {
  /** Lifetime in whole seconds; 0 removes the cookie. Browsers cap it at 400 days. */
  readonly maxAge?: number;
  /** When it ends; `maxAge` wins where both are given (RFC 6265bis 4.1.2.2). */
  readonly expires?: Date;
  /** Where it is sent, default `/`. */
  readonly path?: string;
  /** Sent to this domain and those under it; left out, only to the host that set it. */
  readonly domain?: string;
  /** Sent over TLS only; default true where `NODE_ENV` is `production`. */
  readonly secure?: boolean;
  /** Out of reach of scripts, default true. */
  readonly httpOnly?: boolean;
  /** Sent with requests from other sites or not, default `lax`. */
  readonly sameSite?: "strict" | "lax" | "none";
  /** Kept apart for each top-level site (CHIPS); needs `secure`. */
  readonly partitioned?: boolean;
}

/** A cookie for an answer: what `init.cookies` takes. */
export interface Cookie extends CookieOptions {
  /** A token (RFC 9110 5.6.2). */
  readonly name: string;
  /** Any text without control characters; what a cookie cannot hold is percent-encoded as UTF-8. */
  readonly value: string;
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PATH = /^\/[\x20-\x3a\x3c-\x7e]*$/;
const DOMAIN = /^\.?[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)*$/;
// oxlint-disable-next-line no-control-regex -- control characters are what it finds
const CONTROL = /[\x00-\x1f\x7f]/;
/** What is not a cookie-octet (RFC 6265bis 4.1.1), and `%`, which a reader would take for an escape. */
const ESCAPED = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g;
/** A browser ignores a cookie whose name and value are longer together (RFC 6265bis 5.6). */
const LONGEST_COOKIE = 4096;
/** A browser ignores an attribute that is longer (RFC 6265bis 5.6). */
const LONGEST_ATTRIBUTE = 1024;
const SAME_SITE: Readonly<Record<string, string>> = { strict: "Strict", lax: "Lax", none: "None" };

/** Whether this process runs in production: `NODE_ENV` is `production`. */
export function inProduction(): boolean {
  // Bun.env, since a bundler replaces process.env.NODE_ENV by what it was at build time.
  return Bun.env["NODE_ENV"] === "production";
}

/**
 * A cookie, checked at once, for `{ cookies: [...] }` of an answer.
 *
 * Defaults: `Path=/; HttpOnly; SameSite=Lax`, and `Secure` in production. Errors: `TypeError` for what a browser would refuse or
 * ignore: a bad name, control characters, `SameSite=None` or `Partitioned` without `Secure`, a broken `__Host-` or `__Secure-`
 * promise, more than 4096 bytes. Source: RFC 6265bis.
 *
 * @example
 * ```ts
 * api.post("/login", () => json({ ok: true }, { cookies: [cookie("sid", "8f2c", { maxAge: 3600 })] }));
 * ```
 */
export function cookie(name: string, value: string, options?: CookieOptions): Cookie {
  const made: Cookie = Object.freeze({ ...options, name, value });
  serializeCookie(made);
  return made;
}

/**
 * A cookie that removes the one of this name: empty, `Max-Age=0`, expired in 1970.
 *
 * A browser removes only the cookie of the same path, domain and partition: repeat those that it was set with.
 *
 * @example
 * ```ts
 * api.post("/logout", () => noContent({ cookies: [deleteCookie("sid", { path: "/app" })] }));
 * ```
 */
export function deleteCookie(name: string, options?: Omit<CookieOptions, "maxAge" | "expires">): Cookie {
  // A browser refuses a prefixed or partitioned cookie without Secure, the removing one as well.
  const secure = options?.partitioned === true || PREFIXES.some(([prefix]) => hasPrefix(name, prefix));
  return cookie(name, "", { ...(secure ? { secure } : {}), ...options, maxAge: 0, expires: new Date(0) });
}

/** Writes a cookie as the value of a `Set-Cookie` header; errors as {@link cookie}. */
export function serializeCookie(cookie: Cookie, production = inProduction()): string {
  const secure = cookie.secure ?? production;
  const path = cookie.path ?? "/";
  const sameSite = SAME_SITE[cookie.sameSite ?? "lax"];
  if (typeof cookie.name !== "string" || !NAME.test(cookie.name)) {
    throw new TypeError(`A cookie's name must be a token (RFC 9110 5.6.2), not ${JSON.stringify(cookie.name)}`);
  }
  if (typeof cookie.value !== "string") refuse(cookie, `has a value that is not a string but ${typeof cookie.value}`);
  if (!PATH.test(path)) refuse(cookie, `has a path that does not begin with "/" or holds ";", controls or non-ASCII`);
  if (path.length > LONGEST_ATTRIBUTE) refuse(cookie, `has a path over ${LONGEST_ATTRIBUTE} bytes`);
  if (sameSite === undefined) refuse(cookie, "takes sameSite strict, lax or none");
  if (sameSite === "None" && !secure) refuse(cookie, "has SameSite=None without Secure: browsers refuse it");
  if (cookie.partitioned === true && !secure) refuse(cookie, "is Partitioned without Secure: browsers refuse it");
  if (cookie.name.startsWith("__")) checkPrefix(cookie, path, secure);

  let text = `${cookie.name}=${encodeValue(cookie)}`;
  if (text.length > LONGEST_COOKIE + 1) refuse(cookie, `is over ${LONGEST_COOKIE} bytes: browsers ignore it`);
  if (cookie.maxAge !== undefined) text += `; Max-Age=${seconds(cookie, cookie.maxAge)}`;
  if (cookie.expires !== undefined) text += `; Expires=${imfDate(cookie, cookie.expires)}`;
  text += `; Path=${path}`;
  if (cookie.domain !== undefined) text += `; Domain=${domainName(cookie, cookie.domain)}`;
  if (secure) text += "; Secure";
  if (cookie.httpOnly !== false) text += "; HttpOnly";
  text += `; SameSite=${sameSite}`;
  return cookie.partitioned === true ? `${text}; Partitioned` : text;
}

/** What a name's prefix promises to the server that reads it back (RFC 6265bis 4.1.3). */
const PREFIXES: readonly (readonly [
  prefix: string,
  kept: (cookie: Cookie, path: string) => boolean,
  promise: string,
])[] = [
  ["__Secure-", () => true, "Secure"],
  ["__Host-", (cookie, path) => path === "/" && cookie.domain === undefined, "Secure, Path=/ and no Domain"],
];

function hasPrefix(name: string, prefix: string): boolean {
  return name.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}

function checkPrefix(cookie: Cookie, path: string, secure: boolean): void {
  for (const [prefix, kept, promise] of PREFIXES) {
    if (!hasPrefix(cookie.name, prefix)) continue;
    if (!secure || !kept(cookie, path)) refuse(cookie, `is named ${prefix} and so needs ${promise}`);
  }
}

function encodeValue(cookie: Cookie): string {
  if (CONTROL.test(cookie.value)) refuse(cookie, "has a control character in its value");
  if (!cookie.value.isWellFormed()) refuse(cookie, "has a lone surrogate in its value");
  return cookie.value.replace(ESCAPED, encodeURIComponent);
}

function seconds(cookie: Cookie, maxAge: number): number {
  if (!Number.isSafeInteger(maxAge) || maxAge < 0) refuse(cookie, `takes maxAge in whole seconds, not ${maxAge}`);
  return maxAge;
}

function imfDate(cookie: Cookie, expires: Date): string {
  const year = expires.getUTCFullYear();
  // Outside of these years a browser cannot read the date and drops the attribute (RFC 6265bis 5.1.1).
  if (!(year >= 1601 && year <= 9999)) refuse(cookie, `has an expires that is no date from 1601 to 9999`);
  return expires.toUTCString();
}

function domainName(cookie: Cookie, domain: string): string {
  if (!DOMAIN.test(domain) || domain.length > 253) refuse(cookie, `has ${JSON.stringify(domain)} for a domain`);
  return domain;
}

function refuse(cookie: Cookie, reason: string): never {
  throw new TypeError(`Cookie "${cookie.name}" ${reason}`);
}
