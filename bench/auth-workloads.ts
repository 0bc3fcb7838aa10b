import { importJWK, type JWK, SignJWT } from "jose";
import { caller, callerKey, ecPrivate, permission, rsaPrivate, secret } from "./credentials.ts";
import type { Workload } from "./workloads.ts";

/** The claims of a token that every verifier accepts: 204 bytes with HS256. */
const claims = { sub: caller.sub, role: caller.role, permissions: [permission], exp: caller.exp, iat: 1_700_000_000 };

async function bearer(alg: string, key: JWK, payload: object = claims): Promise<{ authorization: string }> {
  const token = await new SignJWT({ ...payload })
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(await importJWK(key, alg));
  return { authorization: `Bearer ${token}` };
}

const shared = { kty: "oct", k: Buffer.from(secret).toString("base64url") };
const hs256 = await bearer("HS256", shared);

const get = (name: string, about: string, rest: Partial<Workload> = {}): Workload => ({
  name,
  about,
  section: "auth",
  method: "GET",
  path: `/auth/${name}`,
  status: 200,
  ...rest,
});

/** One route with one answer, open and behind each kind of credential. */
export const authWorkloads: readonly Workload[] = [
  get("open", "the answer of the others without auth; the request carries the same token, which nobody reads", {
    headers: hs256,
  }),
  get("jwt-hs256", "a token of 204 bytes, three claims read", { headers: hs256, credential: "authorization" }),
  get("jwt-hs256-guards", "the same token, a role and a permission asked for", {
    headers: hs256,
    credential: "authorization",
    denied: await bearer("HS256", shared, { ...claims, role: "viewer" }),
  }),
  get("api-key", "an API key in a header, kept as its hash", {
    headers: { "x-api-key": callerKey },
    credential: "x-api-key",
  }),
  get("session-memory", "a session in memory, its id in a cookie", {
    signIn: "/auth/sign-in/memory",
    credential: "cookie",
  }),
  get("session-sqlite", "a session in SQLite, its id in a cookie", {
    signIn: "/auth/sign-in/sqlite",
    credential: "cookie",
  }),
  get("jwt-rs256", "the claims of jwt-hs256 under an RSA key of 2048 bits", {
    headers: await bearer("RS256", rsaPrivate),
    credential: "authorization",
  }),
  get("jwt-es256", "the claims of jwt-hs256 under a P-256 key", {
    headers: await bearer("ES256", ecPrivate),
    credential: "authorization",
  }),
];
