export { apiKey, type ApiKey, type ApiKeyOptions, type ApiKeyOwner, hashApiKey, newApiKey } from "./api-key.ts";
export type {
  AuthResult,
  Backend,
  BackendEnvironment,
  BackendMiddleware,
  Guard,
  Principal,
  SecurityScheme,
} from "./backend.ts";
export { type AuthDefinition, defineAuth, type Found } from "./define-auth.ts";
export {
  all,
  allowAny,
  any,
  type ClaimValue,
  defineGuard,
  type GuardDefinition,
  hasAllPermissions,
  hasAnyPermission,
  hasAnyRole,
  hasPermission,
  hasRole,
  isAdmin,
  isAuthenticated,
  isStaff,
  not,
  requires,
} from "./guards.ts";
export type { Jwk } from "./jwk.ts";
export type { JwksOptions } from "./jwks.ts";
export { jwt } from "./jwt.ts";
export type { JwtKeys, NamedSecret } from "./jwt-keys.ts";
export type { JwtBackend, JwtClaims, JwtOptions, JwtSettings } from "./jwt-options.ts";
export {
  JwsError,
  type JwsErrorCode,
  type JwsKey,
  type JwsOptions,
  type JwsVerifier,
  jwsVerifier,
  jwsVerify,
  type OctJwk,
} from "./jws.ts";
export { type JwsAlgorithm, KeyError, type PublicKeySource, type Secret } from "./key.ts";
export type { KeyAlgorithm } from "./public-key.ts";
export { originCheck, SAFE_METHODS } from "./origin.ts";
export { password, type PasswordCosts } from "./password.ts";
export { type Revocation, type RevocationOptions, type Revocations, revocations } from "./revocation.ts";
export { session, type SessionBackend, type SessionOptions } from "./session.ts";
export type { SessionCookieOptions } from "./session-cookie.ts";
export type { Session } from "./session-data.ts";
export type { SessionUser } from "./session-record.ts";
export { type IssueOptions, issueToken, type TokenClaims, type TokenLife } from "./tokens.ts";
export {
  endAllLogins,
  endLogin,
  type LoginClaims,
  logoutEverywhere,
  RefreshError,
  type RefreshFault,
  revoke,
  rotateRefreshToken,
  type TokenOptions,
  type TokenPair,
  tokenPair,
} from "./tokens-refresh.ts";
export { type KeySigning, type SecretSigning, signerOf, type SigningKey } from "./tokens-sign.ts";
