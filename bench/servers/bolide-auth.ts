import { join } from "node:path";
import {
  type Api,
  apiKey,
  hasPermission,
  hasRole,
  jwt,
  memoryStore,
  noContent,
  session,
  sqliteStore,
  type Store,
  t,
} from "bolide";
import { caller, callerKey, ecPublic, otherKeys, permission, rsaPublic, secret } from "../credentials.ts";

const Caller = t.Object({ sub: t.String(), role: t.String(), exp: t.Integer() });

const claims = { sub: t.String(), role: t.String(), exp: t.Integer() };
const hs256 = jwt({ secret, claims });

interface Held {
  readonly role: string;
  readonly exp: number;
}
const held: Held = { role: caller.role, exp: caller.exp };

const keys = apiKey({
  keys: [
    { id: caller.sub, key: callerKey, claims: held },
    ...otherKeys.map((key, at) => ({ id: `other-${at}`, key, claims: held })),
  ],
});

/** The routes of the auth workloads. */
export function addAuthRoutes(api: Api): void {
  api.get("/auth/open", { response: Caller }, () => ({ sub: caller.sub, role: caller.role, exp: caller.exp }));

  const tokens = {
    "/auth/jwt-hs256": { auth: hs256 },
    "/auth/jwt-hs256-guards": { auth: hs256, guards: [hasRole("admin"), hasPermission(permission)] },
    "/auth/jwt-rs256": { auth: jwt({ publicKey: rsaPublic, claims }) },
    "/auth/jwt-es256": { auth: jwt({ publicKey: ecPublic, claims }) },
  };
  for (const [path, { auth, ...rest }] of Object.entries(tokens)) {
    api.get(path, { auth, ...rest, response: Caller }, ({ user }) => ({
      sub: user.claims.sub,
      role: user.claims.role,
      exp: user.claims.exp,
    }));
  }

  api.get("/auth/api-key", { auth: keys, response: Caller }, ({ user }) => ({
    sub: user.id,
    role: user.claims.role,
    exp: user.claims.exp,
  }));

  addSession(api, "memory", memoryStore());
  addSession(api, "sqlite", sqliteStore(join(Bun.env["BENCH_DATA"] ?? "", "sessions-bolide.db")));
}

function addSession(api: Api, kind: string, store: Store): void {
  const sessions = session<Held>({ store });
  api.post(`/auth/sign-in/${kind}`, { use: [sessions.middleware] }, async (ctx) => {
    await sessions.login(ctx, { id: caller.sub, claims: { ...held } });
    return noContent();
  });
  api.get(`/auth/session-${kind}`, { auth: sessions, response: Caller }, ({ user }) => ({
    sub: user.id,
    role: user.claims.role,
    exp: user.claims.exp,
  }));
}
