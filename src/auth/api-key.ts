import { type RequestContext, Unauthorized } from "../http/index.ts";
import { cookieReader } from "../native/index.ts";
import type { Backend, BackendEnvironment, Principal, SecurityScheme } from "./backend.ts";
import { originCheck } from "./origin.ts";
import { LazyPrincipal, type PrincipalKind } from "./principal.ts";

/** Whose an API key is. */
export interface ApiKeyOwner<Claims = unknown> {
  /** Names the owner in principals; never the key. Default: the beginning of the key's hash. */
  readonly id?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly claims?: Claims;
}

/** A key that is accepted: as it is given out, or the hash of it, which is all that need be kept. */
export type ApiKey<Claims = unknown> = ApiKeyOwner<Claims> &
  ({ readonly key: string | undefined; readonly hash?: never } | { readonly hash: string; readonly key?: never });

/** What {@link apiKey} takes: `keys`, `lookup` or both. */
export interface ApiKeyOptions<Claims = unknown, User = unknown> {
  /** Keys that are accepted. */
  readonly keys?: readonly (string | undefined | ApiKey<Claims>)[];
  /** Finds the owner by the key's hash ({@link hashApiKey}), which is all that a database should have; asked after `keys`. */
  readonly lookup?: (
    hash: string,
    ctx: RequestContext,
  ) => ApiKeyOwner<Claims> | null | undefined | Promise<ApiKeyOwner<Claims> | null | undefined>;
  /** Default `x-api-key`. */
  readonly header?: string;
  /** What goes before the key in the header, in any case, as in `authorization: ApiKey …`. Default: nothing. */
  readonly scheme?: string;
  /** A query parameter that is asked for where the header is absent. Addresses end up in logs and histories: for those who must. */
  readonly query?: string;
  /** A cookie that is asked for last. Unsafe requests must then come from a page of ours. */
  readonly cookie?: string;
  /** Other origins whose pages may send the cookie with unsafe requests, as in `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** Loads the user when `principal.user` is first read, once per request. */
  readonly loadUser?: (id: string, claims: Claims) => Promise<User> | User;
  /** Names the backend in principals and in the document; default `api-key`. */
  readonly name?: string;
}

/** Longer ones are refused unread. */
const LONGEST = 1024;
/** 128 bits as hexadecimal digits or base64: less can be guessed over time. */
const SHORTEST = 16;
const HASH = /^[0-9a-f]{64}$/;
const NONE: readonly string[] = [];

/**
 * The hash by which an API key is kept and looked up: SHA-256, in 64 hexadecimal digits. A random key needs no salt and no slow hash.
 *
 * @example
 * ```ts
 * hashApiKey("test"); // "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
 * ```
 */
export function hashApiKey(key: string): string {
  return digestOf(key).toString("hex");
}

/** At once: a hasher object would cost three times as much. */
function digestOf(key: string): Buffer {
  const digest = Buffer.allocUnsafe(32);
  Bun.SHA256.hash(key, digest);
  return digest;
}

/**
 * Makes a random API key of 256 bits, and the hash to keep. Show the key once: it cannot be found out again.
 *
 * @example
 * ```ts
 * const { key, hash } = newApiKey("shop_"); // shop_5fWcKwQ…
 * ```
 */
export function newApiKey(prefix = ""): { readonly key: string; readonly hash: string } {
  const key = prefix + Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  return { key, hash: hashApiKey(key) };
}

/** Whom a key makes of a request; made once per owner of a known key, so that a request pays for its principal alone. */
interface Owner<Claims, User> {
  readonly id: string;
  readonly claims: Claims;
  readonly kind: PrincipalKind<Claims, User>;
}

interface KnownKey<Claims, User> {
  readonly digest: Buffer;
  readonly owner: Owner<Claims, User>;
}

/**
 * API keys: hashed as soon as they are read, compared in constant time. At once, unless `lookup` answers with a promise.
 *
 * A key that is presented and unknown is 401. Errors: `TypeError` at start-up where there is no key, one is missing or empty, a hash is
 * none, or two are the same.
 *
 * @example
 * ```ts
 * const auth = apiKey({ keys: [{ id: "billing", key: Bun.env.BILLING_KEY, permissions: ["invoices:read"] }] });
 * api.get("/invoices", { auth, guards: [hasPermission("invoices:read")] }, () => []);
 * ```
 */
