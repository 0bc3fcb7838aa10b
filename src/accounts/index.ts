export { authRoutes, type AuthRoutesOptions } from "./auth-routes.ts";
export type { AccountUser, CredentialOptions, Credentials } from "./credentials.ts";
export { type LoginAttempt, type LoginThrottle, loginThrottle, type LoginThrottleOptions } from "./login-throttle.ts";
export type { Routes } from "./routes.ts";
export { sessionRoutes, type SessionRoutesOptions } from "./session-routes.ts";
