import { type KeySigning, type SecretSigning, signerOf } from "./tokens-sign.ts";

/** The claims of a token: the registered ones (RFC 7519 4.1) and your own, anything JSON. */
export interface TokenClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since 1970, as are `nbf` and `iat`. */
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [name: string]: unknown;
}

/** What {@link issueToken} adds to the claims. What is set here must not be among the claims as well. */
export interface TokenLife {
  /** Seconds until it ends, default 3600; `null` makes a token without an end, which `jwt()` refuses by default. */
  readonly expiresIn?: number | null;
  /** Seconds from now until it may be used. */
  readonly notBefore?: number;
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
  /** `true` (default) makes a random id of 128 bits, by which the token can be revoked. */
  readonly jti?: boolean | string;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** How {@link issueToken} makes a token. */
export type IssueOptions = (SecretSigning | KeySigning) & TokenLife;

/** Seconds that a token lives unless said otherwise. */
export const TOKEN_LIFE = 3600;

/**
 * Makes a signed JSON Web Token (RFC 7519): with a secret at once, with a private key as a promise.
 *
 * `iat`, `exp` and `jti` are added where the claims have none. Keys are prepared once per options object: keep it in a constant.
 * Errors: `TypeError` for a key or algorithm that cannot be used, for a registered claim of the wrong type or set twice, in production
 * for a secret shorter than the digest; `RangeError` for a lifetime that is no whole number of seconds.
 *
 * @example
 * ```ts
 * const signing = { secret: Bun.env.JWT_SECRET!, issuer: "https://api.example.com", expiresIn: 900 };
 * const token = issueToken({ sub: "17", role: "admin" }, signing);
 * ```
 */
export function issueToken(claims: TokenClaims, options: SecretSigning & TokenLife): string;
export function issueToken(claims: TokenClaims, options: KeySigning & TokenLife): Promise<string>;
export function issueToken(claims: TokenClaims, options: IssueOptions): string | Promise<string>;
export function issueToken(claims: TokenClaims, options: IssueOptions): string | Promise<string> {
  return signerOf(options)(JSON.stringify(completed(claims, options)));
}

/** The claims with what the options add to them. */
function completed(claims: TokenClaims, life: TokenLife): TokenClaims {
  const iat = claims.iat ?? Math.floor((life.now ?? Date.now)() / 1000);
  const {
    expiresIn = claims.exp === undefined ? TOKEN_LIFE : undefined,
    notBefore,
    jti = claims.jti === undefined,
  } = life;
  const added: Record<string, unknown> = { iat };
  const set = (name: string, value: unknown): void => {
    if (claims[name] !== undefined) throw new TypeError(`${name} is set twice: in the claims and by the options`);
    added[name] = value;
  };
  if (life.issuer !== undefined) set("iss", life.issuer);
  if (life.audience !== undefined) set("aud", life.audience);
  if (notBefore !== undefined) set("nbf", iat + seconds("notBefore", notBefore));
  if (expiresIn !== undefined && expiresIn !== null) set("exp", iat + seconds("expiresIn", expiresIn));
  if (jti !== false) set("jti", jti === true ? randomText(16) : jti);
  const all = { ...claims, ...added };
  check(all);
  return all;
}

/** Random bytes as base64url: a token, a session's id. */
export function randomText(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");
}

/** A lifetime in seconds. Errors: `RangeError` for anything but a whole number from 1. */
export function seconds(name: string, value: number): number {
  if (!(Number.isSafeInteger(value) && value > 0))
    throw new RangeError(`${name} is whole seconds from 1, not ${value}`);
  return value;
}

/** What a verifier would refuse is refused before it is signed (RFC 7519 4.1). */
function check(claims: TokenClaims): void {
  for (const name of ["iss", "sub", "jti"] as const) {
    if (claims[name] !== undefined && typeof claims[name] !== "string") throw new TypeError(`${name} must be a string`);
  }
  for (const name of ["exp", "nbf", "iat"] as const) {
    if (claims[name] !== undefined && !(Number.isFinite(claims[name]) && claims[name] >= 0)) {
      throw new TypeError(`${name} must be a number of seconds since 1970`);
    }
  }
  const audience: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud ?? ""];
  if (!audience.every((one) => typeof one === "string")) throw new TypeError("aud must be a string or strings");
}
