import { type SessionEnv, useSession, useSessionStorage } from "@hono/session";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { jwt } from "hono/jwt";
import {
  caller,
  denied,
  ecPublic,
  invalidKey,
  invalidToken,
  permission,
  rsaPublic,
  secret,
  sessionEnded,
} from "../credentials.ts";
import { ownersBy } from "./owners.ts";
import { inMemory, inSqlite, type Sessions } from "./sessions.ts";

type Claims = typeof caller & { permissions: string[] };
type Token = { Variables: { jwtPayload: Claims } };
type Owned = { Variables: { owner: typeof caller } };

// Keys that are imported once: the middleware takes them as well as text, which it would import for every token.
const hmac = { name: "HMAC", hash: "SHA-256" };
const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const [hs256, rs256, es256] = [
  await crypto.subtle.importKey("raw", Buffer.from(secret), hmac, false, ["verify"]),
  await crypto.subtle.importKey("jwk", rsaPublic, rsa, false, ["verify"]),
  await crypto.subtle.importKey("jwk", ecPublic, ecdsa, false, ["verify"]),
];

const tokens = new Hono<Token>();
tokens.onError((error, c) => c.json({ detail: invalidToken }, error instanceof HTTPException ? error.status : 500));
tokens.use("/jwt-hs256", jwt({ secret: hs256, alg: "HS256" }));
tokens.use("/jwt-hs256-guards", jwt({ secret: hs256, alg: "HS256" }));
tokens.use("/jwt-rs256", jwt({ secret: rs256, alg: "RS256" }));
tokens.use("/jwt-es256", jwt({ secret: es256, alg: "ES256" }));
tokens.use(
  "/jwt-hs256-guards",
  createMiddleware<Token>(async (c, next) =>
    c.get("jwtPayload").role === "admin" ? next() : c.json({ detail: denied }, 403),
  ),
  createMiddleware<Token>(async (c, next) =>
    c.get("jwtPayload").permissions.includes(permission) ? next() : c.json({ detail: denied }, 403),
  ),
);
for (const path of ["/jwt-hs256", "/jwt-hs256-guards", "/jwt-rs256", "/jwt-es256"]) {
  tokens.get(path, (c) => {
    const { sub, role, exp } = c.get("jwtPayload");
    return c.json({ sub, role, exp });
  });
}

const hash = (key: string): string => Bun.SHA256.hash(key, "hex");
const owners = ownersBy(hash);

const keyed = new Hono<Owned>();
keyed.get(
  "/api-key",
  bearerAuth({
    headerName: "x-api-key",
    prefix: "",
    invalidToken: { message: { detail: invalidKey } },
    verifyToken(key, c: Context<Owned>) {
      const owner = owners.get(hash(key));
      if (owner !== undefined) c.set("owner", owner);
      return owner !== undefined;
    },
  }),
  (c) => {
    const { sub, role, exp } = c.get("owner");
    return c.json({ sub, role, exp });
  },
);

function held(kind: string, sessions: Sessions): Hono<SessionEnv<typeof caller>> {
  const app = new Hono<SessionEnv<typeof caller>>();
  const middleware = [
    useSessionStorage({
      delete: (id) => sessions.delete(id),
      get: (id) => sessions.get(id) ?? null,
      set: (id, value) => sessions.set(id, value),
    }),
    useSession<typeof caller>({ secret: Buffer.from(secret).subarray(0, 32), duration: { absolute: 14 * 86_400 } }),
  ] as const;
  app.post(`/sign-in/${kind}`, ...middleware, async (c) => {
    await c.var.session.update(caller);
    return c.body(null, 204);
  });
  app.get(`/session-${kind}`, ...middleware, async (c) => {
    const user = await c.var.session.get();
    if (user === null) return c.json({ detail: sessionEnded }, 401);
    return c.json({ sub: user.sub, role: user.role, exp: user.exp });
  });
  return app;
}

/** The routes of the auth workloads. */
export const authRoutes = new Hono()
  .get("/open", (c) => c.json(caller))
  .route("/", tokens)
  .route("/", keyed)
  .route("/", held("memory", inMemory()))
  .route("/", held("sqlite", inSqlite("hono")));
