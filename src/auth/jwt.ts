import { inProduction, type RequestContext, Unauthorized } from "../http/index.ts";
import { cookieReader, JwtFault, type JwtFaultKind } from "../native/index.ts";
import { asObject, Invalid, type Shape, type StaticOf, Validators } from "../schema/index.ts";
import type { AuthResult, BackendEnvironment, Principal } from "./backend.ts";
import { compileKeys } from "./jwt-keys.ts";
import { checkOptions, type JwtBackend, type JwtClaims, type JwtOptions, policyOf, schemeOf } from "./jwt-options.ts";
import type { TokenVerifier, Verified } from "./jwt-verifier.ts";
import { originCheck } from "./origin.ts";
import { LazyPrincipal, permissionsOf, rolesOf } from "./principal.ts";

/** What a client can act upon; the rest is of use to attackers alone. */
const SAID: Readonly<Partial<Record<JwtFaultKind, string>>> = {
  exp: "Token has expired",
  nbf: "Token is not valid yet",
};

/**
 * JSON Web Tokens (RFC 7519): verified natively and at once under a secret, with a promise under public keys.
 *
 * `none` is never accepted, nor an algorithm of another family than the keys'. A token that is presented and no good is 401, as is one that a
 * `claims` schema refuses; of a token without `sub` the principal's id is empty. Errors: `TypeError` at once for options that contradict each
 * other, at start-up for keys that are missing or cannot be used, in production for a secret shorter than the digest; 503 where the
 * issuer's keys have never been reached.
 *
 * @example
 * ```ts
 * const auth = jwt({ secret: Bun.env.JWT_SECRET, audience: "shop", claims: t.Object({ role: t.String() }) });
 * api.get("/me", { auth }, ({ user }) => ({ id: user.id, role: user.claims.role }));
 * ```
 */
export function jwt<const S extends Shape = {}, User = unknown>(options: JwtOptions<S, User>): JwtBackend<S, User> {
  type Claims = JwtClaims & StaticOf<S>;
  const { name = "jwt", header = "authorization", scheme = "Bearer", realm = "api", cookie } = options;
  const { requireJti = false, revocation } = options;
  checkOptions(name, options);
  const challenge = `${scheme === "" ? "Bearer" : scheme} realm="${realm}"`;
  const readCookie = cookie === undefined ? undefined : cookieReader([cookie]);
  const checkOrigin = originCheck(options.origins ?? []);
  const schema = options.claims === undefined ? undefined : new Validators().json(asObject(options.claims), "headers");
  const kind = {
    backend: name,
    roles: options.roles ?? rolesOf,
    permissions: options.permissions ?? permissionsOf,
    loadUser: options.loadUser,
  };

  let verifier: TokenVerifier | undefined;
  const prepare = (env: BackendEnvironment): Promise<void> | undefined => {
    const compiled = compileKeys(name, options, scheme, policyOf(options), env);
    verifier = compiled.verifier;
    return compiled.ready;
  };
  /** Whoever handles a request without having started finds the same keys, or the same error. */
  const verifierNow = (): TokenVerifier => {
    if (verifier === undefined) void prepare({ production: inProduction(), warn: () => {} });
    return verifier!;
  };

  const refuse = (detail = "Invalid token"): Unauthorized =>
    new Unauthorized(detail, {
      headers: { "www-authenticate": `${challenge}, error="invalid_token", error_description="${detail}"` },
    });

  const settle = (
    verified: Verified,
  ): AuthResult<Principal<Claims, User>> | Promise<AuthResult<Principal<Claims, User>>> => {
    if (verified instanceof JwtFault) return refuse(SAID[verified.kind]);
    const claims = JSON.parse(verified) as Claims;
    const { sub = "", jti } = claims as { readonly sub?: unknown; readonly jti?: unknown };
    if (typeof sub !== "string" || (requireJti && (typeof jti !== "string" || jti === ""))) return refuse();
    if (schema !== undefined) {
      const read = schema.read(claims);
      if (read instanceof Invalid) return refuse();
      // What the schema does not declare is kept; what it decodes or fills in counts.
      if (read !== claims) Object.assign(claims, read);
    }
    const principal = new LazyPrincipal<Claims, User>(kind, sub, claims);
    if (revocation === undefined) return principal;
    const revoked = revocation.isRevoked(claims);
    if (revoked instanceof Promise) return revoked.then((is) => (is ? refuse("Token has been revoked") : principal));
    return revoked ? refuse("Token has been revoked") : principal;
  };

  const accept = (verified: Verified | Promise<Verified>) =>
    verified instanceof Promise ? verified.then(settle) : settle(verified);

  const fromCookie = (ctx: RequestContext) => {
    const cookies = ctx.request.headers.get("cookie");
    const token = cookies === null ? undefined : readCookie?.(cookies)[0];
    if (token === undefined) return undefined;
    checkOrigin(ctx);
    return accept(verifierNow().bare(token));
  };

  return Object.freeze({
    name,
    credentialNames: [header.toLowerCase()],
    scheme: schemeOf(options, header, scheme),
    ...(cookie === undefined ? {} : { alternatives: [{ type: "apiKey", in: "cookie", name: cookie } as const] }),
    refusals: [
      ...(cookie === undefined ? [] : [{ status: 403, unsafe: true }]),
      ...(options.jwksUrl === undefined && options.oidc === undefined ? [] : [{ status: 503 }]),
    ],
    challenge,
    start(env: BackendEnvironment) {
      return prepare(env);
    },
    authenticate(ctx: RequestContext) {
      const value = ctx.request.headers.get(header);
      if (value !== null) {
        const verified = (verifier ?? verifierNow()).header(value);
        // Another scheme is another backend's.
        if (!(verified instanceof JwtFault && verified.kind === "scheme")) return accept(verified);
      }
      return readCookie === undefined ? undefined : fromCookie(ctx);
    },
  });
}
