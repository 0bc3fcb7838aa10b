import { jwt } from "@elysiajs/jwt";
import { Elysia, t } from "elysia";
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

const Caller = t.Object({ sub: t.String(), role: t.String(), exp: t.Integer() });

const Claims = t.Object({ sub: t.String(), role: t.String(), exp: t.Integer(), permissions: t.Array(t.String()) });

// Keys that are imported once: the plugin takes them as well as text, which it would import for every token.
const hmac = { name: "HMAC", hash: "SHA-256" };
const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const keys = {
  hs256: await crypto.subtle.importKey("raw", Buffer.from(secret), hmac, false, ["verify"]),
  rs256: await crypto.subtle.importKey("jwk", rsaPublic, rsa, false, ["verify"]),
  es256: await crypto.subtle.importKey("jwk", ecPublic, ecdsa, false, ["verify"]),
};

// What a plugin decorates the context with is the whole app's: each key needs a name of its own.
const token = <const N extends keyof typeof keys>(name: N) =>
  new Elysia({ name: `token-${name}` })
    .use(jwt({ name, secret: keys[name], alg: name.toUpperCase(), schema: Claims }))
    .resolve({ as: "scoped" }, async ({ request, status, [name]: verifier }) => {
      const value = request.headers.get("authorization") ?? "";
      const user = await verifier.verify(value.startsWith("Bearer ") ? value.slice(7) : "", {
        algorithms: [name.toUpperCase()],
        clockTolerance: 60,
      });
      return user === false ? status(401, { detail: invalidToken }) : { user };
    });

const answer = ({ user: { sub, role, exp } }: { readonly user: typeof caller }) => ({ sub, role, exp });
const answered = { response: { 200: Caller } };

const hash = (key: string): string => Bun.SHA256.hash(key, "hex");
const owners = ownersBy(hash);

const held = (kind: string, sessions: Sessions) =>
  new Elysia()
    .post(`/auth/sign-in/${kind}`, ({ cookie: { sid } }) => {
      const id = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
      sessions.set(id, caller);
      sid?.set({ value: id, maxAge: 14 * 86_400, httpOnly: true, sameSite: "lax", secure: true, path: "/" });
      return "";
    })
    .guard({ cookie: t.Cookie({ sid: t.Optional(t.String()) }) }, (app) =>
      app
        .resolve(({ cookie: { sid }, status }) => {
          const user = sid.value === undefined ? undefined : sessions.get(sid.value);
          return user === undefined ? status(401, { detail: sessionEnded }) : { user };
        })
        .get(`/auth/session-${kind}`, answer, answered),
    );

/** The routes of the auth workloads. */
export const authRoutes = new Elysia({ precompile: true })
  .get("/auth/open", () => ({ ...caller }), answered)
  .use(new Elysia().use(token("hs256")).get("/auth/jwt-hs256", answer, answered))
  .use(
    new Elysia().use(token("hs256")).get("/auth/jwt-hs256-guards", answer, {
      response: { 200: Caller, 403: t.Object({ detail: t.String() }) },
      beforeHandle: [
        ({ user, status }) => (user.role === "admin" ? undefined : status(403, { detail: denied })),
        ({ user, status }) => (user.permissions.includes(permission) ? undefined : status(403, { detail: denied })),
      ],
    }),
  )
  .use(new Elysia().use(token("rs256")).get("/auth/jwt-rs256", answer, answered))
  .use(new Elysia().use(token("es256")).get("/auth/jwt-es256", answer, answered))
  .use(
    new Elysia()
      .resolve(({ request, status }) => {
        const user = owners.get(hash(request.headers.get("x-api-key") ?? ""));
        return user === undefined ? status(401, { detail: invalidKey }) : { user };
      })
      .get("/auth/api-key", answer, answered),
  )
  .use(held("memory", inMemory()))
  .use(held("sqlite", inSqlite("elysia")));
