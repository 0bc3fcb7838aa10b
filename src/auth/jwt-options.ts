import type { Shape, StaticOf } from "../schema/index.ts";
import type { Backend, Principal, SecurityScheme } from "./backend.ts";
import { discoveryUrl } from "./jwks.ts";
import type { JwtKeys } from "./jwt-keys.ts";
import type { ClaimsPolicy } from "./jwt-verifier.ts";
import { HMAC_BYTES } from "./key.ts";
import { KEY_ALGORITHMS } from "./public-key.ts";
import type { Revocation } from "./revocation.ts";

/** The claims of a verified token: the registered ones (RFC 7519 4.1) and all others, anything JSON. */
export interface JwtClaims {
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

/** What {@link jwt} takes, whatever the claims. */
export interface JwtSettings extends JwtKeys {
  /** `iss` must be one of these. Default: not looked at. */
  readonly issuer?: string | readonly string[];
  /** `aud` must be or contain one of these. Default: not looked at. */
  readonly audience?: string | readonly string[];
  /** Seconds by which clocks may differ; default 60. */
  readonly leeway?: number;
  /** The header with the token; default `authorization`. */
  readonly header?: string;
  /** What goes before the token in the header, in any case; default `Bearer`. `""`: the value is the token. */
  readonly scheme?: string;
  /** A cookie that is asked for where the header has no token. Unsafe requests must then come from a page of ours. */
  readonly cookie?: string;
  /** Other origins whose pages may send the cookie's token with unsafe requests, as in `https://app.example.com`. */
  readonly origins?: readonly string[];
  /** Refuses a token without `exp`; default true. */
  readonly requireExp?: boolean;
  /** Refuses a token without `jti`; default false. */
  readonly requireJti?: boolean;
  /** What has been taken back: `revocations(store)`. Asked once for every request. */
  readonly revocation?: Revocation;
  /** The `typ` that the header must have (RFC 8725 3.11), as in `at+jwt`. Default: not looked at. */
  readonly tokenType?: string;
  /** Names the backend in principals and in the document; default `jwt`. */
  readonly name?: string;
  /** Tells the client what the token is for (RFC 9110 11.5); default `api`. */
  readonly realm?: string;
  /** The clock, milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/** What {@link jwt} takes. */
export interface JwtOptions<S extends Shape = {}, User = unknown> extends JwtSettings {
  /** What the claims must look like beyond the registered ones: a token that does not is answered 401. Types `claims`. */
  readonly claims?: S;
  /** Default: `roles`, `role`, `is_staff` and `is_superuser`. */
  readonly roles?: (claims: JwtClaims & StaticOf<S>) => Iterable<string>;
  /** Default: `permissions`, and `scope` split at spaces. */
  readonly permissions?: (claims: JwtClaims & StaticOf<S>) => Iterable<string>;
  /** Loads the user when `principal.user` is first read, once per request. */
  readonly loadUser?: (id: string, claims: JwtClaims & StaticOf<S>) => Promise<User> | User;
}

/** A backend whose principals are made of a token's claims. */
export type JwtBackend<S extends Shape = {}, User = unknown> = Backend<Principal<JwtClaims & StaticOf<S>, User>>;

/** What the claims are held against. */
export function policyOf({
  leeway = 60,
  requireExp = true,
  issuer,
  oidc,
  audience,
  tokenType,
  now,
}: JwtSettings): ClaimsPolicy {
  return { leeway, requireExp, issuer: issuer ?? oidc, audience, typ: tokenType, now };
}

/** Errors: `TypeError` for what is wrong in any environment. */
export function checkOptions(name: string, { algorithms, realm = "", tokenType, scheme = "" }: JwtSettings): void {
  if (algorithms?.length === 0) throw new TypeError(`${name}: the list of algorithms is empty`);
  for (const algorithm of algorithms ?? []) {
    if (!Object.hasOwn(HMAC_BYTES, algorithm) && !(KEY_ALGORITHMS as readonly string[]).includes(algorithm)) {
      throw new TypeError(`${name}: ${String(algorithm)} is no algorithm that protects a token`);
    }
  }
  if (/[^\x20-\x7e]|["\\]/.test(realm)) throw new TypeError(`${name}: the realm is plain text without quotes`);
  if (/[^!#$%&'*+\-.^`|~\w]/.test(scheme)) throw new TypeError(`${name}: the scheme is no token (RFC 9110 11.1)`);
  if (tokenType === "") throw new TypeError(`${name}: the token type is empty`);
}

/** How the document describes the backend. */
export function schemeOf({ oidc }: JwtSettings, header: string, scheme: string): SecurityScheme {
  if (oidc !== undefined) return { type: "openIdConnect", openIdConnectUrl: discoveryUrl(oidc) };
  if (header.toLowerCase() !== "authorization" || scheme === "") return { type: "apiKey", in: "header", name: header };
  return scheme.toLowerCase() === "bearer"
    ? { type: "http", scheme: "bearer", bearerFormat: "JWT" }
    : { type: "http", scheme: scheme.toLowerCase() };
}
