import { type Cookie, cookie, type CookieOptions, deleteCookie } from "../http/index.ts";
import { cookieReader } from "../native/index.ts";
import { randomText } from "./tokens.ts";

/** The cookie that carries a session's id. `Path`, `HttpOnly` and `SameSite=Lax` are set unless said otherwise; its life is the session's. */
export interface SessionCookieOptions extends Omit<CookieOptions, "maxAge" | "expires" | "httpOnly"> {
  /** Default `sid`; in production `__Host-sid`, or `__Secure-sid` where a domain or a path is given (RFC 6265bis 4.1.3). */
  readonly name?: string;
}

/** Reads and writes the cookie of one session backend. */
export interface SessionCookie {
  readonly name: string;
  /** The id that a request presents: `undefined` for no cookie, `null` for one that no session of ours can have. */
  read(request: Request): string | null | undefined;
  /** `maxAge` in seconds. */
  write(id: string, maxAge: number): Cookie;
  remove(): Cookie;
}

/** 256 random bits, over the 64 that OWASP's Session Management Cheat Sheet asks for. */
const ID_BYTES = 32;
const WELL_FORMED = /^[\w-]{43}$/;

export function newSessionId(): string {
  return randomText(ID_BYTES);
}

/** Compiles the cookie. Errors: `TypeError` for what a browser would refuse, at once. */
export function sessionCookie({ name, ...options }: SessionCookieOptions, production: boolean): SessionCookie {
  const secure = options.secure ?? production;
  const own = name ?? (secure ? prefixOf(options) : "") + "sid";
  const attributes = { ...options, secure };
  const reader = cookieReader([own]);
  cookie(own, "", attributes);
  return Object.freeze({
    name: own,
    read(request: Request) {
      const header = request.headers.get("cookie");
      const value = header === null ? undefined : reader(header)[0];
      return value === undefined || WELL_FORMED.test(value) ? value : null;
    },
    write: (id: string, maxAge: number) => cookie(own, id, { ...attributes, maxAge }),
    remove: () => deleteCookie(own, attributes),
  });
}

/** Proves to us that a page of another host, or one without TLS, has not set the cookie. */
function prefixOf({ domain, path }: CookieOptions): string {
  return domain === undefined && (path === undefined || path === "/") ? "__Host-" : "__Secure-";
}
