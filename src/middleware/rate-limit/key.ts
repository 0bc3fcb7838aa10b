import type { Principal } from "../../auth/index.ts";
import type { RequestContext } from "../../http/index.ts";
import { networkOf } from "./network.ts";

/**
 * Whom a limit counts: `address` (default; IPv6 by its /64, which is one household), `user` (whoever auth has found: a user, or an API
 * key by its id), the value of a header, what a function makes of the user, or what a function makes of the request.
 * A function's `undefined` is not counted. Without a user, a name of it or the header the address counts.
 */
export type RateLimitKey =
  | "address"
  | "user"
  | { readonly header: string }
  | { readonly user: (user: Principal) => string | undefined }
  | ((ctx: RequestContext) => string | undefined);

/** Finds whom to count; `undefined` is nobody. */
export type KeyOf = (ctx: RequestContext) => string | undefined;

/** How keys of a kind are found, and whether auth has to run before. Errors: `TypeError` for what is none. */
export function keyReader(key: RateLimitKey): { readonly keyOf: KeyOf; readonly afterAuth: boolean } {
  if (key === "address") return { keyOf: addressOf, afterAuth: false };
  if (key === "user")
    return { keyOf: byUser(({ backend, id }) => (id === "" ? NAMELESS : `${backend} ${id}`)), afterAuth: true };
  if (typeof key === "function") return { keyOf: (ctx) => checked(key(ctx)), afterAuth: false };
  if (typeof key === "object" && key !== null) {
    if ("user" in key && typeof key.user === "function") return { keyOf: byUser(key.user), afterAuth: true };
    if ("header" in key && TOKEN.test(key.header)) return { keyOf: byHeader(key.header), afterAuth: false };
  }
  throw new TypeError(`rateLimit: ${JSON.stringify(key)} is no key: use "address", "user", { header } or a function`);
}

/** A promise, or an object as a key, would count everybody as one. */
function checked(key: unknown): string | undefined {
  if (key === undefined || typeof key === "string") return key;
  throw new TypeError(
    `rateLimit: a key is a string or undefined, not ${key instanceof Promise ? "a promise" : typeof key}`,
  );
}

/** Without a socket, as behind a file's, nobody can be told apart: all count as one. */
function addressOf(ctx: RequestContext): string {
  return networkOf(ctx.ip ?? "");
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function byHeader(name: string): KeyOf {
  return (ctx) => {
    const value = ctx.request.headers.get(name);
    return value === null ? addressOf(ctx) : `header ${value}`;
  };
}

/** What a token without `sub` says of its user. */
const NAMELESS = "";

function byUser(name: (user: Principal) => string | undefined): KeyOf {
  return (ctx) => {
    const { user } = ctx as RequestContext & { readonly user?: Principal };
    if (user === undefined) return addressOf(ctx);
    const key = checked(name(user));
    if (key === NAMELESS) return addressOf(ctx);
    return key === undefined ? undefined : `user ${key}`;
  };
}