export function apiKey<Claims = unknown, User = unknown>(
  options: ApiKeyOptions<Claims, User>,
): Backend<Principal<Claims, User>> {
  const { keys, lookup, header = "x-api-key", scheme = "", query, cookie, loadUser, name = "api-key" } = options;
  const challenge = `${scheme === "" ? "ApiKey" : scheme} realm="api"`;
  if (/[^!#$%&'*+\-.^`|~\w]/.test(scheme)) throw new TypeError(`${name}: the scheme is no token (RFC 9110 11.1)`);
  const read = reader({ header, scheme, query, cookie }, originCheck(options.origins ?? []));

  const ownerOf = (given: ApiKeyOwner<Claims>, hash: string): Owner<Claims, User> => {
    const { id = idOf(hash), claims, roles = NONE, permissions = NONE } = given;
    return {
      id,
      claims: claims as Claims,
      kind: { backend: name, roles: () => roles, permissions: () => permissions, loadUser },
    };
  };
  let index: KeyIndex<Claims, User> | undefined;
  const prepare = (warn: (message: string) => void) => {
    if (lookup === undefined && (keys === undefined || keys.length === 0)) {
      throw new TypeError(`${name}: there is no key: give keys or lookup`);
    }
    return (index = indexOf(name, keys ?? [], ownerOf, warn));
  };

  const accept = ({ id, claims, kind }: Owner<Claims, User>) => new LazyPrincipal<Claims, User>(kind, id, claims);
  const acceptFound = (found: ApiKeyOwner<Claims> | null | undefined, hash: string) =>
    found === undefined || found === null ? refused(challenge) : accept(ownerOf(found, hash));

  return Object.freeze({
    name,
    challenge,
    credentialNames: [header, ...(query === undefined ? [] : [query])].map((one) => one.toLowerCase()),
    scheme: schemeOf(header, scheme),
    alternatives: [
      ...(query === undefined ? [] : [{ type: "apiKey", in: "query", name: query } as const]),
      ...(cookie === undefined ? [] : [{ type: "apiKey", in: "cookie", name: cookie } as const]),
    ],
    ...(cookie === undefined ? {} : { refusals: [{ status: 403, unsafe: true }] }),
    start: ({ warn }: BackendEnvironment) => void prepare(warn),
    authenticate(ctx: RequestContext) {
      const key = read(ctx);
      if (key === undefined) return undefined;
      const known = index ?? prepare(() => {});
      if (key === "" || key.length > LONGEST) return refused(challenge);
      const digest = digestOf(key);
      const owner = find(known, digest);
      if (owner !== undefined) return accept(owner);
      if (lookup === undefined) return refused(challenge);
      const hash = digest.toString("hex");
      const found = lookup(hash, ctx);
      return found instanceof Promise ? found.then((one) => acceptFound(one, hash)) : acceptFound(found, hash);
    },
  });
}

function refused(challenge: string): Unauthorized {
  return new Unauthorized("Invalid API key", { headers: { "www-authenticate": challenge } });
}

/** Enough of a hash to tell keys apart in a log, too little to be looked up by. */
function idOf(hash: string): string {
  return `key-${hash.slice(0, 12)}`;
}

function schemeOf(header: string, scheme: string): SecurityScheme {
  return scheme !== "" && header.toLowerCase() === "authorization"
    ? { type: "http", scheme: scheme.toLowerCase() }
    : { type: "apiKey", in: "header", name: header };
}

/** Where the key may be; the first place that has one counts. */
function reader(
  {
    header,
    scheme,
    query,
    cookie,
  }: {
    readonly header: string;
    readonly scheme: string;
    readonly query: string | undefined;
    readonly cookie: string | undefined;
  },
  checkOrigin: (ctx: RequestContext) => void,
): (ctx: RequestContext) => string | undefined {
  const cookies = cookie === undefined ? undefined : cookieReader([cookie]);
  const start = scheme === "" ? "" : `${scheme.toLowerCase()} `;
  return (ctx) => {
    const value = ctx.request.headers.get(header);
    // Another scheme is another backend's.
    if (value !== null && value.slice(0, start.length).toLowerCase() === start) return value.slice(start.length).trim();
    const asked = query === undefined ? null : ctx.url.searchParams.get(query);
    if (asked !== null) return asked;
    const held = cookies?.(ctx.request.headers.get("cookie") ?? "")[0];
    if (held !== undefined) checkOrigin(ctx);
    return held;
  };
}

/** Keys by the first 8 bytes of their hash: whoever sees how long a search takes learns of the hash, which gives no key away. */
type KeyIndex<Claims, User> = ReadonlyMap<string, readonly KnownKey<Claims, User>[]>;

function indexOf<Claims, User>(
  name: string,
  keys: readonly (string | undefined | ApiKey<Claims>)[],
  ownerOf: (given: ApiKeyOwner<Claims>, hash: string) => Owner<Claims, User>,
  warn: (message: string) => void,
): KeyIndex<Claims, User> {
  const index = new Map<string, KnownKey<Claims, User>[]>();
  for (const [at, entry] of keys.entries()) {
    const given: ApiKey<Claims> = typeof entry === "object" ? entry : { key: entry };
    const place = `${name}: key ${given.id ?? at + 1}`;
    if (typeof given.key === "string" && given.key !== "" && given.key.length < SHORTEST) {
      warn(`${place} has ${given.key.length} characters: under ${SHORTEST} it can be guessed`);
    }
    const hash = hashOf(given, place);
    const digest = Buffer.from(hash, "hex");
    const group = index.get(prefixOf(digest)) ?? [];
    if (group.some((other) => other.digest.equals(digest))) throw new TypeError(`${place} is given twice`);
    index.set(prefixOf(digest), [...group, { digest, owner: ownerOf(given, hash) }]);
  }
  return index;
}

function hashOf({ key, hash }: ApiKey, place: string): string {
  if (hash === undefined) {
    if (typeof key !== "string" || key.trim() === "") throw new TypeError(`${place} is missing or empty`);
    // A header's value loses them on its way (RFC 9110 5.5).
    if (key.trim() !== key) throw new TypeError(`${place} begins or ends with a blank`);
    if (key.length > LONGEST) throw new TypeError(`${place} is over ${LONGEST} characters`);
    return hashApiKey(key);
  }
  if (HASH.test(hash)) return hash;
  throw new TypeError(`${place}: a hash is 64 hexadecimal digits in lower case, as hashApiKey makes them`);
}

function prefixOf(digest: Buffer): string {
  return digest.toString("latin1", 0, 8);
}

/** Compared with when nothing has the prefix, so that this takes as long. */
const NOTHING = Buffer.alloc(32);

function find<Claims, User>(index: KeyIndex<Claims, User>, digest: Buffer): Owner<Claims, User> | undefined {
  let found: Owner<Claims, User> | undefined;
  const group = index.get(prefixOf(digest));
  if (group === undefined) crypto.timingSafeEqual(digest, NOTHING);
  else for (const known of group) if (crypto.timingSafeEqual(digest, known.digest)) found = known.owner;
  return found;
}
