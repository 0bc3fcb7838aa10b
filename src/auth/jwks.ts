import { ServiceUnavailable } from "../http/index.ts";
import { isJwk, type Jwk } from "./jwk.ts";
import { KeyError, readPublicKey } from "./key.ts";
import type { PublicKey } from "./public-key.ts";

/** How a key set is fetched and kept; all times in seconds. */
export interface JwksOptions {
  /** How long a set is good without asking again; default 600. */
  readonly maxAge?: number;
  /** The shortest time between two fetches, whatever tokens come and whoever fails; default 30. */
  readonly cooldown?: number;
  /** How long the last good set serves while the issuer cannot be reached; default 86,400. */
  readonly maxStale?: number;
  /** How long a fetch may take; default 5. */
  readonly timeout?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** Finds the keys that may have signed a token: at once while a set is good, else after a fetch. */
export type KeyFinder = (kid: string | undefined) => readonly PublicKey[] | Promise<readonly PublicKey[]>;

/** More would be an attack or a mistake: issuers publish two to five keys. */
const MOST_KEYS = 100;
const MOST_BYTES = 512 * 1024;
/** Seconds between two fetches before the first has succeeded. */
const FIRST_RETRY = 2;

/**
 * The keys of an issuer's JWK Set (RFC 7517 5). What is not a public key for signatures is left out, as 5 asks.
 *
 * One fetch at a time, for all who wait. A token that names an unknown key has the set fetched again, at most once per `cooldown`. While
 * the issuer is down the last good set serves. Errors: `ServiceUnavailable` where there is none.
 */
export function remoteKeys(
  locate: (get: JsonGetter) => Promise<string> | string,
  options: JwksOptions = {},
): KeyFinder {
  const { maxAge = 600, cooldown = 30, maxStale = 86_400, now = Date.now } = options;
  const get = jsonGetter(options);
  let keys: readonly PublicKey[] = [];
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let running: Promise<void> | undefined;
  let failure: unknown;

  const refresh = async (): Promise<void> => {
    triedAt = now();
    try {
      keys = publicKeys(await get(await locate(get)));
      fetchedAt = now();
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      running = undefined;
    }
  };
  const age = (): number => (now() - fetchedAt) / 1000;
  // Without a single set every request fails: worth trying sooner.
  const rest = (): number => (fetchedAt === -Infinity ? Math.min(cooldown, FIRST_RETRY) : cooldown);
  const isRested = (): boolean => now() - triedAt >= rest() * 1000;
  const knows = (kid: string | undefined): boolean => kid === undefined || keys.some((key) => key.kid === kid);
  const current = (): readonly PublicKey[] => {
    if (age() <= Math.max(maxAge, maxStale)) return keys;
    throw new ServiceUnavailable("The keys to verify tokens with cannot be fetched", {
      headers: { "retry-after": String(Math.ceil(rest())) },
      cause: failure,
    });
  };

  return (kid) => {
    if (age() <= maxAge && knows(kid)) return keys;
    if (running === undefined && !isRested()) return current();
    return (running ??= refresh()).then(current);
  };
}

/** Fetches a JSON document. */
export type JsonGetter = (url: string) => Promise<unknown>;

function jsonGetter({ timeout = 5, fetch: fetcher = fetch }: JwksOptions): JsonGetter {
  return async (url) => {
    const response = await fetcher(url, {
      headers: { accept: "application/json" },
      // Where the keys come from is the operator's word, not that of whoever answers.
      redirect: "error",
      signal: AbortSignal.timeout(timeout * 1000),
    });
    if (response.status !== 200) throw new TypeError(`${url} was answered ${response.status}`);
    return JSON.parse(await limitedText(response, url));
  };
}

async function limitedText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new TypeError(`${url} was answered more than ${MOST_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function publicKeys(set: unknown): readonly PublicKey[] {
  const { keys } = (set ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw new TypeError("the answer is no JWK Set");
  return keys.filter((key): key is Jwk => isJwk(key) && key.kty !== "oct").flatMap(readable);
}

function readable(jwk: Jwk): readonly PublicKey[] {
  try {
    return [readPublicKey(jwk)];
  } catch (error) {
    if (error instanceof KeyError) return [];
    throw error;
  }
}

/**
 * Asks an OpenID provider where its keys are (OpenID Connect Discovery 1.0, 4). Errors: `TypeError` where the document is not that
 * issuer's own (4.3), so that nobody's keys pass for another's.
 */
export function discovery(issuer: string, checkUrl: (url: string) => string): (get: JsonGetter) => Promise<string> {
  const url = discoveryUrl(issuer);
  return async (get) => {
    const { issuer: named, jwks_uri: keys } = ((await get(url)) ?? {}) as Readonly<Record<string, unknown>>;
    if (named !== issuer) throw new TypeError(`${url} speaks for another issuer than ${issuer}`);
    if (typeof keys !== "string") throw new TypeError(`${url} names no jwks_uri`);
    return checkUrl(keys);
  };
}

/** Where a provider's document is (OpenID Connect Discovery 1.0, 4.1). */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Errors: `TypeError` for a URL that anybody on the way could answer: plain HTTP, unless to this machine or where that is allowed. */
export function checkKeyUrl(text: string, allowPlain: boolean): string {
  const url = URL.parse(text);
  const isLocal = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && (isLocal || allowPlain))) return text;
  throw new TypeError(`keys are fetched over https, not from ${JSON.stringify(text)}`);
}
